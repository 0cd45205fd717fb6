import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { native } from '../../lib/native.ts';
import { Backgrounds } from '../../lib/synth/backgrounds.ts';
import { fractalNoise } from '../../lib/synth/noise.ts';
import { project } from '../../lib/synth/perspective.ts';
import { Random } from '../../lib/synth/random.ts';
import { drawTexture } from '../../lib/synth/textures.ts';
import { newContext } from '../native/native-context.ts';

let folder: string;
const context = newContext(1);

/** Left half red, right half blue. */
const halves = Buffer.from(
  Array.from({ length: 300 * 200 }, (_, i) => (i % 300 < 150 ? [200, 20, 20] : [20, 20, 200])).flat(),
);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'placard-backgrounds-'));
  await mkdir(join(folder, 'good', 'backgrounds'), { recursive: true });
  await mkdir(join(folder, 'broken', 'backgrounds'), { recursive: true });
  await mkdir(join(folder, 'empty', 'backgrounds'), { recursive: true });
  const picture = sharp(halves, { raw: { width: 300, height: 200, channels: 3 } });
  await picture.webp({ lossless: true }).toFile(join(folder, 'good', 'backgrounds', 'halves.webp'));
  await writeFile(join(folder, 'broken', 'backgrounds', 'a.webp'), 'no picture');
  await writeFile(join(folder, 'empty', 'backgrounds', 'SOURCES.md'), 'none');
});

afterAll(() => rm(folder, { recursive: true }));

describe('noise', () => {
  test('keeps to 0 … 1 about its middle, and goes on where it began', () => {
    const [width, height] = [96, 80];
    const noise = fractalNoise(new Random('noise'), width, height, { columns: 3, rows: 5, octaves: 4 });
    const mean = noise.reduce((sum, value) => sum + value, 0) / noise.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.08);
    expect(Math.min(...noise)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...noise)).toBeLessThanOrEqual(1);
    const step = (a: number, b: number) => Math.abs(noise[a]! - noise[b]!);
    const within: number[] = [];
    const across: number[] = [];
    for (let y = 0; y < height; y++) {
      within.push(step(y * width + 40, y * width + 41));
      across.push(step(y * width + width - 1, y * width));
    }
    expect(Math.max(...across)).toBeLessThan(3 * Math.max(...within));
  });

  test('has blobs of the size that is asked for', () => {
    const roughness = (columns: number) => {
      const noise = fractalNoise(new Random('size'), 128, 128, { columns, rows: 2, octaves: 1 });
      return noise.reduce((sum, value, i) => sum + (i % 128 ? Math.abs(value - noise[i - 1]!) : 0), 0);
    };
    expect(roughness(32)).toBeGreaterThan(6 * roughness(2));
  });
});

describe('textures', () => {
  test('are the same for the same seed, and differ from one another', () => {
    const textures = Array.from({ length: 24 }, (_, i) => Buffer.from(drawTexture(new Random(`texture/${i}`), 64)));
    expect(Buffer.from(drawTexture(new Random('texture/3'), 64)).equals(textures[3]!)).toBe(true);
    expect(new Set(textures.map((texture) => texture.toString('base64'))).size).toBe(24);
    expect(textures.every((texture) => texture.length === 64 * 64 * 3)).toBe(true);
  });
});

describe('crops', () => {
  test('depend on the random numbers alone, not on what was cropped before', async () => {
    const one = await Backgrounds.open({ context, side: 96, textures: 8, folder: join(folder, 'good') });
    const other = await Backgrounds.open({ context, side: 96, textures: 8, folder: join(folder, 'good') });
    for (let i = 0; i < 20; i++) await other.crop(new Random(`before/${i}`), 40, 20);
    for (let i = 0; i < 12; i++) {
      const a = await one.crop(new Random(`crop/${i}`), 60, 20);
      const b = await other.crop(new Random(`crop/${i}`), 60, 20);
      expect(a.matrix).toEqual(b.matrix);
      const part = { left: 10, top: 0, right: 50, bottom: 20 };
      expect(a.meanColorIn(part)).toEqual(b.meanColorIn(part));
      const [pixels, others] = await Promise.all([a, b].map(({ image }) => native().imagePixels(context, { image })));
      expect(Buffer.from(pixels!).equals(Buffer.from(others!))).toBe(true);
    }
    await Promise.all([one.dispose(), other.dispose()]);
  });

  test('of photographs lie inside where they fit, and tell their mean color', async () => {
    const backgrounds = await Backgrounds.open({ context, textures: 1, side: 300, folder: join(folder, 'good') });
    let photographs = 0;
    for (let i = 0; i < 60; i++) {
      const { image, matrix, meanColorIn } = await backgrounds.crop(new Random(`inside/${i}`), 100, 40);
      if (image.width !== 300 || image.height !== 200) continue;
      photographs += 1;
      const corners = (
        [
          [0, 0],
          [100, 0],
          [100, 40],
          [0, 40],
        ] as const
      ).map(([x, y]) => project([...matrix], [x, y]));
      for (const [x, y] of corners) {
        // A slight turn may take a corner out by a few pixels, which the mirrored border fills.
        expect(x).toBeGreaterThan(-12);
        expect(x).toBeLessThan(312);
        expect(y).toBeGreaterThan(-12);
        expect(y).toBeLessThan(212);
      }
      const meanColor = meanColorIn({ left: 0, top: 0, right: 100, bottom: 40 });
      const xs = corners.map(([x]) => x);
      if (Math.max(...xs) < 130)
        expect(meanColor).toEqual([expect.closeTo(200, 0), expect.closeTo(20, 0), expect.closeTo(20, 0)]);
      if (Math.min(...xs) > 170)
        expect(meanColor).toEqual([expect.closeTo(20, 0), expect.closeTo(20, 0), expect.closeTo(200, 0)]);
    }
    expect(photographs).toBeGreaterThan(20);
    await backgrounds.dispose();
  });

  test('are what a picture shows that is photographed over them', async () => {
    const backgrounds = await Backgrounds.open({ context, textures: 6, side: 300, folder: join(folder, 'good') });
    const [width, height] = [120, 48];
    const layers = { pixels: [], sizes: new Int32Array(), matrices: new Float32Array() };
    for (let i = 0; i < 24; i++) {
      const { image: background, matrix, meanColorIn } = await backgrounds.crop(new Random(`seen/${i}`), width, height);
      const meanColor = meanColorIn({ left: 0, top: 0, right: width, bottom: height });
      const picture = { background, matrix, width, height, layers, camera: { seed: 1 } };
      const pixels = await native().photograph(context, picture);
      for (let channel = 0; channel < 3; channel++) {
        let sum = 0;
        for (let at = channel; at < pixels.length; at += 3) sum += pixels[at]!;
        // A sample of 25 cells; the halves' border may fall between two of them.
        expect(Math.abs(sum / (width * height) - meanColor[channel]!)).toBeLessThan(20);
      }
    }
    await backgrounds.dispose();
  });

  test('are kept in bounded memory, and give it back', async () => {
    const before = native().state().liveBytes;
    const bytes = 64 * 64 * 3;
    const backgrounds = await Backgrounds.open({ context, side: 64, textures: 16, keptBytes: 4 * bytes });
    const images = new Set<unknown>();
    for (let i = 0; i < 40; i++) images.add((await backgrounds.crop(new Random(`kept/${i}`), 30, 30)).image);
    // Those that were forgotten are drawn anew.
    expect(images.size).toBeGreaterThan(16);
    for (const image of images) (image as { dispose(): void }).dispose();
    await backgrounds.dispose();
    expect(native().state().liveBytes).toBe(before);
  });

  test('wait for one another where they want the same texture', async () => {
    const backgrounds = await Backgrounds.open({ context, side: 64, textures: 1 });
    const crops = await Promise.all(Array.from({ length: 6 }, (_, i) => backgrounds.crop(new Random(i), 30, 30)));
    expect(new Set(crops.map(({ image }) => image)).size).toBe(1);
    await backgrounds.dispose();
  });

  test('of a folder without pictures, or with a broken one, are refused with its path', async () => {
    for (const name of ['empty', 'missing']) {
      await expect(Backgrounds.open({ context, folder: join(folder, name) })).rejects.toMatchObject({
        code: 'ERR_PLACARD_MATERIALS_MISSING',
        message: expect.stringMatching(new RegExp(`${name}/backgrounds holds no pictures.*npm run materials`)),
      });
    }
    const backgrounds = await Backgrounds.open({ context, side: 64, textures: 1, folder: join(folder, 'broken') });
    const crops = await Promise.allSettled(Array.from({ length: 8 }, (_, i) => backgrounds.crop(new Random(i), 9, 9)));
    const failed = crops.filter((crop) => crop.status === 'rejected');
    expect(failed.length).toBeGreaterThan(0);
    for (const { reason } of failed) {
      expect(reason).toMatchObject({ code: 'ERR_PLACARD_DECODE_FAILED', message: expect.stringContaining('a.webp') });
    }
    await backgrounds.dispose();
  });
});
