import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { type NativeImage, native } from '../../lib/native.ts';
import {
  bundled,
  newContext,
  pattern,
  patternImage,
  recognizerWeights,
  runtimeLibrary,
  signedNormalization,
} from './native-context.ts';

const context = newContext();
const disposed = expect.objectContaining({ code: 'ERR_PLACARD_DISPOSED' });
const open = () =>
  native().openNetwork(context, { runtime: runtimeLibrary(), weights: bundled(recognizerWeights), threads: 1 });
const tensor = (image: NativeImage) =>
  native().imageTensor(context, { image, width: image.width, height: image.height, ...signedNormalization });

describe('dispose', () => {
  it('of an image gives its bytes back at once, and once', async () => {
    const before = native().state().liveBytes;
    const image = await patternImage(context, 300, 200);
    expect(native().state().liveBytes - before).toBeGreaterThanOrEqual(300 * 200 * 3);
    expect(image.disposed).toBe(false);
    image.dispose();
    image.dispose();
    expect(native().state().liveBytes).toBe(before);
    expect([image.disposed, image.width, image.height]).toEqual([true, 300, 200]);
  });

  it('of a tensor too', async () => {
    const image = await patternImage(context, 64, 48);
    const before = native().state().liveBytes;
    const input = await tensor(image);
    expect(native().state().liveBytes - before).toBeGreaterThanOrEqual(64 * 48 * 3 * 4);
    input.dispose();
    input.dispose();
    expect(native().state().liveBytes).toBe(before);
    image.dispose();
  });

  it('makes every use fail with its code', async () => {
    const image = await patternImage(context, 64, 48);
    const input = await tensor(image);
    const network = await open();
    for (const handle of [image, input, network]) handle.dispose();
    expect(() => native().imagePixels(context, { image })).toThrow(disposed);
    expect(() => native().imageRegion(context, { image, left: 0, top: 0, width: 1, height: 1 })).toThrow(disposed);
    expect(() => native().cellStrips(context, { images: [image], cells: Int32Array.of(1), height: 1 })).toThrow(
      disposed,
    );
    expect(() => native().runNetwork(context, { network, input })).toThrow(disposed);
    expect(() => input.shape).toThrow(expect.objectContaining({ code: 'ERR_PLACARD_DISPOSED' }));
    expect(() => input.toFloat32Array()).toThrow(disposed);
    expect(() => network.describe()).toThrow(disposed);
  });

  it('while an operation runs lets it end, with the right answer', async () => {
    const image = await patternImage(context, 2000, 1500);
    const wanted = await native().imagePixels(context, { image });
    const turning = native().turnImage(context, { image, turns: 2 });
    const copying = native().imagePixels(context, { image });
    image.dispose();
    expect(Buffer.compare(await copying, wanted)).toBe(0);
    const back = await native().turnImage(context, { image: await turning, turns: 2 });
    expect(Buffer.compare(await native().imagePixels(context, { image: back }), wanted)).toBe(0);
  });

  it('of a network and its input while they run lets them end', async () => {
    const image = await patternImage(context, 320, 48);
    const [network, input] = [await open(), await tensor(image)];
    const running = native().runNetwork(context, { network, input });
    network.dispose();
    input.dispose();
    const [output] = await running;
    expect(output!.shape).toEqual([1, 40, 6625]);
    output!.dispose();
  });
});

describe('classes', () => {
  it('make no objects but their own', () => {
    const classes = native() as unknown as Record<string, new (...args: unknown[]) => unknown>;
    for (const Handle of ['Image', 'Tensor', 'Network', 'Lexicon', 'CharacterModel'].map((name) => classes[name]!)) {
      expect(() => new Handle()).toThrow(/cannot be constructed by scripts/);
      expect(() => new Handle({}, 5)).toThrow(/cannot be constructed by scripts/);
    }
    for (const threads of [0, -1, 2000, Number.NaN, '2', undefined]) {
      expect(() => new (native().Lane)(threads as number)).toThrow(/1 \.\.\. 1024 threads/);
    }
  });

  it('are told by what they are, not by their prototype', async () => {
    const image = await patternImage(context, 4, 4);
    const input = await tensor(image);
    const asImage = (value: object) => Object.setPrototypeOf(value, Object.getPrototypeOf(image)) as NativeImage;
    const forged: NativeImage[] = [
      Object.create(image) as NativeImage,
      Object.create(Object.getPrototypeOf(image)) as NativeImage,
      asImage({}),
      asImage(new (native().CancelToken)()),
      asImage(input),
    ];
    for (const value of forged) {
      expect(() => native().imagePixels(context, { image: value })).toThrow(
        expect.objectContaining({ code: 'ERR_PLACARD_INVALID_ARGUMENT' }),
      );
    }
    const { dispose } = Object.getPrototypeOf(image) as NativeImage;
    for (const receiver of [{}, context.cancel, input]) expect(() => dispose.call(receiver as NativeImage)).toThrow();
    image.dispose();
  });

  it('take no part in structured clones', async () => {
    const image = await patternImage(context, 4, 4);
    let clone: unknown;
    try {
      clone = structuredClone(image);
    } catch {
      return;
    }
    expect(() => native().imagePixels(context, { image: clone as NativeImage })).toThrow(/Expected an Image/);
  });
});

it('tensors tell their shape and copy their values out', async () => {
  const image = await native().imageFromPixels(context, {
    data: Uint8Array.of(0, 255, 51, 255, 0, 102),
    width: 2,
    height: 1,
    channels: 3,
  });
  const plain = await native().imageTensor(context, { image, width: 2, height: 1, ...signedNormalization });
  expect(plain.shape).toEqual([1, 3, 1, 2]);
  expect([...plain.toFloat32Array()]).toEqual([-1, 1, 1, -1, -0.6, -0.2].map((value) => expect.closeTo(value, 5)));
  const swapped = await native().imageTensor(context, {
    image,
    width: 2,
    height: 1,
    tensorWidth: 3,
    tensorHeight: 2,
    ...signedNormalization,
    reverseChannels: true,
  });
  expect(swapped.shape).toEqual([1, 3, 2, 3]);
  const planes = [
    [-0.6, -0.2],
    [1, -1],
    [-1, 1],
  ];
  const wanted = planes.flatMap(([left, right]) => [left!, right!, 0, 0, 0, 0]);
  expect([...swapped.toFloat32Array()]).toEqual(wanted.map((value) => expect.closeTo(value, 5)));
});

it('tensors of one scale hold the luma', async () => {
  const data = Uint8Array.of(255, 0, 0, 0, 255, 0, 10, 20, 30);
  const image = await native().imageFromPixels(context, { data, width: 3, height: 1, channels: 3 });
  const gray = { scale: Float32Array.of(1), offset: Float32Array.of(-100), reverseChannels: false };
  const luma = await native().imageTensor(context, { image, width: 3, height: 1, ...gray });
  expect(luma.shape).toEqual([1, 1, 1, 3]);
  const wanted = [0.299 * 255, 0.587 * 255, 0.299 * 10 + 0.587 * 20 + 0.114 * 30];
  expect([...luma.toFloat32Array()]).toEqual(wanted.map((value) => expect.closeTo(value - 100, 4)));
});

it('tensors are filled up with zeros, or with what black becomes', async () => {
  const data = Uint8Array.of(3, 2, 1);
  const image = await native().imageFromPixels(context, { data, width: 1, height: 1, channels: 3 });
  const large = { image, width: 1, height: 1, tensorWidth: 2, tensorHeight: 2 };
  const perChannel = {
    scale: Float32Array.of(1, 1, 1),
    offset: Float32Array.of(-1, -2, -3),
    reverseChannels: false,
  };
  const filled = async (fill?: 'zeros' | 'black') =>
    (await native().imageTensor(context, { ...large, ...perChannel, fill })).toFloat32Array();
  expect([...(await filled())]).toEqual([2, 0, 0, 0, 0, 0, 0, 0, -2, 0, 0, 0]);
  expect(await filled('zeros')).toEqual(await filled());
  expect([...(await filled('black'))]).toEqual([2, -1, -1, -1, 0, -2, -2, -2, -2, -3, -3, -3]);
  expect(() => native().imageTensor(context, { ...large, ...perChannel, fill: 'edge' as 'black' })).toThrow(
    /Expected 'zeros' or 'black' for tensor\.fill but received "edge"/,
  );
});

it('what is dropped without dispose goes with the garbage', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const before = native().state().liveBytes;
  const size = { width: 100, height: 100, channels: 3 };
  for (let i = 0; i < 5; i++) {
    await tensor(await native().imageFromPixels(context, { data: pattern(100, 100), ...size }));
  }
  expect(native().state().liveBytes - before).toBeGreaterThan(500_000);
  for (let i = 0; i < 50 && native().state().liveBytes > before; i++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  expect(native().state().liveBytes).toBeLessThanOrEqual(before);
});
