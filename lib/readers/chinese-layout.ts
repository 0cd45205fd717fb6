import { fitLine, median } from '../geometry/line-fit.ts';
import { bounds, quadCenter, quadHeight, slice } from '../geometry/quad.ts';
import { readingDirection, reverseLine } from '../language/reading-direction.ts';
import type { WordModel } from '../language/word-model.ts';
import type { Point, Quad } from '../reading.ts';
import type { ReadChar } from '../stages/recognize-ctc.ts';
import { cjkShare } from '../stages/scripts.ts';
import type { FoundLine } from './lines.ts';

/** A line whose words are likelier from the other end, read from there: the signs of Chinese-speaking cities run both ways. */
export function readFromRight(line: FoundLine, model: WordModel): FoundLine {
  if (line.direction !== 'ltr' || cjkShare(line.text) < 0.5) return line;
  if (readingDirection(line.text, model).direction === 'ltr') return line;
  const { chars, order } = reverseLine(line.chars.map((char) => char.text));
  const reversed = order.map((index, i): ReadChar => ({ ...line.chars[index]!, text: chars[i]! }));
  return { ...line, direction: 'rtl', text: chars.join(''), chars: reversed };
}

/** Columns that a detector took for rows: the rows to replace and where the columns stand. */
export interface HiddenColumns {
  rows: FoundLine[];
  /** From right to left; each as far as the rows show it, and a character further at either end and at both. */
  columns: Quad[][];
}

/** Nats by which the columns' words must be likelier than the rows'. */
const thresholdNats = 8;
const leastRows = 3;
const leastColumns = 3;
const sameSize = 1.7;
const mostGained = 2;

interface PlacedChar {
  text: string;
  quad: Quad;
  center: Point;
}

/**
 * Finds columns of characters that stand so close that they were found as rows: three or more similar rows above one
 * another, with their characters in line, whose columns hold likelier words.
 */
export function findHiddenColumns(lines: readonly FoundLine[], model: WordModel): HiddenColumns[] {
  return stacks(lines).flatMap((rows) => {
    const columns = alignColumns(rows.flatMap(placeChars), rows.length);
    if (!columns) return [];
    const across = sum(rows, (row) => likelierWay(row.text, model));
    const down = sum(columns, (column) => model.logProbability(column.map((char) => char.text).join('')));
    return down - across > thresholdNats ? [{ rows, columns: columnCrops(columns) }] : [];
  });
}

function likelierWay(text: string, model: WordModel): number {
  return model.logProbability(text) + Math.max(0, readingDirection(text, model).gain);
}

/** Groups of rows that stand above one another and are of a size. */
function stacks(lines: readonly FoundLine[]): FoundLine[][] {
  const rows = lines
    .filter((line) => line.direction === 'ltr' && cjkShare(line.text) >= 0.5 && line.chars.length >= leastColumns)
    .sort((a, b) => quadCenter(a.quad)[1] - quadCenter(b.quad)[1]);
  const groups: FoundLine[][] = [];
  for (const row of rows) {
    const group = groups.find((candidates) => continues(candidates.at(-1)!, row));
    if (group) group.push(row);
    else groups.push([row]);
  }
  return groups.filter((group) => group.length >= leastRows);
}

function continues(above: FoundLine, row: FoundLine): boolean {
  const [a, b] = [bounds(above.quad), bounds(row.quad)];
  const [large, small] = [quadHeight(above.quad), quadHeight(row.quad)].sort((x, y) => y - x) as [number, number];
  const overlap = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const narrower = Math.min(a.right - a.left, b.right - b.left);
  return large < sameSize * small && overlap > 0.6 * narrower && b.top - a.bottom < 1.5 * large;
}

function placeChars(row: FoundLine): PlacedChar[] {
  return row.chars
    .filter(({ text }) => text !== ' ')
    .map(({ text, from, to }) => {
      const quad = slice(row.run, from, to);
      return { text, quad, center: quadCenter(quad) };
    });
}

/** The characters as columns from right to left, each from top to bottom, if they stand in line. */
function alignColumns(chars: PlacedChar[], rows: number): PlacedChar[][] | undefined {
  const size = median(chars.map(({ quad }) => quadHeight(quad)));
  const columns: PlacedChar[][] = [];
  for (const char of [...chars].sort((a, b) => b.center[0] - a.center[0])) {
    const column = columns.at(-1);
    if (column && mean(column, ({ center }) => center[0]) - char.center[0] < 0.5 * size) column.push(char);
    else columns.push([char]);
  }
  const full = columns.filter((column) => column.length >= Math.max(2, 0.5 * rows));
  const covered = sum(full, (column) => column.length);
  if (full.length < leastColumns || covered < 0.75 * chars.length) return undefined;
  return columns.map((column) => column.sort((a, b) => a.center[1] - b.center[1]));
}

/**
 * Where columns stand: they lean alike, and begin and end on two straight lines, as far as the rows show them. Detectors lose
 * the ends of columns that they take for rows, and a whole row may be missing: so the same a character further, too.
 */
function columnCrops(columns: readonly PlacedChar[][]): Quad[][] {
  const centers = columns.map((column) => column.map(({ center }) => center));
  const step = median(centers.flatMap((column) => column.slice(1).map((center, i) => center[1] - column[i]![1])));
  const long = centers.filter((column) => column.length > 1);
  const lean = median(long.map((column) => fitLine(column.map(([x, y]): Point => [y, x])).slope));
  const upper = fitLine(long.map((column) => column[0]!));
  const lower = fitLine(long.map((column) => column.at(-1)!));
  const middles = centers.map((column): Point => [mean(column, ([x]) => x), mean(column, ([, y]) => y)]);
  const half = median(middles.slice(1).map(([x], i) => middles[i]![0] - x)) / 2;
  return middles.map(([x, y]) => {
    const quad = (above: number, below: number): Quad => {
      const top = upper.at(x) - (0.5 + above) * step;
      const bottom = lower.at(x) + (0.5 + below) * step;
      const [a, b] = [x + lean * (top - y), x + lean * (bottom - y)];
      return [
        [a - half, top],
        [a + half, top],
        [b + half, bottom],
        [b - half, bottom],
      ];
    };
    return [quad(0, 0), quad(1, 0), quad(0, 1), quad(1, 1)];
  });
}

/** Of the readings of one column's crops, the one with the most characters that is no less sure than the first. */
export function longestSure(readings: readonly FoundLine[]): FoundLine {
  const [first] = readings;
  const sure = readings.filter(
    (line) => line.confidence >= first!.confidence - 0.1 && line.chars.length <= mostGained + first!.chars.length,
  );
  return sure.reduce((best, line) => (line.chars.length > best.chars.length ? line : best), first!);
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}

function mean<T>(items: readonly T[], value: (item: T) => number): number {
  return sum(items, value) / Math.max(1, items.length);
}
