import { quadAt } from '../geometry/quad.ts';
import type { Detector } from '../models/loaded.ts';
import { type Context, type NativeImage, native } from '../native.ts';
import type { Point, Polygon, Quad } from '../reading.ts';

export interface DetectOptions {
  /** How many times the picture is enlarged for detection; chosen by its size if left out. */
  scale?: number;
  /** A map pixel is text above this probability. */
  mapThreshold: number;
  /** Mean probability that a region needs. */
  boxThreshold: number;
}

export const detectDefaults: DetectOptions = { mapThreshold: 0.3, boxThreshold: 0.4 };

/** A text region as the network draws it: shrunk. The reader unclips it as far as it needs. */
export interface TextRegion {
  /** Clockwise from the upper left, in the picture's pixels. */
  quad: Quad;
  /** Mean text probability, 0 … 1. */
  score: number;
  /** The outline of bent text. */
  polygon?: Polygon;
}

interface Size {
  width: number;
  height: number;
}

/** 640 x 480, 1280 x 720, and the longer side of the latter. */
const leastPixels = 0.3e6;
const mostPixels = 1280 * 720;
const longestSide = 1280;
const enlargedPixels = 1.3;
const leastSide = 3;
const mostRegions = 3000;

/** Finds text regions by differentiable binarization (Liao et al., 2020). */
export async function detectDb(
  image: NativeImage,
  detector: Detector,
  options: DetectOptions,
  context: Context,
): Promise<TextRegion[]> {
  const scale = options.scale ?? detectionScale(image);
  const { width, height } = inputSize(image, detector.contract.input.multipleOf ?? 1, scale);
  const input = await native().imageTensor(context, { image, width, height, ...detector.normalization });
  const [map] = await native()
    .runNetwork(context, { network: detector.network, input })
    .finally(() => input.dispose());
  try {
    const boxes = await native().textBoxes(context, {
      map: map!,
      width,
      height,
      mapThreshold: options.mapThreshold,
      boxThreshold: options.boxThreshold,
      minSide: leastSide,
      maxCandidates: mostRegions,
    });
    return toRegions(boxes, image.width / width, image.height / height);
  } finally {
    map?.dispose();
  }
}

/**
 * How many times a picture is enlarged for detection. Detectors find text by its height in pixels, and small pictures hold
 * large text: pixels beyond these were measured to find no more, on scenes, receipts, signs and web pictures.
 */
export function detectionScale({ width, height }: Size): number {
  const pixels = width * height;
  const wanted = Math.min(Math.max(pixels * enlargedPixels, leastPixels), mostPixels);
  return Math.min(Math.sqrt(wanted / pixels), longestSide / Math.max(width, height));
}

/** The network's input for a picture: sides scaled, and made multiples of what the network needs. */
export function inputSize(picture: Size, multiple: number, scale: number): Size {
  const side = (pixels: number) => Math.max(multiple, Math.round((pixels * scale) / multiple) * multiple);
  return { width: side(picture.width), height: side(picture.height) };
}

function toRegions(
  boxes: { quads: Float32Array; scores: Float32Array; polygonCounts: Int32Array; polygonPoints: Float32Array },
  scaleX: number,
  scaleY: number,
): TextRegion[] {
  let next = 0;
  return Array.from(boxes.scores, (score, i) => {
    const region: TextRegion = { quad: quadAt(boxes.quads, i, scaleX, scaleY), score };
    const count = boxes.polygonCounts[i]!;
    if (count > 0) {
      const at = next;
      region.polygon = Array.from({ length: count }, (_, k): Point => {
        const x = boxes.polygonPoints[2 * (at + k)]!;
        return [x * scaleX, boxes.polygonPoints[2 * (at + k) + 1]! * scaleY];
      });
      next += count;
    }
    return region;
  });
}
