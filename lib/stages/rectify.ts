import { inspect } from 'node:util';
import { expected, PlacardError } from '../errors.ts';
import { quadsOf } from '../geometry/bent.ts';
import { flatten, quadHeight, quadWidth } from '../geometry/quad.ts';
import { type Context, type NativeImage, native } from '../native.ts';
import type { Polygon, Quad } from '../reading.ts';

const longestSide = 16384;

/** Cuts quads out of a picture, each upright at its own size in pixels; an edge of the picture is continued outwards. */
export async function rectify(image: NativeImage, quads: readonly Quad[], context: Context): Promise<NativeImage[]> {
  if (quads.length === 0) return [];
  return native().rectifyImages(context, {
    image,
    quads: flatten(quads),
    sizes: Int32Array.from(quads.flatMap(uprightSize)),
  });
}

function uprightSize(quad: Quad): [width: number, height: number] {
  const side = (length: number) => Math.min(Math.max(Math.round(length), 1), longestSide);
  return [side(quadWidth(quad)), side(quadHeight(quad))];
}

/** Throws INVALID_ARGUMENT for what are no quads, and IMAGE_TOO_LARGE for quads of more pixels together than the limit. */
export function checkQuads(quads: readonly Quad[], pixelLimit: number): void {
  if (!Array.isArray(quads)) throw expected('an array of quads', 'quads', quads);
  const isPoint = (point: unknown) => Array.isArray(point) && point.length === 2 && point.every(Number.isFinite);
  let pixels = 0;
  quads.forEach((quad: unknown, i) => {
    const isQuad = Array.isArray(quad) && quad.length === 4 && quad.every(isPoint);
    if (!isQuad)
      throw expected('four points of finite coordinates', `quads[${i}]`, inspect(quad, { breakLength: 200 }));
    const [width, height] = uprightSize(quad as Quad);
    pixels += width * height;
  });
  if (pixels <= pixelLimit) return;
  throw new PlacardError(
    'IMAGE_TOO_LARGE',
    `The quads have ${pixels} pixels together but limits.pixels is ${pixelLimit}.`,
  );
}

/**
 * Cuts bent text out along its outlines, piece by piece, so that each becomes a straight line of `height` pixels.
 * @param outlines of an even number of points, half along the upper side, half back along the lower one
 */
export async function straighten(
  image: NativeImage,
  outlines: readonly Polygon[],
  height: number,
  context: Context,
): Promise<NativeImage[]> {
  const pieces = outlines.map(quadsOf);
  const across = outlines.map((_, i) => mean(pieces[i]!.map(quadHeight)));
  const widths = pieces.flatMap((quads, i) => {
    const longest = Math.floor(longestSide / quads.length);
    const columns = (quad: Quad) => Math.round((quadWidth(quad) * height) / Math.max(1, across[i]!));
    return quads.map((quad) => Math.min(Math.max(columns(quad), 1), longest));
  });
  return native().rectifyStrips(context, {
    image,
    quads: flatten(pieces.flat()),
    widths: Int32Array.from(widths),
    counts: Int32Array.from(pieces, ({ length }) => length),
    height,
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
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
