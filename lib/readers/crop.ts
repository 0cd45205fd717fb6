import { boxQuad, quadCenter, quadHeight } from '../geometry/quad.ts';
import type { NativeImage } from '../native.ts';
import { findLines } from './detection.ts';
import { type FoundLine, isTall, readPlaces } from './lines.ts';
import { type Place, placeOfCrop, placesOfRows } from './places.ts';
import type { ReaderTools, ReadOptions } from './reader.ts';

/** A picture with a side this short holds little but its text: a cut-out line, a plate, a label. */
const shortSide = 200;
/** Height that a crop is given for detection, as if it were one line; no crop is enlarged more than this. */
const lineHeight = 96;
const mostEnlarged = 3;

export function isCrop({ width, height }: { width: number; height: number }): boolean {
  return Math.min(width, height) <= shortSide;
}

/** The whole picture as one line. */
export function readWhole(image: NativeImage, tools: ReaderTools, options: ReadOptions): Promise<FoundLine[]> {
  const quad = boxQuad({ left: 0, top: 0, right: image.width, bottom: image.height });
  return readPlaces(image, [placeOfCrop(quad)], tools, options);
}

/** Text of a crop, found as if it were one line. */
export function detectInCrop(image: NativeImage, tools: ReaderTools, { detection }: ReadOptions): Promise<Place[]> {
  const { width, height } = image;
  const scale = Math.min(mostEnlarged, lineHeight / Math.min(width, height));
  return tools.timed('detect', () => findLines(image, tools.detector, { scale, ...detection }, tools.context));
}

/** A crop: the whole of it as a line, or its places where they are in several rows and read better. */
export async function readCrop(
  image: NativeImage,
  places: readonly Place[],
  tools: ReaderTools,
  options: ReadOptions,
): Promise<FoundLine[]> {
  const whole = await readWhole(image, tools, options);
  const isColumn = isTall(boxQuad({ left: 0, top: 0, right: image.width, bottom: image.height }));
  if (places.length === 0 || countRows(places, isColumn ? 0 : 1) < 2) return whole;
  const rows = await readPlaces(image, placesOfRows(places, tools.detector), tools, options);
  return confidence(whole) > confidence(rows) ? whole : rows;
}

/** Rows along an axis (0 across, 1 down): places whose centers lie more than half a place apart. */
function countRows(places: readonly Place[], axis: 0 | 1): number {
  const quads = places.map(({ drawn }) => drawn.quad);
  const centers = quads.map((quad) => quadCenter(quad)[axis]).sort((a, b) => a - b);
  const size = Math.min(...quads.map(quadHeight));
  return centers.filter((center, i) => i === 0 || center - centers[i - 1]! > 0.5 * size).length;
}

function confidence(lines: readonly FoundLine[]): number {
  const count = lines.reduce((sum, line) => sum + line.chars.length, 0);
  return lines.reduce((sum, line) => sum + line.confidence * line.chars.length, 0) / Math.max(1, count);
}
