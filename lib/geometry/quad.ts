import type { Point, Polygon, Quad, Rotation } from '../reading.ts';

export function distance(a: Point, b: Point): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}

/** Mean length of the sides along the reading direction. */
export function quadWidth(quad: Quad): number {
  return (distance(quad[0], quad[1]) + distance(quad[3], quad[2])) / 2;
}

/** Mean length of the sides across it. */
export function quadHeight(quad: Quad): number {
  return (distance(quad[0], quad[3]) + distance(quad[1], quad[2])) / 2;
}

export function quadCenter(quad: Quad): Point {
  return [
    (quad[0][0] + quad[1][0] + quad[2][0] + quad[3][0]) / 4,
    (quad[0][1] + quad[1][1] + quad[2][1] + quad[3][1]) / 4,
  ];
}

/** The same corners with the first one moved `steps` places on: the reading direction turned clockwise by 90° each. */
export function turnCorners(quad: Quad, steps: number): Quad {
  const corner = (i: number) => quad[(((i + steps) % 4) + 4) % 4]!;
  return [corner(0), corner(1), corner(2), corner(3)];
}

/**
 * The rectangle grown by the distance that unclips a shrunk text region: area · ratio / perimeter on every side (DB,
 * Liao et al. 2020, equation 10). For a rectangle that offset is exact.
 */
export function unclip(quad: Quad, ratio: number): Quad {
  return grow(quad, unclipDistance(quadWidth(quad), quadHeight(quad), ratio));
}

/** The rectangle that `unclip` with the same ratio grows to `quad`. */
export function clip(quad: Quad, ratio: number): Quad {
  const width = quadWidth(quad);
  const height = quadHeight(quad);
  let [low, high] = [0, Math.min(width, height) / 2];
  for (let i = 0; i < 30; i++) {
    const margin = (low + high) / 2;
    if (unclipDistance(width - 2 * margin, height - 2 * margin, ratio) > margin) low = margin;
    else high = margin;
  }
  return grow(quad, -low);
}

export function unclipDistance(width: number, height: number, ratio: number): number {
  return width + height > 0 ? (width * height * ratio) / (2 * (width + height)) : 0;
}

/** A rectangle with every side moved outwards by `margin` pixels; a side of no length keeps its axis from the other one. */
export function grow(quad: Quad, margin: number): Quad {
  const [ux, uy] = unit(quad[0], quad[1], quad[3], quad[2]);
  const [vx, vy] = unit(quad[0], quad[3], quad[1], quad[2]);
  const moved = (p: Point, along: number, across: number): Point => [
    p[0] + margin * (along * ux + across * vx),
    p[1] + margin * (along * uy + across * vy),
  ];
  return [moved(quad[0], -1, -1), moved(quad[1], 1, -1), moved(quad[2], 1, 1), moved(quad[3], -1, 1)];
}

function unit(a: Point, b: Point, c: Point, d: Point): Point {
  const x = b[0] - a[0] + d[0] - c[0];
  const y = b[1] - a[1] + d[1] - c[1];
  const length = Math.hypot(x, y);
  return length > 0 ? [x / length, y / length] : [0, 0];
}

/** The part of a quad between two shares (0 … 1) of its reading direction. */
export function slice(quad: Quad, from: number, to: number): Quad {
  return [
    interpolate(quad[0], quad[1], from),
    interpolate(quad[0], quad[1], to),
    interpolate(quad[3], quad[2], to),
    interpolate(quad[3], quad[2], from),
  ];
}

export function interpolate(a: Point, b: Point, share: number): Point {
  return [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share];
}

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** The upright rectangle around points. */
export function bounds(points: readonly Point[]): Box {
  const box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (const [x, y] of points) {
    box.left = Math.min(box.left, x);
    box.right = Math.max(box.right, x);
    box.top = Math.min(box.top, y);
    box.bottom = Math.max(box.bottom, y);
  }
  return box;
}

export function boxQuad({ left, top, right, bottom }: Box): Quad {
  return [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ];
}

/**
 * Takes points of a picture that was turned counter-clockwise by `rotation` (so that it reads upright) back to the picture
 * as it was.
 * @param width of the picture as it was
 * @param height of the picture as it was
 */
export function turnBack<T extends Polygon>(points: T, rotation: Rotation, width: number, height: number): T {
  const back = ([x, y]: Point): Point => {
    if (rotation === 90) return [width - y, x];
    if (rotation === 180) return [width - x, height - y];
    if (rotation === 270) return [y, height - x];
    return [x, y];
  };
  return points.map(back) as T;
}

/** Quads as the addon takes them: eight numbers each. */
export function flatten(quads: readonly Quad[]): Float32Array {
  const flat = new Float32Array(quads.length * 8);
  quads.forEach((quad, i) => {
    quad.forEach(([x, y], k) => {
      flat[8 * i + 2 * k] = x;
      flat[8 * i + 2 * k + 1] = y;
    });
  });
  return flat;
}
