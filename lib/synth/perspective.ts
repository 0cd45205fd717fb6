import type { Canvas } from '@napi-rs/canvas';
import type { Point, Quad } from '../reading.ts';
import { type Drawing, mapLines, type TrueLine } from './truth.ts';

/** Row-major 3 × 3 matrix of a projective map, its last entry 1. */
export type Homography = readonly number[];

/** Destination pixels are averaged over this many samples a side. */
const samplesPerSide = 2;

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

/**
 * Draws a flat drawing into a quad of the target, as a camera would see it, and returns its lines where they are then.
 * Transparent parts stay transparent.
 */
export function pasteInPerspective(target: Canvas, drawing: Drawing, quad: Quad): TrueLine[] {
  const { width, height } = drawing.canvas;
  const forward = rectangleToQuad(width, height, quad);
  const backward = invert(forward);
  const xs = quad.map(([x]) => x);
  const ys = quad.map(([, y]) => y);
  const left = Math.max(0, Math.floor(Math.min(...xs)));
  const top = Math.max(0, Math.floor(Math.min(...ys)));
  const right = Math.min(target.width, Math.ceil(Math.max(...xs)));
  const bottom = Math.min(target.height, Math.ceil(Math.max(...ys)));
  if (right > left && bottom > top) {
    const context = target.getContext('2d');
    const source = drawing.canvas.getContext('2d').getImageData(0, 0, width, height).data;
    const area = context.getImageData(left, top, right - left, bottom - top);
    // The canvas's own `data` and `width` are costly getters.
    const pixels = area.data;
    const sample = [0, 0, 0, 0];
    let at = 0;
    for (let y = top; y < bottom; y++) {
      for (let x = left; x < right; x++) {
        gather(source, width, height, backward, x, y, sample);
        blend(pixels, at, sample);
        at += 4;
      }
    }
    context.putImageData(area, left, top);
  }
  return mapLines(drawing.lines, (point) => project(forward, point));
}

/** Mean of a destination pixel's samples: red, green and blue times opacity, and opacity, 0 … 255. Allocates nothing. */
function gather(
  source: Uint8ClampedArray,
  width: number,
  height: number,
  backward: Homography,
  x: number,
  y: number,
  sum: number[],
): void {
  sum.fill(0);
  for (let j = 0; j < samplesPerSide; j++) {
    const dy = y + (j + 0.5) / samplesPerSide;
    for (let i = 0; i < samplesPerSide; i++) {
      const dx = x + (i + 0.5) / samplesPerSide;
      const w = backward[6]! * dx + backward[7]! * dy + backward[8]!;
      const sx = (backward[0]! * dx + backward[1]! * dy + backward[2]!) / w - 0.5;
      const sy = (backward[3]! * dx + backward[4]! * dy + backward[5]!) / w - 0.5;
      if (sx > -1 && sy > -1 && sx < width && sy < height) addBilinear(source, width, height, sx, sy, sum);
    }
  }
  const share = 1 / (samplesPerSide * samplesPerSide);
  for (let channel = 0; channel < 4; channel++) sum[channel]! *= share;
}

function addBilinear(
  source: Uint8ClampedArray,
  width: number,
  height: number,
  x: number,
  y: number,
  sum: number[],
): void {
  const left = Math.floor(x);
  const top = Math.floor(y);
  for (let py = Math.max(top, 0); py <= Math.min(top + 1, height - 1); py++) {
    const down = py === top ? top + 1 - y : y - top;
    for (let px = Math.max(left, 0); px <= Math.min(left + 1, width - 1); px++) {
      const at = 4 * (py * width + px);
      const opacity = (down * (px === left ? left + 1 - x : x - left) * source[at + 3]!) / 255;
      sum[0]! += source[at]! * opacity;
      sum[1]! += source[at + 1]! * opacity;
      sum[2]! += source[at + 2]! * opacity;
      sum[3]! += 255 * opacity;
    }
  }
}

/** Lays a premultiplied sample over an opaque pixel. */
function blend(pixels: Uint8ClampedArray, at: number, sample: readonly number[]): void {
  const rest = 1 - sample[3]! / 255;
  for (let channel = 0; channel < 3; channel++) {
    pixels[at + channel] = sample[channel]! + pixels[at + channel]! * rest;
  }
  pixels[at + 3] = 255;
}
