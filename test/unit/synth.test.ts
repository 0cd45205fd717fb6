import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { signedArea } from '../../lib/geometry/polygon-region.ts';
import { packageRoot } from '../../lib/package-files.ts';
import type { Point, Polygon, Quad } from '../../lib/reading.ts';
import {
  alphaPng,
  animatedGif,
  brokenPictures,
  multiPageTiff,
  orientations,
  orientedJpeg,
  pngClaiming,
  readablePictures,
} from '../../lib/synth/odd-pictures.ts';
import { invert, project, rectangleToQuad } from '../../lib/synth/perspective.ts';
import { Random } from '../../lib/synth/random.ts';
import { drawSample, samples } from '../../lib/synth/samples.ts';
import { labelOf, textOf } from '../../lib/synth/truth.ts';

const folder = join(packageRoot(), 'samples');

interface Label {
  image: string;
  width: number;
  height: number;
  text: string;
  lines: { text: string; poly: Quad; polygon?: Polygon; vertical?: true; rtl?: true }[];
}

async function readLabels(): Promise<Label[]> {
  const rows = (await readFile(join(folder, 'labels.jsonl'), 'utf8')).trimEnd().split('\n');
  return rows.map((row) => JSON.parse(row));
}

describe('seeded random numbers', () => {
  test('are the same for the same seed and others for another', () => {
    const take = (seed: string) =>
      Array.from(
        { length: 8 },
        (
          (random) => () =>
            random.next()
        )(new Random(seed)),
      );
    expect(take('a')).toEqual(take('a'));
    expect(take('a')).not.toEqual(take('b'));
  });

  test('of a part do not depend on what was drawn before', () => {
    const one = new Random(7);
    const other = new Random(7);
    other.next();
    expect(one.fork('part').next()).toBe(other.fork('part').next());
    expect(one.fork('part').next()).not.toBe(one.fork('another part').next());
  });

  test('are uniform, and normal where asked', () => {
    const random = new Random('many');
    const count = 20_000;
    const bins = new Array<number>(10).fill(0);
    for (let i = 0; i < count; i++) bins[Math.floor(random.next() * 10)]! += 1;
    for (const bin of bins) expect(Math.abs(bin - count / 10)).toBeLessThan(5 * Math.sqrt(count / 10));
    const normal = Array.from({ length: count }, () => random.gaussian());
    const mean = normal.reduce((sum, x) => sum + x, 0) / count;
    const variance = normal.reduce((sum, x) => sum + (x - mean) ** 2, 0) / count;
    expect(Math.abs(mean)).toBeLessThan(5 / Math.sqrt(count));
    expect(Math.abs(variance - 1)).toBeLessThan(0.05);
  });

  test('keep to their ranges', () => {
    const random = new Random('ranges');
    const seen = new Set(Array.from({ length: 200 }, () => random.integer(3, 5)));
    expect([...seen].sort()).toEqual([3, 4, 5]);
    expect(() => random.pick([])).toThrow(RangeError);
  });
});

describe('the perspective map', () => {
  const quad: Quad = [
    [10, 20],
    [210, 5],
    [190, 160],
    [30, 120],
  ];

  test('takes the rectangle’s corners to the quad’s', () => {
    const map = rectangleToQuad(300, 100, quad);
    const corners: Point[] = [
      [0, 0],
      [300, 0],
      [300, 100],
      [0, 100],
    ];
    corners.forEach((corner, index) => {
      const [x, y] = project(map, corner);
      expect(x).toBeCloseTo(quad[index]![0], 9);
      expect(y).toBeCloseTo(quad[index]![1], 9);
    });
  });

  test('is undone by its inverse', () => {
    const map = rectangleToQuad(300, 100, quad);
    const back = invert(map);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 100 }), (x, y) => {
        const [bx, by] = project(back, project(map, [x, y]));
        expect(bx).toBeCloseTo(x, 6);
        expect(by).toBeCloseTo(y, 6);
      }),
    );
  });
});

describe('the committed samples', () => {
  test('are those that the drawing code knows, each with its text and one label', async () => {
    const labels = await readLabels();
    expect(labels.map(({ image }) => image)).toEqual(
      Object.entries(samples).map(([name, { format }]) => `${name}.${format}`),
    );
    for (const label of labels) {
      const metadata = await sharp(join(folder, label.image)).metadata();
      expect([metadata.width, metadata.height]).toEqual([label.width, label.height]);
      const text = await readFile(join(folder, label.image.replace(/\.\w+$/, '.txt')), 'utf8');
      expect(text).toBe(`${label.lines.map((line) => line.text).join('\n')}\n`);
      expect(label.text).toBe(text.trimEnd());
    }
  });

  test('have clockwise outlines inside their pictures', async () => {
    for (const { image, width, height, lines } of await readLabels()) {
      for (const { text, poly, polygon } of lines) {
        for (const outline of polygon ? [poly, polygon] : [poly]) {
          expect(signedArea(outline), `${image}: ${text}`).toBeGreaterThan(100);
          for (const [x, y] of outline) {
            expect(x >= 0 && x <= width && y >= 0 && y <= height, `${image}: ${text} at ${x}, ${y}`).toBe(true);
          }
        }
      }
    }
  });

  test('stay small', async () => {
    const sizes = await Promise.all((await readdir(folder)).map(async (name) => (await stat(join(folder, name))).size));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(3e6);
    expect((await stat(join(folder, 'street.png'))).size).toBeLessThan(1e6);
  });

  test.each(Object.keys(samples))('%s is drawn again with the same truth', async (name) => {
    const [drawing, labels] = await Promise.all([drawSample(name), readLabels()]);
    const { format } = samples[name]!;
    const committed = labels.find(({ image }) => image === `${name}.${format}`);
    expect(JSON.parse(labelOf(`${name}.${format}`, drawing))).toEqual(committed);
  });

  test('are other pictures with another seed', async () => {
    const [one, same, other] = await Promise.all(['one', 'one', 'other'].map((seed) => drawSample('receipt', seed)));
    expect(same!.lines).toEqual(one!.lines);
    expect(same!.canvas.data().equals(one!.canvas.data())).toBe(true);
    expect(other!.lines.map(({ poly }) => poly)).not.toEqual(one!.lines.map(({ poly }) => poly));
    expect(textOf(other!)).toBe(textOf(one!));
  });

  test('of unknown name are refused', () => {
    expect(() => drawSample('nothing')).toThrow(/no sample “nothing”.*street/);
  });
});

describe('odd pictures', () => {
  /** Gray levels: printing inks reach fewer colors; opacity has no color at all and was stretched. */
  const tolerance: Record<string, number> = { 'CMYK JPEG': 14, 'PNG with alpha': 24 };
  let source: Buffer;
  let pixels: Buffer;

  beforeAll(async () => {
    source = await readFile(join(folder, 'line.png'));
    pixels = await decode(source);
  });

  test('that can be read show what their source shows', async () => {
    const pictures = await readablePictures(source);
    expect(new Set(pictures.map(({ name }) => name)).size).toBe(pictures.length);
    for (const { name, bytes } of pictures) {
      expect(meanDifference(await decode(bytes), pixels), name).toBeLessThan(tolerance[name] ?? 6);
    }
  });

  test('really are what their names say', async () => {
    const named = new Map((await readablePictures(source)).map(({ name, bytes }) => [name, bytes]));
    const of = (name: string) => sharp(named.get(name)!).metadata();
    expect(await of('CMYK JPEG')).toMatchObject({ format: 'jpeg', space: 'cmyk', channels: 4 });
    expect(await of('16-bit PNG')).toMatchObject({ format: 'png', depth: 'ushort' });
    expect(await of('gray PNG')).toMatchObject({ format: 'png', channels: 1 });
    expect(await of('PNG with alpha')).toMatchObject({ format: 'png', hasAlpha: true });
    expect(await of('palette PNG')).toMatchObject({ format: 'png', isPalette: true });
    expect(await of('animated GIF')).toMatchObject({ format: 'gif', pages: 2 });
    expect(await of('TIFF of two pages')).toMatchObject({ format: 'tiff', pages: 2 });
    expect(await of('AVIF')).toMatchObject({ format: 'heif', compression: 'av1' });
    expect(await of('WebP')).toMatchObject({ format: 'webp' });
    expect(await of('progressive JPEG')).toMatchObject({ isProgressive: true });
  });

  test('of each orientation are stored turned', async () => {
    const stored = new Set<string>();
    for (const orientation of orientations) {
      const bytes = await orientedJpeg(source, orientation);
      expect((await sharp(bytes).metadata()).orientation).toBe(orientation);
      stored.add((await sharp(bytes).raw().toBuffer()).toString('latin1'));
    }
    expect(stored.size).toBe(8);
  });

  test('of several pages keep each page', async () => {
    const other = await sharp(source).negate({ alpha: false }).png().toBuffer();
    for (const bytes of [await multiPageTiff([source, other]), await animatedGif([source, other])]) {
      const second = await sharp(bytes, { page: 1 }).removeAlpha().toColorspace('srgb').raw().toBuffer();
      expect(meanDifference(second, await decode(other))).toBeLessThan(6);
    }
  });

  test('with opacity alone are empty on black', async () => {
    const onBlack = await sharp(await alphaPng(source))
      .flatten({ background: '#000000' })
      .raw()
      .toBuffer();
    expect(onBlack.every((value) => value === 0)).toBe(true);
  });

  test('that are broken cannot be decoded', async () => {
    for (const { name, bytes } of await brokenPictures(source)) {
      const decoding = Promise.resolve().then(() => sharp(bytes, { failOn: 'warning' }).raw().toBuffer());
      await expect(decoding, name).rejects.toThrow();
    }
  });

  test('claim a size in few bytes', async () => {
    const bytes = pngClaiming(60_000, 60_000);
    expect(bytes.length).toBeLessThan(100);
    expect(await sharp(bytes, { limitInputPixels: false }).metadata()).toMatchObject({ width: 60_000, height: 60_000 });
  });
});

/** Upright, on white, three channels of 8 bits. */
function decode(bytes: Buffer): Promise<Buffer> {
  return sharp(bytes).autoOrient().flatten({ background: '#ffffff' }).toColorspace('srgb').raw().toBuffer();
}

function meanDifference(a: Buffer, b: Buffer): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i]! - b[i]!);
  return sum / a.length;
}
