import sharp from 'sharp';
import type { Random } from './random.ts';

/** RGB bytes of a picture. */
export interface Pixels {
  data: Uint8Array;
  width: number;
  height: number;
}

export type Ending = 'webp' | 'jpg';

/** Encodes a picture so that equal pixels give equal bytes. @param quality 1 … 100 */
export function encode({ data, width, height }: Pixels, ending: Ending, quality: number): Promise<Uint8Array> {
  const picture = sharp(data, { raw: { width, height, channels: 3 } });
  return ending === 'webp' ? picture.webp({ quality, effort: 0 }).toBuffer() : picture.jpeg({ quality }).toBuffer();
}

/** A picture as it is after a camera or a web site has stored it as JPEG, once or twice. */
export async function throughJpeg(pixels: Pixels, random: Random): Promise<Pixels> {
  const { width, height } = pixels;
  let { data } = pixels;
  for (let times = random.chance(0.2) ? 2 : 1; times > 0; times--) {
    const quality = Math.round(95 - 75 * random.next() ** 2);
    data = await sharp(await encode({ data, width, height }, 'jpg', quality))
      .raw()
      .toBuffer();
  }
  return { data, width, height };
}

/** A map of levels as a gray PNG. */
export function encodeMap(data: Uint8Array, width: number, height: number): Promise<Uint8Array> {
  return sharp(data, { raw: { width, height, channels: 1 } })
    .png({ compressionLevel: 3 })
    .toBuffer();
}
