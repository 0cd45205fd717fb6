import type { Point, Quad } from '../reading.ts';
import { cross } from './convex-hull.ts';
import { quadCenter } from './quad.ts';

/**
 * How a quad between two neighboring characters is made for CRAFT's affinity map, from the triangles that a quad's diagonals
 * cut it into (Baek et al., 2019, section 3.2.1).
 *
 * - `paper`: its corners are the centers of gravity of those two triangles of each character that lie beside the way from
 *   one to the other.
 * - `backtime`: the same with the mean of the corners in place of the diagonals' crossing; equal for parallelograms.
 * - `brooklyn`: centers rounded to whole pixels; of the four ways to take two opposite triangles of each, the one whose quad is
 *   convex and largest.
 */
export type AffinityRule = 'paper' | 'backtime' | 'brooklyn';

/** The quads that link characters in reading order, clockwise from the least x + y; none where there is none by the rule. */
export function affinityQuads(characters: readonly Quad[], rule: AffinityRule): Quad[] {
  return characters.slice(1).flatMap((next, i) => {
    const link = linkOf(characters[i]!, next, rule);
    return link ? [orderCorners(link)] : [];
  });
}

/** Corners in any order as a quad: by their angle around their mean, clockwise from the one of least x + y. */
export function orderCorners(corners: Quad): Quad {
  const [x, y] = quadCenter(corners);
  const angle = (point: Point) => Math.atan2(point[1] - y, point[0] - x);
  const around = [...corners].sort((a, b) => angle(a) - angle(b));
  const sums = around.map((point) => point[0] + point[1]);
  const first = sums.indexOf(Math.min(...sums));
  return [...around.slice(first), ...around.slice(0, first)] as Quad;
}

function linkOf(from: Quad, to: Quad, rule: AffinityRule): Quad | undefined {
  if (rule === 'brooklyn')
    return largestLink(trianglesOf(from, diagonalsCross, true), trianglesOf(to, diagonalsCross, true));
  const center = rule === 'paper' ? diagonalsCross : quadCenter;
  const side = sideAlong(from, center(from), center(to));
  const [a, b] = [trianglesOf(from, center, false), trianglesOf(to, center, false)];
  return [a[side]!, b[side]!, b[side + 2]!, a[side + 2]!];
}

/** 0 where the way to the next character runs along a quad's upper side, 1 where it runs along its right side. */
function sideAlong(quad: Quad, from: Point, to: Point): 0 | 1 {
  const along = (a: Point, b: Point, c: Point, d: Point) => {
    const [x, y] = [b[0] - a[0] + c[0] - d[0], b[1] - a[1] + c[1] - d[1]];
    return Math.abs(x * (to[0] - from[0]) + y * (to[1] - from[1])) / Math.max(Math.hypot(x, y), Number.EPSILON);
  };
  return along(quad[0], quad[1], quad[2], quad[3]) >= along(quad[0], quad[3], quad[2], quad[1]) ? 0 : 1;
}

/** Centers of gravity of the triangles on the upper, right, lower and left side. */
function trianglesOf(quad: Quad, center: (quad: Quad) => Point, isRounded: boolean): Point[] {
  const [x, y] = center(quad);
  const rounded = (value: number) => (isRounded ? Math.round(value) : value);
  return quad.map((corner, i): Point => {
    const next = quad[(i + 1) % 4]!;
    return [rounded((corner[0] + next[0] + x) / 3), rounded((corner[1] + next[1] + y) / 3)];
  });
}

function largestLink(from: Point[], to: Point[]): Quad | undefined {
  let [largest, best]: [number, Quad | undefined] = [0, undefined];
  for (const i of [0, 1]) {
    for (const k of [0, 1]) {
      // Opposite triangles from the upper and from the left one on.
      const [a, b] = [i === 0 ? [from[0], from[2]] : [from[3], from[1]], k === 0 ? [to[0], to[2]] : [to[3], to[1]]];
      const quad: Quad = [a[0]!, b[0]!, b[1]!, a[1]!];
      const area = convexArea(quad);
      if (area > largest) [largest, best] = [area, quad];
    }
  }
  return best;
}

/** Square pixels; 0 for quads that are not convex, which their diagonals cut into unequal sums. */
function convexArea([a, b, c, d]: Quad): number {
  const twice = Math.abs(cross(a, b, c)) + Math.abs(cross(a, c, d));
  return twice === Math.abs(cross(a, b, d)) + Math.abs(cross(b, c, d)) ? twice / 2 : 0;
}

/** The mean of the corners where the diagonals do not cross. */
function diagonalsCross(quad: Quad): Point {
  const [a, b, c, d] = quad;
  const [acx, acy, bdx, bdy] = [c[0] - a[0], c[1] - a[1], d[0] - b[0], d[1] - b[1]];
  const share = ((b[0] - a[0]) * bdy - (b[1] - a[1]) * bdx) / (acx * bdy - acy * bdx);
  return share >= 0 && share <= 1 ? [a[0] + share * acx, a[1] + share * acy] : quadCenter(quad);
}
