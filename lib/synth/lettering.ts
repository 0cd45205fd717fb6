import type { Canvas } from '@napi-rs/canvas';
import type { Point } from '../reading.ts';
import { inkText, type Paint } from './ink.ts';
import { type Layout, layOut, moveLayout } from './layout.ts';
import type { TrueLine } from './truth.ts';
import type { Typeface } from './typeface.ts';

export interface Lettering {
  face: Typeface;
  /** Pixels an em. */
  size: number;
  paint: Paint;
  /** Extra space between letters, pixels. */
  tracking?: number;
  /** A copy of the text beneath it, moved by so many pixels. */
  relief?: { paint: Paint; dx: number; dy: number };
}

/**
 * Writes a line from left to right.
 * @param anchor the x of the ink's left end, its middle or its right end, by `align`; the y of the baseline
 */
export function writeLine(
  canvas: Canvas,
  text: string,
  anchor: Point,
  lettering: Lettering,
  align: 'left' | 'center' | 'right' = 'left',
): TrueLine {
  const { face, size, tracking = 0 } = lettering;
  const layout = layOut(text, face, size, { tracking });
  const [[left], [right]] = layout.line.poly;
  const share = { left: 0, center: 0.5, right: 1 }[align];
  return write(canvas, layout, [anchor[0] - left - share * (right - left), anchor[1]], lettering);
}

/** The largest size, at most `largest`, in which a line is no wider than `width` pixels. */
export function sizeToFit(canvas: Canvas, text: string, face: Typeface, width: number, largest: number): number {
  const ink = face.measure(canvas.getContext('2d'), text, largest);
  return Math.min(largest, (largest * width) / (ink.right - ink.left));
}

/**
 * Writes Chinese characters from top to bottom, each upright in a square cell.
 * @param anchor the middle of the column and the top of its first cell
 * @param pitch cell height, pixels
 */
export function writeColumn(
  canvas: Canvas,
  text: string,
  anchor: Point,
  pitch: number,
  lettering: Lettering,
): TrueLine {
  const layout = layOut(text, lettering.face, lettering.size, { direction: 'column', pitch });
  return write(canvas, layout, anchor, lettering);
}

/**
 * Writes Chinese characters from right to left: the first one stands at the right end.
 * @param anchor the right end of the first cell and the middle of the row's height
 * @param pitch cell width, pixels
 */
export function writeRightToLeft(
  canvas: Canvas,
  text: string,
  anchor: Point,
  pitch: number,
  lettering: Lettering,
): TrueLine {
  const layout = layOut(text, lettering.face, lettering.size, { direction: 'right-to-left', pitch });
  return write(canvas, layout, anchor, lettering);
}

/**
 * Writes a line along the upper side of a circle.
 * @param center the circle's center
 * @param radius of the baseline, pixels
 */
export function writeArc(canvas: Canvas, text: string, center: Point, radius: number, lettering: Lettering): TrueLine {
  const { face, size, tracking = 0 } = lettering;
  const layout = layOut(text, face, size, { tracking, baseline: { shape: 'arc', radius } });
  return write(canvas, layout, [center[0], center[1] - radius], lettering);
}

/** Inks a layout with its origin at a point. */
function write(canvas: Canvas, layout: Layout, [x, y]: Point, { size, paint, relief }: Lettering): TrueLine {
  const placed = moveLayout(layout, x, y);
  const copies = relief ? [{ paint: relief.paint, dx: relief.dx / size, dy: relief.dy / size }] : [];
  inkText(canvas.getContext('2d'), placed, { fill: { paint }, copies });
  return placed.line;
}
