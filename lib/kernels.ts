import { flatten } from './geometry/quad.ts';
import { type Border, type Context, type NativeImage, native } from './native.ts';
import { usableThreads } from './options.ts';
import type { Quad } from './reading.ts';

let shared: Context | undefined;

/** The kernels' own lane: they need no engine. */
function context(): Context {
  shared ??= { lane: new (native().Lane)(usableThreads()), cancel: new (native().CancelToken)(), priority: 0 };
  return shared;
}

/** Pixel and shape kernels for those who build their own pipeline. All run off the event loop; images are RGB. */
export const kernels = {
  /** Pixels (1 gray, 2 gray + alpha, 3 RGB, 4 RGBA channels) to an image; `data` must not change before this settles. */
  fromPixels: (pixels: {
    data: Uint8Array;
    width: number;
    height: number;
    channels: 1 | 2 | 3 | 4;
    stride?: number;
    order?: 'rgb' | 'bgr';
  }): Promise<NativeImage> => native().imageFromPixels(context(), { ...pixels, bgr: pixels.order === 'bgr' }),

  /** RGB bytes, width x height x 3. */
  toPixels: (image: NativeImage): Promise<Uint8Array> => native().imagePixels(context(), { image }),

  /** Bilinear, as OpenCV's INTER_LINEAR. */
  resize: (image: NativeImage, size: { width: number; height: number }): Promise<NativeImage> =>
    native().resizeImage(context(), { image, ...size }),

  /**
   * destination(x, y) = source(matrix · (x, y, 1)), bilinear: OpenCV's warpPerspective with WARP_INVERSE_MAP.
   * @param matrix nine numbers, row by row
   */
  warpPerspective: (
    image: NativeImage,
    matrix: ArrayLike<number>,
    options: { width: number; height: number } & Border,
  ): Promise<NativeImage> => native().warpImage(context(), { image, matrix: Float32Array.from(matrix), ...options }),

  /** The homography that takes the points of one quad to those of another, row by row. */
  perspectiveTransform: (from: Quad, to: Quad): Float32Array =>
    native().perspectiveTransform(context(), { from: flatten([from]), to: flatten([to]) }),

  /** The signboard paper's mosaic: overlapping squares of side 2 · block, each of one random nearby pixel. */
  mosaic: (image: NativeImage, options: { block: number; seed: number }): Promise<NativeImage> =>
    native().mosaicImage(context(), { image, ...options }),

  /** Resizes to a random size between `smallest` and `largest` and from there to the size asked for. */
  randomResize: (
    image: NativeImage,
    options: { smallest: number; largest: number; seed: number; width: number; height: number },
  ): Promise<NativeImage> => native().randomResizeImage(context(), { image, ...options }),

  /** Greedy non-maximum suppression of quads, per class: the kept indices by falling score. */
  nms: (
    quads: readonly Quad[],
    scores: ArrayLike<number>,
    options: { threshold: number; classes?: ArrayLike<number> },
  ): Promise<Int32Array> =>
    native().suppressOverlaps(context(), {
      quads: flatten(quads),
      scores: Float32Array.from(scores),
      classes: options.classes && Int32Array.from(options.classes),
      threshold: options.threshold,
    }),

  /** Components of values above a threshold: left, top, right, bottom (inclusive) and area, five numbers each. */
  connectedComponents: (
    values: Float32Array,
    options: { width: number; height: number; threshold: number; connectivity: 4 | 8 },
  ): Promise<Int32Array> => native().connectedComponents(context(), { values, ...options }),

  /** Corners of the smallest rectangle around points (x, y, x, y, …). */
  minAreaRect: (points: ArrayLike<number>): Float32Array =>
    native().minAreaRect(context(), { points: Float32Array.from(points) }),
};
