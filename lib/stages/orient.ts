import { type Context, type NativeImage, native } from '../native.ts';
import type { Rotation } from '../reading.ts';

/** The picture turned so that content which is turned clockwise by `rotation` stands upright. */
export function turnUpright(image: NativeImage, rotation: Rotation, context: Context): Promise<NativeImage> {
  return native().turnImage(context, { image, turns: (4 - rotation / 90) % 4 });
}
