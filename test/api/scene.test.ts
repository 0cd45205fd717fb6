import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../lib/engine.ts';
import { quadHeight, quadWidth } from '../../lib/geometry/quad.ts';
import type { RawPixels } from '../../lib/input.ts';
import type { DetectContract } from '../../lib/models/contract.ts';
import type { Point, TextRegion } from '../../lib/reading.ts';
import { detectContract, modelsFolder } from '../unit/models-folder.ts';
import { NetworkBuilder } from '../unit/onnx-network.ts';
import { blank, line, openEngine, samplePath } from './engine-harness.ts';

/** A network that sees text where a picture is red and links where it is green, at half the size. */
function colorNetwork(): Uint8Array {
  const network = new NetworkBuilder();
  const colors = network.floats([2, 3, 1, 1], [1, 0, 0, 0, 1, 0]);
  const taken = network.node('Conv', ['x', colors], { kernel_shape: [1, 1] });
  return network.bytes([network.node('AveragePool', [taken], { kernel_shape: [2, 2], strides: [2, 2] })]);
}

function contractOf(id: string, weights: Uint8Array): DetectContract {
  const contract = detectContract(id, weights);
  const input = { ...contract.input, mean: [0, 0, 0], std: [1, 1, 1], multipleOf: 32 } as DetectContract['input'];
  return { ...contract, decoder: 'craft', input };
}

type Blob = readonly [x: number, y: number, spread: number, color: readonly [red: number, green: number]];
const character = [1, 0] as const;
const link = [0, 0.9] as const;

/** A blue picture with blobs of red and green that fade from their middles. */
function blobs(width: number, height: number, drawn: readonly Blob[]): RawPixels {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const peaks = [0, 0];
      for (const [left, top, spread, color] of drawn) {
        const shade = Math.exp(-((x - left) ** 2 + (y - top) ** 2) / (2 * spread ** 2));
        color.forEach((share, channel) => {
          peaks[channel] = Math.max(peaks[channel]!, share * shade);
        });
      }
      data.set([255 * peaks[0]!, 255 * peaks[1]!, 128], 3 * (y * width + x));
    }
  }
  return { data, width, height, channels: 3 };
}

/** A word of characters 50 pixels apart, linked. */
const word = (x: number, y: number, count: number): Blob[] =>
  Array.from(
    { length: 2 * count - 1 },
    (_, i): Blob => [x + 25 * i, y, i % 2 === 0 ? 16 : 10, i % 2 === 0 ? character : link],
  );

const center = ({ quad }: TextRegion): Point => [
  quad.reduce((sum, [x]) => sum + x, 0) / 4,
  quad.reduce((sum, [, y]) => sum + y, 0) / 4,
];

let engine: Engine;
beforeAll(async () => {
  const network = colorNetwork();
  const flat = new NetworkBuilder();
  const two = flat.floats([2, 3, 1, 1], [1, 0, 0, 0, 1, 0]);
  const one = flat.bytes([flat.node('Conv', ['x', two], { kernel_shape: [1, 1] })]);
  const folder = modelsFolder({
    'colors/model.json': contractOf('colors', network),
    'colors/weights.onnx': network,
    'whole/model.json': contractOf('whole', one),
    'whole/weights.onnx': one,
  });
  modelsPath = folder;
  engine = await openEngine({ modelsFolder: folder, models: { detector: 'colors' } });
});
let modelsPath: string;

describe('a CRAFT detector', () => {
  const picture = blobs(640, 320, [...word(100, 100, 4), ...word(400, 100, 3), ...word(100, 220, 1)]);

  it('finds words where its maps say, in the pixels of the picture', async () => {
    const regions = await engine.detect(picture);
    expect(regions.map(center)).toEqual([
      [expect.closeTo(175, -1), expect.closeTo(100, -1)],
      [expect.closeTo(450, -1), expect.closeTo(100, -1)],
      [expect.closeTo(100, -1), expect.closeTo(220, -1)],
    ]);
    const [first] = regions;
    expect(quadWidth(first!.quad)).toBeGreaterThan(170);
    expect(quadWidth(first!.quad)).toBeLessThan(230);
    expect(quadHeight(first!.crop)).toBeGreaterThan(quadHeight(first!.quad));
  });

  it('finds the same however large it looks, and where it pads', async () => {
    for (const magRatio of [0.5, 0.77, 1, 2]) {
      const regions = await engine.detect(picture, { magRatio });
      expect(regions).toHaveLength(3);
      for (const [i, [x, y]] of [
        [175, 100],
        [450, 100],
        [100, 220],
      ].entries()) {
        const [foundX, foundY] = center(regions[i]!);
        expect(Math.hypot(foundX - x!, foundY - y!)).toBeLessThan(3 / Math.min(1, magRatio) + 1);
      }
    }
  });

  it('looks no closer than its canvas', async () => {
    const small = await engine.detect(blobs(320, 200, [[100, 100, 6, character]]), { canvasSize: 64 });
    expect(small).toEqual([]);
    expect(await engine.detect(blobs(320, 200, [[100, 100, 6, character]]))).toHaveLength(1);
  });

  it('finds characters by the region map alone, and lines of words', async () => {
    expect(await engine.detect(picture, { granularity: 'char' })).toHaveLength(8);
    const near = blobs(640, 160, [...word(100, 80, 3), ...word(260, 80, 3)]);
    expect(await engine.detect(near, { granularity: 'word' })).toHaveLength(2);
    const lines = await engine.detect(near, { granularity: 'line' });
    expect(lines).toHaveLength(1);
    expect(quadWidth(lines[0]!.quad)).toBeGreaterThan(260);
  });

  it('draws the outline of a bent word, unless told not to', async () => {
    const bent = Array.from({ length: 13 }, (_, i): Blob => {
      const [x, y] = [80 + 37 * i, 260 - Math.trunc(120 * Math.sin((Math.PI * i) / 12))];
      return [x, y, i % 2 === 0 ? 24 : 20, i % 2 === 0 ? character : link];
    });
    const picture = blobs(600, 400, bent);
    const [region] = await engine.detect(picture);
    expect(region!.polygon).toHaveLength(14);
    expect(Object.keys(region!)).toEqual(['quad', 'crop', 'score', 'polygon']);
    const [straight] = await engine.detect(picture, { polygons: false });
    expect(straight!.polygon).toBeUndefined();
    expect(straight!.quad).toEqual(region!.quad);
  });

  it('keeps to its thresholds', async () => {
    const faint = blobs(320, 200, [[100, 100, 20, [0.6, 0]]]);
    expect(await engine.detect(faint)).toEqual([]);
    expect(await engine.detect(faint, { textThreshold: 0.5 })).toHaveLength(1);
    const [wide] = await engine.detect(faint, { textThreshold: 0.5, lowText: 0.2 });
    const [narrow] = await engine.detect(faint, { textThreshold: 0.5, lowText: 0.5 });
    expect(quadWidth(wide!.quad)).toBeGreaterThan(quadWidth(narrow!.quad));
    const two = blobs(320, 200, word(100, 100, 2));
    expect(await engine.detect(two, { linkThreshold: 0.95 })).toHaveLength(2);
  });

  it.each([
    ['nothing', blank(300, 200)],
    ['one pixel', blank(1, 1)],
    ['a hair', blank(3000, 1)],
  ])('finds nothing in %s', async (_, input) => {
    // White is red and green alike: one region as large as the picture.
    const { width, height } = input;
    const black = { ...input, data: new Uint8Array(width * height) };
    expect(await engine.detect(black)).toEqual([]);
    expect((await engine.recognize(black, { reader: 'scene' })).lines).toEqual([]);
  });

  it('has no options of another decoder, and others have none of its', async () => {
    await expect(engine.detect(picture, { mapThreshold: 0.3 })).rejects.toMatchObject({
      code: 'ERR_PLACARD_INVALID_ARGUMENT',
      message: expect.stringMatching(/colors has no option mapThreshold.*textThreshold/),
    });
    const general = await openEngine();
    await expect(general.detect(picture, { lowText: 0.3 })).rejects.toMatchObject({
      message: expect.stringMatching(/pp-ocrv4-detector has no option lowText/),
    });
  });

  it('whose maps are of another shape does not fit its contract', async () => {
    const wrong = await openEngine({ modelsFolder: modelsPath, models: { detector: 'whole' } });
    await expect(wrong.detect(picture)).rejects.toMatchObject({
      code: 'ERR_PLACARD_MODEL_MISMATCH',
      message: expect.stringMatching(/\[1, 2, 240, 480\] for whole but received \[1, 2, 480, 960\]/),
    });
  });

  it('draws its maps over the picture', async () => {
    const { region, affinity, text } = await engine.heatMaps(picture);
    expect(text).toBeUndefined();
    for (const png of [region, affinity]) {
      expect(await sharp(png).metadata()).toMatchObject({ format: 'png', width: 640, height: 320 });
    }
    expect(Buffer.compare(region!, affinity!)).not.toBe(0);
  });
});

describe('the scene reader', () => {
  it('reads words, each as a line, or lines of words', async () => {
    const lines = await engine.recognize(samplePath(line.name), {
      reader: 'scene',
      layout: 'line',
      granularity: 'line',
    });
    expect([lines.reader, lines.text]).toEqual(['scene', line.text]);
    const general = await openEngine();
    const words = await general.recognize(samplePath(line.name), { reader: 'scene' });
    expect(words.lines.map(({ text }) => text)).toEqual(line.text.split(' '));
    expect(words.text).toBe(line.text);
    for (const [i, { quad, chars }] of words.lines.entries()) {
      const next = words.lines[i + 1];
      if (next) expect(quad[1][0]).toBeLessThanOrEqual(next.quad[0][0] + 1);
      expect(chars[0]!.quad[0][0]).toBeCloseTo(quad[0][0], 0);
    }
    const whole = await general.recognize(samplePath(line.name), { reader: 'scene', granularity: 'line' });
    expect(whole.lines.map(({ text }) => text)).toEqual([line.text]);
  });

  it('shows what the network says at each step, on request', async () => {
    const options = { reader: 'scene', layout: 'line', granularity: 'line' } as const;
    const [seen] = (await engine.recognize(samplePath(line.name), { ...options, raw: true })).lines;
    const collapsed = seen!
      .raw!.replace(/(.)\1+/gu, '$1')
      .replaceAll('-', '')
      .replace(/ +/g, ' ')
      .trim();
    expect(collapsed).toBe(line.text);
    const [usual] = (await engine.recognize(samplePath(line.name), options)).lines;
    expect('raw' in usual!).toBe(false);
  });

  it('reads with words in mind', async () => {
    const options = { reader: 'scene', layout: 'line', granularity: 'line' } as const;
    const words = line.text.split(' ').filter((word) => word !== 'ferry');
    const narrowed = await engine.recognize(samplePath(line.name), { ...options, words, wordsOnly: true });
    expect(narrowed.text).not.toContain('ferry');
    expect(narrowed.text).toContain('islands leaves at');
    await expect(engine.recognize(samplePath(line.name), { ...options, wordsOnly: true })).rejects.toMatchObject({
      message: expect.stringMatching(/Expected an array of words for options\.words/),
    });
  });

  it('reads what a CRAFT detector finds with any recognizer', async () => {
    // Red letters on white, on a blue ground: the colors network sees white and red.
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="640" height="200"><rect width="640" height="200" fill="#00f"/>
      <rect x="40" y="60" width="240" height="80" fill="#fff"/><rect x="360" y="60" width="240" height="80" fill="#fff"/>
      <g fill="#f00" font-family="sans-serif" font-size="56" text-anchor="middle"><text x="160" y="120">MARKET</text>
      <text x="480" y="120">BREAD</text></g></svg>`;
    const { data, info } = await sharp(Buffer.from(svg)).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    const picture: RawPixels = { data, width: info.width, height: info.height, channels: 3 };
    const reading = await engine.recognize(picture, { reader: 'scene' });
    expect(reading.lines.map(({ text }) => text)).toEqual(['MARKET', 'BREAD']);
    expect(reading.models).toEqual({ detector: 'colors', recognizer: 'pp-ocrv4-recognizer' });
    expect((await engine.recognize(picture)).text).toBe('MARKET BREAD');
  });
});
