import type { Point, Polygon, Quad } from '../reading.ts';
import { distance, interpolate, quadWidth, unclipDistance } from './quad.ts';

// Outlines of bent text: an even number of points, half along the upper side, half back along the lower one.

function sidesOf(outline: Polygon): { upper: Polygon; lower: Polygon } {
  const half = outline.length / 2;
  return { upper: outline.slice(0, half), lower: outline.slice(half).reverse() };
}

/** The quads that an outline is made of, one after the other along the text. */
export function quadsOf(outline: Polygon): Quad[] {
  const { upper, lower } = sidesOf(outline);
  return upper.slice(1).map((point, i): Quad => [upper[i]!, point, lower[i + 1]!, lower[i]!]);
}

/** The quad between two shares (0 … 1) of the way along the text. */
export function sliceBent(outline: Polygon, from: number, to: number): Quad {
  const quads = quadsOf(outline);
  const lengths = quads.map(quadWidth);
  const whole = lengths.reduce((sum, length) => sum + length, 0);
  const across = (share: number): [Point, Point] => {
    let left = share * whole;
    const last = quads.length - 1;
    const found = lengths.findIndex((length, i) => {
      if (left <= length || i === last) return true;
      left -= length;
      return false;
    });
    const [a, b, c, d] = quads[found]!;
    const part = lengths[found]! > 0 ? left / lengths[found]! : 0;
    return [interpolate(a, b, part), interpolate(d, c, part)];
  };
  const [[upperLeft, lowerLeft], [upperRight, lowerRight]] = [across(from), across(to)];
  return [upperLeft, upperRight, lowerRight, lowerLeft];
}

/**
 * The outline of bent text grown as `unclip` grows a rectangle: outwards across the text on both sides, and along it at both
 * ends.
 * @param outline an even number of points, half along the upper side and half back along the lower one
 */
export function unclipBent(outline: Polygon, ratio: number): Polygon {
  const { upper, lower } = sidesOf(outline);
  const half = upper.length;
  const length = upper.slice(1).reduce((sum, point, i) => sum + distance(upper[i]!, point), 0);
  const height = upper.reduce((sum, point, i) => sum + distance(point, lower[i]!), 0) / half;
  const margin = unclipDistance(length, height, ratio);
  const grown = upper.map((point, i): [Point, Point] => {
    const across = away(lower[i]!, point, margin);
    const along =
      i === 0 ? away(upper[1]!, point, margin) : i === half - 1 ? away(upper[half - 2]!, point, margin) : [0, 0];
    const other = lower[i]!;
    return [
      [point[0] + across[0]! + along[0]!, point[1] + across[1]! + along[1]!],
      [other[0] - across[0]! + along[0]!, other[1] - across[1]! + along[1]!],
    ];
  });
  return [...grown.map(([point]) => point), ...grown.map(([, point]) => point).reverse()];
}

/** A step of `length` in the direction from one point to another. */
function away(from: Point, to: Point, length: number): Point {
  const span = distance(from, to);
  return span > 0 ? [((to[0] - from[0]) * length) / span, ((to[1] - from[1]) * length) / span] : [0, 0];
}
