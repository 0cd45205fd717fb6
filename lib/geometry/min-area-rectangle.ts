import type { Point, Polygon, Quad } from '../reading.ts';
import { convexHull } from './convex-hull.ts';

/**
 * The smallest rectangle around the points, clockwise from the corner with the smallest x + y.
 * One of its sides lies along a side of the convex hull (Freeman and Shapira, 1975). Undefined where the points lie on one line.
 */
export function minAreaRectangle(points: Polygon): Quad | undefined {
  const hull = convexHull(points);
  if (hull.length < 3) return undefined;
  let best: Quad | undefined;
  let bestArea = Number.POSITIVE_INFINITY;
  for (const [i, from] of hull.entries()) {
    const { quad, area } = rectangleAlong(hull, from, hull[(i + 1) % hull.length]!);
    if (area < bestArea) {
      best = quad;
      bestArea = area;
    }
  }
  return best && fromTopLeft(best);
}

/** The rectangle around a hull whose one side is parallel to from → to. */
function rectangleAlong(hull: Polygon, from: Point, to: Point): { quad: Quad; area: number } {
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
  const ux = (to[0] - from[0]) / length;
  const uy = (to[1] - from[1]) / length;
  const along = hull.map((p) => p[0] * ux + p[1] * uy);
  const across = hull.map((p) => p[1] * ux - p[0] * uy);
  const [a0, a1, b0, b1] = [Math.min(...along), Math.max(...along), Math.min(...across), Math.max(...across)];
  const corner = (a: number, b: number): Point => [a * ux - b * uy, a * uy + b * ux];
  return { quad: [corner(a0, b0), corner(a1, b0), corner(a1, b1), corner(a0, b1)], area: (a1 - a0) * (b1 - b0) };
}

function fromTopLeft(quad: Quad): Quad {
  let first = 0;
  for (let i = 1; i < 4; i++) if (quad[i]![0] + quad[i]![1] < quad[first]![0] + quad[first]![1]) first = i;
  return [0, 1, 2, 3].map((i) => quad[(first + i) % 4]!) as Quad;
}
