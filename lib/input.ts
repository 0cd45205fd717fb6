import { readFile } from 'node:fs/promises';
import { types } from 'node:util';
import { expected, PlacardError } from './errors.ts';

/** Pixels that somebody already decoded. Copied when the call is made, so they may be reused at once. */
export interface RawPixels {
  data: Uint8Array | Uint8ClampedArray;
  width: number;
  height: number;
  /** 1 gray, 2 gray + alpha, 3 RGB, 4 RGBA. */
  channels: 1 | 2 | 3 | 4;
  /** Bytes from one row to the next; width x channels by default. */
  stride?: number;
  /** `rgb` by default. */
  order?: 'rgb' | 'bgr';
}

/** What opencv4nodejs and its forks hand out: 8-bit, gray, BGR or BGRA. */
export interface MatLike {
  rows: number;
  cols: number;
  channels: number;
  getData(): Uint8Array;
}

/** A picture: an encoded file's bytes, its path, raw pixels, or an OpenCV Mat. */
export type PictureInput = Uint8Array | ArrayBuffer | string | RawPixels | MatLike;

/** An input told apart and, where a caller could change it under us, copied. */
export type Picture =
  | { kind: 'encoded'; bytes: Uint8Array }
  | { kind: 'file'; path: string }
  | { kind: 'pixels'; data: Uint8Array; width: number; height: number; channels: number; stride: number; bgr: boolean };

/**
 * Tells what an input is. Buffers are told by what they are, not by their class: those of another realm (a vm context, a
 * test runner's sandbox) are of other classes. Throws INVALID_ARGUMENT, EMPTY_INPUT or DETACHED_BUFFER.
 */
export function toPicture(input: PictureInput): Picture {
  if (typeof input === 'string') {
    if (input === '') throw expected('a path', 'input', input);
    return { kind: 'file', path: input };
  }
  if (types.isArrayBuffer(input) || types.isUint8Array(input)) return { kind: 'encoded', bytes: copyBytes(input) };
  if (typeof input === 'object' && input !== null) {
    if ('getData' in input && typeof input.getData === 'function') return fromMat(input);
    if ('data' in input) return fromPixels(input as RawPixels);
  }
  throw expected('a Buffer, Uint8Array, ArrayBuffer, path, raw pixels or a Mat', 'input', input);
}

/** The bytes of a picture that is not raw pixels. Throws FILE_UNREADABLE or EMPTY_INPUT. */
export async function encodedBytes(
  picture: Exclude<Picture, { kind: 'pixels' }>,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  if (picture.kind === 'encoded') return picture.bytes;
  const bytes = await readFile(picture.path, { signal }).catch((cause: NodeJS.ErrnoException) => {
    if (signal?.aborted) throw signal.reason;
    const why = { ENOENT: 'it does not exist', EISDIR: 'it is a folder', EACCES: 'permission is denied' }[
      cause.code ?? ''
    ];
    throw new PlacardError('FILE_UNREADABLE', `Cannot read ${picture.path}: ${why ?? cause.message}.`, { cause });
  });
  if (bytes.length === 0) throw new PlacardError('EMPTY_INPUT', `${picture.path} is empty.`);
  return bytes;
}

function copyBytes(input: ArrayBuffer | Uint8Array): Uint8Array {
  refuseDetached(types.isUint8Array(input) ? input.buffer : input);
  if (input.byteLength === 0) throw new PlacardError('EMPTY_INPUT', 'The input has no bytes.');
  return Uint8Array.from(types.isUint8Array(input) ? input : new Uint8Array(input));
}

function refuseDetached(buffer: ArrayBufferLike): void {
  // A detached buffer has no bytes and cannot be viewed any more; `detached` itself is newer than Node.js 20.
  try {
    new Uint8Array(buffer);
  } catch (cause) {
    throw new PlacardError('DETACHED_BUFFER', 'The input’s buffer was transferred or detached.', { cause });
  }
}

function fromMat(mat: MatLike): Picture {
  const { rows, cols, channels } = mat;
  if (channels !== 1 && channels !== 3 && channels !== 4)
    throw expected('a Mat of 1, 3 or 4 channels', 'input.channels', channels);
  const data = dataOf(mat);
  // Mats of 16 bits and of floats have as many numbers, but more bytes.
  if (data?.length > rows * cols * channels) {
    throw expected(`an 8-bit Mat: ${rows * cols * channels} bytes`, 'input.getData().length', data.length);
  }
  return fromPixels({ data, width: cols, height: rows, channels, order: 'bgr' });
}

function dataOf(mat: MatLike): Uint8Array {
  try {
    return mat.getData();
  } catch (cause) {
    // opencv4nodejs does not hand out a region that shares its Mat's pixels.
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new PlacardError('INVALID_ARGUMENT', `The Mat’s getData() failed: ${why}`, { cause });
  }
}

function fromPixels(input: RawPixels): Picture {
  const { data, width, height, channels, order } = input;
  for (const [name, value] of Object.entries({ width, height })) {
    if (value === 0) throw new PlacardError('EMPTY_INPUT', `The input has no pixels: its ${name} is 0.`);
    if (!Number.isInteger(value) || value < 0 || value > 65_536)
      throw expected('an integer of 1 … 65536', `input.${name}`, value);
  }
  if (![1, 2, 3, 4].includes(channels)) throw expected('1, 2, 3 or 4', 'input.channels', channels);
  if (order !== undefined && order !== 'rgb' && order !== 'bgr') throw expected("'rgb' or 'bgr'", 'input.order', order);
  if (!(types.isUint8Array(data) || types.isUint8ClampedArray(data))) {
    throw expected('a Uint8Array or Uint8ClampedArray', 'input.data', data);
  }
  refuseDetached(data.buffer);
  const stride = input.stride ?? width * channels;
  if (!Number.isInteger(stride) || stride < width * channels) {
    throw expected(`an integer of at least width x channels = ${width * channels}`, 'input.stride', input.stride);
  }
  const needed = stride * (height - 1) + width * channels;
  if (data.length < needed) throw expected(`at least ${needed} bytes`, 'input.data.length', data.length);
  const copy = Uint8Array.from(data.subarray(0, needed));
  return { kind: 'pixels', data: copy, width, height, channels, stride, bgr: order === 'bgr' };
}
