import { type Box, bounds, quadCenter } from '../geometry/quad.ts';
import type { Line, Point, Quad, Reading } from '../reading.ts';

/**
 * The rectangle in which a quad's glyphs stand upright: `center`, its extent along `along` (from glyph left to glyph
 * right) and along `down` (from glyph top to glyph bottom), both unit vectors in pixels with y down.
 */
export interface Frame {
  center: Point;
  along: Point;
  down: Point;
  width: number;
  height: number;
}

/** The upright rectangle around points in whole pixels, cut to the picture: a bounding box to formats without polygons. */
export function pixelBoundsOf(points: readonly Point[], reading: Pick<Reading, 'width' | 'height'>): Box {
  const { left, top, right, bottom } = bounds(points);
  return {
    left: clamp(Math.floor(left), 0, reading.width),
    top: clamp(Math.floor(top), 0, reading.height),
    right: clamp(Math.ceil(right), 0, reading.width),
    bottom: clamp(Math.ceil(bottom), 0, reading.height),
  };
}

/** The outline to draw or report for a line: its curve where it has one, else its quad. */
export function outlineOf(line: Pick<Line, 'polygon' | 'quad'>): readonly Point[] {
  return line.polygon ?? line.quad;
}

/** True for quads whose sides are parallel to the picture's, to half a pixel. */
export function isUpright(quad: Quad): boolean {
  const [a, b, c, d] = quad;
  const same = (x: number, y: number) => Math.abs(x - y) <= 0.5;
  return same(a[1], b[1]) && same(c[1], d[1]) && same(a[0], d[0]) && same(b[0], c[0]) && b[0] >= a[0] && d[1] >= a[1];
}

/** The rectangle nearest to a quad: the mean of opposite sides. A quad without extent lies along the x axis. */
export function frameOf(quad: Quad): Frame {
  const [a, b, c, d] = quad;
  const side: Point = [(b[0] - a[0] + c[0] - d[0]) / 2, (b[1] - a[1] + c[1] - d[1]) / 2];
  const fall: Point = [(d[0] - a[0] + c[0] - b[0]) / 2, (d[1] - a[1] + c[1] - b[1]) / 2];
  const width = Math.hypot(...side);
  const height = Math.hypot(...fall);
  const along: Point =
    width > 0 ? [side[0] / width, side[1] / width] : height > 0 ? [fall[1] / height, -fall[0] / height] : [1, 0];
  return {
    center: quadCenter(quad),
    along,
    down: [-along[1], along[0]],
    width,
    height,
  };
}

/** Degrees, counter-clockwise as a person sees it, by which a quad's glyphs are turned; -180 exclusive to 180. */
export function turnOf(quad: Quad): number {
  const { along } = frameOf(quad);
  const degrees = (Math.atan2(-along[1], along[0]) * 180) / Math.PI;
  return degrees <= -180 ? degrees + 360 : degrees;
}

/** The share of a quad's height that lies under the line on which its letters rest: where networks' boxes leave it. */
export const descentShare = 0.2;

/** The start and end of the line on which horizontally set letters rest. */
export function baselineOf(quad: Quad): [start: Point, end: Point] {
  const [topLeft, topRight, bottomRight, bottomLeft] = quad;
  const rise = (bottom: Point, top: Point): Point => [
    bottom[0] + (top[0] - bottom[0]) * descentShare,
    bottom[1] + (top[1] - bottom[1]) * descentShare,
  ];
  return [rise(bottomLeft, topLeft), rise(bottomRight, topRight)];
}

/** A number with at most `digits` decimals, without exponent, trailing zeros and minus zero. */
export function decimal(value: number, digits = 2): string {
  return String(round(value, digits));
}

/** A number rounded to `digits` decimals. */
export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits)) + 0;
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
