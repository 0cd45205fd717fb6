import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { GlobalFonts, type SKRSContext2D } from '@napi-rs/canvas';
import { packageRoot } from '../package-files.ts';

/** A stretch of text that one font file can draw. */
interface Run {
  family: string;
  text: string;
}

interface Slice {
  family: string;
  path: string;
  ranges: [first: number, last: number][];
  registered: boolean;
}

/** Extent of a line of text around its origin (left end of the baseline), in pixels; y grows downward. */
export interface Extent {
  advance: number;
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/**
 * A font from an `@fontsource/<name>` package. Such a package cuts a font into slices by character; each slice is
 * registered under a name of its own and each character drawn from the slice that has it, so that which font
 * a character comes from does not depend on the machine.
 */
export class Typeface {
  readonly #slices: Slice[];
  readonly #name: string;

  constructor(name: string, weight: number, slices: Slice[]) {
    this.#name = `${name} ${weight}`;
    this.#slices = slices;
  }

  /** The ink's extent and the advance of a line in a size (pixels an em) with extra space between letters (pixels). */
  measure(context: SKRSContext2D, text: string, size: number, tracking = 0): Extent {
    const extent = { advance: 0, left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
    this.#eachRun(context, text, size, tracking, extent, () => {});
    return extent;
  }

  /** Draws a line with the context's fill style from the left end of its baseline; returns what `measure` does. */
  fill(context: SKRSContext2D, text: string, x: number, y: number, size: number, tracking = 0): Extent {
    const extent = { advance: 0, left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
    this.#eachRun(context, text, size, tracking, extent, (run, at) => context.fillText(run, x + at, y));
    return extent;
  }

  #eachRun(
    context: SKRSContext2D,
    text: string,
    size: number,
    tracking: number,
    extent: Extent,
    draw: (text: string, at: number) => void,
  ): void {
    context.save();
    context.textBaseline = 'alphabetic';
    context.textAlign = 'left';
    context.letterSpacing = `${tracking}px`;
    // Letters that stand apart need words that stand further apart, or the blanks are lost.
    context.wordSpacing = `${2 * tracking}px`;
    for (const run of this.#runs(text)) {
      context.font = `${size}px "${run.family}"`;
      const measured = context.measureText(run.text);
      if (run.text.trim() !== '') {
        extent.left = Math.min(extent.left, extent.advance - measured.actualBoundingBoxLeft);
        extent.right = Math.max(extent.right, extent.advance + measured.actualBoundingBoxRight);
        extent.top = Math.min(extent.top, -measured.actualBoundingBoxAscent);
        extent.bottom = Math.max(extent.bottom, measured.actualBoundingBoxDescent);
      }
      draw(run.text, extent.advance);
      extent.advance += measured.width;
    }
    context.restore();
  }

  #runs(text: string): Run[] {
    const runs: Run[] = [];
    for (const character of text) {
      const family = this.#familyOf(character);
      const last = runs.at(-1);
      if (last?.family === family) last.text += character;
      else runs.push({ family, text: character });
    }
    return runs;
  }

  #familyOf(character: string): string {
    const code = character.codePointAt(0)!;
    const slice = this.#slices.find(({ ranges }) => ranges.some(([first, last]) => code >= first && code <= last));
    if (!slice) throw new RangeError(`The typeface ${this.#name} has no “${character}”; its label would lie.`);
    if (!slice.registered) {
      if (!GlobalFonts.registerFromPath(slice.path, slice.family)) throw new Error(`Cannot read font ${slice.path}.`);
      slice.registered = true;
    }
    return slice.family;
  }
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
  const face = new Typeface(name, weight, readSlices(name, weight));
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
      ranges: range.split(',').map(parseRange),
      registered: false,
    };
  });
}

/** "U+41-5a" or "U+20ac". */
function parseRange(range: string): [number, number] {
  const [first, last] = range.trim().replace(/^U\+/i, '').split('-');
  return [Number.parseInt(first!, 16), Number.parseInt(last ?? first!, 16)];
}
