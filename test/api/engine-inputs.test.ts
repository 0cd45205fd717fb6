import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../lib/engine.ts';
import type { PictureInput, RawPixels } from '../../lib/input.ts';
import { native } from '../../lib/native.ts';
import type { Reading } from '../../lib/reading.ts';
import { animatedGif, multiPageTiff } from '../../lib/synth/odd-pictures.ts';
import { blank, line, openEngine, sampleBytes, samplePath, samplePixels, timeless } from './engine-harness.ts';

let engine: Engine;
let pixels: RawPixels;
let wanted: Omit<Reading, 'timings'>;

beforeAll(async () => {
  engine = await openEngine();
  pixels = await samplePixels(line.name);
  wanted = timeless(await engine.recognize(samplePath(line.name), { layout: 'line' }));
});

const read = async (input: PictureInput) => timeless(await engine.recognize(input, { layout: 'line' }));

/** The same rows with some bytes between them. */
function strided({ data, width, height, channels }: RawPixels, gap: number): RawPixels {
  const stride = width * channels + gap;
  const padded = new Uint8Array(stride * height).fill(77);
  for (let y = 0; y < height; y++) {
    padded.set(data.subarray(y * width * channels, (y + 1) * width * channels), y * stride);
  }
  return { data: padded, width, height, channels, stride };
}

/** Red and blue swapped. */
function swapped(data: RawPixels['data']): Uint8Array {
  const bgr = Uint8Array.from(data);
  for (let i = 0; i < bgr.length; i += 3) [bgr[i], bgr[i + 2]] = [bgr[i + 2]!, bgr[i]!];
  return bgr;
}

function withAlpha(data: RawPixels['data']): Uint8Array {
  return Uint8Array.from({ length: (data.length / 3) * 4 }, (_, i) =>
    i % 4 === 3 ? 255 : data[(i >> 2) * 3 + (i % 4)]!,
  );
}

describe('the same picture', () => {
  it('says what is in it', () => {
    expect(wanted).toMatchObject({ text: line.text, width: 940, height: 72, rotation: 0 });
  });

  it.each<[string, () => PictureInput]>([
    ['a Buffer', () => sampleBytes(line.name)],
    ['a Uint8Array', () => new Uint8Array(sampleBytes(line.name))],
    ['an ArrayBuffer', () => Uint8Array.from(sampleBytes(line.name)).buffer],
    ['a view into more bytes', () => Buffer.concat([Buffer.alloc(9), sampleBytes(line.name)]).subarray(9)],
    ['raw RGB', () => pixels],
    ['clamped bytes', () => ({ ...pixels, data: Uint8ClampedArray.from(pixels.data) })],
    ['rows with a stride', () => strided(pixels, 13)],
    ['raw BGR', () => ({ ...pixels, data: swapped(pixels.data), order: 'bgr' })],
    ['raw RGBA', () => ({ ...pixels, data: withAlpha(pixels.data), channels: 4 })],
    [
      'a Mat',
      () => ({
        rows: pixels.height,
        cols: pixels.width,
        channels: 3,
        getData: () => Buffer.from(swapped(pixels.data)),
      }),
    ],
  ])('reads the same as %s', async (_, input) => {
    expect(await read(input())).toEqual(wanted);
  });

  it('may change, be transferred or be lost once the call is made', async () => {
    const bytes = Uint8Array.from(sampleBytes(line.name));
    const overwritten = read(bytes);
    bytes.fill(0);
    const raw = { ...pixels, data: Uint8Array.from(pixels.data) };
    const transferred = read(raw);
    structuredClone(raw.data.buffer, { transfer: [raw.data.buffer as ArrayBuffer] });
    expect(await overwritten).toEqual(wanted);
    expect(await transferred).toEqual(wanted);
    await expect(read(raw)).rejects.toMatchObject({ code: 'ERR_PLACARD_DETACHED_BUFFER' });
  });

  it('reads the same whatever came before it', async () => {
    await engine.recognize(samplePath('shop-sign.jpg'));
    expect(await read(samplePath(line.name))).toEqual(wanted);
  });
});

describe('a reading', () => {
  it('is plain and survives JSON and structured clones', async () => {
    const reading = await engine.recognize(samplePath(line.name));
    expect(JSON.parse(JSON.stringify(reading))).toEqual(reading);
    expect(structuredClone(reading)).toEqual(reading);
    expect(reading).toMatchObject({
      reader: 'general',
      provider: 'cpu',
      models: { detector: 'pp-ocrv4-detector', recognizer: 'pp-ocrv4-recognizer' },
    });
  });

  it('of nothing is empty', async () => {
    for (const input of [blank(1, 1), blank(640, 480), blank(3000, 2)]) {
      const { text, lines, blocks, width, height } = await engine.recognize(input);
      expect({ text, lines, blocks }).toEqual({ text: '', lines: [], blocks: [] });
      expect([width, height]).toEqual([(input as RawPixels).width, (input as RawPixels).height]);
    }
  });
});

describe('pages', () => {
  const page = (index: number, input: PictureInput) => engine.recognize(input, { page: index, layout: 'line' });

  it('of a TIFF, and frames of an animation, are read each by its number', async () => {
    const first = await sharp(samplePath(line.name)).png().toBuffer();
    const second = await sharp(first)
      .extract({ left: 0, top: 0, width: 400, height: 72 })
      .resize(940, 72, {
        fit: 'contain',
        position: 'left',
        background: '#ffffff',
      })
      .png()
      .toBuffer();
    for (const file of [await multiPageTiff([first, second]), await animatedGif([first, second])]) {
      expect((await page(0, file)).text).toBe(line.text);
      expect((await engine.recognize(file, { layout: 'line' })).text).toBe(line.text);
      const other = await page(1, file);
      expect(other.text).toMatch(/^The f ?erry/);
      expect(other.text.length).toBeLessThan(25);
      expect([other.width, other.height]).toEqual([940, 72]);
      await expect(page(2, file)).rejects.toMatchObject({
        code: 'ERR_PLACARD_PAGE_OUT_OF_RANGE',
        message: 'Expected a page below 2 but received 2.',
      });
    }
  });

  it('of different sizes have each its own', async () => {
    const { data, info } = await sharp(samplePath(line.name)).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    const raw = { width: info.width, height: info.height, channels: 3 as const };
    const tiff = await sharp(data, { raw }).tiff().toBuffer();
    await expect(page(1, tiff)).rejects.toMatchObject({ code: 'ERR_PLACARD_PAGE_OUT_OF_RANGE' });
    expect((await page(0, tiff)).text).toBe(line.text);
  });
});

describe('decode', () => {
  it('gives an image of the picture as a person sees it', async () => {
    const turned = await sharp(samplePath(line.name)).rotate(90).withMetadata({ orientation: 8 }).jpeg().toBuffer();
    const image = await engine.decode(turned);
    expect([image.width, image.height]).toEqual([940, 72]);
    expect((await engine.recognizeLines([image]))[0]!.text).toBe(line.text);
    image.dispose();
  });

  it('counts what it made until it is disposed of', async () => {
    const before = native().state().liveBytes;
    const image = await engine.decode(readFileSync(samplePath(line.name)));
    expect(engine.stats().liveBytes - before).toBeGreaterThanOrEqual(940 * 72 * 3);
    image.dispose();
    expect(engine.stats().liveBytes).toBe(before);
  });
});
