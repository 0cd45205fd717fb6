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

/**
 * Cuts columns of stacked characters out, each into as many cells as it is said to hold, and lays the cells side by side: a
 * column as the row that recognizers were trained on.
 * @param cells characters in each column
 * @param height of the rows, in pixels
 */
export async function layCells(
  image: NativeImage,
  columns: readonly Quad[],
  cells: readonly number[],
  height: number,
  context: Context,
): Promise<NativeImage[]> {
  const upright = await rectify(image, columns, context);
  try {
    return await native().cellStrips(context, {
      images: upright,
      cells: Int32Array.from(cells, (count, i) => Math.min(count, upright[i]!.height)),
      height,
    });
  } finally {
    for (const column of upright) column.dispose();
  }
}
