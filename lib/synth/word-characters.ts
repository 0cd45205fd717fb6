import { sliceBent } from '../geometry/bent.ts';
import { minAreaRectangle } from '../geometry/min-area-rectangle.ts';
import {
  bounds,
  boxQuad,
  flatten,
  grow,
  interpolate,
  quadCenter,
  quadHeight,
  quadWidth,
  slice,
} from '../geometry/quad.ts';
import type { TrueWord } from '../labels.ts';
import type { Detector } from '../models/loaded.ts';
import { type Context, type NativeImage, type NativeTensor, native, type SplitPreset } from '../native.ts';
import type { Point, Polygon, Quad } from '../reading.ts';
import { craftMaps } from '../stages/detect-craft.ts';
import { dbMap } from '../stages/detect-db.ts';
import { project, rectangleToQuad } from './perspective.ts';

/** A word whose place and spelling are labeled. */
export interface LabeledWord extends TrueWord {
  vertical?: boolean;
  rightToLeft?: boolean;
}

/** A word's characters in reading order, one quad each; `confidence` is how far they are to be trusted, 0.5 … 1. */
export interface WordCharacters {
  /** By the labels, by a detector's map, or equal parts of the word. */
  by: 'labels' | 'detector' | 'equal-parts';
  confidence: number;
  quads: Quad[];
  /** What each is, where there are as many as the word has. */
  texts?: string[];
}

export interface CharacterSearch {
  detector: Detector;
  split: SplitPreset;
  /** Pixels that a word's shorter side is scaled to. */
  wordSide: number;
}

/** Below this, characters are no better than equal parts, which have it (Baek et al., 2019, section 3.2.2). */
const leastConfidence = 0.5;
/** Around a word when it is cut out, over its shorter side: detectors want a margin. */
const margin = 0.1;
const longestSide = 4096;
/**
 * Of boxes found on a CRAFT network's map: basins end where it is steepest, inside of the ink, which was measured to be 1.43
 * times as wide and 1.33 times as high (medians over drawn words).
 */
const craftGrowth = 1.4;

/**
 * The characters of a word, as CRAFT's weak supervision has it: found on the detector's map of the word alone, and trusted as
 * far as their number is that of the word's letters.
 */
export async function charactersOf(
  image: NativeImage,
  word: LabeledWord,
  search: CharacterSearch,
  context: Context,
): Promise<WordCharacters> {
  const texts = graphemesOf(word.text).filter((text) => text.trim() !== '');
  if (word.characters) {
    const quads = word.characters.map(({ polygon }) => quadOf(polygon));
    return { by: 'labels', confidence: 1, quads, texts: word.characters.map(({ text }) => text) };
  }
  const quads = await findCharacters(image, word, search, context);
  const confidence = countConfidence(texts.length, quads.length);
  // Of several words, too many or too few characters do not say which is whose.
  const isUseless = /\s/u.test(word.text.trim()) && confidence < 1;
  if (confidence < leastConfidence || isUseless) {
    return { by: 'equal-parts', confidence: leastConfidence, quads: equalParts(word), texts };
  }
  return { by: 'detector', confidence, quads, ...(quads.length === texts.length ? { texts } : {}) };
}

/** (l - min(l, |l - found|)) / l (Baek et al., 2019, equation 2), l the letters that a word has. */
export function countConfidence(letters: number, found: number): number {
  return letters === 0 ? 0 : (letters - Math.min(letters, Math.abs(letters - found))) / letters;
}

/** A word in equal parts along its reading direction, one for each character; blanks have theirs. */
export function equalParts(word: LabeledWord): Quad[] {
  const { polygon } = word;
  const quad = quadOf(polygon);
  const isBent = polygon.length > 4 && polygon.length % 2 === 0 && !runsDown(word, quad);
  const part = (from: number, to: number) => {
    if (isBent) return sliceBent(polygon, from, to);
    return runsDown(word, quad) ? sliceDown(quad, from, to) : slice(quad, from, to);
  };
  const graphemes = graphemesOf(word.text.trim());
  const places = graphemes.map((_, i) => (word.rightToLeft ? graphemes.length - 1 - i : i) / graphemes.length);
  return graphemes.flatMap((text, i) =>
    text.trim() === '' ? [] : [part(places[i]!, places[i]! + 1 / graphemes.length)],
  );
}

async function findCharacters(
  image: NativeImage,
  word: LabeledWord,
  search: CharacterSearch,
  context: Context,
): Promise<Quad[]> {
  const quad = quadOf(word.polygon);
  const shorter = Math.min(quadWidth(quad), quadHeight(quad));
  if (!(shorter > 0)) return [];
  const cut = grow(quad, margin * shorter);
  const side = (length: number) =>
    Math.min(longestSide, Math.round((length * search.wordSide) / Math.min(quadWidth(cut), quadHeight(cut))));
  const size = { width: side(quadWidth(cut)), height: side(quadHeight(cut)) };
  const sizes = Int32Array.of(size.width, size.height);
  const [crop] = await native().rectifyImages(context, { image, quads: flatten([cut]), sizes });
  const found = await splitCrop(crop!, search, context).finally(() => crop!.dispose());
  const edge = (margin / (1 + 2 * margin)) * Math.min(size.width, size.height);
  const isInside = ([x, y]: Point) => x > edge && y > edge && x < size.width - edge && y < size.height - edge;
  const axis = runsDown(word, quad) ? 1 : 0;
  const inOrder = found
    .filter((character) => isInside(quadCenter(character)))
    .sort((a, b) => quadCenter(a)[axis] - quadCenter(b)[axis]);
  const back = rectangleToQuad(size.width, size.height, cut);
  const placed = inOrder.map((character) => character.map((point) => project(back, point)) as Quad);
  return word.rightToLeft ? placed.reverse() : placed;
}

/** Characters by the watershed of a detector's map of one word, in the crop's pixels. */
async function splitCrop(crop: NativeImage, { detector, split }: CharacterSearch, context: Context): Promise<Quad[]> {
  const { maps, width, height, toCrop, growth } = await mapsOf(crop, detector, context);
  try {
    const found = await native().splitWord(context, { maps, width, height, preset: split });
    return Array.from({ length: found.length / 8 }, (_, i) => {
      const corner = (k: number) => toCrop([found[8 * i + 2 * k]!, found[8 * i + 2 * k + 1]!]);
      return grownBy(growth, [corner(0), corner(1), corner(2), corner(3)]);
    });
  } finally {
    maps.dispose();
  }
}

interface WordMaps {
  maps: NativeTensor;
  width: number;
  height: number;
  /** From the map's pixels to the crop's, both with the first one's center at .5. */
  toCrop: (point: Point) => Point;
  /** Of what is found. */
  growth: number;
}

async function mapsOf(crop: NativeImage, detector: Detector, context: Context): Promise<WordMaps> {
  if (detector.contract.decoder === 'craft') {
    const options = { magRatio: 1, canvasSize: longestSide };
    const { tensor, width, height, scaleX, scaleY } = await craftMaps(crop, detector, options, context);
    // As native/shapes/craft_boxes.h counts CRAFT's maps.
    const toCrop = ([x, y]: Point): Point => [(x - 0.5) * scaleX, (y - 0.5) * scaleY];
    return { maps: tensor, width, height, toCrop, growth: craftGrowth };
  }
  const { tensor, width, height } = await dbMap(crop, detector, { scale: 1 }, context);
  const toCrop = ([x, y]: Point): Point => [(x * crop.width) / width, (y * crop.height) / height];
  return { maps: tensor, width, height, toCrop, growth: 1 };
}

/** A column: said so, or more than twice as high as wide. */
function runsDown({ text, vertical }: LabeledWord, quad: Quad): boolean {
  return vertical ?? (quadHeight(quad) > 2 * quadWidth(quad) && graphemesOf(text).length > 1);
}

function grownBy(growth: number, quad: Quad): Quad {
  const center = quadCenter(quad);
  return quad.map((corner) => interpolate(center, corner, growth)) as Quad;
}

function sliceDown(quad: Quad, from: number, to: number): Quad {
  const across = (share: number): [Point, Point] => [
    interpolate(quad[0], quad[3], share),
    interpolate(quad[1], quad[2], share),
  ];
  const [[upperLeft, upperRight], [lowerLeft, lowerRight]] = [across(from), across(to)];
  return [upperLeft, upperRight, lowerRight, lowerLeft];
}

function quadOf(polygon: Polygon): Quad {
  return polygon.length === 4 ? (polygon as Quad) : (minAreaRectangle(polygon) ?? boxQuad(bounds(polygon)));
}

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

function graphemesOf(text: string): string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}
