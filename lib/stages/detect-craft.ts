import { PlacardError } from '../errors.ts';
import { linkWords } from '../geometry/link-words.ts';
import { type DrawnRegion, toRegions } from '../geometry/text-regions.ts';
import type { Detector } from '../models/loaded.ts';
import { type Context, type NativeImage, type NativeTensor, native } from '../native.ts';

export interface CraftOptions {
  /** A picture's longer side is enlarged as many times for detection … */
  magRatio: number;
  /** … up to so many pixels. */
  canvasSize: number;
  /** Highest region score that a word needs somewhere. */
  textThreshold: number;
  /** A map pixel is text above this region score. */
  lowText: number;
  /** A map pixel links two characters above this affinity. */
  linkThreshold: number;
  /** Of what is found: characters by the region map alone, words, or lines of words that follow one another. */
  granularity: 'char' | 'word' | 'line';
  /** Give polygons for bent words. */
  polygons: boolean;
}

/** As the authors published them. */
export const craftDefaults: CraftOptions = {
  magRatio: 1.5,
  canvasSize: 1280,
  textThreshold: 0.7,
  lowText: 0.4,
  linkThreshold: 0.4,
  granularity: 'word',
  polygons: true,
};

interface Size {
  width: number;
  height: number;
}

/** Region and affinity maps of a picture, at half the size that it was scaled to. Dispose the tensor. */
export interface CraftMaps {
  /** [1, 2, height, width] and whatever pads it to multiples of what the network needs. */
  tensor: NativeTensor;
  /** Of the part that holds the picture. */
  width: number;
  height: number;
  /** The picture's pixels to a map pixel. */
  scaleX: number;
  scaleY: number;
}

/** Pixels of the network's input to one of its maps. */
const stride = 2;

/**
 * Finds text by the scores of its characters and of the links between them (CRAFT, Baek et al., 2019). Characters and words are
 * as the network draws them; lines are rectangles around words that follow one another.
 */
export async function detectCraft(
  image: NativeImage,
  detector: Detector,
  options: CraftOptions,
  context: Context,
): Promise<DrawnRegion[]> {
  const { granularity, textThreshold, lowText, linkThreshold, polygons } = options;
  const { tensor, width, height, scaleX, scaleY } = await craftMaps(image, detector, options, context);
  try {
    const found = await native().craftBoxes(context, {
      maps: tensor,
      width,
      height,
      textThreshold,
      lowText,
      linkThreshold,
      characters: granularity === 'char',
      polygons: polygons && granularity !== 'char',
    });
    const regions = toRegions(found, scaleX, scaleY);
    return granularity === 'line' ? linkWords(regions) : regions;
  } finally {
    tensor.dispose();
  }
}

export async function craftMaps(
  image: NativeImage,
  { contract, network, normalization }: Detector,
  options: Pick<CraftOptions, 'magRatio' | 'canvasSize'>,
  context: Context,
): Promise<CraftMaps> {
  const size = canvasOf(image, options);
  const { multipleOf = 1 } = contract.input;
  const padded = (side: number) => Math.ceil(side / multipleOf) * multipleOf;
  const [tensorWidth, tensorHeight] = [padded(size.width), padded(size.height)];
  // The published networks saw pictures on black, not on the mean color that zeros stand for.
  const input = await native().imageTensor(context, {
    image,
    ...size,
    tensorWidth,
    tensorHeight,
    fill: 'black',
    ...normalization,
  });
  const [tensor, ...others] = await native()
    .runNetwork(context, { network, input })
    .finally(() => input.dispose());
  for (const other of others) other.dispose();
  const [wanted, shape] = [[1, 2, tensorHeight / stride, tensorWidth / stride], tensor!.shape];
  if (shape.join() !== wanted.join()) {
    tensor!.dispose();
    throw new PlacardError(
      'MODEL_MISMATCH',
      `Expected an output of shape [${wanted.join(', ')}] for ${contract.id} but received [${shape.join(', ')}].`,
    );
  }
  const [width, height] = [Math.ceil(size.width / stride), Math.ceil(size.height / stride)];
  const [scaleX, scaleY] = [(stride * image.width) / size.width, (stride * image.height) / size.height];
  return { tensor: tensor!, width, height, scaleX, scaleY };
}

/** Pixels that a picture is scaled to: its longer side `magRatio` times as long, within the canvas. */
export function canvasOf(
  { width, height }: Size,
  { magRatio, canvasSize }: Pick<CraftOptions, 'magRatio' | 'canvasSize'>,
): Size {
  const longer = Math.max(width, height);
  const scale = Math.min(magRatio * longer, canvasSize) / longer;
  const side = (pixels: number) => Math.max(1, Math.trunc(pixels * scale));
  return { width: side(width), height: side(height) };
}
