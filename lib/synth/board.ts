import { type Canvas, createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import { type Box, bounds } from '../geometry/quad.ts';
import { css, type Rgb, surfaceColor } from './colors.ts';
import type { Effects } from './effects.ts';
import { inkText } from './ink.ts';
import { type Baseline, type Layout, type LayoutOptions, layOut, moveLayout } from './layout.ts';
import { materialOf } from './materials.ts';
import { standsUpright } from './paragraph.ts';
import type { Random } from './random.ts';
import type { Supplies } from './supplies.ts';
import { fillBox, gradientDown, type Box as PaintedBox } from './surfaces.ts';
import type { TextLine } from './text/text-source.ts';
import type { TrueLine } from './truth.ts';

export interface BoardWish {
  /** In reading order. */
  texts: readonly TextLine[];
  /** The place among them of the one that decides which face draws them; the first by default. */
  main?: number;
  /** Pixels an em. */
  size: number;
  /** What is behind letters that stand alone. */
  behind: Rgb;
  /** Room around the texts, ems. */
  margin: number;
  /** Tell where each character stands. */
  hasCharacters: boolean;
  /** How often ideographs stand in columns, 0 … 1. */
  vertical?: number;
  /** How often letters stand on nothing of their own, 0 … 1. */
  bare?: number;
}

/** Lines of text and what they are painted on, if anything. */
export interface Board {
  width: number;
  height: number;
  /** Of the letters, pixels an em; of the smallest ones, where they differ. */
  size: number;
  /** Of all texts, or of the main one alone where no face draws all. */
  lines: TrueLine[];
  main: TrueLine;
  /** Draws the pixels inside a part of the board, all of it by default. */
  render(part?: Box): Canvas;
}

/** Of boards whose wish leaves it open. */
const defaults = { vertical: 0.12, bare: 0.38 };

/** Shares of what texts stand on that do not stand on nothing; the others have a border. */
const surfaceShares = { plain: 0.58, gradient: 0.23 } as const;

/** Lays out lines of text one below the other, or columns from the right, and chooses what they are made of. */
export function boardOf(random: Random, { fonts, effects }: Supplies, wish: BoardWish): Board {
  const { size, margin, hasCharacters, vertical, bare } = { ...defaults, ...wish };
  const main = wish.texts[wish.main ?? 0]!;
  const together = wish.texts.map(({ text }) => text).join('');
  const texts = fonts.draws(together) ? wish.texts : [main];
  const face = fonts.pick(random.fork('face'), texts.length > 1 ? together : main.text, { language: main.language });
  const direction = directionOf(random.fork('direction'), effects, main, vertical);
  const surface = surfaceOf(random.fork('surface'), wish.behind, bare);
  const material = materialOf(random.fork('material'), effects, surface.color);
  const occlude = occlusionOf(random.fork('occlusion'), effects, size);
  const style = random.fork('layout');
  const shape = { ...shapeOf(style, effects, direction, size), hasCharacters };
  const placed = arrange(
    style,
    texts.map(({ text }) => layOut(text, face, size, shape)),
    size,
    direction === 'column',
  );
  const around = bounds(placed.flatMap(({ line }) => line.poly));
  const room = margin * size;
  const layouts = placed.map((layout) => moveLayout(layout, room - around.left, room - around.top));
  const [width, height] = [around.right - around.left + 2 * room, around.bottom - around.top + 2 * room].map(Math.ceil);
  const whole = { left: 0, top: 0, right: width!, bottom: height! };
  return {
    width: width!,
    height: height!,
    size,
    lines: layouts.map(({ line }) => line),
    main: layouts[texts.indexOf(main)]!.line,
    render({ left, top, right, bottom } = whole) {
      const canvas = createCanvas(right - left, bottom - top);
      const context = canvas.getContext('2d');
      context.translate(-left, -top);
      surface.paint(context, { x: 0, y: 0, width: width!, height: height! });
      for (const layout of layouts) inkText(context, layout, material);
      occlude(context, width!, height!);
      return canvas;
    },
  };
}

type Direction = 'row' | 'column' | 'right-to-left';

/** Only ideographs stand below each other, and run from the right on old signs. */
function directionOf(random: Random, effects: Effects, text: TextLine, vertical: number): Direction {
  const stands = standsUpright(text);
  const isVertical = effects.takes('vertical', vertical, random);
  const isFromRight = effects.takes('right-to-left', 0.03, random);
  if (stands && isVertical) return 'column';
  return stands && isFromRight && text.script === 'Hant' ? 'right-to-left' : 'row';
}

interface Surface {
  color: Rgb;
  paint(context: SKRSContext2D, board: PaintedBox): void;
}

/** Nothing, or a board of one color, of a gradient, or with a border. */
export function surfaceOf(random: Random, behind: Rgb, bare: number): Surface {
  if (random.chance(bare)) return { color: behind, paint() {} };
  const kind = random.next();
  const color = surfaceColor(random);
  const opacity = random.chance(0.8) ? 1 : random.between(0.6, 1);
  if (kind < surfaceShares.plain) {
    return { color, paint: (context, board) => fillBox(context, board, css(color, opacity)) };
  }
  if (kind < surfaceShares.plain + surfaceShares.gradient) {
    const other = color.map((level) => Math.min(255, level * random.between(0.6, 1.3))) as unknown as Rgb;
    const colors = [css(color, opacity), css(other, opacity)];
    return { color, paint: (context, board) => fillBox(context, board, gradientDown(context, board, colors)) };
  }
  const border = { width: random.between(0.01, 0.05), inset: random.between(0, 0.06), color: surfaceColor(random) };
  return {
    color,
    paint(context, board) {
      fillBox(context, board, css(color, opacity));
      const inset = (border.inset + border.width / 2) * board.height;
      context.strokeStyle = css(border.color);
      context.lineWidth = border.width * board.height;
      context.strokeRect(inset, inset, board.width - 2 * inset, board.height - 2 * inset);
    },
  };
}

/** A wire, a twig or a pole before the board, which leaves its letters legible. */
function occlusionOf(
  random: Random,
  effects: Effects,
  size: number,
): (context: SKRSContext2D, width: number, height: number) => void {
  if (!effects.takes('occlusion', 0.04, random)) return () => {};
  const [from, to] = [random.next(), random.next()];
  const isLevel = random.chance(0.3);
  const color = surfaceColor(random);
  const thickness = size * 0.3 * random.next() ** 2 + 1;
  return (context, width, height) => {
    context.strokeStyle = css(color);
    context.lineWidth = thickness;
    context.beginPath();
    context.moveTo(isLevel ? 0 : from * width, isLevel ? from * height : 0);
    context.lineTo(isLevel ? width : to * width, isLevel ? to * height : height);
    context.stroke();
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
