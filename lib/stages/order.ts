import { median } from '../geometry/line-fit.ts';
import { type Box, bounds, quadHeight, quadWidth } from '../geometry/quad.ts';
import type { Direction, Point, Quad } from '../reading.ts';

/** What ordering looks at. */
export interface Orderable {
  quad: Quad;
  direction: Direction;
}

interface Item<T> {
  line: T;
  /** Upright bounds after the page's skew was taken out. */
  box: Box;
  /** Size of its characters. */
  size: number;
}

/** Two neighboring columns keep at least this share of a line's height apart. */
const gutter = 0.6;
/** Lines that a column has at least, and how many times wider than high they are: tables and signs are not columns. */
const columnLines = 3;
const columnAspect = 6;
/** Most of a column's lines are of a size within this factor, and fill this share of its width. */
const columnSizes = 1.4;
const columnFill = 0.6;
/** Lines further apart than this many line heights, or whose heights differ more than this, are different paragraphs. */
const paragraphGap = 1.2;
const paragraphSizes = 1.6;
/** Parts of a row stand at most this many line heights apart; a line continues any of the last few before it. */
const rowGap = 15;
const rowMates = 4;

/**
 * Puts lines into reading order and into blocks. Rows are read from top to bottom; where three or more rows are parted by a
 * common gutter into columns of running text, column by column; upright vertical columns from right to left.
 */
export function orderLines<T extends Orderable>(lines: readonly T[]): T[][] {
  const skew = medianSkew(lines);
  const items = lines.map((line) => toItem(line, skew));
  return orderItems(items).flatMap((column) => paragraphs(column).map((block) => block.map((item) => item.line)));
}

/** Blocks as text: lines under one another, those of a row beside one another, blocks apart by an empty line. */
export function textOf(blocks: readonly (readonly (Orderable & { text: string })[])[]): string {
  const skew = medianSkew(blocks.flat());
  return blocks.map((block) => textOfBlock(block, skew)).join('\n\n');
}

function textOfBlock(block: readonly (Orderable & { text: string })[], skew: number): string {
  let text = '';
  block.forEach((line, i) => {
    const before = block[i - 1];
    const besides = before && before.direction !== 'ttb' && line.direction !== 'ttb';
    const sharesRow = besides && shareRow([toItem(before, skew)], toItem(line, skew));
    text += `${i === 0 ? '' : sharesRow ? ' ' : '\n'}${line.text}`;
  });
  return text;
}

function toItem<T extends Orderable>(line: T, skew: number): Item<T> {
  const [cos, sin] = [Math.cos(-skew), Math.sin(-skew)];
  const turned = line.quad.map(([x, y]): Point => [x * cos - y * sin, x * sin + y * cos]);
  const size = line.direction === 'ttb' ? quadWidth(line.quad) : quadHeight(line.quad);
  return { line, box: bounds(turned), size };
}

/** The angle that most text runs at, if that is near the horizontal. */
function medianSkew(lines: readonly Orderable[]): number {
  const angles = lines
    .filter(({ quad, direction }) => direction !== 'ttb' && quadWidth(quad) > 2 * quadHeight(quad))
    .map(({ quad }) => Math.atan2(quad[1][1] - quad[0][1], quad[1][0] - quad[0][0]))
    .filter((angle) => Math.abs(angle) < Math.PI / 6)
    .sort((a, b) => a - b);
  return angles.length > 0 ? angles[angles.length >> 1]! : 0;
}

/** Groups that are read one after the other. */
function orderItems<T extends Orderable>(items: Item<T>[]): Item<T>[][] {
  if (items.length < 2) return items.length > 0 ? [items] : [];
  const columns = cutColumns(items);
  if (columns) return columns.flatMap(orderItems);
  const rows = cutRows(items);
  const groups: Item<T>[][] = [];
  let plain: Item<T>[] = [];
  const close = () => {
    if (plain.length > 0) groups.push(plain);
    plain = [];
  };
  for (let first = 0; first < rows.length; ) {
    const span = widestSpanWithColumns(rows, first);
    if (span) {
      close();
      groups.push(...span.columns.flatMap(orderItems));
      first = span.end;
    } else {
      plain.push(...orderRow(rows[first]!));
      first++;
    }
  }
  close();
  return groups;
}

function widestSpanWithColumns<T extends Orderable>(rows: Item<T>[][], first: number) {
  for (let end = rows.length; end >= first + columnLines; end--) {
    if (first === 0 && end === rows.length) continue;
    const columns = cutColumns(rows.slice(first, end).flat());
    if (columns) return { columns, end };
  }
  return undefined;
}

/** Cuts at gutters that no line crosses, if every part is a column of running text. */
function cutColumns<T extends Orderable>(items: Item<T>[]): Item<T>[][] | undefined {
  const parts = cut(items, 'left', 'right', gutter * median(items.map((item) => item.size)));
  return parts.length > 1 && parts.every(isColumn) ? parts : undefined;
}

function isColumn<T extends Orderable>(items: Item<T>[]): boolean {
  if (items.length < columnLines || cutRows(items).length < columnLines) return false;
  const usualSize = median(items.map(({ size }) => size));
  const alike = items.filter(({ size }) => size < columnSizes * usualSize && usualSize < columnSizes * size);
  const widths = items.map(({ box }) => box.right - box.left);
  const width = Math.max(...items.map(({ box }) => box.right)) - Math.min(...items.map(({ box }) => box.left));
  const usualWidth = median(widths);
  return (
    alike.length >= 0.75 * items.length && usualWidth >= columnAspect * usualSize && usualWidth >= columnFill * width
  );
}

/** Lines whose middles stand within half a line of each other share a row. */
function cutRows<T extends Orderable>(items: Item<T>[]): Item<T>[][] {
  const sorted = [...items].sort((a, b) => middle(a) - middle(b));
  const rows: Item<T>[][] = [];
  for (const item of sorted) {
    const row = rows.at(-1);
    if (row && shareRow(row, item)) row.push(item);
    else rows.push([item]);
  }
  return rows;
}

function shareRow<T extends Orderable>(row: Item<T>[], item: Item<T>): boolean {
  return row.some((other) => {
    const overlap = Math.min(other.box.bottom, item.box.bottom) - Math.max(other.box.top, item.box.top);
    const least = Math.min(other.box.bottom - other.box.top, item.box.bottom - item.box.top);
    const beside = Math.min(other.box.right, item.box.right) - Math.max(other.box.left, item.box.left) < least;
    return beside && overlap > 0.5 * least;
  });
}

/** From left to right; columns of upright characters from right to left. */
function orderRow<T extends Orderable>(row: Item<T>[]): Item<T>[] {
  const vertical = row.filter(({ line }) => line.direction === 'ttb').length > row.length / 2;
  return [...row].sort((a, b) => (vertical ? b.box.right - a.box.right : a.box.left - b.box.left));
}

/** Cuts where no item stands for more than `gap`. */
function cut<T>(items: Item<T>[], from: 'left' | 'top', to: 'right' | 'bottom', gap: number): Item<T>[][] {
  const sorted = [...items].sort((a, b) => a.box[from] - b.box[from]);
  const parts: Item<T>[][] = [];
  let reach = -Infinity;
  for (const item of sorted) {
    if (item.box[from] > reach + gap || parts.length === 0) parts.push([]);
    parts.at(-1)!.push(item);
    reach = Math.max(reach, item.box[to]);
  }
  return parts;
}

/** Cuts an ordered column where the lines' distance or size changes. */
function paragraphs<T extends Orderable>(column: Item<T>[]): Item<T>[][] {
  const blocks: Item<T>[][] = [];
  for (const item of column) {
    const block = blocks.at(-1);
    if (block && belongs(block, item)) block.push(item);
    else blocks.push([item]);
  }
  return blocks;
}

function belongs<T extends Orderable>(block: Item<T>[], item: Item<T>): boolean {
  return block.slice(-rowMates).some((other) => continues(other, item));
}

function continues<T extends Orderable>(before: Item<T>, item: Item<T>): boolean {
  const size = Math.max(before.size, item.size);
  if (size > paragraphSizes * Math.min(before.size, item.size)) return false;
  const across = Math.max(before.box.left, item.box.left) - Math.min(before.box.right, item.box.right);
  const down = Math.max(before.box.top, item.box.top) - Math.min(before.box.bottom, item.box.bottom);
  const near = paragraphGap * size;
  if (before.line.direction === 'ttb' && item.line.direction === 'ttb') return across < near && down < 0;
  return shareRow([before], item) ? across < rowGap * size : down < near && across < 0;
}

function middle(item: Item<unknown>): number {
  return (item.box.top + item.box.bottom) / 2;
}
