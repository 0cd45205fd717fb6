import type { WordModel } from './word-model.ts';

/** What a line's reverse must gain over the line before it counts as read from the wrong end. */
const thresholdNats = 4;

export interface ReadingDirection {
  direction: 'ltr' | 'rtl';
  /** Nats by which the reversed text is likelier than the text; negative where it is less likely. */
  gain: number;
}

export interface ReversedLine {
  chars: string[];
  /** For each reversed character, the index it had in the line. */
  order: number[];
}

/**
 * Tells whether a line, spelled as its characters stand from left to right, is a Chinese sign that runs from right to
 * left. Text without Han gains nothing and stays 'ltr'.
 */
export function readingDirection(text: string, model: WordModel): ReadingDirection {
  const reversed = reverseLine(Array.from(text)).chars.join('');
  const gain = model.logProbability(reversed) - model.logProbability(text);
  return { direction: gain > thresholdNats ? 'rtl' : 'ltr', gain };
}

/**
 * Turns a line round as right-to-left signs do: Latin words, numbers and the blanks within them keep their own order,
 * and brackets are mirrored.
 * @param chars one character each, as they stand from left to right
 */
export function reverseLine(chars: readonly string[]): ReversedLine {
  const runs = splitRuns(chars).reverse();
  return {
    order: runs.flat(),
    chars: runs.flatMap((run) => (run.length === 1 ? [mirrored(chars[run[0]!]!)] : run.map((index) => chars[index]!))),
  };
}

/** Indices of `chars`, in runs that are never turned: one character, or Latin letters and digits with what joins them. */
function splitRuns(chars: readonly string[]): number[][] {
  const runs: number[][] = [];
  for (let start = 0; start < chars.length; ) {
    let end = start + 1;
    if (isLatin(chars[start]!)) {
      for (let i = end; i < chars.length && (isLatin(chars[i]!) || isJoiner(chars[i]!)); i++) {
        if (isLatin(chars[i]!)) end = i + 1;
      }
    }
    runs.push(Array.from({ length: end - start }, (_, i) => start + i));
    start = end;
  }
  return runs;
}

function isLatin(char: string): boolean {
  return /^[\p{Script=Latin}\p{Nd}$€£¥￥%℃°№]/u.test(char);
}

function isJoiner(char: string): boolean {
  return /^[\s.,:;'‘’"&+\-–~/\\@#*_=!?()]/u.test(char);
}

const bracketPairs = [
  '()',
  '[]',
  '{}',
  '<>',
  '（）',
  '［］',
  '「」',
  '『』',
  '【】',
  '《》',
  '〈〉',
  '〔〕',
  '“”',
  '‘’',
];
const mirrors = new Map(
  bracketPairs.flatMap(([opening, closing]): [string, string][] => [
    [opening!, closing!],
    [closing!, opening!],
  ]),
);

function mirrored(char: string): string {
  return mirrors.get(char) ?? char;
}
