import sharp from 'sharp';
import type { Effects } from './effects.ts';
import type { Random } from './random.ts';

/** RGB bytes of a picture. */
export interface Pixels {
  data: Uint8Array;
  width: number;
  height: number;
}

/**
 * A picture as JPEG, so that equal pixels give equal bytes. The effect `jpeg` is what strong compression does to it.
 * @param quality of pictures without the effect, 1 … 100
 */
export function encodePicture(pixels: Pixels, quality: number, effects: Effects, random: Random): Promise<Uint8Array> {
  const { data, width, height } = pixels;
  const isPoor = effects.takes('jpeg', 0.3, random);
  const poor = Math.round(random.between(18, 0.8 * quality));
  // The standard's Huffman tables are the same in all pictures: the archive stores them once.
  return sharp(data, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: isPoor ? poor : quality, optimiseCoding: false })
    .toBuffer();
}

/** A map of levels as a gray PNG. */
export function encodeMap(data: Uint8Array, width: number, height: number): Promise<Uint8Array> {
  return sharp(data, { raw: { width, height, channels: 1 } })
    .png({ compressionLevel: 3 })
    .toBuffer();
}
