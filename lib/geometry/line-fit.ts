import type { Point } from '../reading.ts';

/** A straight line y = at(x). */
export interface FittedLine {
  slope: number;
  at(x: number): number;
}

/** The line by median slope and median intercept (Theil-Sen): a quarter of many points may be off. Level for one point. */
export function fitLine(points: readonly Point[]): FittedLine {
  const slopes = points.flatMap(([x, y], i) =>
    points.slice(i + 1).flatMap(([otherX, otherY]) => (otherX === x ? [] : [(otherY - y) / (otherX - x)])),
  );
  const slope = median(slopes);
  const intercept = median(points.map(([x, y]) => y - slope * x));
  return { slope, at: (x) => intercept + slope * x };
}

/** The middle value, the mean of the two middle ones of an even number; 0 of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : ((sorted[half - 1] ?? 0) + (sorted[half] ?? 0)) / 2;
}
