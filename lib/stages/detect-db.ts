import { expected } from '../errors.ts';
import { type Box, quadHeight, quadWidth, unclip } from '../geometry/quad.ts';
import { type DrawnRegion, toRegions } from '../geometry/text-regions.ts';
import { coverWithTiles } from '../geometry/tiles.ts';
import type { Detector } from '../models/loaded.ts';
import { type Context, type NativeImage, type NativeTensor, native } from '../native.ts';

export interface DbOptions {
  /** How many times the picture is enlarged for detection, up to 8.3 million pixels; chosen by its size if left out. */
  scale?: number;
  /** A map pixel is text above this probability. */
  mapThreshold: number;
  /** Mean probability that a region needs. */
  boxThreshold: number;
}

export const dbDefaults: DbOptions = { mapThreshold: 0.3, boxThreshold: 0.4 };

/** How far a region is unclipped to hold its text with the margin that recognizers want. */
export const textUnclip = 1.6;

interface Size {
  width: number;
  height: number;
}

/** 640 x 480, 1280 x 720, and the longer side of the latter. */
const leastPixels = 640 * 480;
const mostPixels = 1280 * 720;
const longestSide = 1280;
/** Text lower than this in the network's input is looked at closer, until it is that high. */
const leastTextHeight = 21;
/** A closer look that gains less than this is not taken. */
const worthLooking = 1.3;
/** However large a picture is, no first look shrinks it more: what is too small then leaves no trace. */
const leastScale = 0.25;
/** Pixels that a picture is looked at with at most, those that one run of the network takes, and the sides of tiles. */
const mostTiled = 9 * mostPixels;
const mostUntiled = 1.5 * mostPixels;
const tileSide = 960;
const tileOverlap = 128;
const leastSide = 3;
const mostRegions = 3000;

/**
 * Finds lines of text by differentiable binarization (Liao et al., 2020), as the network draws them: shrunk. A large picture whose text is too small at the size
 * that is looked at first is looked at again in tiles, as closely as its text needs.
 */
export async function detectDb(
  image: NativeImage,
  detector: Detector,
  options: DbOptions,
  context: Context,
): Promise<DrawnRegion[]> {
  const { tensor, ...size } = await dbMap(image, detector, options, context);
  const regions = await regionsOf(tensor, size, image, options, context);
  const closer = options.scale === undefined ? closerLook(regions, size, image, detector) : undefined;
  if (closer === undefined) return regions;
  return regionsOf(await mapOf(image, closer, detector, context), closer, image, options, context);
}

/** The map that is looked at first. Dispose the tensor. */
export async function dbMap(
  image: NativeImage,
  detector: Detector,
  { scale }: Pick<DbOptions, 'scale'>,
  context: Context,
): Promise<Size & { tensor: NativeTensor }> {
  checkScale(scale, image);
  const size = inputSize(image, multipleOf(detector), scale ?? detectionScale(image));
  return { tensor: await mapOf(image, size, detector, context), ...size };
}

function checkScale(scale: number | undefined, { width, height }: Size): void {
  if (scale === undefined) return;
  const most = Math.sqrt(mostTiled / (width * height));
  if (scale > 0 && scale <= most) return;
  throw expected(`a number above 0 and up to ${most.toFixed(2)} for ${width} x ${height}`, 'options.scale', scale);
}

function mapOf(image: NativeImage, size: Size, detector: Detector, context: Context): Promise<NativeTensor> {
  const whole = size.width * size.height <= mostUntiled;
  return (whole ? textMap : tiledMap)(image, size, detector, context);
}

const multipleOf = ({ contract }: Detector) => contract.input.multipleOf ?? 1;

/** The size to look again at, or undefined where the text is large enough. */
function closerLook(regions: readonly DrawnRegion[], size: Size, image: Size, detector: Detector): Size | undefined {
  if (regions.length === 0) return undefined;
  const scale = size.width / image.width;
  const heights = regions.map(({ quad }) => {
    const text = unclip(quad, textUnclip);
    return Math.min(quadWidth(text), quadHeight(text)) * scale;
  });
  const usual = heights.sort((a, b) => a - b)[heights.length >> 1]!;
  const affordable = Math.sqrt(mostTiled / (size.width * size.height));
  const factor = Math.min(leastTextHeight / usual, 1 / scale, affordable);
  if (factor < worthLooking) return undefined;
  return inputSize(size, multipleOf(detector), factor);
}

/** The network's map of a picture at a size. Dispose it. */
async function textMap(image: NativeImage, size: Size, detector: Detector, context: Context): Promise<NativeTensor> {
  const input = await native().imageTensor(context, { image, ...size, ...detector.normalization });
  const [map, ...others] = await native()
    .runNetwork(context, { network: detector.network, input })
    .finally(() => input.dispose());
  for (const other of others) other.dispose();
  return map!;
}

/** The same map, put together of tiles: lines that cross their borders stay whole. */
async function tiledMap(image: NativeImage, size: Size, detector: Detector, context: Context): Promise<NativeTensor> {
  const side = Math.ceil(tileSide / multipleOf(detector)) * multipleOf(detector);
  const tiles = coverWithTiles(size.width, size.height, side, tileOverlap);
  const maps: NativeTensor[] = [];
  try {
    for (const { box } of tiles) {
      const part = partOf(image, box, image.width / size.width, image.height / size.height, context);
      const tile = { width: box.right - box.left, height: box.bottom - box.top };
      maps.push(await textMap(part, tile, detector, context).finally(() => part.dispose()));
    }
    const parts = Int32Array.from(
      tiles.flatMap(({ box, core }) => [
        core.left - box.left,
        core.top - box.top,
        core.right - core.left,
        core.bottom - core.top,
        core.left,
        core.top,
      ]),
    );
    return await native().joinMaps(context, { maps, parts, ...size });
  } finally {
    for (const map of maps) map.dispose();
  }
}

function partOf(image: NativeImage, box: Box, scaleX: number, scaleY: number, context: Context): NativeImage {
  const left = Math.round(box.left * scaleX);
  const top = Math.round(box.top * scaleY);
  const width = Math.min(Math.round(box.right * scaleX), image.width) - left;
  const height = Math.min(Math.round(box.bottom * scaleY), image.height) - top;
  return native().imageRegion(context, { image, left, top, width, height });
}

/** Takes the regions out of a map, and disposes it. */
async function regionsOf(
  map: NativeTensor,
  { width, height }: Size,
  image: Size,
  { mapThreshold, boxThreshold }: DbOptions,
  context: Context,
): Promise<DrawnRegion[]> {
  try {
    const boxes = await native().textBoxes(context, {
      map,
      width,
      height,
      mapThreshold,
      boxThreshold,
      minSide: leastSide,
      maxCandidates: mostRegions,
    });
    return toRegions(boxes, image.width / width, image.height / height);
  } finally {
    map.dispose();
  }
}

/**
 * How many times a picture is enlarged for detection: not at all, within bounds. Detectors find text by its height in pixels,
 * and small pictures hold large text: more pixels were measured to find no more, on scenes, receipts, signs and web pictures.
 */
export function detectionScale({ width, height }: Size): number {
  const pixels = width * height;
  const wanted = Math.min(Math.max(pixels, leastPixels), mostPixels);
  const scale = Math.min(Math.sqrt(wanted / pixels), longestSide / Math.max(width, height));
  return Math.max(scale, Math.min(leastScale, Math.sqrt(mostTiled / pixels)));
}

/** The network's input for a picture: sides scaled, and made multiples of what the network needs. */
export function inputSize(picture: Size, multiple: number, scale: number): Size {
  const side = (pixels: number) => Math.max(multiple, Math.round((pixels * scale) / multiple) * multiple);
  return { width: side(picture.width), height: side(picture.height) };
}
