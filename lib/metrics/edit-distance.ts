import { codePoints } from './text-normalization.ts';

/** Insertions, deletions and substitutions of code points that turn one text into the other (Levenshtein, 1966). */
export function editDistance(a: string, b: string): number {
  return codePointDistance(codePoints(a), codePoints(b));
}

/** 1 - edit distance / longer length, 0 ... 1; 1 for two empty texts. Also called 1-NED. */
export function textSimilarity(a: string, b: string): number {
  const from = codePoints(a);
  const to = codePoints(b);
  const longer = Math.max(from.length, to.length);
  return longer === 0 ? 1 : 1 - codePointDistance(from, to) / longer;
}

function codePointDistance(a: Uint32Array, b: Uint32Array): number {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  const row = new Uint32Array(short.length + 1).map((_, i) => i);
  for (const [i, character] of long.entries()) {
    let diagonal = i;
    row[0] = i + 1;
    for (let j = 0; j < short.length; j++) {
      const substituted = diagonal + (short[j] === character ? 0 : 1);
      diagonal = row[j + 1]!;
      row[j + 1] = Math.min(substituted, diagonal + 1, row[j]! + 1);
    }
  }
  return row[short.length]!;
}
