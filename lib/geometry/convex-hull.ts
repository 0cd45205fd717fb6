import type { Point, Polygon } from '../reading.ts';

/** Twice the signed area of triangle o-a-b; positive where a → b turns clockwise on a screen (y down). */
export function cross(o: Point, a: Point, b: Point): number {
  return (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0]);
}

/**
 * The corners of the convex hull, clockwise on a screen, without collinear points (Andrew's monotone chain).
 * Collinear points give their two extremes, equal points one.
 */
export function convexHull(points: Polygon): Polygon {
  const sorted = points.map((p): Point => [p[0], p[1]]).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const distinct = sorted.filter((p, i) => i === 0 || p[0] !== sorted[i - 1]![0] || p[1] !== sorted[i - 1]![1]);
  if (distinct.length < 3) return distinct;
  const upper = chain(distinct);
  const lower = chain(distinct.reverse());
  return [...upper.slice(0, -1), ...lower.slice(0, -1)];
}

function chain(points: Polygon): Polygon {
  const corners: Polygon = [];
  for (const p of points) {
    while (corners.length > 1 && cross(corners.at(-2)!, corners.at(-1)!, p) <= 0) corners.pop();
    corners.push(p);
  }
  return corners;
}
