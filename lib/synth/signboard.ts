import { createCanvas } from '@napi-rs/canvas';
import { type Board, boardOf, surfaceOf } from './board.ts';
import type { Rgb } from './colors.ts';
import { paragraphFor } from './paragraph.ts';
import type { Random } from './random.ts';
import type { Supplies } from './supplies.ts';
import type { Box } from './surfaces.ts';
import { mapLines } from './truth.ts';

export interface SignboardWish {
  /** Pixels. */
  width: number;
  height: number;
  /** Pixels an em: no text is smaller. */
  least: number;
  /** What is behind a sign without a board. */
  behind: Rgb;
}

/** How often a sign is cut in two. */
const cuts = [1, 5] as const;

/** Signs without a surface, whose letters stand on a wall. */
const bareShare = 0.15;

/** Cells that have no text. */
const emptyShare = 0.1;

/** A part of a sign, in its own pixels. */
interface Part {
  board: Board;
  box: Box;
  scale: number;
}

/**
 * A sign as shops have them: a name, what is sold and a number in letters of different sizes and faces, each in a cell of its
 * own. Undefined where no cell has room for a text.
 */
export function signboardOf(
  random: Random,
  supplies: Supplies,
  { width, height, least, behind }: SignboardWish,
): Board | undefined {
  const surface = surfaceOf(random.fork('surface'), behind, bareShare);
  const cells = cellsOf(random.fork('cells'), { x: 0, y: 0, width, height });
  const parts = cells.flatMap(
    (cell, i) => partOf(random.fork(`cell ${i}`), supplies, cell, surface.color, least) ?? [],
  );
  if (parts.length === 0) return undefined;
  const lines = parts.flatMap(({ board, box, scale }) =>
    mapLines(board.lines, ([x, y]) => [box.x + scale * x, box.y + scale * y]),
  );
  return {
    width,
    height,
    size: Math.min(...parts.map(({ board, scale }) => scale * board.size)),
    lines,
    main: lines[0]!,
    render({ left, top, right, bottom } = { left: 0, top: 0, right: width, bottom: height }) {
      const canvas = createCanvas(right - left, bottom - top);
      const context = canvas.getContext('2d');
      context.translate(-left, -top);
      surface.paint(context, { x: 0, y: 0, width, height });
      for (const { board, box } of parts) context.drawImage(board.render(), box.x, box.y, box.width, box.height);
      return canvas;
    },
  };
}

/** Cuts a box in two, then one of its parts, and so on: larger ones sooner, and mostly across. */
function cellsOf(random: Random, whole: Box): Box[] {
  const cells = [whole];
  const count = random.integer(...cuts);
  for (let i = 0; i < count; i++) {
    const cell = random.weighted(cells, ({ width, height }) => width * height);
    const { x, y, width, height } = cell;
    const share = random.between(0.25, 0.75);
    const isAcross = random.chance(width > height ? 0.75 : 0.25);
    const [first, second] = isAcross
      ? [
          { x, y, width: share * width, height },
          { x: x + share * width, y, width: (1 - share) * width, height },
        ]
      : [
          { x, y, width, height: share * height },
          { x, y: y + share * height, width, height: (1 - share) * height },
        ];
    cells.splice(cells.indexOf(cell), 1, first, second);
  }
  return cells;
}

/** What one cell says; undefined where its letters would be too small. */
function partOf(random: Random, supplies: Supplies, cell: Box, behind: Rgb, least: number): Part | undefined {
  if (random.chance(emptyShare)) return undefined;
  const inset = random.between(0.02, 0.1) * Math.min(cell.width, cell.height);
  const [width, height] = [cell.width - 2 * inset, cell.height - 2 * inset];
  // Most cells are filled by one or two texts, some by small print.
  const letters = Math.min(width, height) / (1.3 * 6 ** (random.next() ** 2));
  if (letters < least) return undefined;
  const { texts, areColumns } = paragraphFor(random.fork('texts'), supplies, {
    width: width / letters,
    height: height / letters,
  });
  const board = boardOf(random.fork('board'), supplies, {
    texts,
    size: Math.min(Math.max(letters, 16), 160),
    behind,
    margin: random.between(0.02, 0.3),
    hasCharacters: true,
    vertical: areColumns ? 1 : 0,
    bare: 0.8,
  });
  const scale = Math.min(width / board.width, height / board.height);
  if (scale * board.size < least) return undefined;
  const box = {
    x: cell.x + inset + random.next() * (width - scale * board.width),
    y: cell.y + inset + random.next() * (height - scale * board.height),
    width: scale * board.width,
    height: scale * board.height,
  };
  return { board, box, scale };
}
