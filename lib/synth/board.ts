import { type Canvas, createCanvas } from '@napi-rs/canvas';
import { bounds } from '../geometry/quad.ts';
import { css, type Rgb } from './colors.ts';
import type { Effects } from './effects.ts';
import { inkText } from './ink.ts';
import { type Baseline, type Layout, type LayoutOptions, layOut, moveLayout } from './layout.ts';
import { materialOf } from './materials.ts';
import { surfaceColor } from './palette.ts';
import type { Random } from './random.ts';
import type { Supplies } from './supplies.ts';
import { fillBox, gradientDown } from './surfaces.ts';
import { isIdeographic } from './text/languages.ts';
import type { TextLine } from './text/text-source.ts';
import type { Drawing } from './truth.ts';

export interface BoardWish {
  /** In reading order; the first decides which face draws them. */
  texts: readonly TextLine[];
  /** Pixels an em. */
  size: number;
  /** What is behind letters that stand alone. */
  behind: Rgb;
  /** Room around the texts, ems. */
  margin: number;
}

/** A board's drawing may be transparent; its lines are those texts that its face can draw, in their order. */
export type Board = Drawing;

/** Shares of what texts stand on. */
const surfaceShares = { none: 0.38, plain: 0.36, gradient: 0.14 } as const;

/** Draws lines of text one below the other (or columns from the right) on what they are painted on. */
export function drawBoard(random: Random, { fonts, effects }: Supplies, wish: BoardWish): Board {
  const { size, margin } = wish;
  const [first] = wish.texts as readonly [TextLine, ...TextLine[]];
  const together = wish.texts.map(({ text }) => text).join('');
  const texts = fonts.draws(together) ? wish.texts : [first];
  const face = fonts.pick(random.fork('face'), texts.length > 1 ? together : first.text, { language: first.language });
  const direction = directionOf(random.fork('direction'), effects, first);
  const surface = surfaceOf(random.fork('surface'), wish.behind);
  const material = materialOf(random.fork('material'), effects, surface.color);
  const style = random.fork('layout');
  const shape = shapeOf(style, effects, direction, size);
  const layouts = texts.map(({ text }) => layOut(text, face, size, shape));
  const placed = arrange(style, layouts, size, direction === 'column');
  const box = bounds(placed.flatMap(({ line }) => line.poly));
  const room = margin * size;
  const canvas = createCanvas(Math.ceil(box.right - box.left + 2 * room), Math.ceil(box.bottom - box.top + 2 * room));
  surface.paint(canvas);
  const lines = placed.map((layout) => {
    const here = moveLayout(layout, room - box.left, room - box.top);
    inkText(canvas.getContext('2d'), here, material);
    return here.line;
  });
  return { canvas, lines };
}

type Direction = 'row' | 'column' | 'right-to-left';

/** Only ideographs stand below each other, and run from the right on old signs. */
function directionOf(random: Random, effects: Effects, { script, text }: TextLine): Direction {
  const stands = isIdeographic(script) && !/[\s\p{sc=Latin}]/u.test(text);
  const isVertical = effects.takes('vertical', 0.12, random);
  const isFromRight = effects.takes('right-to-left', 0.03, random);
  if (stands && isVertical) return 'column';
  return stands && isFromRight && script === 'Hant' ? 'right-to-left' : 'row';
}

interface Surface {
  color: Rgb;
  paint(canvas: Canvas): void;
}

/** Nothing, or a board of one color, of a gradient, or with a border. */
function surfaceOf(random: Random, behind: Rgb): Surface {
  const kind = random.next();
  if (kind < surfaceShares.none) return { color: behind, paint() {} };
  const color = surfaceColor(random);
  const opacity = random.chance(0.8) ? 1 : random.between(0.6, 1);
  const paintPlain = (canvas: Canvas) => {
    fillBox(canvas.getContext('2d'), { x: 0, y: 0, width: canvas.width, height: canvas.height }, css(color, opacity));
  };
  if (kind < surfaceShares.none + surfaceShares.plain) return { color, paint: paintPlain };
  if (kind < surfaceShares.none + surfaceShares.plain + surfaceShares.gradient) {
    const other = color.map((level) => Math.min(255, level * random.between(0.6, 1.3))) as unknown as Rgb;
    return {
      color,
      paint(canvas) {
        const box = { x: 0, y: 0, width: canvas.width, height: canvas.height };
        const context = canvas.getContext('2d');
        fillBox(context, box, gradientDown(context, box, [css(color, opacity), css(other, opacity)]));
      },
    };
  }
  const border = { width: random.between(0.01, 0.05), inset: random.between(0, 0.06), color: surfaceColor(random) };
  return {
    color,
    paint(canvas) {
      paintPlain(canvas);
      const { width, height } = canvas;
      const context = canvas.getContext('2d');
      const inset = (border.inset + border.width / 2) * height;
      context.strokeStyle = css(border.color);
      context.lineWidth = border.width * height;
      context.strokeRect(inset, inset, width - 2 * inset, height - 2 * inset);
    },
  };
}

function shapeOf(random: Random, effects: Effects, direction: Direction, size: number): LayoutOptions {
  const isTracked = effects.takes('tracking', 0.25, random);
  const tracking = isTracked ? size * (random.chance(0.25) ? random.between(-0.06, 0) : 0.6 * random.next() ** 2) : 0;
  const baseline = baselineOf(random, effects, size);
  return { direction, tracking, ...(direction === 'row' && baseline && { baseline }) };
}

/** Most lines are straight. */
function baselineOf(random: Random, effects: Effects, size: number): Baseline | undefined {
  const isCurved = effects.takes('curve', 0.06, random);
  const isWavy = effects.takes('wave', 0.02, random);
  const radius = (random.chance(0.75) ? 1 : -1) * size * random.between(4, 16);
  if (isCurved) return { shape: 'arc', radius };
  const [height, length] = [size * random.between(0.05, 0.25), size * random.between(4, 14)];
  return isWavy ? { shape: 'wave', height, length, phase: random.between(0, 2 * Math.PI) } : undefined;
}

/** Rows left-aligned, centered or right-aligned; columns from the right. */
function arrange(random: Random, layouts: readonly Layout[], size: number, areColumns: boolean): Layout[] {
  const pitch = size * random.between(1.05, 1.7);
  const align = random.pick([0, 0, 0.5, 0.5, 1]);
  return layouts.map((layout, i) => {
    const { left, right } = bounds(layout.line.poly);
    return areColumns
      ? moveLayout(layout, -i * pitch, 0)
      : moveLayout(layout, -left - align * (right - left), i * pitch);
  });
}
