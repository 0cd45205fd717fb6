import type { Point, Quad } from '../reading.ts';

/** Row-major 3 × 3 matrix of a projective map, its last entry 1. */
export type Homography = readonly number[];

export const identity: Homography = [1, 0, 0, 0, 1, 0, 0, 0, 1];

/**
 * The map of the rectangle (0, 0) … (width, height) onto a quad: the unit square's by Heckbert ("Fundamentals of texture
 * mapping and image warping", 1989, section 2.2.3), scaled.
 * @param quad convex; clockwise from the point that (0, 0) goes to
 */
export function rectangleToQuad(width: number, height: number, quad: Quad): Homography {
  const [[x0, y0], [x1, y1], [x2, y2], [x3, y3]] = quad;
  const [dx1, dx2, dx3] = [x1 - x2, x3 - x2, x0 - x1 + x2 - x3];
  const [dy1, dy2, dy3] = [y1 - y2, y3 - y2, y0 - y1 + y2 - y3];
  const determinant = dx1 * dy2 - dx2 * dy1;
  const g = (dx3 * dy2 - dx2 * dy3) / determinant;
  const h = (dx1 * dy3 - dx3 * dy1) / determinant;
  return [
    (x1 - x0 + g * x1) / width,
    (x3 - x0 + h * x3) / height,
    x0,
    (y1 - y0 + g * y1) / width,
    (y3 - y0 + h * y3) / height,
    y0,
    g / width,
    h / height,
    1,
  ];
}

export function project(map: Homography, [x, y]: Point): Point {
  const w = map[6]! * x + map[7]! * y + map[8]!;
  return [(map[0]! * x + map[1]! * y + map[2]!) / w, (map[3]! * x + map[4]! * y + map[5]!) / w];
}

/** The inverse map, by the adjugate; up to a factor, which `project` divides out. */
export function invert(map: Homography): Homography {
  const [a, b, c, d, e, f, g, h, i] = map as [number, number, number, number, number, number, number, number, number];
  return [
    e * i - f * h,
    c * h - b * i,
    b * f - c * e,
    f * g - d * i,
    a * i - c * g,
    c * d - a * f,
    d * h - e * g,
    b * g - a * h,
    a * e - b * d,
  ];
}

/** The map that does `second` and then `first`: their matrices' product. */
export function multiply(first: Homography, second: Homography): Homography {
  return Array.from({ length: 9 }, (_, i) => {
    const [row, column] = [3 * Math.floor(i / 3), i % 3];
    return [0, 1, 2].reduce((sum, k) => sum + first[row + k]! * second[3 * k + column]!, 0);
  });
}
