/** Code points as ranges, each its first and its last, in rising order: [0x41, 0x5a, 0x61, 0x7a]. */
export type CodeRanges = readonly number[];

/** @param codes in any order, repeated or not */
export function toRanges(codes: Iterable<number>): number[] {
  const ranges: number[] = [];
  for (const code of [...new Set(codes)].sort((a, b) => a - b)) {
    if (ranges.at(-1) === code - 1) ranges[ranges.length - 1] = code;
    else ranges.push(code, code);
  }
  return ranges;
}

export function inRanges(ranges: CodeRanges, code: number): boolean {
  let low = 0;
  let high = ranges.length / 2;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (code > ranges[2 * middle + 1]!) low = middle + 1;
    else high = middle;
  }
  return 2 * low < ranges.length && code >= ranges[2 * low]!;
}
