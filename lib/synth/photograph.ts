import type { Canvas } from '@napi-rs/canvas';
import { type CameraSettings, type Context, type NativeImage, native, type PictureLayers } from '../native.ts';
import { usableThreads } from '../options.ts';
import type { Point, Quad } from '../reading.ts';
import type { Pixels } from './encoding.ts';
import { type Homography, identity, invert, project, rectangleToQuad } from './perspective.ts';
import type { Random } from './random.ts';
import { type Drawing, mapLines, type TrueLine } from './truth.ts';

/** A flat drawing to lay over a picture. */
export interface Layer {
  canvas: Canvas;
  /** From the picture's points to the drawing's: a pixel's center is at .5. */
  matrix: Homography;
}

let shared: Context | undefined;

/** Where this thread's drawing runs. */
export function drawingContext(): Context {
  shared ??= { lane: new (native().Lane)(usableThreads()), cancel: new (native().CancelToken)(), priority: 0 };
  return shared;
}

/** RGBA, opacity not multiplied in. */
export function pixelsOf(canvas: Canvas): Uint8Array {
  // The canvas's own `data` and `width` are costly getters.
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** Layers as the addon takes them, the lowest first. */
function pictureLayers(layers: readonly Layer[]): PictureLayers {
  return {
    pixels: layers.map(({ canvas }) => pixelsOf(canvas)),
    sizes: Int32Array.from(layers.flatMap(({ canvas }) => [canvas.width, canvas.height])),
    matrices: Float32Array.from(layers.flatMap(({ matrix }) => [...matrix])),
  };
}

/**
 * A picture of flat layers over a background, as a camera takes it; of the sensor's size.
 * @param behind an image, and the map from the picture's points to the image's
 */
export async function takePicture(
  behind: { image: NativeImage; matrix: Float32Array },
  { width, height }: { width: number; height: number },
  layers: readonly Layer[],
  camera: CameraSettings,
): Promise<Pixels> {
  const { image: background, matrix } = behind;
  const picture = { background, matrix, width, height, layers: pictureLayers(layers), camera };
  const data = await native().photograph(drawingContext(), picture);
  return { data, width: camera.width ?? width, height: camera.height ?? height };
}

/** Of a sample's camera. */
export interface Lens {
  /** Standard deviation of the lens blur, pixels. */
  blur: number;
  /** Standard deviation of the noise, gray levels. */
  grain: number;
  /** Darkening of the corners, 0 … 1. */
  vignette: number;
  /** Factors on red, green and blue. */
  cast?: [number, number, number];
}

/** Photographs what is drawn on a canvas: vignette and cast, lens blur, then noise. Changes the canvas. */
export async function photograph(canvas: Canvas, lens: Lens, random: Random): Promise<void> {
  await redraw(
    canvas,
    { left: 0, top: 0, width: canvas.width, height: canvas.height },
    [],
    settingsOf(canvas, lens, random),
  );
}

function settingsOf({ width, height }: Canvas, lens: Lens, random: Random): CameraSettings {
  const corner = (lens.cast ?? [1, 1, 1]).map((factor) => factor * (1 - lens.vignette));
  return {
    light: Float32Array.from([corner, corner, corner, corner].flat()),
    spots: Float32Array.of(width / 2, height / 2, Math.hypot(width, height) / 4, 1 / (1 - lens.vignette)),
    blur: lens.blur,
    readNoise: lens.grain,
    lumaShare: 0.85,
    grain: 0.5,
    seed: random.integer(0, 0xffffffff),
  };
}

/**
 * Draws a flat drawing into a quad of an opaque canvas, as a camera would see it, and returns its lines where they are then.
 * Transparent parts stay transparent.
 */
export async function pasteInPerspective(target: Canvas, drawing: Drawing, quad: Quad): Promise<TrueLine[]> {
  const { width, height } = drawing.canvas;
  const xs = quad.map(([x]) => x);
  const ys = quad.map(([, y]) => y);
  const left = Math.max(0, Math.floor(Math.min(...xs)));
  const top = Math.max(0, Math.floor(Math.min(...ys)));
  const right = Math.min(target.width, Math.ceil(Math.max(...xs)));
  const bottom = Math.min(target.height, Math.ceil(Math.max(...ys)));
  if (right > left && bottom > top) {
    const within = quad.map(([x, y]): Point => [x - left, y - top]) as Quad;
    const layer = { canvas: drawing.canvas, matrix: invert(rectangleToQuad(width, height, within)) };
    await redraw(target, { left, top, width: right - left, height: bottom - top }, [layer], { seed: 0 });
  }
  const forward = rectangleToQuad(width, height, quad);
  return mapLines(drawing.lines, (point) => project(forward, point));
}

/** Of a canvas, whole pixels inside it. */
interface Area {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Puts layers, and then a camera, over an opaque part of a canvas; lengths and points are those of the part. */
async function redraw(canvas: Canvas, area: Area, layers: readonly Layer[], camera: CameraSettings): Promise<void> {
  const { left, top, width, height } = area;
  const context = canvas.getContext('2d');
  const part = context.getImageData(left, top, width, height);
  const data = new Uint8Array(part.data.buffer, part.data.byteOffset, part.data.byteLength);
  const drawing = drawingContext();
  const background = await native().imageFromPixels(drawing, { data, width, height, channels: 4 });
  const behind = { image: background, matrix: Float32Array.from(identity) };
  const { data: pixels } = await takePicture(behind, area, layers, camera).finally(() => background.dispose());
  for (let from = 0, to = 0; from < pixels.length; from += 3, to += 4) {
    data[to] = pixels[from]!;
    data[to + 1] = pixels[from + 1]!;
    data[to + 2] = pixels[from + 2]!;
    data[to + 3] = 255;
  }
  context.putImageData(part, left, top);
}
