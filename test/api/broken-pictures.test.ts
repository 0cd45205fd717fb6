import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../lib/engine.ts';
import { errorTable, PlacardError } from '../../lib/errors.ts';
import type { PictureInput } from '../../lib/input.ts';
import type { Quad, Reading } from '../../lib/reading.ts';
import { brokenPictures, garbage, pngClaiming, truncated } from '../../lib/synth/odd-pictures.ts';
import { Random } from '../../lib/synth/random.ts';
import { blank, line, openEngine, sampleBytes, samplePath, samplePixels, timeless } from './engine-harness.ts';

const codes = Object.keys(errorTable).map((name) => `ERR_PLACARD_${name}`);
/** What a broken picture's own bytes may be blamed for; anything else would blame the caller or placard. */
const blame = ['DECODE_FAILED', 'UNSUPPORTED_FORMAT', 'EMPTY_INPUT', 'IMAGE_TOO_LARGE'].map(
  (name) => `ERR_PLACARD_${name}`,
);
/** A refusal takes some milliseconds, a reading of these pictures some tens: the rest is for a machine that is busy. */
const longestMilliseconds = 2000;

let engine: Engine;
let source: Buffer;
let wanted: Omit<Reading, 'timings'>;

beforeAll(async () => {
  engine = await openEngine({ limits: { pixels: 2_000_000 } });
  source = await sharp(sampleBytes(line.name)).extract({ left: 0, top: 0, width: 200, height: 72 }).png().toBuffer();
  wanted = timeless(await engine.recognize(samplePath(line.name), { layout: 'line' }));
});

type Outcome = { reading: Reading } | { code: string; message: string };

/** Reads what may be broken. Fails for an error that is not placard's, is not in the table, or comes late. */
async function outcome(input: PictureInput): Promise<Outcome> {
  const began = performance.now();
  const result = await engine.recognize(input).then(
    (reading): Outcome => ({ reading }),
    (error: unknown): Outcome => {
      if (!PlacardError.is(error)) throw error;
      expect(codes).toContain(error.code);
      return { code: error.code, message: error.message };
    },
  );
  expect(performance.now() - began).toBeLessThan(longestMilliseconds);
  return result;
}

/** The engine reads on as before, and holds nothing of what it refused. */
async function expectUnharmed(): Promise<void> {
  expect(timeless(await engine.recognize(samplePath(line.name), { layout: 'line' }))).toEqual(wanted);
  expect(engine.stats()).toMatchObject({ liveBytes: 0, queue: { count: 0, pixels: 0, waiting: 0 } });
}

const encoders = {
  JPEG: (picture: Buffer) => sharp(picture).jpeg().toBuffer(),
  PNG: (picture: Buffer) => sharp(picture).png().toBuffer(),
  WebP: (picture: Buffer) => sharp(picture).webp({ lossless: true }).toBuffer(),
  TIFF: (picture: Buffer) => sharp(picture).tiff({ compression: 'lzw' }).toBuffer(),
  GIF: (picture: Buffer) => sharp(picture).gif().toBuffer(),
  AVIF: (picture: Buffer) => sharp(picture).avif({ effort: 2 }).toBuffer(),
} as const;
const formats = Object.keys(encoders) as (keyof typeof encoders)[];

/** First bytes by which programs tell what a file is. */
const magics: Record<string, Buffer> = {
  JPEG: Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16, ...Buffer.from('JFIF\0')]),
  PNG: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
  WebP: Buffer.from('RIFF\x00\x10\x00\x00WEBPVP8 ', 'latin1'),
  TIFF: Buffer.from('II*\x00\x08\x00\x00\x00', 'latin1'),
  'big-endian TIFF': Buffer.from('MM\x00*\x00\x00\x00\x08', 'latin1'),
  GIF: Buffer.from('GIF89a', 'latin1'),
  AVIF: Buffer.from('\x00\x00\x00\x1cftypavif\x00\x00\x00\x00', 'latin1'),
};

const foreign: Record<string, Buffer> = {
  SVG: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="90" height="30"><text y="20">Hello</text></svg>'),
  'SVG with a prolog': Buffer.from(
    '<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
  ),
  PDF: Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF'),
  HEIC: Buffer.from('\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic\x00\x00\x00\x08mdat', 'latin1'),
  ZIP: Buffer.from('PK\x03\x04\x14\x00\x00\x00', 'latin1'),
  BMP: Buffer.from('BM\x46\x00\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00', 'latin1'),
  HTML: Buffer.from('<!doctype html><p>Not found'),
};

describe('a broken picture', () => {
  it('of every kind that is drawn broken fails as it should', async () => {
    for (const { name, bytes, error } of await brokenPictures(source)) {
      expect([name, await outcome(bytes)]).toEqual([name, expect.objectContaining({ code: `ERR_PLACARD_${error}` })]);
    }
    await expectUnharmed();
  });

  it.each(formats)('that is a %s cut short fails, or shows what is there', async (format) => {
    const whole = await encoders[format](source);
    const lengths = [1, 2, 3, 4, 8, 12, 16, 24, 32, 64, 100];
    const shares = [0.25, 0.5, 0.75, 0.95].map((share) => truncated(whole, share).length);
    let failed = 0;
    for (const length of [...lengths, ...shares, whole.length - 1].filter((one) => one < whole.length)) {
      const result = await outcome(whole.subarray(0, length));
      if (!('code' in result)) continue;
      failed++;
      expect(blame).toContain(result.code);
    }
    // A trailer that is missing costs no pixel.
    expect(failed).toBeGreaterThanOrEqual(14);
    expect(await outcome(truncated(whole, 0.5))).toMatchObject({ code: 'ERR_PLACARD_DECODE_FAILED' });
    await expectUnharmed();
  });

  it.each(Object.keys(magics))('that begins like a %s and goes on as garbage fails', async (format) => {
    for (const length of [0, 16, 300, 5000]) {
      const result = await outcome(Buffer.concat([magics[format]!, garbage(length, length)]));
      expect(result).toMatchObject({ code: expect.stringMatching(/^ERR_PLACARD_(DECODE_FAILED|UNSUPPORTED_FORMAT)$/) });
    }
    await expectUnharmed();
  });

  it.each(Object.keys(foreign))('that is %s is of no format that is read', async (format) => {
    expect(await outcome(foreign[format]!)).toMatchObject({
      code: expect.stringMatching(/^ERR_PLACARD_(DECODE_FAILED|UNSUPPORTED_FORMAT)$/),
    });
    await expectUnharmed();
  });

  it.each([
    [60_000, 60_000, 'IMAGE_TOO_LARGE'],
    [2_147_483_647, 1, 'DECODE_FAILED'],
    [0xffffffff, 0xffffffff, 'DECODE_FAILED'],
    [1, 2_000_001, 'IMAGE_TOO_LARGE'],
    [1000, 1000, 'DECODE_FAILED'],
    [0, 0, 'DECODE_FAILED'],
  ])('whose header claims %d x %d pixels is refused before they are made', async (width, height, name) => {
    const before = process.memoryUsage().rss;
    const result = await outcome(pngClaiming(width, height));
    expect('code' in result && [`ERR_PLACARD_${name}`, 'ERR_PLACARD_DECODE_FAILED']).toContain(
      'code' in result ? result.code : '',
    );
    if (width === 60_000) expect(result).toMatchObject({ message: expect.stringContaining('60000 x 60000') });
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 2 ** 20);
    await expectUnharmed();
  });

  it.each(formats)('that is a %s with bytes changed fails or is read, every time', async (format) => {
    const whole = await encoders[format](source);
    const random = new Random(`mutations of ${format}`);
    const tally = { read: 0, failed: 0 };
    for (let i = 0; i < 40; i++) {
      const bytes = Buffer.from(whole);
      // Every other time the header's bytes only: later ones mostly change pixels.
      const reach = i % 2 === 0 ? Math.min(200, bytes.length) : bytes.length;
      for (let changes = random.integer(1, 8); changes > 0; changes--) {
        bytes[random.integer(0, reach - 1)] = random.integer(0, 255);
      }
      const result = await outcome(bytes);
      if ('code' in result) {
        expect(blame).toContain(result.code);
        tally.failed++;
      } else {
        for (const found of result.reading.lines) expect(found.quad.flat().every(Number.isFinite)).toBe(true);
        tally.read++;
      }
    }
    expect(tally.failed).toBeGreaterThan(3);
    await expectUnharmed();
  });

  it('among good ones fails alone, however many come at once', async () => {
    const good = samplePath(line.name);
    const broken = (await brokenPictures(source)).map(({ bytes }) => bytes);
    const inputs = broken.flatMap((bytes, i): PictureInput[] => (i % 3 === 0 ? [bytes, good] : [bytes]));
    const results = await Promise.allSettled(inputs.map((input) => engine.recognize(input, { layout: 'line' })));
    results.forEach((result, i) => {
      expect(result.status).toBe(inputs[i] === good ? 'fulfilled' : 'rejected');
      if (result.status === 'fulfilled') expect(timeless(result.value)).toEqual(wanted);
      else expect(PlacardError.is(result.reason)).toBe(true);
    });
    await expectUnharmed();
  });
});

describe('pixels', () => {
  it.each([
    ['too few bytes', { data: new Uint8Array(11) }],
    ['no bytes', { data: new Uint8Array(0) }],
    ['a stride of less than a row', { stride: 5 }],
    ['a stride of more than the bytes', { stride: 1000 }],
    ['five channels', { channels: 5 }],
    ['no channels', { channels: 0 }],
    ['two and a half channels', { channels: 2.5 }],
    ['a negative width', { width: -2 }],
    ['a width that is no number', { width: Number.NaN }],
    ['an endless height', { height: Number.POSITIVE_INFINITY }],
    ['sixteen bits', { data: new Uint16Array(100) }],
    ['numbers in an array', { data: [1, 2, 3] }],
    ['nothing for bytes', { data: null }],
    ['an unknown order', { order: 'grb' }],
  ])('with %s are refused', async (_, change) => {
    const pixels = { data: new Uint8Array(12), width: 2, height: 2, channels: 3, ...change };
    expect(await outcome(pixels as PictureInput)).toMatchObject({ code: 'ERR_PLACARD_INVALID_ARGUMENT' });
  });

  it('of no size are empty, too many are too many', async () => {
    expect(await outcome(blank(0, 5))).toMatchObject({ code: 'ERR_PLACARD_EMPTY_INPUT' });
    expect(await outcome(blank(5, 0))).toMatchObject({ code: 'ERR_PLACARD_EMPTY_INPUT' });
    expect(await outcome(blank(2000, 1001))).toMatchObject({ code: 'ERR_PLACARD_IMAGE_TOO_LARGE' });
    await expectUnharmed();
  });

  it.each([null, undefined, 7, true, Symbol('picture'), () => {}, [], {}, new Date(0), 10n])(
    'are not %s',
    async (value) => {
      expect(await outcome(value as unknown as PictureInput)).toMatchObject({ code: 'ERR_PLACARD_INVALID_ARGUMENT' });
    },
  );
});

describe('quads', () => {
  const square = (side: number): Quad => [
    [0, 0],
    [side, 0],
    [side, side],
    [0, side],
  ];
  const cyclic: unknown[] = [];
  cyclic.push(cyclic);

  it.each<[string, unknown]>([
    [
      'NaN',
      [
        [0, 0],
        [9, 0],
        [9, Number.NaN],
        [0, 9],
      ],
    ],
    [
      'infinity',
      [
        [0, 0],
        [Number.POSITIVE_INFINITY, 0],
        [9, 9],
        [0, 9],
      ],
    ],
    [
      'three points',
      [
        [0, 0],
        [9, 0],
        [9, 9],
      ],
    ],
    [
      'a point of three',
      [
        [0, 0, 0],
        [9, 0, 0],
        [9, 9, 0],
        [0, 9, 0],
      ],
    ],
    ['no points', [null, undefined, null, null]],
    [
      'objects for points',
      [
        { x: 0, y: 0 },
        { x: 9, y: 0 },
        { x: 9, y: 9 },
        { x: 0, y: 9 },
      ],
    ],
    [
      'big integers',
      [
        [0n, 0n],
        [9n, 0n],
        [9n, 9n],
        [0n, 9n],
      ],
    ],
    ['itself', cyclic],
    ['nothing', null],
  ])('of %s are refused', async (_, quad) => {
    const pixels = await samplePixels(line.name);
    for (const quads of [[quad], [square(9), quad]]) {
      await expect(engine.rectify(pixels, quads as Quad[])).rejects.toMatchObject({
        code: 'ERR_PLACARD_INVALID_ARGUMENT',
        message: expect.stringContaining(`quads[${quads.length - 1}]`),
      });
    }
    await expectUnharmed();
  });

  it.each([null, undefined, 5, {}, 'quads'])('that are %s are refused', async (quads) => {
    await expect(engine.rectify(blank(), quads as unknown as Quad[])).rejects.toMatchObject({
      code: 'ERR_PLACARD_INVALID_ARGUMENT',
    });
  });

  it.each(['5', null, {}, [null], [{}], ['line.png']])('images of lines that are %j are refused', async (images) => {
    await expect(engine.recognizeLines(images as never)).rejects.toMatchObject({
      code: 'ERR_PLACARD_INVALID_ARGUMENT',
    });
    await expectUnharmed();
  });

  it('of more pixels together than a picture may have are refused', async () => {
    await expect(engine.rectify(blank(), [square(1e6)])).rejects.toMatchObject({ code: 'ERR_PLACARD_IMAGE_TOO_LARGE' });
    const many = Array.from({ length: 3 }, () => square(900));
    await expect(engine.rectify(blank(), many)).rejects.toMatchObject({
      message: 'The quads have 2430000 pixels together but limits.pixels is 2000000.',
    });
    for (const image of await engine.rectify(blank(), many.slice(1))) image.dispose();
    await expectUnharmed();
  });

  it('of any finite points give images or an error, in time', async () => {
    const random = new Random('quads');
    const scales = [1e-30, 1e-3, 1, 300, 1e5, 1e9, 1e30];
    const image = await engine.decode(samplePath(line.name));
    for (let i = 0; i < 60; i++) {
      const scale = scales[i % scales.length]!;
      const number = () => random.pick([0, 1, random.between(-scale, scale), random.between(0, scale)]);
      const quad: Quad = [
        [number(), number()],
        [number(), number()],
        [number(), number()],
        [number(), number()],
      ];
      const began = performance.now();
      const images = await engine.rectify(image, [quad]).catch((error: unknown) => {
        if (!PlacardError.is(error)) throw error;
        expect(codes).toContain(error.code);
        return [];
      });
      expect(performance.now() - began).toBeLessThan(longestMilliseconds);
      for (const one of images) one.dispose();
    }
    image.dispose();
    await expectUnharmed();
  });
});
