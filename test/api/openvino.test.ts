import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../lib/engine.ts';
import { type NativeNetwork, type NativeTensor, native } from '../../lib/native.ts';
import {
  bundled,
  detectorWeights,
  newContext,
  patternImage,
  runtimeLibrary,
  signedNormalization,
} from '../native/native-context.ts';
import { hasOpenvino, openvinoLibrary } from '../openvino.ts';
import { line, openEngine, samplePath, timeless, until } from './engine-harness.ts';

const pictures = ['street.png', 'receipt.jpg', 'vertical-signs.jpg', 'line.png'].map(samplePath);

describe.runIf(hasOpenvino)('an engine on OpenVINO', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openEngine({ provider: 'openvino', precision: 'f32' });
  });

  it('reads what one on ONNX Runtime reads, and says what it ran on', async () => {
    const other = await openEngine({ provider: 'cpu' });
    for (const picture of pictures) {
      const [reading, expected] = [await engine.recognize(picture), await other.recognize(picture)];
      expect(reading.text).toBe(expected.text);
      expect(reading).toMatchObject({ provider: 'openvino', precision: 'f32' });
      expect(expected).toMatchObject({ provider: 'cpu', precision: 'f32' });
    }
    expect(engine.stats()).toMatchObject({ provider: 'openvino', precision: 'f32', notes: [] });
  });

  it('is what auto takes', async () => {
    expect((await openEngine({ provider: 'auto' })).stats().provider).toBe('openvino');
  });

  it('reads the same at any number of threads, and several times over', async () => {
    const [expected] = await Promise.all([engine.recognize(pictures[0]!)]);
    for (const options of [
      { threads: 1 },
      { threads: 3 },
      { mode: 'throughput' as const },
      { memory: 'low' as const },
    ]) {
      const other = await openEngine({ ...options, provider: 'openvino', precision: 'f32' });
      const readings = await Promise.all([pictures[0]!, pictures[0]!].map((picture) => other.recognize(picture)));
      for (const { text } of readings) expect(text).toBe(expected!.text);
      await other.close();
    }
  });

  it('neither stretches nor fills up lines for networks that learned them as they are', async () => {
    const models = { recognizer: 'crnn-latin' };
    const engines = [await openEngine({ provider: 'openvino', models }), await openEngine({ provider: 'cpu', models })];
    // Widths that OpenVINO prefers others to.
    for (const width of [520, 610, 700, 1020]) {
      const picture = await sharp(samplePath(line.name)).resize(width, 72, { fit: 'fill' }).png().toBuffer();
      const readings = await Promise.all(engines.map((each) => each.recognize(picture, { layout: 'line' })));
      const [reading, expected] = readings.map(({ lines }) => lines[0]!);
      expect(reading!.text).toBe(expected!.text);
      expect(Math.abs(reading!.confidence - expected!.confidence)).toBeLessThan(0.002);
    }
  });

  it('has characters where they stand, though inputs are filled up', async () => {
    const { lines } = await engine.recognize(samplePath(line.name), { layout: 'line' });
    const other = await openEngine({ provider: 'cpu' });
    const { lines: exact } = await other.recognize(samplePath(line.name), { layout: 'line' });
    const lefts = (chars: (typeof lines)[number]['chars']) => chars.map(({ quad }) => quad[0][0]);
    const height = exact[0]!.quad[3][1] - exact[0]!.quad[0][1];
    for (const [i, left] of lefts(lines[0]!.chars).entries()) {
      expect(Math.abs(left - lefts(exact[0]!.chars)[i]!)).toBeLessThan(height / 3);
    }
  });

  it('warms up, stops and closes', async () => {
    const other = await openEngine({ provider: 'openvino' });
    await other.warmUp();
    expect(timeless(await other.recognize(pictures[3]!)).text).toBe(line.text);
    const stop = new AbortController();
    const reading = other.recognize(pictures[0]!, { signal: stop.signal });
    setTimeout(() => stop.abort(new Error('enough')), 20);
    await expect(reading).rejects.toThrow('enough');
    await other.destroy();
  });
});

describe.runIf(hasOpenvino)('a network on OpenVINO', () => {
  const context = newContext(2);
  const open = (shapeBytes: number, weights = bundled(detectorWeights)) =>
    native().openNetwork(context, {
      runtime: runtimeLibrary(),
      weights,
      threads: 1,
      provider: 'openvino',
      providerLibrary: openvinoLibrary,
      shapeBytes,
    });
  const run = async (network: NativeNetwork, input: NativeTensor) => {
    const [map] = await native().runNetwork(context, { network, input });
    const values = map!.toFloat32Array();
    map!.dispose();
    return values;
  };
  const made: { dispose(): void }[] = [];
  const inputOf = async (width: number, height: number) => {
    const image = await patternImage(context, width, height);
    const input = await native().imageTensor(context, { image, width, height, ...signedNormalization });
    made.push(image, input);
    return input;
  };
  afterAll(() => {
    for (const handle of made) handle.dispose();
  });

  it('makes a session of its own for a shape that comes often, which answers the same', async () => {
    const network = await open(200e6);
    made.push(network);
    const input = await inputOf(320, 96);
    const first = await run(network, input);
    expect(network.describe().fixedShapes).toEqual([]);
    for (let i = 0; i < 3; i++) await run(network, input);
    await until(() => network.describe().fixedShapes.length > 0, 'a session of a fixed shape');
    expect(network.describe().fixedShapes).toEqual([[1, 3, 96, 320]]);
    const second = await run(network, input);
    const difference = second.reduce((most, value, i) => Math.max(most, Math.abs(value - first[i]!)), 0);
    expect(difference).toBeLessThan(1e-4);
    const other = await inputOf(96, 320);
    expect(await run(network, other)).toHaveLength(96 * 320);
  });

  it('makes none where there is no room', async () => {
    const network = await open(1e6);
    made.push(network);
    const input = await inputOf(320, 96);
    for (let i = 0; i < 6; i++) await run(network, input);
    expect(network.describe().fixedShapes).toEqual([]);
  });

  it('may be disposed while one is made', async () => {
    const input = await inputOf(256, 96);
    for (let i = 0; i < 4; i++) {
      const network = await open(200e6);
      for (let k = 0; k < 3; k++) await run(network, input);
      network.dispose();
    }
  });

  it('runs lines at few widths, none of them narrower than the line', async () => {
    const network = await open(0);
    made.push(network);
    const widths = Array.from({ length: 3200 }, (_, i) => network.columns(i + 1));
    expect(widths.every((columns, i) => columns >= i + 1)).toBe(true);
    expect(new Set(widths).size).toBeLessThan(64);
  });

  it('opens no second library', async () => {
    made.push(await open(0));
    const args = { runtime: runtimeLibrary(), weights: bundled(detectorWeights), threads: 1 };
    const other = { provider: 'openvino' as const, providerLibrary: runtimeLibrary() };
    await expect(native().openNetwork(context, { ...args, ...other })).rejects.toMatchObject({
      code: 'ERR_PLACARD_PROVIDER_UNAVAILABLE',
      message: expect.stringMatching(/^This process already runs the OpenVINO library .*; it cannot open .* too\.$/),
    });
  });

  it('refuses what is no network', async () => {
    await expect(open(0, samplePath('line.png'))).rejects.toMatchObject({ code: 'ERR_PLACARD_MODEL_INVALID' });
  });
});
