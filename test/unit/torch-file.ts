import { zipSync } from 'fflate';

/** Part of a pickle, ready as bytes. */
export type Part = Buffer;

/** What a pickle is written from: arrays are tuples. */
export type Value = Part | string | number | boolean | null | readonly Value[] | ReadonlyMap<string | number, Value>;

const part = (...pieces: (string | Buffer)[]): Part =>
  Buffer.concat(pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece)));

function numbered(opcode: string, value: number): Part {
  const number = Buffer.alloc(4);
  number.writeInt32LE(value);
  return part(opcode, number);
}

/** As Python's protocol 2 has it. */
export function encoded(value: Value): Part {
  if (Buffer.isBuffer(value)) return value;
  if (value === null) return part('N');
  if (typeof value === 'boolean') return part(value ? '\x88' : '\x89');
  if (typeof value === 'string') return part(numbered('X', Buffer.byteLength(value)), Buffer.from(value));
  if (typeof value === 'number') return Number.isInteger(value) ? integer(value) : float(value);
  if (Array.isArray(value)) return part('(', ...value.map(encoded), 't');
  const items = [...(value as ReadonlyMap<string, Value>)].flatMap(([key, item]) => [encoded(key), encoded(item)]);
  return part('}(', ...items, 'u');
}

function integer(value: number): Part {
  if (Math.abs(value) < 2 ** 31) return numbered('J', value);
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(BigInt(value));
  return part('\x8a\x08', bytes);
}

function float(value: number): Part {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return part('G', bytes);
}

export const list = (...items: Value[]): Part => part('](', ...items.map(encoded), 'e');
export const global = (module: string, name: string): Part => part(`c${module}\n${name}\n`);
export const call = (callee: Part, ...args: Value[]): Part => part(callee, encoded(args), 'R');
export const persistent = (id: Value): Part => part(encoded(id), 'Q');
export const opcodes = (text: string, ...values: Value[]): Part => part(...values.map(encoded), text);

/** A pickle of its own. */
export const pickle = (value: Value): Part => part('\x80\x02', encoded(value), '.');

/** An ordered dictionary with the metadata that torch attaches. */
export function ordered(items: Iterable<readonly [string, Value]>): Part {
  const empty = call(global('collections', 'OrderedDict'));
  const pairs = [...items].flatMap(([key, item]) => [encoded(key), encoded(item)]);
  return part(empty, '(', ...pairs, 'u', encoded(new Map([['_metadata', empty]])), 'b');
}

export interface TensorText {
  key?: Value;
  type?: string;
  count?: Value;
  offset?: Value;
  shape: readonly number[];
  strides?: readonly number[];
}

export function rowMajor(shape: readonly number[]): number[] {
  return shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
}

/** A tensor of `_rebuild_tensor_v2`, of the whole storage in row-major order unless told otherwise. */
export function tensor({ key = '0', type = 'FloatStorage', count, offset = 0, shape, strides }: TensorText): Part {
  const elements = shape.reduce((product, size) => product * size, 1);
  const storage = persistent(['storage', global('torch', type), key, 'cpu', count ?? elements]);
  const hooks = call(global('collections', 'OrderedDict'));
  return call(
    global('torch._utils', '_rebuild_tensor_v2'),
    storage,
    offset,
    [...shape],
    [...(strides ?? rowMajor(shape))],
    false,
    hooks,
  );
}

export type Storages = Readonly<Record<string, Uint8Array>>;

export const bytesOf = (values: ArrayBufferView): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

/** A file as torch has written it since 1.6. */
export function zipFile(value: Value, storages: Storages, { order = 'little', level = 0 as 0 | 9 } = {}): Uint8Array {
  const entries: Record<string, Uint8Array> = {
    'small/data.pkl': pickle(value),
    'small/byteorder': Buffer.from(order),
  };
  for (const [key, bytes] of Object.entries(storages)) entries[`small/data/${key}`] = bytes;
  return zipSync({ ...entries, 'small/version': Buffer.from('3\n') }, { level });
}

const magic = Buffer.from('8a0a6cfc9c46f9206aa85019', 'hex');

/** A file as torch wrote it before 1.6. */
export function legacyFile(
  value: Value,
  storages: Readonly<Record<string, { count: number; bytes: Uint8Array }>>,
): Buffer {
  const system = new Map<string, Value>([
    ['protocol_version', 1001],
    ['little_endian', true],
    ['type_sizes', new Map([['int', 4]])],
  ]);
  const heads = [magic, 1001, system, value, list(...Object.keys(storages))].map(pickle);
  const tails = Object.values(storages).map(({ count, bytes }) => {
    const stated = Buffer.alloc(8);
    stated.writeBigInt64LE(BigInt(count));
    return Buffer.concat([stated, bytes]);
  });
  return Buffer.concat([...heads, ...tails]);
}

/** A file of a state dictionary; tensors without values are counters. */
export function stateFile(tensors: Iterable<readonly [string, { shape: readonly number[]; values?: Float32Array }]>) {
  const storages: Record<string, Uint8Array> = {};
  const items = [...tensors].map(([name, { shape, values }], i): [string, Value] => {
    storages[i] = values ? bytesOf(values) : new Uint8Array(8);
    return [name, tensor({ key: `${i}`, shape, type: values ? 'FloatStorage' : 'LongStorage' })];
  });
  return zipFile(ordered(items), storages);
}
