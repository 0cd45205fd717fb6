import type { Line, Word } from '../reading.ts';

/** A word and whether white space stands between it and the next one of its line. */
export interface SpacedWord extends Word {
  spaceAfter: boolean;
}

/**
 * A line's words with the spaces that its text has between them: scripts that write none (Chinese, Japanese, Thai) may
 * still be cut into words. A line that was not cut is one word.
 */
export function spacedWords(line: Line): SpacedWord[] {
  if (line.words.length === 0) {
    return line.text.trim() === ''
      ? []
      : [{ text: line.text.trim(), confidence: line.confidence, quad: line.quad, spaceAfter: false }];
  }
  let position = 0;
  return line.words.map((word, index) => {
    const start = line.text.indexOf(word.text, position);
    if (start >= 0) position = start + word.text.length;
    const isLast = index === line.words.length - 1;
    // A word that its line's text does not have was edited by a caller; apart is then the safer reading.
    const spaceAfter = !isLast && (start < 0 || /^\s/u.test(line.text.slice(position)));
    return { ...word, spaceAfter };
  });
}

/** Two columns for the characters that East Asian typography sets in full-width cells, as terminals count them. */
const wide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\u3000-\u303f\uff01-\uff60\uffe0-\uffe6]/u;

/** The advance of a character in em: 1 for full-width ones, 0.5 for all others. */
export function advanceOf(character: string): number {
  return wide.test(character) ? 1 : 0.5;
}

/** Scripts that are written from right to left and that viewers set in that order by themselves. */
const rightToLeftScripts = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/** True for text of Arabic, Hebrew and their kin; false for Chinese, which only signs set from right to left. */
export function isRightToLeftScript(text: string): boolean {
  return rightToLeftScripts.test(text);
}

/** What a person sees as one character: combining marks stay with their base. */
export function charactersOf(text: string): string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
