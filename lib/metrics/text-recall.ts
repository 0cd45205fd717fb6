import type { PredictedLine } from '../labels.ts';
import { fitInside } from './fitting-alignment.ts';
import { codePoints, normalizeText } from './text-normalization.ts';

/** Characters found of all true ones; `found` may be a fraction where readings of unequal length stand for one truth. */
export interface RecalledCharacters {
  found: number;
  total: number;
}

/** Marks code points of the page that a truth has used up; no character has this value. */
const usedUp = 0xfffffff0;

/** A truth that fits with more errors than this share of its length counts as not found. */
const leastRight = 0.5;

/**
 * How many true characters a page's predictions hold, wherever they were found: each truth, the longest first, is fitted into
 * the joined predictions and uses up the span it takes. The lines are joined in the engine's order and again row by row, and
 * the better of both counts, so that truths which an engine gives in pieces are found.
 *
 * @param truths for each true line its accepted readings, normalized, the label's own first
 * @param lines predictions with a text that is not blank
 */
export function textRecall(truths: string[][], lines: readonly PredictedLine[]): RecalledCharacters {
  const longestFirst = truths
    .map((readings) => readings.map(codePoints))
    .sort((a, b) => (b[0]?.length ?? 0) - (a[0]?.length ?? 0));
  const inOrder = lines.map((line) => normalizeText(line.text)).join('\n');
  const candidates = [inOrder, textByRows(lines)].map((page) => recallIn(codePoints(page), longestFirst));
  return candidates.reduce((best, candidate) => (candidate.found > best.found ? candidate : best));
}

function recallIn(page: Uint32Array, truths: readonly Uint32Array[][]): RecalledCharacters {
  let found = 0;
  let total = 0;
  for (const readings of truths) {
    const length = readings[0]?.length ?? 0;
    total += length;
    const best = bestFit(readings, page);
    if (!best || best.right < leastRight) continue;
    found += best.right * length;
    page.fill(usedUp, best.start, best.end);
  }
  return { found, total };
}

/** The reading with the largest share of right characters, the first of equals. */
function bestFit(readings: readonly Uint32Array[], page: Uint32Array) {
  let best: { right: number; start: number; end: number } | undefined;
  for (const reading of readings) {
    if (reading.length === 0 || page.length === 0) continue;
    const { distance, start, end } = fitInside(reading, page);
    const right = Math.max(0, reading.length - distance) / reading.length;
    if (!best || right > best.right) best = { right, start, end };
  }
  return best;
}

interface PlacedText {
  middle: number;
  left: number;
  height: number;
  text: string;
}

/** The texts in rows from the top, each row from the left; lines without a position come first, one by one. */
function textByRows(lines: readonly PredictedLine[]): string {
  const placed = lines.map(placeLine).sort((a, b) => {
    return a.middle - b.middle || a.left - b.left || a.height - b.height || compare(a.text, b.text);
  });
  const rows: { middle: number; parts: PlacedText[] }[] = [];
  for (const part of placed) {
    const row = rows.at(-1);
    if (row && Math.abs(row.middle - part.middle) < 0.5 * Math.max(part.height, 1)) row.parts.push(part);
    else rows.push({ middle: part.middle, parts: [part] });
  }
  return rows.map(({ parts }) => joinRow(parts)).join('\n');
}

function placeLine(line: PredictedLine, index: number): PlacedText {
  const points = line.polygon ?? [];
  if (points.length === 0) return { middle: 0, left: index, height: 1, text: line.text };
  const ys = points.map((p) => p[1]);
  return {
    middle: ys.reduce((sum, y) => sum + y, 0) / ys.length,
    left: Math.min(...points.map((p) => p[0])),
    height: Math.max(...ys) - Math.min(...ys),
    text: line.text,
  };
}

function joinRow(parts: PlacedText[]): string {
  return parts
    .sort((a, b) => a.left - b.left || compare(a.text, b.text))
    .map((part) => normalizeText(part.text))
    .join('');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
