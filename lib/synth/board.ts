import { type Canvas, createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import { type Box, bounds } from '../geometry/quad.ts';
import type { Point } from '../reading.ts';
import type { Effects } from './effects.ts';
import { inkText, type Layout, layOut, materialOf } from './lettering-draft.ts';
import { type Color, css, surfaceColor } from './palette.ts';
import type { Random } from './random.ts';
import type { Supplies } from './supplies.ts';
import { fillBox, gradientDown } from './surfaces.ts';
import type { TextLine } from './text/text-source.ts';
import { type Drawing, mapLines } from './truth.ts';

export interface BoardWish {
  /** In reading order; the first decides which face draws them. */
  texts: readonly TextLine[];
  /** Pixels an em. */
  size: number;
  /** What is behind letters that stand alone. */
  behind: Color;
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
  const layouts = texts.map(({ text }) => layOut(measuring(), text, face, size, shape));
  const places = arrange(style, layouts, size, direction === 'column');
  const box = around(layouts, places);
  const room = margin * size;
  const canvas = createCanvas(Math.ceil(box.right - box.left + 2 * room), Math.ceil(box.bottom - box.top + 2 * room));
  surface.paint(canvas);
  const lines = layouts.map((layout, i) => {
    const [x, y]: Point = [places[i]![0] - box.left + room, places[i]![1] - box.top + room];
    inkText(canvas.getContext('2d'), layout, [x, y], material);
    return mapLines([layout.line], ([lineX, lineY]) => [lineX + x, lineY + y])[0]!;
  });
  return { canvas, lines };
}

let measuringContext: SKRSContext2D | undefined;

/** Texts are measured before there is a canvas of the right size. */
function measuring(): SKRSContext2D {
  measuringContext ??= createCanvas(1, 1).getContext('2d');
  return measuringContext;
}

type Direction = 'row' | 'column' | 'right-to-left';

/** Only ideographs stand below each other, and run from the right on old signs. */
function directionOf(random: Random, effects: Effects, { script, text }: TextLine): Direction {
  const stands = ideographic.has(script) && !/[\s\p{sc=Latin}]/u.test(text);
  const isVertical = effects.takes('vertical', 0.12, random);
  const isFromRight = effects.takes('right-to-left', 0.03, random);
  if (stands && isVertical) return 'column';
  return stands && isFromRight && script === 'Hant' ? 'right-to-left' : 'row';
}

const ideographic = new Set(['Hans', 'Hant', 'Jpan', 'Kore']);

interface Surface {
  color: Color;
  paint(canvas: Canvas): void;
}

/** Nothing, or a board of one color, of a gradient, or with a border. */
function surfaceOf(random: Random, behind: Color): Surface {
  const kind = random.next();
  if (kind < surfaceShares.none) return { color: behind, paint() {} };
  const color = surfaceColor(random);
  const opacity = random.chance(0.8) ? 1 : random.between(0.6, 1);
  const paintPlain = (canvas: Canvas) => {
    fillBox(canvas.getContext('2d'), { x: 0, y: 0, width: canvas.width, height: canvas.height }, css(color, opacity));
  };
  if (kind < surfaceShares.none + surfaceShares.plain) return { color, paint: paintPlain };
  if (kind < surfaceShares.none + surfaceShares.plain + surfaceShares.gradient) {
    const other = color.map((level) => Math.min(255, level * random.between(0.6, 1.3))) as unknown as Color;
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

function shapeOf(random: Random, effects: Effects, direction: Direction, size: number) {
  const isTracked = effects.takes('tracking', 0.25, random);
  const tracking = isTracked ? size * (random.chance(0.25) ? random.between(-0.06, 0) : 0.6 * random.next() ** 2) : 0;
  return { direction, tracking };
}

/** Where each layout's origin goes: rows left-aligned, centered or right-aligned; columns from the right. */
function arrange(random: Random, layouts: readonly Layout[], size: number, areColumns: boolean): Point[] {
  const pitch = size * random.between(1.05, 1.7);
  const align = random.pick([0, 0, 0.5, 0.5, 1]);
  return layouts.map(({ box }, i) =>
    areColumns ? [-i * pitch, 0] : [-box.left - align * (box.right - box.left), i * pitch],
  );
}

function around(layouts: readonly Layout[], places: readonly Point[]): Box {
  const corners = layouts.flatMap(({ box }, i): Point[] => {
    const [x, y] = places[i]!;
    return [
      [box.left + x, box.top + y],
      [box.right + x, box.bottom + y],
    ];
  });
  return bounds(corners);
}
