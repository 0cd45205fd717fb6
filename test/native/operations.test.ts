import { describe, expect, it } from 'vitest';
import { PlacardError } from '../../lib/errors.ts';
import { type Context, native } from '../../lib/native.ts';
import { newContext, pattern, patternImage } from './native-context.ts';

const context = newContext();
const image = await patternImage(context, 8, 6);
const cancelled = () => {
  const stopped = newContext();
  stopped.cancel.cancel();
  return stopped;
};

describe('arguments', () => {
  const pixels = { data: pattern(4, 4), width: 4, height: 4, channels: 3 };
  const quad = [0, 0, 4, 0, 4, 4, 0, 4];

  /** An operation, its arguments, and how the refusal begins. */
  const refusals: [operation: string, args: unknown, message: string][] = [
    ['imageFromPixels', { ...pixels, data: [1, 2] }, 'Expected a Uint8Array for pixels.data but received an array.'],
    ['imageFromPixels', { ...pixels, data: new Uint16Array(99) }, 'Expected a Uint8Array for pixels.data'],
    ['imageFromPixels', { ...pixels, width: 0 }, 'Expected an integer in [1, 65536] for pixels.width but received 0.'],
    ['imageFromPixels', { ...pixels, width: 1.5 }, 'Expected an integer in [1, 65536] for pixels.width'],
    [
      'imageFromPixels',
      { ...pixels, width: '4' },
      'Expected an integer in [1, 65536] for pixels.width but received "4".',
    ],
    ['imageFromPixels', { ...pixels, height: 5 }, 'Expected width x height x channels bytes for pixels.data.length'],
    ['imageFromPixels', { ...pixels, channels: 5 }, 'Expected an integer in [1, 4] for pixels.channels'],
    ['imageFromPixels', { ...pixels, stride: 11 }, 'Expected an integer in [12, 1073741824] for pixels.stride'],
    ['imageFromPixels', { ...pixels, bgr: 1 }, 'Expected a boolean for pixels.bgr but received 1.'],
    ['imagePixels', { image: Symbol('s') }, 'Expected an Image for pixels.image but received a symbol.'],
    ['imagePixels', { image: Object.create(null) }, 'Expected an Image for pixels.image but received an object.'],
    ['imagePixels', { image: () => 1 }, 'Expected an Image for pixels.image but received a function.'],
    ['imagePixels', { image: 5n }, 'Expected an Image for pixels.image but received a bigint.'],
    ['imagePixels', {}, 'Expected an Image for pixels.image but received undefined.'],
    ['turnImage', { image, turns: 4 }, 'Expected an integer in [0, 3] for turn.turns but received 4.'],
    ['resizeImage', { image, width: 65_537, height: 1 }, 'Expected an integer in [1, 65536] for resize.width'],
    ['warpImage', { image, matrix: new Float32Array(8), width: 1, height: 1 }, 'Expected 9 numbers for warp.matrix'],
    ['warpImage', { image, matrix: Array(9), width: 1, height: 1 }, 'Expected a Float32Array for warp.matrix'],
    [
      'warpImage',
      { image, matrix: new Float32Array(9).fill(Number.NaN), width: 1, height: 1 },
      'Expected finite numbers for warp.matrix',
    ],
    [
      'warpImage',
      { image, matrix: new Float32Array(9), width: 1, height: 1, border: 'wrap' },
      "Expected 'replicate', 'constant' or 'reflect' for warp.border but received \"wrap\".",
    ],
    [
      'warpImage',
      { image, matrix: new Float32Array(9), width: 1, height: 1, border: 'constant', borderValue: new Uint8Array(4) },
      'Expected 3 bytes for warp.borderValue',
    ],
    ['mosaicImage', { image, block: 0, seed: 1 }, 'Expected an integer in [1, 65536] for mosaic.block'],
    ['mosaicImage', { image, block: 1, seed: -1 }, 'Expected a number in [0, '],
    [
      'rectifyImages',
      { image, quads: new Float32Array(7), sizes: new Int32Array(2) },
      'Expected a multiple of 8 numbers for rectify.quads',
    ],
    [
      'rectifyImages',
      { image, quads: Float32Array.from([...quad.slice(1), Number.NaN]), sizes: Int32Array.of(1, 1) },
      'Expected finite coordinates for rectify.quads',
    ],
    [
      'rectifyImages',
      { image, quads: Float32Array.from(quad), sizes: Int32Array.of(1) },
      'Expected 2 numbers a quad for rectify.sizes',
    ],
    [
      'rectifyImages',
      { image, quads: Float32Array.from(quad), sizes: Int32Array.of(0, 1) },
      'Expected sides of 1 ... 65536 for rectify.sizes',
    ],
    ['cellStrips', { images: image, cells: Int32Array.of(1), height: 4 }, 'Expected an array of Images'],
    ['cellStrips', { images: [image, {}], cells: Int32Array.of(1, 1), height: 4 }, 'Expected an array of Images'],
    ['cellStrips', { images: [image], cells: Int32Array.of(7), height: 4 }, "Expected 1 ... its image's height"],
    ['suppressOverlaps', { quads: new Float32Array(8), scores: new Float32Array(2), threshold: 0 }, 'Expected a score'],
    [
      'suppressOverlaps',
      { quads: new Float32Array(8), scores: new Float32Array(1), threshold: 1.5 },
      'Expected a number in [0, 1] for nms.threshold but received 1.5.',
    ],
    [
      'connectedComponents',
      { values: new Float32Array(5), width: 2, height: 3, threshold: 0, connectivity: 8 },
      'Expected width x height numbers',
    ],
    [
      'connectedComponents',
      { values: new Float32Array(6), width: 2, height: 3, threshold: 0, connectivity: 6 },
      'Expected 4 or 8 for connectedComponents.connectivity',
    ],
    ['minAreaRect', { points: Float32Array.of(1) }, 'Expected pairs of numbers'],
    ['minAreaRect', { points: Float32Array.of(1, Infinity) }, 'Expected finite coordinates'],
    ['perspectiveTransform', { from: new Float32Array(0), to: Float32Array.from(quad) }, 'Expected 8 numbers'],
    ['perspectiveTransform', { from: new Float32Array(8), to: Float32Array.from(quad) }, ''],
    ['openLexicon', { letters: [] }, 'Expected an Int32Array for lexicon.letters but received an array.'],
    ['openCharacterModel', { letters: image }, 'Expected an Int32Array for characterModel.letters'],
    ['openNetwork', { runtime: 5, weights: 'w', threads: 1 }, 'Expected a string for network.runtime'],
    ['openNetwork', { runtime: 'r', weights: 'w', threads: 0 }, 'Expected an integer in [1, 1024] for network.threads'],
    ['runNetwork', { network: image, input: image }, 'Expected a Network for run.network but received an object.'],
  ];

  it.each(refusals)('%s refuses what it cannot use (%#)', (operation, args, message) => {
    const call = (native() as unknown as Record<string, (context: Context, args: unknown) => unknown>)[operation]!;
    let error: unknown;
    try {
      call(context, args);
    } catch (thrown) {
      error = thrown;
    }
    expect(PlacardError.is(error)).toBe(true);
    expect(error).toMatchObject({ code: 'ERR_PLACARD_INVALID_ARGUMENT' });
    expect((error as Error).message.startsWith(message)).toBe(true);
  });

  it('need a context', () => {
    const call = native().imagePixels as (...args: unknown[]) => unknown;
    const { lane, cancel } = context;
    for (const args of [
      [],
      [{}],
      [{}, {}],
      [{ lane }, { image }],
      [{ lane: cancel, cancel: lane }, { image }],
      [5, 5],
    ]) {
      expect(() => call(...args)).toThrow(expect.objectContaining({ code: 'ERR_PLACARD_INVALID_ARGUMENT' }));
    }
  });
});

describe('an operation', () => {
  it('of a cancelled context is rejected with its code', async () => {
    const stopped = cancelled();
    for (const running of [
      native().imageFromPixels(stopped, { data: pattern(4, 4), width: 4, height: 4, channels: 3 }),
      native().turnImage(stopped, { image, turns: 1 }),
      native().imagePixels(stopped, { image }),
    ]) {
      await expect(running).rejects.toMatchObject({
        name: 'PlacardError',
        code: 'ERR_PLACARD_CANCELLED',
        cause: { code: 'ERR_PLACARD_CANCELLED' },
      });
    }
  });

  it('settles on nothing to do', async () => {
    const none = { image, quads: new Float32Array(0), sizes: new Int32Array(0) };
    expect(await native().rectifyImages(context, none)).toEqual([]);
    expect(await native().cellStrips(context, { images: [], cells: new Int32Array(0), height: 4 })).toEqual([]);
  });

  it('goes before others of less priority', async () => {
    const context1 = newContext(1);
    const large = await patternImage(context1, 1500, 1500);
    const order: string[] = [];
    const turn = (name: string, priority: number) =>
      native()
        .turnImage({ ...context1, priority }, { image: large, turns: 1 })
        .then((turned) => {
          turned.dispose();
          order.push(name);
        });
    const names = ['first', 'low', 'usual', 'high'];
    await Promise.all(names.map((name, i) => turn(name, [9, -1, 0, 1][i]!)));
    expect(order).toEqual(['first', 'high', 'usual', 'low']);
    large.dispose();
  });

  it('waits for none of another lane', async () => {
    const [busy, other] = [newContext(1), newContext(1)];
    const large = await patternImage(busy, 2000, 2000);
    let left = 12;
    const turns = Array.from({ length: left }, () =>
      native()
        .turnImage(busy, { image: large, turns: 1 })
        .then((turned) => {
          left--;
          turned.dispose();
        }),
    );
    await native().turnImage(other, { image, turns: 1 });
    expect(left).toBeGreaterThan(3);
    await Promise.all(turns);
    large.dispose();
  });

  it('counts the processor time of its lane by kind', async () => {
    const own = newContext(1);
    expect(own.lane.cpuMilliseconds()).toEqual({ kernels: 0, networks: 0, shapes: 0, sequence: 0 });
    (await patternImage(own, 1000, 1000)).dispose();
    const { kernels, networks } = own.lane.cpuMilliseconds();
    expect(kernels).toBeGreaterThan(0);
    expect(networks).toBe(0);
  });

  it('reads a buffer that nobody else holds any more', async () => {
    const wanted = pattern(900, 900);
    const start = () =>
      native().imageFromPixels(context, { data: pattern(900, 900), width: 900, height: 900, channels: 3 });
    for (const made of await Promise.all([start(), start(), start()])) {
      expect(Buffer.compare(await native().imagePixels(context, { image: made }), wanted)).toBe(0);
      made.dispose();
    }
  });

  it('does not hold up the event loop', async () => {
    const large = await patternImage(context, 3000, 3000);
    let ticks = 0;
    let busy = true;
    const tick = () => {
      ticks++;
      if (busy) setImmediate(tick);
    };
    setImmediate(tick);
    const bytes = await native().imagePixels(context, { image: large });
    busy = false;
    expect(bytes).toHaveLength(27_000_000);

    expect(ticks).toBeGreaterThan(200);
    large.dispose();
  });
});

it('the process’s state says what it runs on', () => {
  const state = native().state();
  expect(['scalar', 'avx2', 'avx512']).toContain(state.cpuLevel);
  expect(state.poolThreads).toBeGreaterThanOrEqual(2);
});

it('trim gives back what waits for the next picture', async () => {
  (await patternImage(context, 500, 500)).dispose();
  expect(native().state().storedBytes).toBeGreaterThanOrEqual(750_000);
  native().trim();
  expect(native().state().storedBytes).toBe(0);
});
