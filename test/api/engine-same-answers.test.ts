import { readdirSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../lib/engine.ts';
import type { NativeImage } from '../../lib/native.ts';
import type { EngineOptions } from '../../lib/options.ts';
import type { Reading } from '../../lib/reading.ts';
import { blank, line, openEngine, samplePath, samples, timeless } from './engine-harness.ts';

type Timeless = Omit<Reading, 'timings'>;

/** Without the two that take longest: what they exercise, a receipt and a page turned the other way do as well. */
const long = ['columns.jpg', 'turned-180.jpg'];
const pictures = readdirSync(samples).filter((name) => /\.(png|jpg)$/.test(name) && !long.includes(name));
/** One of each kind that takes little time: a line, a scene, columns of characters. */
const quick = ['line.png', 'street.png', 'vertical-signs.jpg'];

let wanted: Map<string, Timeless>;

/** One picture after the other, as most programs read. */
beforeAll(async () => {
  const engine = await openEngine({ threads: 2 });
  wanted = new Map();
  for (const name of pictures) wanted.set(name, timeless(await engine.recognize(samplePath(name))));
  await engine.close();
});

async function expectSame(readings: readonly Reading[], names: readonly string[]): Promise<void> {
  expect(readings.map(timeless)).toEqual(names.map((name) => wanted.get(name)));
}

describe('a reading is the same', () => {
  it('of samples that hold something to read', () => {
    expect(wanted.size).toBeGreaterThanOrEqual(8);
    for (const [name, { lines }] of wanted) expect([name, lines.length > 0]).toEqual([name, true]);
    expect(wanted.get('line.png')!.text).toBe(line.text);
  });

  it('with three threads and every picture at once', async () => {
    const engine = await openEngine({ threads: 3, mode: 'throughput' });
    await expectSame(await Promise.all(pictures.map((name) => engine.recognize(samplePath(name)))), pictures);
    await engine.close();
  });

  it.each<[string, EngineOptions]>([
    ['one thread, latency', { threads: 1, mode: 'latency' }],
    ['one thread, throughput', { threads: 1, mode: 'throughput' }],
    ['two threads, latency', { threads: 2, mode: 'latency' }],
    ['two threads, throughput, little memory', { threads: 2, mode: 'throughput', memory: 'low' }],
    ['three threads, latency', { threads: 3, mode: 'latency' }],
  ])('with %s', async (_, options) => {
    const engine = await openEngine(options);
    const names = [...quick, line.name];
    await expectSame(await Promise.all(names.map((name) => engine.recognize(samplePath(name)))), names);
    await engine.close();
  });

  it('beside strangers: stages of other calls, other priorities, calls that are given up', async () => {
    const engine = await openEngine({ threads: 2, mode: 'throughput' });
    const stop = new AbortController();
    const strangers = [
      engine.recognize(blank(900, 700)),
      engine.detect(samplePath('badge.jpg')),
      engine.recognize(samplePath('columns.jpg'), { signal: stop.signal }).catch(() => {}),
    ];
    const readings = quick.map((name, i) => engine.recognize(samplePath(name), { priority: i - 1 }));
    setTimeout(() => stop.abort(), 100);
    await expectSame(await Promise.all(readings), quick);
    await Promise.all(strangers);
  });

  it('from recognizeMany', async () => {
    const engine = await openEngine({ threads: 2, mode: 'throughput' });
    const readings: Reading[] = [];
    for await (const result of engine.recognizeMany(quick.map(samplePath), { lookAhead: 3 })) {
      if (result.status === 'rejected') throw result.reason;
      readings.push(result.value);
    }
    await expectSame(readings, quick);
  });
});

describe('lines are read the same', () => {
  let engine: Engine;
  let images: NativeImage[];

  beforeAll(async () => {
    engine = await openEngine({ threads: 2 });
    const receipt = wanted.get('receipt.jpg')!;
    images = await engine.rectify(
      samplePath('receipt.jpg'),
      receipt.lines.map(({ quad }) => quad),
    );
  });

  it('one by one, all at once, in another order, many times over, and by other threads', async () => {
    const alone = [];
    for (const image of images) alone.push(...(await engine.recognizeLines([image])));
    expect(alone.filter(({ confidence }) => confidence > 0.9).length).toBeGreaterThan(15);
    expect(await engine.recognizeLines(images)).toEqual(alone);
    expect(await engine.recognizeLines(images.toReversed())).toEqual(alone.toReversed());
    expect(await engine.recognizeLines([...images, ...images])).toEqual([...alone, ...alone]);
    const calls = await Promise.all(images.map((image) => engine.recognizeLines([image])));
    expect(calls.flat()).toEqual(alone);
    for (const threads of [1, 3]) {
      const other = await openEngine({ threads });
      expect(await other.recognizeLines(images)).toEqual(alone);
      await other.close();
    }
  });

  it('by beam search', async () => {
    const few = images.slice(0, 6);
    const alone = [];
    for (const image of few) alone.push(...(await engine.recognizeLines([image], { beam: 5 })));
    expect(await engine.recognizeLines(few, { beam: 5 })).toEqual(alone);
  });
});
