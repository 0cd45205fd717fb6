import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Context, type NativeNetwork, type NativeTensor, native } from '../../lib/native.ts';
import { NetworkBuilder } from '../unit/onnx-network.ts';
import { newContext, rowsOf, runtimeLibrary } from './native-context.ts';

const context = newContext();
const folder = mkdtempSync(join(tmpdir(), 'placard-maps-'));

/** Gives the first two channels of its input. */
let twoChannels: NativeNetwork;
beforeAll(async () => {
  const network = new NetworkBuilder();
  const [starts, ends, axes] = [[0], [2], [1]].map((values) => network.integers(values));
  const weights = join(folder, 'two-channels.onnx');
  writeFileSync(weights, network.bytes([network.node('Slice', ['x', starts!, ends!, axes!])]));
  twoChannels = await native().openNetwork(context, { runtime: runtimeLibrary(), weights, threads: 1 });
});
afterAll(() => rmSync(folder, { recursive: true }));

type Draw = (x: number, y: number) => number;

/** A tensor [1, 3, height, width] of the maps, to 1 / 255, the third empty. */
async function drawn(width: number, height: number, region: Draw, affinity: Draw = () => 0): Promise<NativeTensor> {
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    const [x, y] = [i % width, Math.floor(i / width)];
    data.set([Math.round(255 * region(x, y)), Math.round(255 * affinity(x, y))], 3 * i);
  }
  const image = await native().imageFromPixels(context, { data, width, height, channels: 3 });
  const scale = new Float32Array(3).fill(1 / 255);
  const normalization = { scale, offset: new Float32Array(3), reverseChannels: false };
  return native().imageTensor(context, { image, width, height, ...normalization });
}

/** The same without the third, as a CRAFT network gives them. */
async function craftMaps(width: number, height: number, region: Draw, affinity?: Draw): Promise<NativeTensor> {
  const input = await drawn(width, height, region, affinity);
  const [maps] = await native().runNetwork(context, { network: twoChannels, input });
  return maps!;
}

const gaussian = (x: number, y: number, sx: number, sy: number, peak: number) => (px: number, py: number) =>
  peak * Math.exp(-((px - x) ** 2) / (2 * sx ** 2) - (py - y) ** 2 / (2 * sy ** 2));
const largest =
  (draws: Draw[]): Draw =>
  (x, y) =>
    Math.max(...draws.map((draw) => draw(x, y)));

const usual = { textThreshold: 0.7, lowText: 0.4, linkThreshold: 0.4, characters: false, polygons: false };

describe('craftBoxes', () => {
  const characters = largest([30, 55, 80, 105].map((x) => gaussian(x, 32, 8, 9, 1)));
  const links = largest([42.5, 67.5, 92.5].map((x) => gaussian(x, 32, 5, 5, 0.9)));
  const find = async (args: Partial<Parameters<ReturnType<typeof native>['craftBoxes']>[1]>, where = context) =>
    native().craftBoxes(where, {
      maps: await craftMaps(160, 64, characters, links),
      width: 160,
      height: 64,
      ...usual,
      ...args,
    });

  it('finds the reference’s word to a pixel', async () => {
    const { quads, scores, polygonCounts, polygonPoints } = await find({ polygons: true });
    const wanted = [16, 16, 119, 16, 119, 48, 16, 48];
    expect([...quads].every((value, i) => Math.abs(value - wanted[i]!) <= 1)).toBe(true);
    expect(quads).toHaveLength(8);
    expect(scores[0]).toBeGreaterThan(0.6);
    expect(scores[0]).toBeLessThan(1);
    expect([...polygonCounts]).toEqual([0]);
    expect(polygonPoints).toHaveLength(0);
  });

  it('finds characters, and words that links hold together less', async () => {
    expect((await find({ characters: true, lowText: 0.6 })).scores).toHaveLength(4);
    expect((await find({ lowText: 0.6, linkThreshold: 0.95 })).scores).toHaveLength(4);
    expect((await find({ textThreshold: 1 })).scores).toHaveLength(1);
  });

  it('sees the upper left part alone', async () => {
    const { quads } = await find({ width: 70, height: 40 });
    expect([...quads].filter((_, i) => i % 2 === 0).sort((a, b) => a - b)[3]).toBe(69);
    expect(Math.max(...[...quads].filter((_, i) => i % 2 === 1))).toBe(39);
  });

  it('gives bent words an outline of 14 points', async () => {
    const places = Array.from({ length: 7 }, (_, i) => ({
      x: 30 + 22 * i,
      y: 70 - Math.floor(30 * Math.sin((Math.PI * i) / 6)),
    }));
    const region = largest(places.map(({ x, y }) => gaussian(x, y, 7, 8, 1)));
    const affinity = largest(
      places.slice(1).map(({ x, y }, i) => gaussian((x + places[i]!.x) / 2, (y + places[i]!.y) / 2, 6, 6, 0.9)),
    );
    const maps = await craftMaps(200, 100, region, affinity);
    const args = { maps, width: 200, height: 100, ...usual };
    const { polygonCounts, polygonPoints } = await native().craftBoxes(context, { ...args, polygons: true });
    expect([...polygonCounts]).toEqual([14]);
    const wanted = [8.68, 67.44, 37.21, 45.18, 64.34, 30.79, 92.52, 24.08, 124.67, 30.79, 154.79, 45.18, 183.32, 64.78];
    wanted.push(168.09, 92.28, 139.56, 72.68, 112.04, 59.55, 92.52, 55.44, 76.98, 59.55, 52.44, 72.68, 23.91, 94.93);
    expect(polygonPoints).toHaveLength(28);
    expect([...polygonPoints].every((value, i) => Math.abs(value - wanted[i]!) <= 1)).toBe(true);
    expect((await native().craftBoxes(context, args)).polygonPoints).toHaveLength(0);
  });

  it('gives nothing for empty maps', async () => {
    const maps = await craftMaps(1, 1, () => 0);
    const empty = await native().craftBoxes(context, { maps, width: 1, height: 1, ...usual });
    expect(empty.quads).toHaveLength(0);
    expect(empty.scores).toHaveLength(0);
  });

  it('refuses maps that no CRAFT network gives, and thresholds that are none', async () => {
    const three = await drawn(64, 32, () => 0);
    await expect(find({ maps: three, width: 64, height: 32 })).rejects.toMatchObject({
      code: 'ERR_PLACARD_MODEL_MISMATCH',
      message: 'Expected region and affinity maps of shape [1, 2, height, width].',
    });
    await expect(find({ width: 161 })).rejects.toThrow(/\[1, 160\] for craftBoxes\.width/);
    await expect(find({ height: 0 })).rejects.toThrow(/\[1, 64\] for craftBoxes\.height/);
    for (const name of ['textThreshold', 'lowText', 'linkThreshold'] as const) {
      await expect(find({ [name]: Number.NaN })).rejects.toThrow(`a number in [0, 1] for craftBoxes.${name}`);
    }
    await expect(find({ polygons: 1 as never })).rejects.toThrow('a boolean for craftBoxes.polygons');
  });

  it('stops when cancelled', async () => {
    const stopped: Context = { ...context, cancel: new (native().CancelToken)() };
    stopped.cancel.cancel();
    await expect(find({}, stopped)).rejects.toMatchObject({ code: 'ERR_PLACARD_CANCELLED' });
  });
});

describe('heatMap', () => {
  it('draws a channel’s part from black to light yellow', async () => {
    const maps = await drawn(
      4,
      2,
      (x) => (x === 1 ? 1 : 0),
      (_, y) => y,
    );
    const size = { width: 2, height: 2, outputWidth: 2, outputHeight: 2 };
    const [black, yellow] = ['0,0,4', '252,255,164'];
    const region = await native().heatMap(context, { maps, channel: 0, ...size });
    expect(await rowsOf(context, region)).toEqual([
      [black, yellow],
      [black, yellow],
    ]);
    const affinity = await native().heatMap(context, { maps, channel: 1, ...size });
    expect(await rowsOf(context, affinity)).toEqual([
      [black, black],
      [yellow, yellow],
    ]);
    const enlarged = await native().heatMap(context, { maps, channel: 0, ...size, outputWidth: 7, outputHeight: 5 });
    expect([enlarged.width, enlarged.height]).toEqual([7, 5]);
  });

  it('lies over a picture half and half', async () => {
    const maps = await drawn(2, 1, () => 1);
    const data = Uint8Array.of(0, 0, 0, 255, 255, 255);
    const picture = await native().imageFromPixels(context, { data, width: 2, height: 1, channels: 3 });
    const size = { width: 2, height: 1, outputWidth: 2, outputHeight: 1 };
    const mixed = await native().heatMap(context, { maps, channel: 0, ...size, picture });
    expect(await rowsOf(context, mixed)).toEqual([['126,128,82', '254,255,210']]);
    const other = { maps, channel: 0, ...size, outputHeight: 2, picture };
    expect(() => native().heatMap(context, other)).toThrow(/a picture of outputWidth x outputHeight/);
  });

  it('refuses channels and parts that maps do not have', async () => {
    const maps = await drawn(4, 2, () => 0);
    const args = { maps, channel: 0, width: 4, height: 2, outputWidth: 4, outputHeight: 2 };
    for (const [change, message] of [
      [{ channel: 3 }, /\[0, 2\] for heatMap\.channel/],
      [{ width: 5 }, /\[1, 4\] for heatMap\.width/],
      [{ outputWidth: 0 }, /\[1, 65536\] for heatMap\.outputWidth/],
      [{ maps: {} as never }, /Expected a Tensor for heatMap\.maps/],
    ] as const) {
      expect(() => native().heatMap(context, { ...args, ...change })).toThrow(message);
    }
  });
});
