import { existsSync } from 'node:fs';
import { type Context, type NativeImage, native } from '../../lib/native.ts';
import { bundledWeight, runtimeLibraryCandidates } from '../../lib/package-files.ts';

/** A lane of its own, not cancelled. */
export function newContext(threads = 2, priority = 0): Context {
  return { lane: new (native().Lane)(threads), cancel: new (native().CancelToken)(), priority };
}

/** RGB bytes that differ from pixel to pixel. */
export function pattern(width: number, height: number, channels = 3): Uint8Array {
  return Uint8Array.from({ length: width * height * channels }, (_, i) => (i * 37 + (i >> 5)) % 251);
}

/** An image of a pattern. */
export function patternImage(context: Context, width: number, height: number): Promise<NativeImage> {
  return native().imageFromPixels(context, { data: pattern(width, height), width, height, channels: 3 });
}

/** Pixels of an image as "r,g,b" by row. */
export async function rowsOf(context: Context, image: NativeImage): Promise<string[][]> {
  const bytes = await native().imagePixels(context, { image });
  return Array.from({ length: image.height }, (_, y) =>
    Array.from({ length: image.width }, (_, x) =>
      bytes
        .subarray((y * image.width + x) * 3)
        .subarray(0, 3)
        .join(','),
    ),
  );
}

export function runtimeLibrary(): string {
  const path = runtimeLibraryCandidates().find((candidate) => existsSync(candidate));
  if (!path) throw new Error('ONNX Runtime is not installed: run npm ci.');
  return path;
}

export function bundled(name: string): string {
  const path = bundledWeight(name);
  if (!path) throw new Error(`${name} is not installed: run npm ci.`);
  return path;
}

export const detectorWeights = 'ch_PP-OCRv4_det_infer.onnx';
export const recognizerWeights = 'ch_PP-OCRv4_rec_infer.onnx';

/** (sample / 255 − 0.5) / 0.5 of RGB. */
export const signedNormalization = {
  scale: Float32Array.of(2 / 255, 2 / 255, 2 / 255),
  offset: Float32Array.of(-1, -1, -1),
  reverseChannels: false,
};
