import type { Canvas, SKRSContext2D } from '@napi-rs/canvas';
import type { Point } from '../reading.ts';
import { rectangle, type TrueLine } from './truth.ts';
import type { Typeface } from './typeface.ts';

/** Points along each side of an arc's outline: chords of a half circle then leave it by less than 0.4 % of the radius. */
const arcStops = 21;

export type Paint = SKRSContext2D['fillStyle'];

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
  const context = canvas.getContext('2d');
  const { face, size, tracking = 0 } = lettering;
  const ink = face.measure(context, text, size, tracking);
  const share = { left: 0, center: 0.5, right: 1 }[align];
  const x = anchor[0] - ink.left - share * (ink.right - ink.left);
  const y = anchor[1];
  inkLine(context, text, x, y, lettering);
  return { text, poly: rectangle(x + ink.left, y + ink.top, x + ink.right, y + ink.bottom) };
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
  const center = (index: number): Point => [anchor[0], anchor[1] + (index + 0.5) * pitch];
  return { text, poly: writeCells(canvas, text, center, lettering), vertical: true };
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
  const center = (index: number): Point => [anchor[0] - (index + 0.5) * pitch, anchor[1]];
  return { text, poly: writeCells(canvas, text, center, lettering), rtl: true };
}

/** Centers each character's ink on its cell's center; the rectangle around all ink. */
function writeCells(
  canvas: Canvas,
  text: string,
  center: (index: number) => Point,
  lettering: Lettering,
): TrueLine['poly'] {
  const context = canvas.getContext('2d');
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [index, character] of Array.from(text).entries()) {
    const [cx, cy] = center(index);
    const ink = lettering.face.measure(context, character, lettering.size);
    const x = cx - (ink.left + ink.right) / 2;
    // The em box, not the ink, is centered: a character such as 一 is flat, yet keeps the height of its neighbors.
    const y = cy + lettering.size * 0.38;
    inkLine(context, character, x, y, lettering);
    left = Math.min(left, x + ink.left);
    right = Math.max(right, x + ink.right);
    top = Math.min(top, y + ink.top);
    bottom = Math.max(bottom, y + ink.bottom);
  }
  return rectangle(left, top, right, bottom);
}

/**
 * Writes a line along the upper side of a circle.
 * @param center the circle's center
 * @param radius of the baseline, pixels
 */
export function writeArc(canvas: Canvas, text: string, center: Point, radius: number, lettering: Lettering): TrueLine {
  const context = canvas.getContext('2d');
  const { face, size, tracking = 0 } = lettering;
  const letters = Array.from(text, (letter) => ({ letter, ink: face.measure(context, letter, size, tracking) }));
  const total = letters.reduce((sum, { ink }) => sum + ink.advance, 0);
  const start = -total / 2 / radius;
  let advance = 0;
  for (const { letter, ink } of letters) {
    context.save();
    context.translate(center[0], center[1]);
    context.rotate(start + (advance + ink.advance / 2) / radius);
    inkLine(context, letter, -ink.advance / 2, -radius, lettering);
    context.restore();
    advance += ink.advance;
  }
  const [first, last] = [letters[0]!.ink, letters.at(-1)!.ink];
  const [left, right] = [first.left, total - last.advance + last.right];
  const top = Math.min(...letters.map(({ ink }) => ink.top));
  const bottom = Math.max(...letters.map(({ ink }) => ink.bottom));
  const at = (along: number, above: number): Point => {
    const angle = start + along / radius;
    return [center[0] + Math.sin(angle) * (radius + above), center[1] - Math.cos(angle) * (radius + above)];
  };
  const stops = Array.from({ length: arcStops }, (_, i) => left + ((right - left) * i) / (arcStops - 1));
  const polygon = [...stops.map((along) => at(along, -top)), ...stops.reverse().map((along) => at(along, -bottom))];
  const xs = polygon.map(([x]) => x);
  const ys = polygon.map(([, y]) => y);
  const poly = rectangle(Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys));
  return { text, poly, polygon };
}

function inkLine(context: SKRSContext2D, text: string, x: number, y: number, lettering: Lettering): void {
  const { face, size, paint, tracking = 0, relief } = lettering;
  context.save();
  if (relief) {
    context.fillStyle = relief.paint;
    face.fill(context, text, x + relief.dx, y + relief.dy, size, tracking);
  }
  context.fillStyle = paint;
  face.fill(context, text, x, y, size, tracking);
  context.restore();
}
