import type { Point, Polygon } from '../reading.ts';
import { convexHull, cross } from './convex-hull.ts';

/**
 * The set of points that a polygon covers: those around which it winds at least once in the direction of its signed area.
 * For a simple polygon that is its inside, whichever way round it is given; of one that crosses itself, the lobes that turn
 * the main way (the rule of a zero-width buffer in JTS and GEOS). Where nothing is left of it, its convex hull stands in.
 */
export interface PolygonRegion {
  readonly points: Polygon;
  /** The winding direction that counts as inside. */
  readonly orientation: 1 | -1;
  /** Square pixels; 0 for fewer than three points and for points on one line. */
  readonly area: number;
  readonly bounds: Bounds;
}

interface Bounds {
  x0: number;
  y0: number;
  x1: number;
  y1: number;
}

/** A side that is not horizontal, from its upper end to its lower one. */
interface Edge {
  x0: number;
  y0: number;
  x1: number;
  y1: number;
  /** +1 where the polygon runs down this side; already times its orientation. */
  winding: number;
  /** Which of the two regions it bounds. */
  owner: 0 | 1;
}

/** Called for each trapezoid of a region: widths at its upper and lower side, left and right ends at both. */
type Trapezoid = (y0: number, y1: number, left0: number, left1: number, right0: number, right1: number) => void;

/** Points nearer to one line than this share of the polygon's extent enclose nothing. */
const relativeEpsilon = 1e-12;

/** Square pixels by the shoelace formula; positive for points that run clockwise on a screen (y down). */
export function signedArea(points: Polygon): number {
  let sum = 0;
  for (const [i, [x]] of points.entries()) {
    const next = points[(i + 1) % points.length]!;
    sum += (x - points[0]![0]) * (next[1] - points.at(i - 1)![1]);
  }
  return sum / 2;
}

export function polygonRegion(points: Polygon): PolygonRegion {
  const region = windingRegion(points);
  if (region.area > 0) return region;
  return windingRegion(convexHull(points));
}

function windingRegion(outline: Polygon): PolygonRegion {
  // A repeated corner would hide a turn from the convexity test.
  const points = outline.filter((p, i) => {
    const before = outline.at(i - 1)!;
    return p[0] !== before[0] || p[1] !== before[1] || outline.length === 1;
  });
  const signed = signedArea(points);
  const bounds = boundsOf(points);
  const draft: PolygonRegion = { points, orientation: signed > 0 ? 1 : -1, area: 0, bounds };
  const extent = Math.max(bounds.x1 - bounds.x0, bounds.y1 - bounds.y0);
  if (points.length < 3 || !(extent > 0)) return draft;
  const area = isConvex(points) ? Math.abs(signed) : sweptArea([draft]);
  return { ...draft, area: area > relativeEpsilon * extent * extent ? area : 0 };
}

/** Whether all corners turn the same way and the outline goes round once. Neighboring points must differ. */
function isConvex(points: Polygon): boolean {
  let turns = 0;
  let flipsX = 0;
  let lastX = 0;
  for (const [i, p] of points.entries()) {
    const q = points[(i + 1) % points.length]!;
    const turn = Math.sign(cross(p, q, points[(i + 2) % points.length]!));
    if (turn !== 0 && turn === -turns) return false;
    if (turn !== 0) turns = turn;
    const stepX = Math.sign(q[0] - p[0]);
    if (stepX !== 0 && stepX !== lastX) {
      flipsX++;
      lastX = stepX;
    }
  }
  return turns !== 0 && flipsX <= 3;
}

function boundsOf(points: Polygon): Bounds {
  const bounds = {
    x0: Number.POSITIVE_INFINITY,
    y0: Number.POSITIVE_INFINITY,
    x1: Number.NEGATIVE_INFINITY,
    y1: Number.NEGATIVE_INFINITY,
  };
  for (const [x, y] of points) {
    if (x < bounds.x0) bounds.x0 = x;
    if (x > bounds.x1) bounds.x1 = x;
    if (y < bounds.y0) bounds.y0 = y;
    if (y > bounds.y1) bounds.y1 = y;
  }
  return bounds;
}

/** Square pixels that both regions cover, exact up to rounding for any shapes. */
export function intersectionArea(a: PolygonRegion, b: PolygonRegion): number {
  const apart =
    a.bounds.x1 <= b.bounds.x0 ||
    b.bounds.x1 <= a.bounds.x0 ||
    a.bounds.y1 <= b.bounds.y0 ||
    b.bounds.y1 <= a.bounds.y0;
  return apart || a.area === 0 || b.area === 0 ? 0 : sweptArea([a, b]);
}

/** Area of the intersection over area of the union, 0 ... 1; 0 where neither covers anything. */
export function intersectionOverUnion(a: PolygonRegion, b: PolygonRegion): number {
  const shared = intersectionArea(a, b);
  const union = a.area + b.area - shared;
  return union > 0 ? shared / union : 0;
}

/** Whether the point lies inside, not on the outline. */
export function regionContains(region: PolygonRegion, point: Point): boolean {
  if (region.area === 0) return false;
  let winding = 0;
  for (const [i, p] of region.points.entries()) {
    const q = region.points[(i + 1) % region.points.length]!;
    const side = cross(p, q, point);
    const between = Math.min(p[0], q[0]) <= point[0] && point[0] <= Math.max(p[0], q[0]);
    if (side === 0 && between && Math.min(p[1], q[1]) <= point[1] && point[1] <= Math.max(p[1], q[1])) return false;
    if (p[1] <= point[1] && q[1] > point[1] && side > 0) winding++;
    else if (q[1] <= point[1] && p[1] > point[1] && side < 0) winding--;
  }
  return winding * region.orientation >= 1;
}

/** Center of gravity; of a region without area, the middle of its points' extremes. Undefined without points. */
export function regionCentroid(region: PolygonRegion): Point | undefined {
  if (region.points.length === 0) return undefined;
  if (region.area === 0) {
    const ends = convexHull(region.points);
    return [(ends[0]![0] + ends.at(-1)![0]) / 2, (ends[0]![1] + ends.at(-1)![1]) / 2];
  }
  return isConvex(region.points) ? convexCentroid(region.points) : sweptCentroid(region);
}

/** Centers of the triangles from the first corner, weighted by their areas. */
function convexCentroid(points: Polygon): Point {
  const base = points[0]!;
  let area = 0;
  let sumX = 0;
  let sumY = 0;
  for (let i = 1; i + 1 < points.length; i++) {
    const [p, q] = [points[i]!, points[i + 1]!];
    const twice = cross(base, p, q);
    area += twice;
    sumX += twice * (base[0] + p[0] + q[0]);
    sumY += twice * (base[1] + p[1] + q[1]);
  }
  return [sumX / 3 / area, sumY / 3 / area];
}

function sweptCentroid(region: PolygonRegion): Point {
  const { x0, y0 } = region.bounds;
  let area = 0;
  let momentX = 0;
  let momentY = 0;
  // Simpson's rule is exact for the moments, which are of degree two in y.
  sweep([region], (top, bottom, left0, left1, right0, right1) => {
    const height = bottom - top;
    const left = (left0 + left1) / 2;
    const right = (right0 + right1) / 2;
    const squares = (l: number, r: number) => (r - x0) ** 2 - (l - x0) ** 2;
    area += (right - left) * height;
    momentX += (height / 12) * (squares(left0, right0) + 4 * squares(left, right) + squares(left1, right1));
    const weighted = (top - y0) * (right0 - left0) + (bottom - y0) * (right1 - left1);
    momentY += (height / 6) * (weighted + 4 * ((top + bottom) / 2 - y0) * (right - left));
  });
  return [x0 + momentX / area, y0 + momentY / area];
}

function sweptArea(regions: readonly PolygonRegion[]): number {
  let area = 0;
  sweep(regions, (top, bottom, left0, left1, right0, right1) => {
    area += ((right0 - left0 + right1 - left1) / 2) * (bottom - top);
  });
  return area;
}

/** Cuts what all regions share into trapezoids: between two neighboring rows of corners or crossings no sides cross. */
function sweep(regions: readonly PolygonRegion[], visit: Trapezoid): void {
  const edges = regions.flatMap((region, owner) => edgesOf(region, owner as 0 | 1));
  const top = Math.max(...regions.map((region) => region.bounds.y0));
  const bottom = Math.min(...regions.map((region) => region.bounds.y1));
  const rows = rowsOf(edges, top, bottom);
  for (let i = 0; i + 1 < rows.length; i++) sweepStrip(edges, regions.length, rows[i]!, rows[i + 1]!, visit);
}

function edgesOf(region: PolygonRegion, owner: 0 | 1): Edge[] {
  const edges: Edge[] = [];
  for (const [i, p] of region.points.entries()) {
    const q = region.points[(i + 1) % region.points.length]!;
    // Going up on the left and down on the right is clockwise on a screen, the positive direction.
    if (p[1] < q[1]) edges.push({ x0: p[0], y0: p[1], x1: q[0], y1: q[1], winding: -region.orientation, owner });
    else if (p[1] > q[1]) edges.push({ x0: q[0], y0: q[1], x1: p[0], y1: p[1], winding: region.orientation, owner });
  }
  return edges;
}

/** All y between top and bottom at which a side ends or two sides cross, ascending and distinct. */
function rowsOf(edges: readonly Edge[], top: number, bottom: number): number[] {
  const rows = [top, bottom];
  const add = (y: number) => {
    if (y > top && y < bottom) rows.push(y);
  };
  for (const [i, a] of edges.entries()) {
    add(a.y0);
    add(a.y1);
    for (let j = i + 1; j < edges.length; j++) {
      const y = crossingRow(a, edges[j]!);
      if (y !== undefined) add(y);
    }
  }
  return rows.sort((a, b) => a - b).filter((y, i) => i === 0 || y !== rows[i - 1]);
}

/** Where two sides cross between their ends. */
function crossingRow(a: Edge, b: Edge): number | undefined {
  const y0 = Math.max(a.y0, b.y0);
  const y1 = Math.min(a.y1, b.y1);
  if (!(y0 < y1)) return undefined;
  const gap0 = xAt(a, y0) - xAt(b, y0);
  const gap1 = xAt(a, y1) - xAt(b, y1);
  if (gap0 * gap1 >= 0) return undefined;
  return y0 + ((y1 - y0) * gap0) / (gap0 - gap1);
}

function xAt(edge: Edge, y: number): number {
  if (y === edge.y0) return edge.x0;
  if (y === edge.y1) return edge.x1;
  return edge.x0 + ((edge.x1 - edge.x0) * (y - edge.y0)) / (edge.y1 - edge.y0);
}

function sweepStrip(edges: readonly Edge[], owners: number, top: number, bottom: number, visit: Trapezoid): void {
  const active = edges
    .filter((edge) => edge.y0 <= top && edge.y1 >= bottom)
    .map((edge) => ({ edge, top: xAt(edge, top), bottom: xAt(edge, bottom) }))
    .sort((a, b) => a.top + a.bottom - (b.top + b.bottom));
  const windings = [0, 0];
  let start: (typeof active)[number] | undefined;
  for (const side of active) {
    windings[side.edge.owner]! += side.edge.winding;
    const inside = windings[0]! >= 1 && (owners === 1 || windings[1]! >= 1);
    if (inside) start ??= side;
    else if (start) {
      visit(top, bottom, start.top, start.bottom, side.top, side.bottom);
      start = undefined;
    }
  }
}
