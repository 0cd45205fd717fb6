import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDataset } from '../../lib/datasets/read-dataset.ts';
import { openShards, readShards, type ShardSample } from '../../lib/datasets/shard-reader.ts';
import { type PseudoLabelOptions, pseudoLabel } from '../../lib/synth/pseudo-label.ts';
import { detectContract, modelsFolder } from '../unit/models-folder.ts';
import { NetworkBuilder } from '../unit/onnx-network.ts';

const root = mkdtempSync(join(tmpdir(), 'placard-pseudo-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const [width, height] = [400, 200];

/** A CRAFT network that takes white for characters: its maps are the picture's first two channels at half its size. */
function whiteDetector(): string {
  const network = new NetworkBuilder();
  const sizes = { kernel_shape: [2, 2], strides: [2, 2] };
  const halved = network.node('AveragePool', ['x'], sizes);
  const [starts, ends, axes] = [[0], [2], [1]].map((values) => network.integers(values));
  const weights = network.bytes([network.node('Slice', [halved, starts!, ends!, axes!])]);
  const contract = detectContract('white', weights);
  const input = { ...contract.input, mean: [0, 0, 0], std: [1, 1, 1], multipleOf: 32 };
  return modelsFolder({
    'white/model.json': { ...contract, decoder: 'craft', input },
    'white/weights.onnx': weights,
  });
}

/** White spots of 20 x 30 pixels around these places, on black. */
async function writeSpots(file: string, places: readonly (readonly [x: number, y: number])[]): Promise<void> {
  const data = Buffer.alloc(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const near = places.map(([px, py]) => Math.exp(-(((x - px) / 7) ** 2) / 2 - ((y - py) / 10) ** 2 / 2));
      data[y * width + x] = 255 * Math.max(0, ...near);
    }
  }
  await sharp(data, { raw: { width, height, channels: 1 } })
    .png()
    .toFile(file);
}

const word = (text: string, left: number, top: number, right: number, bottom: number, more = {}) => ({
  poly: [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ],
  text,
  ...more,
});

/** Three characters, of which labels say several things. */
const spots = [
  [40, 40],
  [70, 40],
  [100, 40],
] as const;
const three = [20, 20, 120, 60] as const;

async function writeSet(name: string, records: readonly object[]): Promise<string> {
  const folder = join(root, name);
  mkdirSync(folder);
  await writeSpots(join(folder, 'a.png'), [...spots, [300, 30], [300, 70], [300, 110], [300, 150]]);
  writeFileSync(join(folder, 'labels.jsonl'), records.map((record) => `${JSON.stringify(record)}\n`).join(''));
  return folder;
}

let detectors: string;
beforeAll(() => {
  detectors = whiteDetector();
});

async function run(set: string, out: string, options: Partial<PseudoLabelOptions> = {}) {
  const words: { by: string; confidence: number }[] = [];
  const found = { detector: 'white', modelsFolder: detectors, threads: 2, ...options };
  const index = await pseudoLabel(await readDataset(set), out, { ...found, onWord: (seen) => words.push(seen) });
  return { index, words };
}

async function samplesOf(folder: string): Promise<ShardSample[]> {
  const samples: ShardSample[] = [];
  for await (const sample of readShards(folder, await openShards(folder))) samples.push(sample);
  return samples;
}

/** Levels of a sample's map, which is half as large as its picture. */
async function mapOf(sample: ShardSample, name: string): Promise<(x: number, y: number) => number> {
  const { data, info } = await sharp(sample.files.get(`${name}.webp`)!)
    .toColourspace('b-w')
    .raw()
    .toBuffer({ resolveWithObject: true });
  expect([info.width, info.height, info.channels]).toEqual([width / 2, height / 2, 1]);
  return (x, y) => data[(y / 2) * info.width + x / 2]!;
}

const label = async (lines: readonly object[], name: string, options = {}) => {
  const out = join(root, `${name}-shards`);
  const { words } = await run(await writeSet(name, [{ image: 'a.png', lines }]), out, options);
  const [sample] = await samplesOf(out);
  const record = JSON.parse(sample!.files.get('json')!.toString());
  return { words, sample: sample!, record };
};

describe('pseudoLabel', () => {
  it('finds a word’s characters and trusts them where their number is right', async () => {
    const { words, sample, record } = await label([word('abc', ...three)], 'exact');
    expect(words).toMatchObject([{ by: 'detector', confidence: 1 }]);
    expect(record).toMatchObject({ image: '000000000.png', width, height });
    const { characters } = record.lines[0];
    expect(characters.map(({ text }: { text: string }) => text)).toEqual(['a', 'b', 'c']);
    characters.forEach(({ poly }: { poly: [number, number][] }, i: number) => {
      const center = poly.reduce((sum, [x]) => sum + x / 4, 0);
      expect(Math.abs(center - spots[i]![0])).toBeLessThan(2);
    });
    const [region, affinity, confidence] = await Promise.all(
      ['region', 'affinity', 'confidence'].map((name) => mapOf(sample, name)),
    );
    for (const [x, y] of spots) expect(region!(x, y)).toBeGreaterThan(220);
    expect(region!(200, 100)).toBe(0);
    expect(affinity!(56, 40)).toBeGreaterThan(200);
    expect(affinity!(40, 80)).toBe(0);
    expect(confidence!(70, 40)).toBe(255);
  });

  it('trusts them less where it is not, and cuts equal parts where they are worth no more', async () => {
    const { words, sample, record } = await label([word('abcd', ...three)], 'near');
    expect(words).toMatchObject([{ by: 'detector', confidence: 0.75 }]);
    expect(record.lines[0].characters).toBeUndefined();
    expect((await mapOf(sample, 'confidence'))(70, 40)).toBe(191);
    const equal = await label([word('abcdefg', ...three)], 'equal');
    expect(equal.words).toMatchObject([{ by: 'equal-parts', confidence: 0.5 }]);
    expect(equal.record.lines[0].characters).toHaveLength(7);
    expect((await mapOf(equal.sample, 'confidence'))(70, 40)).toBe(128);
  });

  it('reads down, and to the left', async () => {
    const column = [280, 10, 320, 170] as const;
    const down = await label([word('abcd', ...column, { vertical: true })], 'down');
    expect(down.words).toMatchObject([{ by: 'detector', confidence: 1 }]);
    const tops = down.record.lines[0].characters.map(({ poly }: { poly: number[][] }) => poly[0]![1]);
    expect(tops).toEqual(tops.toSorted((a: number, b: number) => a - b));
    const left = await label([word('אבג', ...three, { rtl: true })], 'left');
    const [first, , last] = left.record.lines[0].characters;
    expect(first.poly[0][0]).toBeGreaterThan(last.poly[0][0]);
  });

  it('takes labeled characters, keeps words apart and masks what is not to be judged', async () => {
    const characters = ['a', 'b', 'c'].map((text, i) => word(text, 30 + 30 * i, 25, 50 + 30 * i, 55));
    const lines = [
      word('a bc', ...three, { characters }),
      word('', 200, 100, 260, 140, { ignore: true }),
      word('xy z', 20, 120, 140, 160, {
        words: [
          word('xy', 20, 120, 80, 160, { characters: [word('x', 20, 120, 50, 160), word('y', 50, 120, 80, 160)] }),
          word('z', 100, 120, 140, 160),
          word('', 150, 120, 170, 160),
        ],
      }),
    ];
    const { words, sample, record } = await label(lines, 'labeled');
    expect(words.map(({ by }) => by)).toEqual(['labels', 'labels', 'equal-parts']);
    const [affinity, confidence] = [await mapOf(sample, 'affinity'), await mapOf(sample, 'confidence')];
    expect(affinity(54, 40)).toBeLessThan(20);
    expect(affinity(84, 40)).toBeGreaterThan(200);
    expect(affinity(50, 140)).toBeGreaterThan(200);
    expect(affinity(90, 140)).toBeLessThan(20);
    expect([confidence(230, 120), confidence(120, 140), confidence(50, 140), confidence(160, 140)]).toEqual([
      0, 128, 255, 0,
    ]);
    expect(record.lines[2].words[1].characters).toMatchObject([{ text: 'z' }]);
  });

  it('works with detectors of lines and with crops', async () => {
    const set = await writeSet('crops', [{ image: 'a.png', text: 'abc' }]);
    const { words } = await run(set, join(root, 'crops-shards'), { detector: 'pp-ocrv4-detector' });
    expect(words).toHaveLength(1);
    const [sample] = await samplesOf(join(root, 'crops-shards'));
    expect(JSON.parse(sample!.files.get('json')!.toString())).toMatchObject({
      kind: 'scene',
      lines: [{ text: 'abc' }],
    });
    expect(sample!.files.get('png')).toEqual(readFileSync(join(set, 'a.png')));
  });

  it('goes on where it was stopped, with the same bytes', async () => {
    const records = Array.from({ length: 5 }, () => ({ image: 'a.png', lines: [word('abc', ...three)] }));
    const set = await writeSet('resumed', records);
    const [whole, resumed] = [join(root, 'whole'), join(root, 'resumed-shards')];
    await run(set, whole, { samplesPerShard: 2 });
    const stop = new AbortController();
    const onProgress = ({ done }: { done: number }) => {
      if (done === 3) stop.abort(new Error('stopped'));
    };
    await expect(run(set, resumed, { samplesPerShard: 2, onProgress, signal: stop.signal })).rejects.toThrow('stopped');
    await expect(openShards(resumed)).rejects.toMatchObject({ code: 'ERR_PLACARD_SHARD_INVALID' });
    const { words } = await run(set, resumed, { samplesPerShard: 2 });
    expect(words).toHaveLength(3);
    expect(await openShards(resumed)).toEqual(await openShards(whole));
    expect((await run(set, resumed, { samplesPerShard: 2 })).words).toEqual([]);
    await expect(run(set, resumed, { samplesPerShard: 2, preset: 'brooklyn' })).rejects.toMatchObject({
      code: 'ERR_PLACARD_RUN_MISMATCH',
    });
  });

  it('tells what it cannot label', async () => {
    let outs = 0;
    const out = () => join(root, `refused-${outs++}`);
    const outside = await writeSet('outside', [{ image: 'a.png', lines: [word('abc', 900, 900, 990, 950)] }]);
    await expect(run(outside, out())).rejects.toMatchObject({ code: 'ERR_PLACARD_LABELS_INVALID' });
    const page = await writeSet('page', [{ image: 'a.png', kind: 'page', text: 'a\nb' }]);
    await expect(run(page, out())).rejects.toThrow(/a\.png: Expected outlines/);
    const set = await writeSet('broken', [{ image: 'a.png', lines: [word('abc', ...three)] }]);
    writeFileSync(join(set, 'a.png'), readFileSync(join(set, 'a.png')).subarray(0, 200));
    await expect(run(set, out())).rejects.toMatchObject({
      code: 'ERR_PLACARD_DECODE_FAILED',
      message: expect.stringContaining('a.png'),
    });
    await expect(run(set, out(), { detector: 'crafty' })).rejects.toMatchObject({
      code: 'ERR_PLACARD_MODEL_NOT_FOUND',
    });
    const recognizer = { detector: 'pp-ocrv4-recognizer' };
    await expect(run(set, out(), recognizer)).rejects.toMatchObject({ code: 'ERR_PLACARD_MODEL_MISMATCH' });
    rmSync(join(set, 'a.png'));
    await expect(run(set, out())).rejects.toMatchObject({ code: 'ERR_PLACARD_FILE_UNREADABLE' });
  });
});
