const whiteSpace = /\p{White_Space}+/u;
const allWhiteSpace = new RegExp(whiteSpace, 'gu');
const notCompared = /[\p{Z}\p{P}\p{C}]/gu;

/** What texts are compared by: NFKC, case folded, without spaces, punctuation and control characters (Unicode Z*, P*, C*). */
export function normalizeText(text: string): string {
  return caseFold(text.normalize('NFKC')).replace(notCompared, '');
}

/** What pages are compared by: NFKC without white space; case and punctuation stay. */
export function withoutWhiteSpace(text: string): string {
  return text.normalize('NFKC').replace(allWhiteSpace, '');
}

/** NFKC with each run of white space as one space and none at the ends; case and punctuation stay. */
export function withSingleSpaces(text: string): string {
  return splitWords(text.normalize('NFKC')).join(' ');
}

/** The parts between runs of white space; none for a blank text. */
export function splitWords(text: string): string[] {
  return text.split(whiteSpace).filter((word) => word !== '');
}

/** The text's words as `normalizeText` leaves them, without those that it empties. */
export function normalizedWords(text: string): string[] {
  return splitWords(text)
    .map(normalizeText)
    .filter((word) => word !== '');
}

/** Unicode code points, the unit of every character count here. */
export function codePoints(text: string): Uint32Array {
  return Uint32Array.from(text, (character) => character.codePointAt(0)!);
}

/**
 * Full case folding, character by character. Lower-upper-lower maps characters as Unicode's CaseFolding.txt (C + F) pairs them,
 * ß with ss and ς with σ among them; a dotless ı stays apart from i.
 */
function caseFold(text: string): string {
  let folded = '';
  for (const c of text) folded += c === 'ı' ? c : c.toLowerCase().toUpperCase().toLowerCase();
  return folded;
}
