import { quadAt } from '../geometry/quad.ts';
import type { Detector } from '../models/loaded.ts';
import { type Context, type NativeImage, native } from '../native.ts';
import type { Point, Polygon, Quad } from '../reading.ts';

export interface DetectOptions {
  /** Pixels that the picture's longer side gets before detection; smaller pictures are enlarged to it. */
  longSide: number;
  /** No picture is enlarged more than this. */
  mostEnlarged: number;
  /** A map pixel is text above this probability. */
  mapThreshold: number;
  /** Mean probability that a region needs. */
  boxThreshold: number;
}

/** Long side 1280 with small pictures enlarged was the best of the sizes measured on scenes, receipts and signs. */
export const detectDefaults: DetectOptions = { longSide: 1280, mostEnlarged: 8, mapThreshold: 0.3, boxThreshold: 0.4 };

/** A text region as the network draws it: shrunk. The reader unclips it as far as it needs. */
export interface TextRegion {
  /** Clockwise from the upper left, in the picture's pixels. */
  quad: Quad;
  /** Mean text probability, 0 … 1. */
  score: number;
  /** The outline of bent text. */
  polygon?: Polygon;
}

const leastSide = 3;
const mostRegions = 3000;

/** Finds text regions by differentiable binarization (Liao et al., 2020). */
export async function detectDb(
  image: NativeImage,
  detector: Detector,
  options: DetectOptions,
  context: Context,
): Promise<TextRegion[]> {
  const { width, height } = inputSize(image, detector.contract.input.multipleOf ?? 1, options);
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

/** The network's input for a picture: the longer side as asked, both sides multiples of what the network needs. */
export function inputSize(
  picture: { width: number; height: number },
  multiple: number,
  options: Pick<DetectOptions, 'longSide' | 'mostEnlarged'>,
): { width: number; height: number } {
  const scale = Math.min(options.longSide / Math.max(picture.width, picture.height), options.mostEnlarged);
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
