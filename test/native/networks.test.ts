import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LineBatch, type NativeImage, type NativeNetwork, native } from '../../lib/native.ts';
import {
  bundled,
  detectorWeights,
  newContext,
  patternImage,
  recognizerWeights,
  runtimeLibrary,
  signedNormalization,
} from './native-context.ts';

const context = newContext(2);
const folder = mkdtempSync(join(tmpdir(), 'placard-networks-'));
const runtime = runtimeLibrary();
const open = (weights: string, threads = 1, library = runtime) =>
  native().openNetwork(context, { runtime: library, weights, threads });

let recognizer: NativeNetwork;
let image: NativeImage;
beforeAll(async () => {
  recognizer = await open(bundled(recognizerWeights));
  image = await patternImage(context, 640, 96);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('openNetwork', () => {
  it('describes what goes in and comes out', () => {
    const { inputs, outputs } = recognizer.describe();
    expect(inputs).toMatchObject([{ type: 'f32', shape: [-1, 3, 48, -1] }]);
    expect(outputs).toMatchObject([{ type: 'f32', shape: [-1, -1, 6625] }]);
  });

  it.each([
    ['nothing', '', 'MODEL_INVALID'],
    ['garbage', 'this is no network', 'MODEL_INVALID'],
    ['a protobuf of something else', '\x0a\x03abc', 'MODEL_INVALID'],
  ])('refuses %s', async (name, content, code) => {
    const path = join(folder, name.replaceAll(' ', '-'));
    writeFileSync(path, content);
    await expect(open(path)).rejects.toMatchObject({
      code: `ERR_PLACARD_${code}`,
      message: expect.stringContaining(`Cannot load the network ${path}`),
    });
  });

  it('refuses weights that are not there', async () => {
    await expect(open(join(folder, 'none.onnx'))).rejects.toMatchObject({ code: 'ERR_PLACARD_MODEL_INVALID' });
  });

  it('knows the library that it runs already under any path to it, and takes no other', async () => {
    const link = join(folder, 'link.so');
    symlinkSync(runtime, link);
    for (const path of [link, relative(process.cwd(), runtime)]) {
      (await open(bundled(recognizerWeights), 1, path)).dispose();
    }
    writeFileSync(join(folder, 'other.so'), '');
    await expect(open(bundled(recognizerWeights), 1, join(folder, 'other.so'))).rejects.toMatchObject({
      code: 'ERR_PLACARD_RUNTIME_VERSION',
      message: expect.stringMatching(/already runs the ONNX Runtime library .*; it cannot open .*other\.so too/),
    });
    expect(native().runtimeLibrary()).toEqual({ path: runtime, version: expect.stringMatching(/^\d+\.\d+\.\d+$/) });
  });
});

describe('runNetwork', () => {
  it('refuses an input of the wrong shape and goes on', async () => {
    const input = await native().imageTensor(context, { image, width: 64, height: 40, ...signedNormalization });
    await expect(native().runNetwork(context, { network: recognizer, input })).rejects.toMatchObject({
      code: 'ERR_PLACARD_RUNTIME_FAILED',
      message: expect.stringContaining('48'),
    });
    input.dispose();
  });

  it('gives the same numbers with any number of threads', async () => {
    const answers: Float32Array[] = [];
    for (const threads of [1, 2, 3]) {
      const network = await open(bundled(detectorWeights), threads);
      const input = await native().imageTensor(context, { image, width: 320, height: 96, ...signedNormalization });
      const [map] = await native().runNetwork(context, { network, input });
      expect(map!.shape).toEqual([1, 1, 96, 320]);
      answers.push(map!.toFloat32Array());
      for (const handle of [map!, input, network]) handle.dispose();
    }
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
  });

  it('stops inside the runtime when it is cancelled', async () => {
    const network = await open(bundled(detectorWeights));
    const large = await native().resizeImage(context, { image, width: 1600, height: 1600 });
    const input = await native().imageTensor(context, {
      image: large,
      width: 1600,
      height: 1600,
      ...signedNormalization,
    });
    const began = performance.now();
    for (const map of await native().runNetwork(context, { network, input })) map.dispose();
    const whole = performance.now() - began;
    const stopped = newContext();
    const running = native().runNetwork(stopped, { network, input });
    await new Promise((resolve) => setTimeout(resolve, whole / 5));
    stopped.cancel.cancel();
    const asked = performance.now();
    await expect(running).rejects.toMatchObject({ code: 'ERR_PLACARD_CANCELLED' });
    expect(performance.now() - asked).toBeLessThan(whole / 2);
    for (const handle of [input, large, network]) handle.dispose();
  });
});

describe('recognizeLines', () => {
  const batch = (): LineBatch & { classes: number; blank: number; space: number; logits: boolean } => ({
    network: recognizer,
    images: [image],
    imageIndices: Int32Array.of(0, 0),
    quads: Float32Array.of(0, 0, 640, 0, 640, 96, 0, 96, 100, 10, 300, 10, 300, 80, 100, 80),
    widths: Int32Array.of(320, 136),
    leastWidths: Int32Array.of(1, 1),
    height: 48,
    ...signedNormalization,
    classes: 6625,
    blank: 0,
    space: 6624,
    logits: false,
  });

  it('reads each line at its own width, one step for eight columns', async () => {
    const { counts, steps, symbols, begins, ends, confidences, spaces } = await native().recognizeLines(
      context,
      batch(),
    );
    expect([...steps]).toEqual([40, 17]);
    const total = counts[0]! + counts[1]!;
    for (const values of [symbols, begins, ends, confidences, spaces]) expect(values).toHaveLength(total);
    symbols.forEach((symbol, i) => {
      const limit = steps[i < counts[0]! ? 0 : 1]!;
      expect(symbol > 0 && symbol < 6625).toBe(true);
      expect(begins[i]! < ends[i]! && ends[i]! <= limit).toBe(true);
      expect(confidences[i]! > 0 && confidences[i]! <= 1).toBe(true);
    });
  });

  it('fills narrow inputs up, and counts the steps of the line alone', async () => {
    const exact = await native().recognizeLines(context, batch());
    const { steps, ends } = await native().recognizeLines(context, { ...batch(), leastWidths: Int32Array.of(1, 320) });
    expect([...steps]).toEqual([...exact.steps]);
    expect([...steps]).toEqual([40, 17]);
    expect(Math.max(...ends)).toBeLessThanOrEqual(40);
  });

  it('holds the steps against what the contract says', async () => {
    const { steps } = await native().recognizeLines(context, { ...batch(), stepsPer: 8 });
    expect([...steps]).toEqual([40, 17]);
    const wrong = native().recognizeLines(context, { ...batch(), stepsPer: 4, stepsPlus: 1 });
    await expect(wrong).rejects.toMatchObject({
      code: 'ERR_PLACARD_MODEL_MISMATCH',
      message: expect.stringMatching(
        /^The contract says (81 steps for 320 columns but the network gives 40|35 steps for 136 columns but the network gives 17)\.$/,
      ),
    });
  });

  it('reads no symbol that is not allowed', async () => {
    const allowed = new Uint8Array(6625);
    const none = await native().recognizeLines(context, { ...batch(), allowed });
    expect([...none.counts]).toEqual([0, 0]);
    allowed.fill(1, 10, 40);
    for (const beam of [0, 4]) {
      const { symbols } = await native().recognizeLines(context, { ...batch(), allowed, beam });
      expect(symbols.every((symbol) => symbol >= 10 && symbol < 40)).toBe(true);
    }
  });

  it.each([
    [
      'another number of classes',
      { classes: 100, space: -1 },
      'MODEL_MISMATCH',
      /makes 100 classes but the network gives 6625/,
    ],
    ['a blank beyond them', { blank: 6625 }, 'INVALID_ARGUMENT', /recognize\.blank/],
    ['indices of no image', { imageIndices: Int32Array.of(0, 1) }, 'INVALID_ARGUMENT', /indices of images/],
    ['too few widths', { widths: Int32Array.of(9) }, 'INVALID_ARGUMENT', /one number a quad for recognize\.widths/],
    ['a width of zero', { widths: Int32Array.of(9, 0) }, 'INVALID_ARGUMENT', /widths of 1/],
    ['too few allowed classes', { allowed: new Uint8Array(5) }, 'INVALID_ARGUMENT', /a byte a class/],
    [
      'two numbers to normalize by',
      { scale: new Float32Array(2) },
      'INVALID_ARGUMENT',
      /3 numbers for recognize\.scale/,
    ],
    ['quads in a line', { quads: new Float32Array(16) }, 'INVALID_ARGUMENT', /./],
  ])('refuses %s', async (_, change, code, message) => {
    const run = async () => native().recognizeLines(context, { ...batch(), ...change });
    await expect(run()).rejects.toMatchObject({
      code: `ERR_PLACARD_${code}`,
      message: expect.stringMatching(message),
    });
  });
});

describe('textBoxes', () => {
  const thresholds = { mapThreshold: 0.3, boxThreshold: 0.4, minSide: 3, maxCandidates: 100 };

  it('needs a map of one channel and a part of it', async () => {
    const map = await native().imageTensor(context, { image, width: 64, height: 32, ...signedNormalization });
    expect(() => native().textBoxes(context, { map, width: 64, height: 32, ...thresholds })).toThrow(
      expect.objectContaining({ code: 'ERR_PLACARD_MODEL_MISMATCH' }),
    );
    const network = await open(bundled(detectorWeights));
    const [found] = await native().runNetwork(context, { network, input: map });
    const boxes = await native().textBoxes(context, { map: found!, width: 64, height: 32, ...thresholds });
    expect(boxes.quads).toHaveLength(8 * boxes.scores.length);
    expect(boxes.polygonCounts).toHaveLength(boxes.scores.length);
    expect(() => native().textBoxes(context, { map: found!, width: 65, height: 32, ...thresholds })).toThrow(
      /\[1, 64\] for textBoxes\.width/,
    );
  });
});

describe('joinMaps', () => {
  it('puts parts of maps together, zeros between them', async () => {
    const network = await open(bundled(detectorWeights));
    const input = await native().imageTensor(context, { image, width: 64, height: 32, ...signedNormalization });
    const [map] = await native().runNetwork(context, { network, input });
    const values = map!.toFloat32Array();
    const maps = [map!, map!];
    const parts = Int32Array.of(0, 0, 64, 32, 0, 0, 32, 16, 20, 10, 70, 30);
    const joint = await native().joinMaps(context, { maps, parts, width: 96, height: 48 });
    expect(joint.shape).toEqual([1, 1, 48, 96]);
    const wanted = (x: number, y: number) => {
      if (x < 64 && y < 32) return values[y * 64 + x]!;
      return x >= 70 && x < 90 && y >= 30 && y < 40 ? values[(y - 30 + 16) * 64 + x - 70 + 32]! : 0;
    };
    const all = Array.from({ length: 48 * 96 }, (_, i) => wanted(i % 96, Math.floor(i / 96)));
    expect([...joint.toFloat32Array()]).toEqual(all);
  });

  it('refuses parts outside either map', async () => {
    const network = await open(bundled(detectorWeights));
    const input = await native().imageTensor(context, { image, width: 64, height: 32, ...signedNormalization });
    const maps = await native().runNetwork(context, { network, input });
    const join = (...part: number[]) =>
      native().joinMaps(context, { maps, parts: Int32Array.from(part), width: 64, height: 32 });
    for (const part of [
      [-1, 0, 8, 8, 0, 0],
      [60, 0, 8, 8, 0, 0],
      [0, 0, 8, 8, 60, 0],
      [0, 0, 8, 0, 0, 0],
      [0, 0, 8, 8, 0],
    ]) {
      expect(() => join(...part)).toThrow(expect.objectContaining({ code: 'ERR_PLACARD_INVALID_ARGUMENT' }));
    }
    const plain = { maps: [input], parts: Int32Array.of(0, 0, 8, 8, 0, 0), width: 64, height: 32 };
    expect(() => native().joinMaps(context, plain)).toThrow(/parts inside both maps/);
    expect(() => native().joinMaps(context, { ...plain, maps: [image as never] })).toThrow(/array of Tensors/);
  });
});
