import { flatten, quadHeight, quadWidth } from '../geometry/quad.ts';
import type { Recognizer } from '../models/loaded.ts';
import { type Context, type LineSymbols, type NativeImage, native } from '../native.ts';
import type { Quad } from '../reading.ts';
import { isCjk, isLower, isUpper } from './scripts.ts';

/** A line to read: a quad of a picture, clockwise from the top-left of the reading direction. */
export interface LineInput {
  image: NativeImage;
  quad: Quad;
  /** Columns that the input has at least, filled up with zeros: recognizers were trained on lines, not on letters. */
  leastWidth?: number;
}

export interface RecognizeOptions {
  /** Only these characters may be read; all by default. */
  allowedCharacters?: string;
  /** These may not be read. */
  forbiddenCharacters?: ReadonlySet<string>;
  /** Beam width of prefix beam search; 0 takes the best path. */
  beam?: number;
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
}

/** A space is read where its probability between two characters passes this, though another class was likelier. */
const spaceThreshold = 0.1;
const mostOversampled = 1;
/** Of a line some 200 characters long. Recognizers with attention take four times as long for twice the columns. */
const mostColumns = 3200;
const usualLeastWidth = 48;

/** Reads lines by CTC: each at its exact width, all in one crossing. */
export async function recognizeCtc(
  lines: readonly LineInput[],
  recognizer: Recognizer,
  options: RecognizeOptions,
  context: Context,
): Promise<ReadLine[]> {
  if (lines.length === 0) return [];
  const { contract, network, normalization, alphabet } = recognizer;
  const images = [...new Set(lines.map((line) => line.image))];
  const positions = new Map(images.map((image, i) => [image, i]));
  const quads = lines.map((line) => line.quad);
  const symbols = await native().recognizeLines(context, {
    network,
    ...normalization,
    images,
    imageIndices: Int32Array.from(lines, (line) => positions.get(line.image)!),
    quads: flatten(quads),
    widths: Int32Array.from(quads, (quad) => inputWidth(quad, contract.input.height)),
    height: contract.input.height,
    leastWidths: Int32Array.from(lines, ({ leastWidth }) => leastWidth ?? usualLeastWidth),
    oversample: mostOversampled,
    classes: contract.output.classes,
    blank: alphabet.blank,
    space: alphabet.space,
    logits: contract.output.values === 'logits',
    beam: options.beam ?? 0,
    allowed: allowedClasses(alphabet.characters, options),
  });
  return splitLines(symbols).map((line) => spell(line, alphabet.characters));
}

/** Columns that a line gets at the network's height, its aspect kept up to a limit. */
function inputWidth(quad: Quad, height: number): number {
  const across = quadHeight(quad);
  const width = across > 0 ? Math.ceil((height * quadWidth(quad)) / across) : 1;
  return Math.min(Math.max(width, 1), mostColumns);
}

function allowedClasses(
  characters: readonly string[],
  { allowedCharacters, forbiddenCharacters }: RecognizeOptions,
): Uint8Array | undefined {
  if (allowedCharacters === undefined && forbiddenCharacters === undefined) return undefined;
  const allowed = allowedCharacters === undefined ? undefined : new Set(allowedCharacters);
  return Uint8Array.from(characters, (character) =>
    (allowed?.has(character) ?? true) && !forbiddenCharacters?.has(character) ? 1 : 0,
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
