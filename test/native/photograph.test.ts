import { describe, expect, it } from 'vitest';
import { PlacardError } from '../../lib/errors.ts';
import { type CameraSettings, type Native, native } from '../../lib/native.ts';
import { newContext, pattern } from './native-context.ts';

const context = newContext();
const gray = await native().imageFromPixels(context, {
  data: new Uint8Array(3 * 64 * 48).fill(100),
  width: 64,
  height: 48,
  channels: 3,
});
const identity = Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);
const none = { pixels: [], sizes: new Int32Array(), matrices: new Float32Array() };
const bare = { background: gray, matrix: identity, width: 64, height: 48, layers: none, camera: { seed: 0 } };
/** An opaque red square of 8 x 8, its upper left corner at (10, 20). */
const square = {
  pixels: [Uint8Array.from({ length: 256 }, (_, i) => [200, 0, 0, 255][i % 4]!)],
  sizes: Int32Array.of(8, 8),
  matrices: Float32Array.of(1, 0, -10, 0, 1, -20, 0, 0, 1),
};
const everything: CameraSettings = {
  light: Float32Array.of(1, 1, 1, 0.9, 0.9, 0.9, 0.7, 0.7, 0.7, 1, 0.9, 0.8),
  spots: Float32Array.of(20, 20, 10, 1.4),
  defocus: 1.2,
  blur: 0.6,
  motion: [2, 1],
  readNoise: 3,
  shotNoise: 4,
  lumaShare: 0.5,
  grain: 0.7,
  sharpen: 0.5,
  gain: 1.1,
  lift: 0.01,
  gamma: 0.9,
  saturation: 1.1,
  seed: 9,
};

describe('photograph', () => {
  it('lays layers over the background', async () => {
    const pixels = await native().photograph(context, { ...bare, layers: square });
    expect(pixels.length).toBe(3 * 64 * 48);
    for (let y = 0; y < 48; y++) {
      for (let x = 0; x < 64; x++) {
        const inside = x >= 10 && x < 18 && y >= 20 && y < 28;
        expect([...pixels.subarray(3 * (64 * y + x)).subarray(0, 3)]).toEqual(inside ? [200, 0, 0] : [100, 100, 100]);
      }
    }
  });

  it('gives the camera’s size', async () => {
    const camera = { ...everything, width: 20, height: 15 };
    expect((await native().photograph(context, { ...bare, camera })).length).toBe(3 * 20 * 15);
  });

  it('gives the same bytes at any number of threads and beside other work', async () => {
    const args = { ...bare, layers: square, camera: everything };
    const alone = await native().photograph(newContext(1), args);
    const wide = newContext(4);
    const many = await Promise.all(Array.from({ length: 12 }, () => native().photograph(wide, args)));
    for (const pixels of many) expect(pixels).toEqual(alone);
    const other = await native().photograph(context, { ...args, camera: { ...everything, seed: 10 } });
    expect(other).not.toEqual(alone);
  });

  it('keeps a background that is disposed while it works', async () => {
    const data = pattern(64, 48);
    const background = await native().imageFromPixels(context, { data, width: 64, height: 48, channels: 3 });
    const drawing = native().photograph(context, { ...bare, background });
    background.dispose();
    expect(await drawing).toEqual(data);
  });

  it('stops when it is cancelled', async () => {
    const stopped = newContext();
    stopped.cancel.cancel();
    await expect(native().photograph(stopped, bare)).rejects.toMatchObject({ code: 'ERR_PLACARD_CANCELLED' });
  });

  type Arguments = Parameters<Native['photograph']>[1];
  const refusals: [wrong: string, args: Record<string, unknown>, message: string][] = [
    ['a matrix of 8', { matrix: new Float32Array(8) }, 'Expected 9 numbers for photograph.matrix'],
    [
      'a matrix of NaN',
      { matrix: new Float32Array(9).fill(Number.NaN) },
      'Expected finite numbers for photograph.matrix',
    ],
    ['no width', { width: 0 }, 'Expected an integer in [1, 32768] for photograph.width but received 0.'],
    ['no layers', { layers: undefined }, 'Expected a struct for photograph.layers but received undefined.'],
    [
      'pixels that are none',
      { layers: { ...square, pixels: square.pixels[0] } },
      'Expected an array of Uint8Arrays for photograph.layers.pixels',
    ],
    [
      'other numbers as pixels',
      { layers: { ...square, pixels: [new Float32Array(256)] } },
      'Expected an array of Uint8Arrays for photograph.layers.pixels',
    ],
    [
      'too few pixels',
      { layers: { ...square, pixels: [new Uint8Array(255)] } },
      'Expected width x height x 4 bytes for photograph.layers.pixels',
    ],
    [
      'too few sizes',
      { layers: { ...square, sizes: Int32Array.of(8) } },
      'Expected 2 numbers a layer for photograph.layers.sizes',
    ],
    [
      'too large a layer',
      { layers: { ...square, sizes: Int32Array.of(16_385, 1) } },
      'Expected sides of 1 ... 16384 for photograph.layers.sizes',
    ],
    [
      'too few matrices',
      { layers: { ...square, matrices: identity.subarray(1) } },
      'Expected 9 numbers a layer for photograph.layers.matrices',
    ],
    ['no camera', { camera: 1 }, 'Expected a struct for photograph.camera but received 1.'],
    ['no seed', { camera: {} }, 'Expected a number in [0, 4294967295] for photograph.camera.seed'],
    ['light of 3', { camera: { seed: 1, light: new Float32Array(3) } }, 'Expected 12 numbers for photograph.camera'],
    [
      'half a spot',
      { camera: { seed: 1, spots: new Float32Array(2) } },
      'Expected 4 numbers a spot for photograph.camera',
    ],
    ['a spot without radius', { camera: { seed: 1, spots: new Float32Array(4) } }, 'Expected radii above 0'],
    [
      'a negative radius',
      { camera: { seed: 1, defocus: -1 } },
      'Expected a number in [0, 64] for photograph.camera.defocus',
    ],
    ['motion along one axis', { camera: { seed: 1, motion: [1] } }, 'Expected two numbers in [-128, 128]'],
    ['motion of words', { camera: { seed: 1, motion: ['1', 2] } }, 'Expected two numbers in [-128, 128]'],
    ['a gamma of 0', { camera: { seed: 1, gamma: 0 } }, 'Expected a number in [0.01, 100] for photograph.camera.gamma'],
  ];

  it.each(refusals)('refuses %s', (_, args, message) => {
    try {
      native().photograph(context, { ...bare, ...args } as unknown as Arguments);
      expect.unreachable();
    } catch (error) {
      expect(PlacardError.is(error)).toBe(true);
      expect((error as PlacardError).code).toBe('ERR_PLACARD_INVALID_ARGUMENT');
      expect((error as PlacardError).message).toContain(message);
    }
  });
});
