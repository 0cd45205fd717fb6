import type { SKRSContext2D } from '@napi-rs/canvas';
import type { Box } from '../geometry/quad.ts';
import type { Point } from '../reading.ts';
import type { Effects } from './effects.ts';
import { type Color, css, luma, surfaceColor } from './palette.ts';
import type { Random } from './random.ts';
import { rectangle, type TrueCharacter, type TrueLine } from './truth.ts';
import type { Typeface } from './typeface.ts';
export interface Layout {
  text: string;
  face: Typeface;
  size: number;
  tracking: number;
  box: Box;
  line: TrueLine;
}
export function layOut(context: SKRSContext2D, text: string, face: Typeface, size: number, shape: any): Layout {
  const tracking = shape.tracking ?? 0;
  const ink = face.measure(context, text, size, tracking);
  const characters: TrueCharacter[] = [];
  let prefix = '';
  for (const c of text) {
    const at = prefix === '' ? 0 : face.measure(context, prefix, size, tracking).advance;
    const e = face.extentOf(context, c);
    if (c.trim() !== '')
      characters.push({
        text: c,
        quad: rectangle(at + e.left * size, e.top * size, at + e.right * size, e.bottom * size),
      });
    prefix += c;
  }
  return {
    text,
    face,
    size,
    tracking,
    box: ink,
    line: { text, poly: rectangle(ink.left, ink.top, ink.right, ink.bottom), characters },
  };
}
export interface Material {
  paint: string;
  outline?: { paint: string; width: number };
}
export function materialOf(random: Random, effects: Effects, behind: Color): Material {
  let color = surfaceColor(random);
  for (let i = 0; i < 8 && Math.abs(luma(color) - luma(behind)) < 60; i++) color = surfaceColor(random);
  return {
    paint: css(color),
    ...(effects.takes('outline', 0.15, random) && { outline: { paint: css(surfaceColor(random)), width: 0.08 } }),
  };
}
export function inkText(context: SKRSContext2D, layout: Layout, [x, y]: Point, material: Material): void {
  if (material.outline) {
    context.strokeStyle = material.outline.paint;
    context.lineWidth = material.outline.width * layout.size;
    context.lineJoin = 'round';
    layout.face.stroke(context, layout.text, x, y, layout.size, layout.tracking);
  }
  context.fillStyle = material.paint;
  layout.face.fill(context, layout.text, x, y, layout.size, layout.tracking);
}
