import sharp from 'sharp';
import { type Context, type NativeImage, native } from '../native.ts';

/** An image as the bytes of a PNG file. */
export async function encodePng(image: NativeImage, context: Context): Promise<Uint8Array> {
  const pixels = await native().imagePixels(context, { image });
  const { width, height } = image;
  return sharp(pixels, { raw: { width, height, channels: 3 }, limitInputPixels: false })
    .png()
    .toBuffer();
}
