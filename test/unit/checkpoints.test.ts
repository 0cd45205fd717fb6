import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { readCheckpoint } from '../../lib/checkpoints/checkpoint.ts';
import { floatsOf } from '../../lib/checkpoints/tensor.ts';
import {
  bytesOf,
  call,
  global,
  legacyFile,
  list,
  ordered,
  persistent,
  pickle,
  type Storages,
  tensor,
  type Value,
  zipFile,
} from './torch-file.ts';

const values = Float32Array.from({ length: 6 }, (_, i) => i + 0.5);
const weight = tensor({ shape: [2, 3] });
const storages: Storages = { 0: bytesOf(values) };
const state = ordered([['weight', weight]]);
const storage = persistent(['storage', global('torch', 'FloatStorage'), '0', 'cpu', 6]);
const early = call(global('torch._utils', '_rebuild_tensor'), storage, 0, [2, 3], [3, 1]);

function read(bytes: Uint8Array) {
  return Object.fromEntries(
    [...readCheckpoint(bytes, 'small.pth')].map(([name, stored]) => [
      name,
      { dtype: stored.storage.dtype, shape: [...stored.shape], values: floatsOf(stored) && [...floatsOf(stored)!] },
    ]),
  );
}

const whole = { weight: { dtype: 'f32', shape: [2, 3], values: [...values] } };

describe('a checkpoint', () => {
  it('is read in either of torch’s formats', () => {
    expect(read(zipFile(state, storages))).toEqual(whole);
    expect(read(zipFile(state, storages, { level: 9 }))).toEqual(whole);
    expect(read(legacyFile(state, { 0: { count: 6, bytes: bytesOf(values) } }))).toEqual(whole);
  });

  it('of a big-endian machine is turned round', () => {
    const turned = Buffer.from(bytesOf(values)).swap32();
    expect(read(zipFile(state, { 0: turned }, { order: 'big' }))).toEqual(whole);
  });

  it.each<[string, Value]>([
    ['a plain dictionary', new Map([['weight', weight]])],
    ['pairs, as Python 2 wrote them', call(global('collections', 'OrderedDict'), list(list('weight', weight)))],
    [
      'a training script',
      new Map<string, Value>([
        ['epoch', 3],
        ['best', 0.25],
        ['state_dict', state],
        ['done', null],
      ]),
    ],
    [
      'another one',
      new Map<string, Value>([
        ['model', state],
        ['optimizer', new Map([['state', new Map([[0, weight]])]])],
      ]),
    ],
    ['several devices', ordered([['module.weight', weight]])],
    ['several devices in a training script', new Map([['state_dict', ordered([['module.weight', weight]])]])],
    ['parameters', ordered([['weight', call(global('torch._utils', '_rebuild_parameter'), weight, true, new Map())]])],
    ['an early torch', ordered([['weight', early]])],
  ])('is found in what %s wrote', (_, value) => {
    expect(read(zipFile(value, storages))).toEqual(whole);
  });

  it.each<[string, Parameters<typeof tensor>[0], number[]]>([
    ['a part', { shape: [3], offset: 3, count: 6 }, [3.5, 4.5, 5.5]],
    ['a transposed view', { shape: [3, 2], strides: [1, 3] }, [0.5, 3.5, 1.5, 4.5, 2.5, 5.5]],
    ['every second column', { shape: [2, 2], strides: [3, 2], count: 6 }, [0.5, 2.5, 3.5, 5.5]],
    ['a repeated number', { shape: [3], strides: [0], count: 6, offset: 2 }, [2.5, 2.5, 2.5]],
    ['sides of one with any stride', { shape: [1, 6, 1], strides: [99, 1, 7] }, [...values]],
    ['a scalar', { shape: [], count: 6, offset: 5 }, [5.5]],
    ['nothing', { shape: [0, 3], count: 6 }, []],
  ])('has tensors that are %s of their storage', (_, view, expected) => {
    expect(read(zipFile(ordered([['weight', tensor(view)]]), storages)).weight!.values).toEqual(expected);
  });

  it.each([
    ['DoubleStorage', Float64Array.of(1.5, -2), [1.5, -2]],
    ['HalfStorage', Uint16Array.of(0x3e00, 0xc000, 0x0001, 0x7c00, 0x8000), [1.5, -2, 2 ** -24, Infinity, -0]],
    ['BFloat16Storage', Uint16Array.of(0x3fc0, 0xc000), [1.5, -2]],
    ['LongStorage', BigInt64Array.of(1n), undefined],
    ['IntStorage', Int32Array.of(1), undefined],
    ['ShortStorage', Int16Array.of(1), undefined],
    ['CharStorage', Int8Array.of(1), undefined],
    ['ByteStorage', Uint8Array.of(1), undefined],
    ['BoolStorage', Uint8Array.of(1), undefined],
  ])('holds a %s', (type, numbers, expected) => {
    const value = ordered([['weight', tensor({ type, shape: [numbers.length] })]]);
    expect(read(zipFile(value, { 0: bytesOf(numbers) })).weight!.values).toEqual(expected);
  });

  it.each(['zip.pth', 'legacy.pth', 'half.pth'])('that torch itself wrote is read: %s', (name) => {
    const path = join(import.meta.dirname, 'checkpoints', name);
    const expected = JSON.parse(readFileSync(join(import.meta.dirname, 'checkpoints', 'expected.json'), 'utf8'));
    expect(read(readFileSync(path))).toEqual(expected[name]);
  });
});

it('that is none is refused by what it is', () => {
  const refused = (bytes: Uint8Array, message: RegExp) =>
    expect(() => readCheckpoint(bytes, 'x.pth')).toThrow(
      expect.objectContaining({ code: 'ERR_PLACARD_CHECKPOINT_INVALID', message: expect.stringMatching(message) }),
    );
  refused(Buffer.alloc(0), /^x\.pth is neither a zip archive nor a pickle/);
  refused(Buffer.from('hello'), /neither/);
  const tar = Buffer.alloc(1024);
  tar.write('ustar', 257);
  refused(tar, /tar archive/);
  refused(zipSync({ 'a/readme.txt': Buffer.from('x') }), /without data\.pkl/);
  refused(zipSync({ 'a/data.pkl': pickle(state), 'a/constants.pkl': pickle(null) }), /TorchScript/);
  refused(pickle(new Map([['a', 1]])), /none of torch\.save/);
  refused(zipFile(new Map([['a', 1]]), {}), /no dictionary of tensors/);
  refused(zipFile('text', {}), /no dictionary of tensors/);
});
