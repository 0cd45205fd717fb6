import { createCanvas } from '@napi-rs/canvas';
import type { Point, Polygon, Quad } from '../reading.ts';
import { mapLines, rectangle, type TrueCharacter, type TrueLine } from './truth.ts';
import type { Extent, Typeface } from './typeface.ts';

/** Points along each side of a bent outline: chords of a half circle then leave it by less than 0.4 % of the radius. */
const bentStops = 21;

/** From a cell's middle down to the baseline, in ems: the em box is centered, not the ink, so that 一 keeps its height. */
const baselineDrop = 0.38;

/** Stand on their side in a column. */
const turnedInColumns = /^[ー—–―…‥〜～\-（）()「」『』【】〔〕《》〈〉［］[\]{}｛｝]$/u;

/** Stand at the top right of their cell in a column. */
const raisedInColumns = /^[、。，．]$/u;

/** Written from right to left; letters of most join, or change by their neighbors. */
const rightToLeft = /\p{Script=Hebrew}|\p{Script=Arabic}/u;

/** Where the baseline of bent text runs, pixels; letters stand square to it. */
export type Baseline =
  | {
      shape: 'arc';
      /** Above zero the middle is the highest point, below zero the lowest. */
      radius: number;
    }
  | { shape: 'wave'; height: number; length: number /** Radians at the text's middle. */; phase: number };

export interface LayoutOptions {
  /** Extra space between letters, pixels. */
  tracking?: number;
  /** Columns go down and `right-to-left` lines to the left, with each character upright in a cell: for Han and kana. */
  direction?: 'row' | 'column' | 'right-to-left';
  /** Of the cells, pixels; size and tracking by default. */
  pitch?: number;
  /** Tell where each character stands, as by default; for straight rows that takes as long as all the rest. */
  hasCharacters?: boolean;
  /** Of rows; straight by default, and in any case for scripts written from right to left. */
  baseline?: Baseline;
}

/** A piece of text that is drawn at once. */
export interface Placement {
  text: string;
  /** The left end of its baseline. */
  x: number;
  y: number;
  /** By which it is turned about that point, radians, clockwise. */
  angle: number;
}

/** A line of text with a place for each of its letters. */
export interface Layout {
  face: Typeface;
  /** Pixels an em. */
  size: number;
  tracking: number;
  placements: Placement[];
  /** Above and below the baselines, pixels; y grows downward. */
  reach: { top: number; bottom: number };
  /** With `characters`, except where a text mixes directions. */
  line: TrueLine;
}

/** Measures only; texts have the same size on every canvas. */
const ruler = createCanvas(1, 1).getContext('2d');

/**
 * Lays out a line around an origin: for straight rows the left end of the baseline, for bent ones its middle, for columns
 * the middle of the first cell's upper side, for lines from the right that of its right side.
 * @param text with ink: not of blanks alone
 */
export function layOut(text: string, face: Typeface, size: number, options: LayoutOptions = {}): Layout {
  const { tracking = 0, direction = 'row', pitch = size + tracking, baseline, hasCharacters = true } = options;
  const set = { face, size, tracking };
  if (direction !== 'row') return layCells(text, set, pitch, direction);
  return baseline && !rightToLeft.test(text) ? layBent(text, set, baseline) : layRow(text, set, hasCharacters);
}

/** The same layout elsewhere. */
export function moveLayout(layout: Layout, dx: number, dy: number): Layout {
  return {
    ...layout,
    placements: layout.placements.map((placement) => ({ ...placement, x: placement.x + dx, y: placement.y + dy })),
    line: mapLines([layout.line], ([x, y]) => [x + dx, y + dy])[0]!,
  };
}

type Setting = Pick<Layout, 'face' | 'size' | 'tracking'>;

function measure(text: string, { face, size, tracking }: Setting): Extent {
  return face.measure(ruler, text, size, tracking);
}

function measureLetter(letter: string, { face, size, tracking }: Setting): Extent {
  return face.measureLetter(ruler, letter, size, tracking);
}

/** Characters with the marks that combine with them. */
function lettersOf(text: string): string[] {
  return text.match(/\P{M}\p{M}*|\p{M}+/gu) ?? [];
}

function isBlank(letter: string): boolean {
  return letter.trim() === '';
}

/** One piece, so that the font kerns and joins; its letters' places are told from the advances of its beginnings. */
function layRow(text: string, set: Setting, hasCharacters: boolean): Layout {
  const whole = measure(text, set);
  const { left, top, right, bottom } = whole;
  const charactersOf = rightToLeft.test(text) ? charactersFromRight : charactersFromLeft;
  const characters = hasCharacters ? charactersOf(text, whole, set) : undefined;
  const line = { text, poly: rectangle(left, top, right, bottom), ...(characters ? { characters } : {}) };
  return { ...set, placements: [{ text, x: 0, y: 0, angle: 0 }], reach: { top, bottom }, line };
}

function charactersFromLeft(text: string, whole: Extent, set: Setting): TrueCharacter[] {
  const letters = lettersOf(text);
  const extents = letters.map((letter) => measureLetter(letter, set));
  const starts = startsOf(letters, extents, whole, set);
  return letters.flatMap((letter, i) => {
    if (isBlank(letter)) return [];
    const [x, ink] = [starts[i]!, extents[i]!];
    return [{ text: letter, quad: rectangle(x + ink.left, ink.top, x + ink.right, ink.bottom) }];
  });
}

/** Where letters begin: their advances, and what fonts kern between two, add up; or else the line's beginnings are measured. */
function startsOf(letters: readonly string[], extents: readonly Extent[], whole: Extent, set: Setting): number[] {
  const tolerance = 0.002 * set.size * letters.length;
  const sum = (kern: (i: number) => number) => {
    let at = 0;
    return letters.map((letter, i) => {
      const start = at + (i > 0 ? kern(i) : 0);
      // Rows are set with words further apart than letters.
      at = start + extents[i]!.advance + (isBlank(letter) ? 2 * set.tracking : 0);
      return start;
    });
  };
  const isWhole = (starts: readonly number[]) =>
    Math.abs(starts.at(-1)! + extents.at(-1)!.advance - whole.advance) <= tolerance;
  const plain = sum(() => 0);
  if (isWhole(plain)) return plain;
  const kerned = sum(
    (i) => measureLetter(`${letters[i - 1]}${letters[i]}`, set).advance - extents[i - 1]!.advance - extents[i]!.advance,
  );
  if (isWhole(kerned)) return kerned;
  let beginning = '';
  return letters.map((letter, i) => {
    beginning += letter;
    return measure(beginning, set).advance - extents[i]!.advance;
  });
}

/** None where other letters or digits run against the line. */
function charactersFromRight(text: string, whole: Extent, set: Setting): TrueCharacter[] | undefined {
  if (/\p{N}/u.test(text) || /(?!\p{Script=Hebrew}|\p{Script=Arabic})\p{L}/u.test(text)) return undefined;
  const characters: TrueCharacter[] = [];
  let beginning = '';
  let right = whole.advance;
  for (const letter of lettersOf(text)) {
    beginning += letter;
    const left = whole.advance - measure(beginning, set).advance;
    if (!isBlank(letter)) {
      // A letter that joins has another height than alone.
      const { top, bottom } = /\p{Script=Arabic}/u.test(letter) ? whole : measureLetter(letter, set);
      characters.push({ text: letter, quad: rectangle(left, top, right, bottom) });
    }
    right = left;
  }
  return characters;
}

/** Letter by letter, upright, each centered in its cell. */
function layCells(text: string, set: Setting, pitch: number, direction: 'column' | 'right-to-left'): Layout {
  const isColumn = direction === 'column';
  const placements: Placement[] = [];
  const characters: TrueCharacter[] = [];
  const reach = { top: Infinity, bottom: -Infinity };
  for (const [index, letter] of lettersOf(text).entries()) {
    if (isBlank(letter)) continue;
    const along = (index + 0.5) * pitch;
    const center: Point = isColumn ? [0, along] : [-along, 0];
    const ink = measureLetter(letter, set);
    const placement = isColumn ? inColumn(letter, center, ink, set.size) : inCell(letter, center, ink, set.size);
    placements.push(placement);
    characters.push({ text: letter, quad: boundsOf([placedQuad(placement, ink)]) });
    reach.top = Math.min(reach.top, ink.top);
    reach.bottom = Math.max(reach.bottom, ink.bottom);
  }
  const poly = boundsOf(characters.map(({ quad }) => quad));
  const way = isColumn ? { vertical: true as const } : { rtl: true as const };
  // Letters stand apart: nothing is between them to track.
  return { ...set, tracking: 0, placements, reach, line: { text, poly, ...way, characters } };
}

function inCell(text: string, [cx, cy]: Point, ink: Extent, size: number): Placement {
  return { text, x: cx - (ink.left + ink.right) / 2, y: cy + size * baselineDrop, angle: 0 };
}

function inColumn(text: string, [cx, cy]: Point, ink: Extent, size: number): Placement {
  const [mx, my] = [(ink.left + ink.right) / 2, (ink.top + ink.bottom) / 2];
  if (turnedInColumns.test(text)) return { text, x: cx + my, y: cy - mx, angle: Math.PI / 2 };
  if (raisedInColumns.test(text)) return { text, x: cx + 0.28 * size - mx, y: cy - 0.28 * size - my, angle: 0 };
  return inCell(text, [cx, cy], ink, size);
}

/** Letter by letter along a curve, unkerned. */
function layBent(text: string, set: Setting, baseline: Baseline): Layout {
  const letters = lettersOf(text).map((letter) => ({ letter, ink: measureLetter(letter, set) }));
  const total = letters.reduce((sum, { ink }) => sum + ink.advance, 0);
  const placements: Placement[] = [];
  const characters: TrueCharacter[] = [];
  let start = -total / 2;
  for (const { letter, ink } of letters) {
    const { point, angle } = onBaseline(baseline, start + ink.advance / 2);
    const [x, y] = turned([-ink.advance / 2, 0], angle, point);
    start += ink.advance;
    if (isBlank(letter)) continue;
    const placement = { text: letter, x, y, angle };
    placements.push(placement);
    characters.push({ text: letter, quad: placedQuad(placement, ink) });
  }
  const [first, last] = [letters[0]!.ink, letters.at(-1)!.ink];
  const top = Math.min(...letters.map(({ ink }) => ink.top));
  const bottom = Math.max(...letters.map(({ ink }) => ink.bottom));
  const polygon = bentOutline(baseline, -total / 2 + first.left, total / 2 - last.advance + last.right, top, bottom);
  const line = { text, poly: boundsOf([polygon]), polygon, characters };
  return { ...set, placements, reach: { top, bottom }, line };
}

/** A point of the baseline and its direction (radians, clockwise), by the way from its middle, pixels. */
function onBaseline(baseline: Baseline, along: number): { point: Point; angle: number } {
  if (baseline.shape === 'arc') {
    const { radius } = baseline;
    const angle = along / radius;
    return { point: [Math.sin(angle) * radius, radius - Math.cos(angle) * radius], angle };
  }
  const { height, length, phase } = baseline;
  const turn = (2 * Math.PI) / length;
  const slope = height * turn * Math.cos(turn * along + phase);
  return { point: [along, height * Math.sin(turn * along + phase)], angle: Math.atan(slope) };
}

/** Clockwise from the start of the reading direction. */
function bentOutline(baseline: Baseline, left: number, right: number, top: number, bottom: number): Polygon {
  const at = (along: number, down: number): Point => {
    const { point, angle } = onBaseline(baseline, along);
    return turned([0, down], angle, point);
  };
  const stops = Array.from({ length: bentStops }, (_, i) => left + ((right - left) * i) / (bentStops - 1));
  return [...stops.map((along) => at(along, top)), ...stops.reverse().map((along) => at(along, bottom))];
}

function placedQuad({ x, y, angle }: Placement, ink: Extent): Quad {
  return rectangle(ink.left, ink.top, ink.right, ink.bottom).map((point) => turned(point, angle, [x, y])) as Quad;
}

/** A point turned about (0, 0), then moved. */
function turned([x, y]: Point, angle: number, [dx, dy]: Point): Point {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return [dx + cos * x - sin * y, dy + sin * x + cos * y];
}

function boundsOf(outlines: readonly Polygon[]): Quad {
  const xs = outlines.flatMap((outline) => outline.map(([x]) => x));
  const ys = outlines.flatMap((outline) => outline.map(([, y]) => y));
  return rectangle(Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys));
}
