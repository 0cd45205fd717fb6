import { type AffinityRule, affinityQuads } from '../geometry/affinity.ts';
import { flatten } from '../geometry/quad.ts';
import { type Context, type GaussianPreset, native } from '../native.ts';
import type { Point, Polygon, Quad } from '../reading.ts';
import type { TrueLine } from './truth.ts';
import { charactersByWord } from './words.ts';

export interface TruthMapOptions {
  /** Map pixels to a pixel of the picture. */
  scale?: number;
  /** Whose Gaussians and links. */
  preset?: GaussianPreset;
}

/** What CRAFT is to answer: width x height levels each, 0 … 255 for 0 … 1. */
export interface TruthMaps {
  region: Uint8Array;
  affinity: Uint8Array;
  width: number;
  height: number;
}

/** Of CRAFT's maps. */
export const craftScale = 0.5;

const affinityRules: Record<GaussianPreset, AffinityRule> = {
  paper: 'paper',
  brooklyn: 'brooklyn',
  backtime: 'backtime',
  'backtime-craft': 'backtime',
};

/**
 * The region map (a Gaussian for each character) and the affinity map (one between neighbors within a word) of a picture. Its
 * point (x, y) is the center of the map's pixel (scale · x, scale · y): so the published networks learned it, and so
 * placard reads maps of CRAFT.
 * @param lines those without characters leave no trace
 */
export function truthMaps(
  lines: readonly Pick<TrueLine, 'text' | 'characters'>[],
  width: number,
  height: number,
  options: TruthMapOptions,
  context: Context,
): Promise<TruthMaps> {
  const words = lines.flatMap(charactersByWord).map((word) => word.map(({ quad }) => quad));
  return mapsOfWords(words, width, height, options, context);
}

/** The same of words' characters, in reading order. */
export async function mapsOfWords(
  words: readonly (readonly Quad[])[],
  width: number,
  height: number,
  { scale = craftScale, preset = 'paper' }: TruthMapOptions,
  context: Context,
): Promise<TruthMaps> {
  const size = { width: Math.ceil(width * scale), height: Math.ceil(height * scale) };
  const placed = words.map((word) => word.map((quad) => onMap(quad, scale)));
  const links = placed.flatMap((word) => affinityQuads(word, affinityRules[preset]));
  const draw = (quads: readonly Quad[], kind: 'region' | 'affinity') =>
    native().gaussianMap(context, { quads: flatten(quads), ...size, preset, kind });
  const [region, affinity] = await Promise.all([draw(placed.flat(), 'region'), draw(links, 'affinity')]);
  return { region, affinity, ...size };
}

/** Points of a picture in its maps' pixels, the first one's center at .5. */
export function onMap<T extends Polygon>(points: T, scale: number): T {
  return points.map(([x, y]): Point => [x * scale + 0.5, y * scale + 0.5]) as T;
}
