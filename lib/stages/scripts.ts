const cjk = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff00-\uffef]/u;
const upper = /\p{Lu}/u;
const lower = /\p{Ll}/u;

/** Han, kana, and the punctuation and full-width forms that go with them: written without spaces, one cell each. */
export const isCjk = (character: string): boolean => cjk.test(character);
export const isUpper = (character: string): boolean => upper.test(character);
export const isLower = (character: string): boolean => lower.test(character);

/** Share of a text's characters, spaces aside, that are CJK; 0 for an empty one. */
export function cjkShare(text: string): number {
  const characters = Array.from(text).filter((character) => character.trim() !== '');
  return characters.length > 0 ? characters.filter(isCjk).length / characters.length : 0;
}
