import type { SKRSContext2D } from '@napi-rs/canvas';
import { type InkTexture, texturePaint } from './ink-textures.ts';
import type { Layout, Placement } from './layout.ts';

export type Paint = SKRSContext2D['fillStyle'];

/** What fills the letters. */
export type Fill =
  | { paint: Paint }
  | {
      colors: readonly string[];
      /** Of the way from the first color to the last, radians, clockwise from rightward. Along a bent baseline it goes down. */
      angle: number;
    }
  | { color: string; texture: InkTexture };

/** What letters are made of. Lengths are in ems. */
export interface Material {
  fill: Fill;
  /** Bands around the letters, the outermost first; each reaches `width` beyond the letter's edge. */
  outlines?: readonly { color: string; width: number }[];
  /** Of the whole, outlines too. */
  shadow?: { color: string; dx: number; dy: number; blur: number };
  /** Light around the whole. */
  glow?: { color: string; radius: number };
  /** Moved copies beneath, the lowest first: edges of raised or cut letters, the sides of thick ones, hard shadows. */
  copies?: readonly { paint: Paint; dx: number; dy: number }[];
}

/** How often a glow is laid on, to be bright beside the letter and fade far from it. */
const glowLayers = [1, 0.5];

/** Draws a laid-out line in a material. */
export function inkText(context: SKRSContext2D, layout: Layout, material: Material): void {
  const { size } = layout;
  const { fill, outlines = [], shadow, glow, copies = [] } = material;
  context.save();
  context.lineJoin = 'round';
  const outer = outlines[0];
  const silhouette = (paint: Paint): void => {
    if (outer) stroke(context, layout, paint, outer.width);
    else fillLetters(context, layout, paint);
  };
  if (shadow) {
    const { color, dx, dy, blur } = shadow;
    cast(context, color, size * blur, size * dx, size * dy, () => silhouette(color));
  }
  for (const { paint, dx, dy } of copies) {
    context.save();
    context.translate(size * dx, size * dy);
    fillLetters(context, layout, paint);
    context.restore();
  }
  if (glow) {
    const { color, radius } = glow;
    for (const share of glowLayers) cast(context, color, size * radius * share, 0, 0, () => silhouette(color));
  }
  for (const { color, width } of outlines) stroke(context, layout, color, width);
  fillLetters(context, layout, paintOf(context, layout, fill));
  context.restore();
}

/** Draws with a soft copy beneath. */
function cast(context: SKRSContext2D, color: string, blur: number, dx: number, dy: number, draw: () => void): void {
  context.save();
  context.shadowColor = color;
  context.shadowBlur = blur;
  context.shadowOffsetX = dx;
  context.shadowOffsetY = dy;
  draw();
  context.restore();
}

function fillLetters(context: SKRSContext2D, layout: Layout, paint: Paint): void {
  const { face, size, tracking } = layout;
  context.fillStyle = paint;
  eachPlacement(context, layout, (text, x, y) => face.fill(context, text, x, y, size, tracking));
}

function stroke(context: SKRSContext2D, layout: Layout, paint: Paint, width: number): void {
  const { face, size, tracking } = layout;
  context.strokeStyle = paint;
  context.lineWidth = 2 * width * size;
  eachPlacement(context, layout, (text, x, y) => face.stroke(context, text, x, y, size, tracking));
}

function eachPlacement(
  context: SKRSContext2D,
  { placements }: Layout,
  draw: (text: string, x: number, y: number) => void,
): void {
  for (const { text, x, y, angle } of placements) {
    if (angle === 0) {
      draw(text, x, y);
      continue;
    }
    context.save();
    context.translate(x, y);
    context.rotate(angle);
    draw(text, 0, 0);
    context.restore();
  }
}

function paintOf(context: SKRSContext2D, layout: Layout, fill: Fill): Paint {
  if ('paint' in fill) return fill.paint;
  if ('texture' in fill) return texturePaint(context, fill.color, fill.texture, layout.size);
  const gradient = gradientAcross(context, layout, fill.angle);
  for (const [i, color] of fill.colors.entries()) gradient.addColorStop(i / (fill.colors.length - 1), color);
  return gradient;
}

/** Across the line's box; with turned letters, each of which has axes of its own, from their tops to their bottoms. */
function gradientAcross(context: SKRSContext2D, layout: Layout, angle: number) {
  const { placements, reach, line } = layout;
  if (placements.some((placement: Placement) => placement.angle !== 0)) {
    return context.createLinearGradient(0, reach.top, 0, reach.bottom);
  }
  const [[left, top], , [right, bottom]] = line.poly;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const half = (Math.abs(cos) * (right - left) + Math.abs(sin) * (bottom - top)) / 2;
  const [cx, cy] = [(left + right) / 2, (top + bottom) / 2];
  return context.createLinearGradient(cx - cos * half, cy - sin * half, cx + cos * half, cy + sin * half);
}
