import { flatten, quadHeight, quadWidth } from '../geometry/quad.ts';
import { type Context, type NativeImage, native } from '../native.ts';
import type { Quad } from '../reading.ts';

/** Cuts quads out of a picture, each upright at its own size in pixels; an edge of the picture is continued outwards. */
export async function rectify(image: NativeImage, quads: readonly Quad[], context: Context): Promise<NativeImage[]> {
  if (quads.length === 0) return [];
  const side = (length: number) => Math.min(Math.max(Math.round(length), 1), 16384);
  return native().rectifyImages(context, {
    image,
    quads: flatten(quads),
    sizes: Int32Array.from(quads.flatMap((quad) => [side(quadWidth(quad)), side(quadHeight(quad))])),
  });
}
