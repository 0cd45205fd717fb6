import { quadHeight, quadWidth } from '../geometry/quad.ts';
import type { NativeImage } from '../native.ts';
import type { Quad, Rotation } from '../reading.ts';
import { type ReadLine, recognizeCtc } from '../stages/recognize-ctc.ts';
import { downward, type FoundLine, isTall, upward } from './lines.ts';
import type { Place } from './places.ts';
import type { ReaderTools } from './reader.ts';

/** Shares of all text length that stands in tall places: above the first a page lies on its side, below the second not. */
const mostlyTall = 0.75;
const hardlyTall = 0.25;
const sampleSize = 3;
const clearlyBetter = 0.05;
const onePerSquare = 1.3;
const surelyOnePerSquare = 1.1;
const readUpright = 0.985;

/**
 * Tells whether a page lies on its side from its text, and which side from the way its longest lines read better.
 * Columns of upright characters are told from turned lines by reading them.
 */
export async function findSideways(
  image: NativeImage,
  places: readonly Place[],
  tools: ReaderTools,
): Promise<Extract<Rotation, 0 | 90 | 270>> {
  const tall = places.filter(({ drawn }) => isTall(drawn.quad));
  const wide = places.filter(({ drawn }) => quadWidth(drawn.quad) >= quadHeight(drawn.quad) * 1.5);
  const tallLength = total(tall, ({ drawn }) => quadHeight(drawn.quad));
  const share = tallLength / Math.max(1e-6, tallLength + total(wide, ({ drawn }) => quadWidth(drawn.quad)));
  if (tall.length < sampleSize || share < hardlyTall) return 0;
  const read = (quads: Quad[]) =>
    recognizeCtc(
      quads.map((quad) => ({ image, quad })),
      tools.recognizer,
      {},
      tools.context,
    );
  const samples = longestCrops(tall, quadHeight);
  const lines = await read([...samples.map(downward), ...samples.map(upward)]);
  const down = confidence(lines.slice(0, samples.length));
  const up = confidence(lines.slice(samples.length));
  if (share <= mostlyTall) {
    const rows = confidence(await read(longestCrops(wide, quadWidth)));
    if (Math.max(down, up) < rows + clearlyBetter) return 0;
  }
  if (up > down) return 270;
  return isColumnOfUprightCharacters(lines.slice(0, samples.length), samples) ? 0 : 90;
}

/** Tells whether most of a page's text was read upside down. */
export function isUpsideDown(lines: readonly FoundLine[]): boolean {
  const turned = lines.filter((line) => line.turns === 2);
  const characters = (some: readonly FoundLine[]) => total(some, (line) => line.confidence * line.chars.length);
  return turned.length >= 2 && characters(turned) > 0.5 * characters(lines);
}

/** How the only line of a picture is turned. */
export function rotationOfOnly(lines: readonly FoundLine[]): Rotation {
  const [line, ...others] = lines;
  return line && others.length === 0 && line.direction === 'ltr' ? ((line.turns * 90) as Rotation) : 0;
}

/**
 * Turned lines hold two and more letters in the space of a square, columns of upright characters one. Turned lines of Chinese
 * come close to that, but are read more surely than characters that lie on their sides.
 */
function isColumnOfUprightCharacters(lines: readonly ReadLine[], quads: readonly Quad[]): boolean {
  const squares = total(quads, (quad) => quadHeight(quad) / Math.max(1, quadWidth(quad)));
  const characters = total(lines, (line) => line.chars.filter((char) => char.text !== ' ').length);
  return characters < (confidence(lines) > readUpright ? surelyOnePerSquare : onePerSquare) * squares;
}

function longestCrops(places: readonly Place[], length: (quad: Quad) => number): Quad[] {
  const sorted = [...places].sort((a, b) => length(b.drawn.quad) - length(a.drawn.quad));
  return sorted.slice(0, sampleSize).map(({ crop }) => crop);
}

/** Mean over characters: a long line says more than a short one. */
function confidence(lines: readonly ReadLine[]): number {
  const count = total(lines, (line) => line.chars.length);
  return total(lines, (line) => line.confidence * line.chars.length) / Math.max(1, count);
}

function total<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((sum, item) => sum + value(item), 0);
}
