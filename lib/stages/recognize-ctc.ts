import { flatten, quadHeight, quadWidth } from '../geometry/quad.ts';
import type { RecognizeContract } from '../models/contract.ts';
import type { Recognizer } from '../models/loaded.ts';
import { type Context, type LineSymbols, type NativeImage, native } from '../native.ts';
import type { Quad } from '../reading.ts';
import { type Bias, type BiasOptions, biasOf, isBiased } from './beam-bias.ts';
import { isCjk, isLower, isUpper } from './scripts.ts';

/** A line to read: a quad of a picture, clockwise from the top-left of the reading direction. */
export interface LineInput {
  image: NativeImage;
  quad: Quad;
  /**
   * Columns that the input has at least, filled up: recognizers were trained on lines, not on letters. Of no effect where
   * the contract says how wide inputs are.
   */
  leastWidth?: number;
}

export interface RecognizeOptions extends BiasOptions {
  /** Only these characters may be read; all by default. */
  allowedCharacters?: string;
  /** These may not be read. */
  forbiddenCharacters?: ReadonlySet<string>;
  /** Beam width of prefix beam search; 0 takes the best path. 16 by default with `words` or a `languageModel`, else 0. */
  beam?: number;
  /** Give lines their `raw` view. */
  raw?: boolean;
}

/** A character and where it stands, as shares (0 … 1) of its line's reading direction. */
export interface ReadChar {
  text: string;
  /** 0 … 1. */
  confidence: number;
  from: number;
  to: number;
}

export interface ReadLine {
  text: string;
  /** Mean over the characters other than spaces, 0 … 1; 0 for a line without any. */
  confidence: number;
  /** Spaces included. */
  chars: ReadChar[];
  /** The likeliest character of each of the network's steps, `-` for CTC's blank: only where it was asked for. */
  raw?: string;
}

/** A space is read where its probability between two characters passes this, though another class was likelier. */
const spaceThreshold = 0.1;
const mostOversampled = 1;
/** Of a line some 200 characters long. Recognizers with attention take four times as long for twice the columns. */
const mostColumns = 3200;
const usualLeastWidth = 48;
const usualBeam = 16;
/** Convolutions leave nothing of an input much narrower. */
const narrowest = 8;
/** Far less than a column, far more than what a contract's factor is off by. */
const rounding = 1e-6;

/** Reads lines by CTC: each at the width that its contract says, its exact one by default, all in one crossing. */
export async function recognizeCtc(
  lines: readonly LineInput[],
  recognizer: Recognizer,
  options: RecognizeOptions,
  context: Context,
): Promise<ReadLine[]> {
  if (lines.length === 0) return [];
  // The call itself takes the images: they may be disposed once it has returned.
  if (!isBiased(options)) return readLines(lines, recognizer, options, undefined, context);
  const images = new Set(lines.map(({ image }) => image));
  const held = new Map(Array.from(images, (image) => [image, wholeView(image, context)]));
  try {
    const bias = await biasOf(options, recognizer.alphabet, context);
    const views = lines.map((line) => ({ ...line, image: held.get(line.image)! }));
    return await readLines(views, recognizer, options, bias, context);
  } finally {
    for (const view of held.values()) view.dispose();
  }
}

function wholeView(image: NativeImage, context: Context): NativeImage {
  return native().imageRegion(context, { image, left: 0, top: 0, width: image.width, height: image.height });
}

async function readLines(
  lines: readonly LineInput[],
  recognizer: Recognizer,
  options: RecognizeOptions,
  bias: Bias | undefined,
  context: Context,
): Promise<ReadLine[]> {
  const { contract, network, normalization, alphabet } = recognizer;
  const images = [...new Set(lines.map((line) => line.image))];
  const positions = new Map(images.map((image, i) => [image, i]));
  const quads = lines.map((line) => line.quad);
  const widths = quads.map((quad) => inputWidth(quad, contract.input));
  const symbols = await native().recognizeLines(context, {
    network,
    ...normalization,
    images,
    imageIndices: Int32Array.from(lines, (line) => positions.get(line.image)!),
    quads: flatten(quads),
    widths: Int32Array.from(widths),
    leastWidths: Int32Array.from(lines, (line, i) => inputLeastWidth(line, widths[i]!, contract.input)),
    exact: isFixed(contract.input),
    fill: contract.input.fill,
    height: contract.input.height,
    oversample: mostOversampled,
    classes: contract.output.classes,
    blank: alphabet.blank,
    space: alphabet.space,
    logits: contract.output.values === 'logits',
    beam: options.beam || (bias ? usualBeam : 0),
    ...bias,
    allowed: allowedClasses(alphabet.characters, options, bias?.characters),
    raw: options.raw,
    stepsPer: contract.output.steps?.per,
    stepsPlus: contract.output.steps?.plus,
  });
  const read = splitLines(symbols).map((line) => spell(line, alphabet.characters));
  if (!options.raw) return read;
  const raw = rawViews(symbols, alphabet.characters);
  return read.map((line, i) => ({ ...line, raw: raw[i]! }));
}

type InputRule = RecognizeContract['input'];

const isFixed = ({ width }: InputRule): boolean => width !== undefined && 'fixed' in width;

/**
 * Columns that a line fills: always as many, or as many as keep its aspect at the network's height, rounded up. Networks that
 * take lines squeezed were trained on whole columns of the aspect, times the factor, rounded down.
 */
function inputWidth(quad: Quad, { width, height }: InputRule): number {
  if (width && 'fixed' in width) return width.fixed;
  const across = quadHeight(quad);
  const columns = across > 0 ? (height * quadWidth(quad)) / across : 1;
  const filled = width?.scale ? Math.floor(Math.round(columns) * width.scale + rounding) : Math.ceil(columns);
  return Math.min(Math.max(filled, width?.stretch ?? 1), mostColumns);
}

/** Columns that a line of `filled` columns is filled up to. */
function inputLeastWidth({ leastWidth }: LineInput, filled: number, { width, multipleOf = 1 }: InputRule): number {
  if (width && 'fixed' in width) return width.fixed;
  const least = width ? (width.least ?? narrowest) : (leastWidth ?? usualLeastWidth);
  return multipleOf === 1 ? least : Math.ceil(Math.max(least, filled) / multipleOf) * multipleOf;
}

function allowedClasses(
  characters: readonly string[],
  { allowedCharacters, forbiddenCharacters }: RecognizeOptions,
  ofWords: ReadonlySet<string> | undefined,
): Uint8Array | undefined {
  if (allowedCharacters === undefined && forbiddenCharacters === undefined && ofWords === undefined) return undefined;
  const allowed = allowedCharacters === undefined ? undefined : new Set(allowedCharacters);
  return Uint8Array.from(characters, (character) =>
    (allowed?.has(character) ?? true) && (ofWords?.has(character) ?? true) && !forbiddenCharacters?.has(character)
      ? 1
      : 0,
  );
}

interface Symbol {
  symbol: number;
  confidence: number;
  /** In shares of the line. */
  begin: number;
  end: number;
  space: number;
}

function splitLines(all: LineSymbols): Symbol[][] {
  let next = 0;
  return Array.from(all.counts, (count, line) => {
    const steps = Math.max(1, all.steps[line]!);
    const first = next;
    next += count;
    return Array.from({ length: count }, (_, k) => ({
      symbol: all.symbols[first + k]!,
      confidence: all.confidences[first + k]!,
      begin: all.begins[first + k]! / steps,
      end: all.ends[first + k]! / steps,
      space: all.spaces[first + k]!,
    }));
  });
}

function rawViews({ paths, pathSteps }: LineSymbols, characters: readonly string[]): string[] {
  let next = 0;
  return Array.from(pathSteps, (steps) => {
    const path = paths.subarray(next, next + steps);
    next += steps;
    return Array.from(path, (symbol) => characters[symbol] || '-').join('');
  });
}

function spell(symbols: readonly Symbol[], characters: readonly string[]): ReadLine {
  const extents = spread(symbols);
  const chars: ReadChar[] = [];
  for (const [i, symbol] of symbols.entries()) {
    const text = characters[symbol.symbol]!;
    const { from, to } = extents[i]!;
    const before = chars.at(-1);
    if (before && symbol.space > spaceThreshold && separable(before.text, text)) {
      chars.push({ text: ' ', confidence: symbol.space, from: before.to, to: from });
    }
    if (text === ' ' && (!before || before.text === ' ')) continue;
    chars.push({ text, confidence: symbol.confidence, from, to });
  }
  if (chars.at(-1)?.text === ' ') chars.pop();
  const inked = chars.filter((char) => char.text !== ' ');
  const sum = inked.reduce((total, char) => total + char.confidence, 0);
  return {
    text: chars.map((char) => char.text).join(''),
    confidence: inked.length > 0 ? sum / inked.length : 0,
    chars,
  };
}

/** Chinese and Japanese are written without spaces, and a capital is not parted from the small letters that follow it. */
function separable(before: string, after: string): boolean {
  if (before === ' ' || after === ' ') return false;
  if (isCjk(before) && isCjk(after)) return false;
  return !(isUpper(before) && isLower(after));
}

/**
 * Where characters begin and end. CTC tells the steps at which a character is seen, not how wide it is: borders are
 * halfway between neighbors' steps, and none reaches further than three quarters of the usual pitch.
 */
function spread(symbols: readonly Symbol[]): { from: number; to: number }[] {
  const centers = symbols.map((symbol) => (symbol.begin + symbol.end) / 2);
  const pitches = centers.slice(1).map((center, i) => center - centers[i]!);
  const usual = pitches.length > 0 ? [...pitches].sort((a, b) => a - b)[pitches.length >> 1]! : 1;
  const reach = usual * 0.75;
  return centers.map((center, i) => {
    const before = i > 0 ? (centers[i - 1]! + center) / 2 : 0;
    const after = i + 1 < centers.length ? (center + centers[i + 1]!) / 2 : 1;
    return { from: Math.max(before, center - reach, 0), to: Math.min(after, center + reach, 1) };
  });
}
