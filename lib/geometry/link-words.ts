import type { Point, Quad } from '../reading.ts';
import { bounds, quadHeight, quadWidth } from './quad.ts';
import type { DrawnRegion } from './text-regions.ts';

/** Words of a line lie less than this many of their heights apart, overlap less, and are of a height within the factor. */
const widestGap = 0.7;
const mostOverlap = 0.5;
const sameHeight = 1.7;
/** Their middles lie on one line but for this share of the lower one's height, and they run alike within so many radians. */
const mostOffset = 0.4;
const mostTurn = Math.PI / 12;
/** A word this many times longer than high says which way it runs; others go with their neighbors. */
const surelyLong = 1.5;

interface Word {
  region: DrawnRegion;
  /** Unit vector that it runs along: downwards where it is surely tall, else to the right. */
  axis: Point;
  /** Along the axis, and across it. */
  length: number;
  height: number;
}

const isLong = ({ length, height }: Word): boolean => length > surelyLong * height;

/** Lines of words that follow one another, each the rectangle around its words; a word without neighbors stays as it is. */
export function linkWords(regions: readonly DrawnRegion[]): DrawnRegion[] {
  const words = regions.map(toWord);
  const leader = words.map((_, i) => i);
  const find = (i: number): number => {
    while (leader[i] !== i) i = leader[i] = leader[leader[i]!]!;
    return i;
  };
  for (const [i, k] of nearPairs(regions)) {
    if (follow(words[i]!, words[k]!)) leader[Math.max(find(i), find(k))] = Math.min(find(i), find(k));
  }
  const lines = new Map<number, Word[]>();
  words.forEach((word, i) => {
    lines.set(find(i), [...(lines.get(find(i)) ?? []), word]);
  });
  return [...lines.values()].map((line) => (line.length === 1 ? line[0]!.region : around(line)));
}

function toWord(region: DrawnRegion): Word {
  const { quad } = region;
  const [width, height] = [quadWidth(quad), quadHeight(quad)];
  const isTall = height > surelyLong * width;
  const [a, b, c, d] = isTall ? [quad[0], quad[3], quad[2], quad[1]] : quad;
  const [x, y] = [b[0] - a[0] + c[0] - d[0], b[1] - a[1] + c[1] - d[1]];
  const size = Math.hypot(x, y);
  const axis: Point = size > 0 ? [x / size, y / size] : [1, 0];
  return { region, axis, length: isTall ? height : width, height: isTall ? width : height };
}

/** Pairs whose upright bounds are near enough to each other. */
function nearPairs(regions: readonly DrawnRegion[]): [number, number][] {
  const boxes = regions.map(({ quad }, index) => {
    const reach = widestGap * Math.max(quadWidth(quad), quadHeight(quad));
    return { index, reach, ...bounds(quad) };
  });
  boxes.sort((a, b) => a.left - b.left);
  const widest = boxes.reduce((most, { reach }) => Math.max(most, reach), 0);
  const pairs: [number, number][] = [];
  boxes.forEach((box, i) => {
    for (let k = i + 1; k < boxes.length && boxes[k]!.left <= box.right + widest; k++) {
      const other = boxes[k]!;
      const reach = Math.max(box.reach, other.reach);
      const isNear =
        other.left <= box.right + reach && other.top <= box.bottom + reach && box.top <= other.bottom + reach;
      if (isNear) pairs.push([box.index, other.index]);
    }
  });
  return pairs;
}

function follow(a: Word, b: Word): boolean {
  const [longer, other] = a.length / a.height >= b.length / b.height ? [a, b] : [b, a];
  const { axis } = longer;
  if (isLong(other) && Math.abs(sine(axis, other.axis)) > Math.sin(mostTurn)) return false;
  const [first, second] = [extentsOf(longer.region.quad, axis), extentsOf(other.region.quad, axis)];
  const [low, high] = [first.height, second.height].sort((x, y) => x - y) as [number, number];
  if (high > sameHeight * low || Math.abs(first.middle - second.middle) > mostOffset * low) return false;
  const gap = Math.max(first.begin, second.begin) - Math.min(first.end, second.end);
  return gap < widestGap * high && gap > -mostOverlap * low;
}

const sine = (a: Point, b: Point): number => a[0] * b[1] - a[1] * b[0];

/** Where a quad lies along an axis and across it. */
function extentsOf(points: readonly Point[], [x, y]: Point) {
  const along = points.map((point) => point[0] * x + point[1] * y);
  const across = points.map((point) => point[1] * x - point[0] * y);
  const [upper, lower] = [Math.min(...across), Math.max(...across)];
  const [begin, end] = [Math.min(...along), Math.max(...along)];
  return { begin, end, upper, lower, middle: (upper + lower) / 2, height: lower - upper };
}

/** The rectangle around words, along the way that the longest of them runs. */
function around(words: readonly Word[]): DrawnRegion {
  const { axis } = words.reduce((longest, word) => (word.length > longest.length ? word : longest));
  const weight = words.reduce((total, { length }) => total + length, 0);
  const score = words.reduce((total, { region, length }) => total + region.score * length, 0) / weight;
  return {
    quad: rectangle(
      words.flatMap(({ region }) => region.quad),
      axis,
    ),
    score,
  };
}

/** Around points along an axis, clockwise from the upper left corner. */
function rectangle(points: readonly Point[], axis: Point): Quad {
  // The side that runs to the right, whichever of both is the longer one.
  const [x, y]: Point = Math.abs(axis[0]) >= Math.abs(axis[1]) ? axis : [axis[1], -axis[0]];
  const [right, down] = x < 0 ? [-x, -y] : [x, y];
  const { begin, end, upper, lower } = extentsOf(points, [right, down]);
  const corner = (along: number, across: number): Point => [
    along * right - across * down,
    along * down + across * right,
  ];
  return [corner(begin, upper), corner(end, upper), corner(end, lower), corner(begin, lower)];
}
