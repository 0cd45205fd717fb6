import { boxQuad, quadCenter, quadHeight, unclip } from '../geometry/quad.ts';
import type { NativeImage } from '../native.ts';
import { detectDb, detectDefaults, type TextRegion } from '../stages/detect-db.ts';
import { type FoundLine, isTall, readRegions, regionOf } from './lines.ts';
import type { ReaderTools, ReadOptions } from './reader.ts';

/** A picture with a side this short holds little but its text: a cut-out line, a plate, a label. */
const shortSide = 200;
/** Height that a crop is given for detection, as if it were one line; no crop is enlarged more than this. */
const lineHeight = 96;
const mostEnlarged = 3;
/** Text this large is found with narrower margins, and its rows stand close: less is cut out with it than on pages. */
const rowUnclip = 1.4;

export function isCrop({ width, height }: { width: number; height: number }): boolean {
  return Math.min(width, height) <= shortSide;
}

/** The whole picture as one line. */
export function readWhole(image: NativeImage, tools: ReaderTools, options: ReadOptions): Promise<FoundLine[]> {
  const quad = boxQuad({ left: 0, top: 0, right: image.width, bottom: image.height });
  return readRegions(image, [regionOf(quad)], tools, options);
}

/** Text regions of a crop, found as if it were one line. */
export function detectInCrop(image: NativeImage, tools: ReaderTools): Promise<TextRegion[]> {
  const { width, height } = image;
  const scale = Math.min(mostEnlarged, lineHeight / Math.min(width, height));
  return tools.timed('detect', () => detectDb(image, tools.detector, { ...detectDefaults, scale }, tools.context));
}

/** A crop: the whole of it as a line, or its regions where they are in several rows and read better. */
export async function readCrop(
  image: NativeImage,
  regions: readonly TextRegion[],
  tools: ReaderTools,
  options: ReadOptions,
): Promise<FoundLine[]> {
  const whole = await readWhole(image, tools, options);
  const isColumn = isTall(boxQuad({ left: 0, top: 0, right: image.width, bottom: image.height }));
  if (regions.length === 0 || countRows(regions, isColumn ? 0 : 1) < 2) return whole;
  const tight = regions.map((region) => ({ ...region, quad: regionOf(unclip(region.quad, rowUnclip)).quad }));
  const rows = await readRegions(image, tight, tools, options);
  return confidence(whole) > confidence(rows) ? whole : rows;
}

/** Rows along an axis (0 across, 1 down): regions whose centers lie more than half a region apart. */
function countRows(regions: readonly TextRegion[], axis: 0 | 1): number {
  const centers = regions.map(({ quad }) => quadCenter(quad)[axis]).sort((a, b) => a - b);
  const size = Math.min(...regions.map(({ quad }) => quadHeight(quad)));
  return centers.filter((center, i) => i === 0 || center - centers[i - 1]! > 0.5 * size).length;
}

function confidence(lines: readonly FoundLine[]): number {
  const count = lines.reduce((sum, line) => sum + line.chars.length, 0);
  return lines.reduce((sum, line) => sum + line.confidence * line.chars.length, 0) / Math.max(1, count);
}
