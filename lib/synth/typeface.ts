import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { GlobalFonts, type SKRSContext2D } from '@napi-rs/canvas';
import { create } from 'fontkit';
import { PlacardError } from '../errors.ts';
import { packageRoot } from '../package-files.ts';
import { type CodeRanges, inRanges } from './fonts/code-ranges.ts';
import { drawnCharacters } from './fonts/drawn-characters.ts';
import type { FontStyle } from './fonts/face-record.ts';

/** A stretch of text that one font file can draw. */
interface Run {
  family: string;
  text: string;
}

/** A font file and the characters that are drawn with it. */
interface Slice {
  /** The name that it is registered under: its own, not the font's. */
  family: string;
  path: string;
  ranges: CodeRanges;
  /** The ranges are what the package says; what its file draws is less. */
  claimed?: true;
}

/** Extent of a line of text around its origin (left end of the baseline), in pixels; y grows downward. */
export interface Extent {
  advance: number;
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** At this many pixels an em, boxes that are rounded to pixels are exact enough to be scaled. */
const measuredSize = 256;

/** Fonts that this thread has made known to the canvas. */
const registered = new Set<string>();

/**
 * A typeface, which may be cut into several font files by character (as the packages `@fontsource/<name>` do). Each is
 * registered under a name of its own and each character drawn from the file that has it, so that which font a character
 * comes from does not depend on the machine.
 */
export class Typeface {
  readonly name: string;
  readonly style: FontStyle | undefined;
  readonly #language: string | undefined;
  readonly #slices: readonly Slice[];
  readonly #sliceOf = new Map<string, Slice>();
  readonly #extents = new Map<string, Extent>();

  /** @param traits.language whose shapes a font that has several is to draw (BCP 47) */
  constructor(
    name: string,
    slices: readonly Slice[],
    traits: { style?: FontStyle; language?: string | undefined } = {},
  ) {
    this.name = name;
    this.style = traits.style;
    this.#language = traits.language;
    this.#slices = slices;
  }

  /** The ink's extent and the advance of a line in a size (pixels an em) with extra space between letters (pixels). */
  measure(context: SKRSContext2D, text: string, size: number, tracking = 0): Extent {
    const extent = { advance: 0, left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
    context.save();
    this.#set(context, tracking);
    for (const run of this.#runs(text)) {
      context.font = `${size}px "${run.family}"`;
      const measured = context.measureText(run.text);
      if (run.text.trim() !== '') {
        extent.left = Math.min(extent.left, extent.advance - measured.actualBoundingBoxLeft);
        extent.right = Math.max(extent.right, extent.advance + measured.actualBoundingBoxRight);
        extent.top = Math.min(extent.top, -measured.actualBoundingBoxAscent);
        extent.bottom = Math.max(extent.bottom, measured.actualBoundingBoxDescent);
      }
      extent.advance += measured.width;
    }
    context.restore();
    return extent;
  }

  /**
   * What `measure` says of one letter, or a pair, from a measurement that is kept: lines of one typeface have many letters in
   * common.
   */
  measureLetter(context: SKRSContext2D, letter: string, size: number, tracking = 0): Extent {
    let known = this.#extents.get(letter);
    if (!known) {
      known = this.measure(context, letter, measuredSize);
      this.#extents.set(letter, known);
    }
    const scale = size / measuredSize;
    return {
      advance: known.advance * scale + tracking * countOf(letter),
      left: known.left * scale,
      top: known.top * scale,
      right: known.right * scale,
      bottom: known.bottom * scale,
    };
  }

  /** Draws a line with the context's fill style from the left end of its baseline. */
  fill(context: SKRSContext2D, text: string, x: number, y: number, size: number, tracking = 0): void {
    this.#draw(context, text, size, tracking, (run, at) => context.fillText(run, x + at, y));
  }

  /** Draws the outlines of a line as `fill` would the line, with the context's stroke style. */
  stroke(context: SKRSContext2D, text: string, x: number, y: number, size: number, tracking = 0): void {
    this.#draw(context, text, size, tracking, (run, at) => context.strokeText(run, x + at, y));
  }

  #draw(
    context: SKRSContext2D,
    text: string,
    size: number,
    tracking: number,
    draw: (run: string, at: number) => void,
  ): void {
    context.save();
    this.#set(context, tracking);
    let at = 0;
    const runs = this.#runs(text);
    for (const [i, run] of runs.entries()) {
      context.font = `${size}px "${run.family}"`;
      draw(run.text, at);
      if (i < runs.length - 1) at += context.measureText(run.text).width;
    }
    context.restore();
  }

  #set(context: SKRSContext2D, tracking: number): void {
    context.textBaseline = 'alphabetic';
    context.textAlign = 'left';
    context.letterSpacing = `${tracking}px`;
    // Letters that stand apart need words that stand further apart, or the blanks are lost.
    context.wordSpacing = `${2 * tracking}px`;
    if (this.#language) context.lang = this.#language;
  }

  #runs(text: string): Run[] {
    const runs: Run[] = [];
    for (const character of text) {
      const { family } = this.#sliceFor(character);
      const last = runs.at(-1);
      if (last?.family === family) last.text += character;
      else runs.push({ family, text: character });
    }
    return runs;
  }

  #sliceFor(character: string): Slice {
    let slice = this.#sliceOf.get(character);
    if (!slice) {
      const code = character.codePointAt(0)!;
      slice = this.#slices.find(
        (one) => inRanges(one.ranges, code) && (!one.claimed || inRanges(drawn(one.path), code)),
      );
      if (!slice) throw new RangeError(`The typeface ${this.name} has no “${character}”; its label would lie.`);
      register(slice);
      this.#sliceOf.set(character, slice);
    }
    return slice;
  }
}

/** Letters, with the marks that combine with them. */
function countOf(letters: string): number {
  return letters.match(/\P{M}/gu)?.length ?? 0;
}

const drawnByFile = new Map<string, CodeRanges>();

function drawn(path: string): CodeRanges {
  let ranges = drawnByFile.get(path);
  if (!ranges) {
    const bytes = readFileSync(path);
    const font = create(bytes);
    ranges = 'fonts' in font ? [] : drawnCharacters(font, bytes);
    drawnByFile.set(path, ranges);
  }
  return ranges;
}

function register({ family, path }: Slice): void {
  if (registered.has(family)) return;
  if (!GlobalFonts.registerFromPath(path, family)) {
    throw new PlacardError('MATERIALS_MISSING', `The font ${path} cannot be read.`);
  }
  registered.add(family);
}

const loaded = new Map<string, Typeface>();

/**
 * The typeface of an `@fontsource/<name>` package in one weight; upright.
 * @throws Error where the package is not installed
 */
export function typeface(name: string, weight = 400): Typeface {
  const key = `${name}-${weight}`;
  const known = loaded.get(key);
  if (known) return known;
  const face = new Typeface(`${name} ${weight}`, readSlices(name, weight));
  loaded.set(key, face);
  return face;
}

function readSlices(name: string, weight: number): Slice[] {
  const require = createRequire(join(packageRoot(), 'package.json'));
  const manifest = require.resolve(`@fontsource/${name}/package.json`);
  const ranges: Record<string, string> = JSON.parse(readFileSync(join(dirname(manifest), 'unicode.json'), 'utf8'));
  return Object.entries(ranges).map(([subset, range]) => {
    const slice = subset.replace(/[[\]]/g, '');
    return {
      family: `${name}-${weight}-${slice}`,
      path: join(dirname(manifest), 'files', `${name}-${slice}-${weight}-normal.woff2`),
      ranges: range
        .split(',')
        .map(parseRange)
        .sort((a, b) => a[0] - b[0])
        .flat(),
      claimed: true,
    };
  });
}

/** "U+41-5a" or "U+20ac". */
function parseRange(range: string): [number, number] {
  const [first, last] = range.trim().replace(/^U\+/i, '').split('-');
  return [Number.parseInt(first!, 16), Number.parseInt(last ?? first!, 16)];
}
