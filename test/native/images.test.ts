import { describe, expect, it } from 'vitest';
import { type NativeImage, native } from '../../lib/native.ts';
import { newContext, pattern, patternImage, rowsOf } from './native-context.ts';

const context = newContext();
const fromPixels = (data: number[], width: number, height: number, channels: number, more = {}) =>
  native().imageFromPixels(context, { data: Uint8Array.from(data), width, height, channels, ...more });

async function pixelsOf(image: NativeImage): Promise<number[]> {
  return [...(await native().imagePixels(context, { image }))];
}

describe('imageFromPixels', () => {
  it.each([
    ['gray', 1, [10, 20], {}, [10, 10, 10, 20, 20, 20]],
    ['gray with alpha', 2, [10, 255, 20, 0], {}, [10, 10, 10, 255, 255, 255]],
    ['RGB', 3, [1, 2, 3, 4, 5, 6], {}, [1, 2, 3, 4, 5, 6]],
    ['BGR', 3, [1, 2, 3, 4, 5, 6], { bgr: true }, [3, 2, 1, 6, 5, 4]],
    ['RGBA', 4, [1, 2, 3, 255, 9, 9, 9, 0], {}, [1, 2, 3, 255, 255, 255]],
    ['BGRA', 4, [1, 2, 3, 255, 9, 9, 9, 0], { bgr: true }, [3, 2, 1, 255, 255, 255]],
  ])('makes RGB of %s, laid on white', async (_, channels, data, more, wanted) => {
    expect(await pixelsOf(await fromPixels(data, 2, 1, channels, more))).toEqual(wanted);
  });

  it('lays half opaque pixels halfway', async () => {
    const [r, g, b] = await pixelsOf(await fromPixels([0, 100, 255, 128], 1, 1, 4));
    expect([r, g, b]).toEqual([127, 177, 255]);
  });

  it('skips what stands between rows', async () => {
    const image = await fromPixels([1, 2, 3, 99, 4, 5, 6], 1, 2, 3, { stride: 4 });
    expect(await pixelsOf(image)).toEqual([1, 2, 3, 4, 5, 6]);
  });
});

describe('an image', () => {
  it('gives back every pixel, of every width around the vectors’', async () => {
    for (const width of [1, 2, 15, 16, 17, 31, 33, 63, 65, 130]) {
      const image = await patternImage(context, width, 3);
      expect([image.width, image.height]).toEqual([width, 3]);
      expect(await native().imagePixels(context, { image })).toEqual(pattern(width, 3));
    }
  });

  it('has regions that show the same pixels, and regions of regions', async () => {
    const image = await patternImage(context, 8, 6);
    const rows = await rowsOf(context, image);
    const region = native().imageRegion(context, { image, left: 2, top: 1, width: 5, height: 4 });
    const inner = native().imageRegion(context, { image: region, left: 1, top: 2, width: 2, height: 1 });
    image.dispose();
    expect(await rowsOf(context, region)).toEqual(rows.slice(1, 5).map((row) => row.slice(2, 7)));
    region.dispose();
    expect(await rowsOf(context, inner)).toEqual([rows[3]!.slice(3, 5)]);
  });

  it('has no regions outside', async () => {
    const image = await patternImage(context, 8, 6);
    for (const change of [
      { left: 8 },
      { top: -1 },
      { width: 7 },
      { height: 0 },
      { left: 0.5 },
      { width: Number.NaN },
    ]) {
      const region = { left: 2, top: 1, width: 5, height: 4, ...change };
      expect(() => native().imageRegion(context, { image, ...region })).toThrow(
        expect.objectContaining({ code: 'ERR_PLACARD_INVALID_ARGUMENT' }),
      );
    }
  });

  it.each([
    [0, (x: number, y: number) => [x, y]],
    [1, (x: number, y: number) => [y, 5 - 1 - x]],
    [2, (x: number, y: number) => [7 - 1 - x, 5 - 1 - y]],
    [3, (x: number, y: number) => [7 - 1 - y, x]],
  ] as const)('turns clockwise by %d quarters', async (turns, source) => {
    const image = await patternImage(context, 7, 5);
    const rows = await rowsOf(context, image);
    const turned = await rowsOf(context, await native().turnImage(context, { image, turns }));
    expect([turned[0]!.length, turned.length]).toEqual(turns % 2 ? [5, 7] : [7, 5]);
    turned.forEach((row, y) => {
      row.forEach((pixel, x) => {
        const [sx, sy] = source(x, y);
        expect(pixel).toBe(rows[sy!]![sx!]);
      });
    });
  });

  it('is resized by halves as the mean, and to its own size as it is', async () => {
    const image = await fromPixels([0, 0, 0, 100, 100, 100, 50, 50, 50, 250, 250, 250], 2, 2, 3);
    expect(await pixelsOf(await native().resizeImage(context, { image, width: 1, height: 1 }))).toEqual([
      100, 100, 100,
    ]);
    const same = await native().resizeImage(context, { image, width: 2, height: 2 });
    expect(await pixelsOf(same)).toEqual(await pixelsOf(image));
  });

  it('is warped by a matrix from the destination to the source, past its border as asked', async () => {
    const image = await fromPixels([10, 10, 10, 20, 20, 20, 30, 30, 30], 3, 1, 3);
    const shift = (border: object) =>
      native()
        .warpImage(context, {
          image,
          matrix: Float32Array.of(1, 0, -2, 0, 1, 0, 0, 0, 1),
          width: 5,
          height: 1,
          ...border,
        })
        .then(pixelsOf)
        .then((bytes) => bytes.filter((_, i) => i % 3 === 0));
    expect(await shift({})).toEqual([10, 10, 10, 20, 30]);
    expect(await shift({ border: 'replicate' })).toEqual([10, 10, 10, 20, 30]);
    expect(await shift({ border: 'constant', borderValue: Uint8Array.of(7, 8, 9) })).toEqual([7, 7, 10, 20, 30]);
    expect(await shift({ border: 'reflect' })).toEqual([30, 20, 10, 20, 30]);
  });

  it('is cut into quads, each upright at the size asked for', async () => {
    const image = await patternImage(context, 12, 9);
    const rows = await rowsOf(context, image);
    const upright = [2, 3, 8, 3, 8, 7, 2, 7];
    const fromTheRight = [8, 3, 8, 7, 2, 7, 2, 3];
    const [first, second] = await native().rectifyImages(context, {
      image,
      quads: Float32Array.from([...upright, ...fromTheRight]),
      sizes: Int32Array.of(6, 4, 4, 6),
    });
    const wanted = rows.slice(3, 7).map((row) => row.slice(2, 8));
    expect(await rowsOf(context, first!)).toEqual(wanted);
    // The reader tilts the head: its rows are the picture's columns from the right.
    expect(await rowsOf(context, second!)).toEqual([7, 6, 5, 4, 3, 2].map((x) => [3, 4, 5, 6].map((y) => rows[y]![x])));
  });

  it('is coarsened and resized at random by a seed alone', async () => {
    const image = await patternImage(context, 40, 30);
    const mosaic = (seed: number) => native().mosaicImage(context, { image, block: 3, seed }).then(pixelsOf);
    const first = await mosaic(5);
    expect(await mosaic(5)).toEqual(first);
    expect(await mosaic(6)).not.toEqual(first);
    const size = { smallest: 4, largest: 30, width: 20, height: 10 };
    const random = (seed: number) =>
      native()
        .randomResizeImage(context, { image, ...size, seed })
        .then(pixelsOf);
    expect(await random(5)).toEqual(await random(5));
    expect(await random(5)).toHaveLength(20 * 10 * 3);
  });

  it('of stacked characters is laid out as a row of cells', async () => {
    const column = await fromPixels(
      Array.from({ length: 16 * 48 * 3 }, (_, i) => (Math.floor(i / (16 * 16 * 3)) + 1) * 60),
      16,
      48,
      3,
    );
    const [strip] = await native().cellStrips(context, { images: [column], cells: Int32Array.of(3), height: 16 });
    expect([strip!.width, strip!.height]).toEqual([48, 16]);
    const row = (await rowsOf(context, strip!))[8]!;
    expect([row[8], row[24], row[40]]).toEqual(['60,60,60', '120,120,120', '180,180,180']);
  });
});
