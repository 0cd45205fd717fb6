import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { afterAll, describe, expect, it } from 'vitest';
import { PlacardError } from '../../lib/errors.ts';
import { encodedBytes, type PictureInput, type RawPixels, toPicture } from '../../lib/input.ts';

const folder = mkdtempSync(join(tmpdir(), 'placard-input-'));
afterAll(() => rmSync(folder, { recursive: true }));

function refusal(input: unknown): PlacardError {
  try {
    toPicture(input as PictureInput);
  } catch (error) {
    if (PlacardError.is(error)) return error;
    throw error;
  }
  throw new Error('The input was taken.');
}

const bytes = (...values: number[]) => Uint8Array.from(values);

describe('encoded bytes', () => {
  it('are copied from any kind of buffer', () => {
    const buffer = Buffer.from([1, 2, 3]);
    const picture = toPicture(buffer);
    buffer.fill(9);
    expect(picture).toEqual({ kind: 'encoded', bytes: bytes(1, 2, 3) });
    expect(toPicture(bytes(1, 2))).toEqual({ kind: 'encoded', bytes: bytes(1, 2) });
    expect(toPicture(bytes(7, 8).buffer)).toEqual({ kind: 'encoded', bytes: bytes(7, 8) });
  });

  it('are only the part that a view shows', () => {
    expect(toPicture(bytes(1, 2, 3, 4).subarray(1, 3))).toEqual({ kind: 'encoded', bytes: bytes(2, 3) });
  });

  it('may come from another realm', () => {
    const realm = createContext();
    expect(toPicture(runInContext('new Uint8Array([5, 6])', realm))).toEqual({ kind: 'encoded', bytes: bytes(5, 6) });
    expect(toPicture(runInContext('new ArrayBuffer(2)', realm))).toEqual({ kind: 'encoded', bytes: bytes(0, 0) });
    const data = runInContext('new Uint8ClampedArray([5])', realm);
    expect(toPicture({ data, width: 1, height: 1, channels: 1 })).toMatchObject({ data: bytes(5) });
  });

  it('must be some', () => {
    for (const input of [Buffer.alloc(0), new ArrayBuffer(0)]) {
      expect(refusal(input).code).toBe('ERR_PLACARD_EMPTY_INPUT');
    }
  });

  it('must not have been transferred', () => {
    const whole = new ArrayBuffer(4);
    const view = new Uint8Array(whole);
    structuredClone(whole, { transfer: [whole] });
    expect(refusal(whole).code).toBe('ERR_PLACARD_DETACHED_BUFFER');
    expect(refusal(view)).toMatchObject({ code: 'ERR_PLACARD_DETACHED_BUFFER', cause: expect.any(TypeError) });
    expect(refusal({ data: view, width: 1, height: 1, channels: 1 }).code).toBe('ERR_PLACARD_DETACHED_BUFFER');
  });
});

describe('a path', () => {
  it('is read later', () => {
    expect(toPicture('a.png')).toEqual({ kind: 'file', path: 'a.png' });
    expect(refusal('').code).toBe('ERR_PLACARD_INVALID_ARGUMENT');
  });

  it('gives the file’s bytes, or says why not', async () => {
    const path = join(folder, 'some');
    writeFileSync(path, 'abc');
    writeFileSync(join(folder, 'empty'), '');
    expect(Buffer.from(await encodedBytes({ kind: 'file', path })).toString()).toBe('abc');
    const failing = [
      ['empty', 'EMPTY_INPUT', /empty is empty\.$/],
      ['none', 'FILE_UNREADABLE', /none: it does not exist\.$/],
      ['.', 'FILE_UNREADABLE', /: it is a folder\.$/],
      ['a\0b', 'FILE_UNREADABLE', /without null bytes/],
    ] as const;
    for (const [name, code, message] of failing) {
      const read = encodedBytes({ kind: 'file', path: `${folder}/${name}` });
      await expect(read).rejects.toMatchObject({
        code: `ERR_PLACARD_${code}`,
        message: expect.stringMatching(message),
      });
    }
  });

  it('stops being read with the signal’s own reason', async () => {
    const reason = new Error('enough');
    await expect(encodedBytes({ kind: 'file', path: join(folder, 'some') }, AbortSignal.abort(reason))).rejects.toBe(
      reason,
    );
  });
});

describe('raw pixels', () => {
  const pixels: RawPixels = { data: bytes(1, 2, 3, 4, 5, 6), width: 1, height: 2, channels: 3 };

  it('are copied', () => {
    const data = bytes(1, 2, 3);
    const picture = toPicture({ data, width: 1, height: 1, channels: 3 });
    data.fill(0);
    expect(picture).toEqual({
      kind: 'pixels',
      data: bytes(1, 2, 3),
      width: 1,
      height: 1,
      channels: 3,
      stride: 3,
      bgr: false,
    });
  });

  it('may have a stride, another order, and more bytes than needed', () => {
    const data = new Uint8ClampedArray([1, 2, 3, 0, 4, 5, 6, 0, 9, 9]);
    expect(toPicture({ data, width: 1, height: 2, channels: 3, stride: 4, order: 'bgr' })).toMatchObject({
      data: bytes(1, 2, 3, 0, 4, 5, 6),
      stride: 4,
      bgr: true,
    });
  });

  it.each([
    [{ width: 0 }, 'EMPTY_INPUT', 'its width is 0'],
    [{ height: 0 }, 'EMPTY_INPUT', 'its height is 0'],
    [{ width: 1.5 }, 'INVALID_ARGUMENT', 'input.width but received 1.5'],
    [{ width: '1' }, 'INVALID_ARGUMENT', 'input.width but received "1"'],
    [{ height: -1 }, 'INVALID_ARGUMENT', 'input.height'],
    [{ height: 65_537 }, 'INVALID_ARGUMENT', 'an integer of 1 … 65536 for input.height'],
    [{ width: Number.NaN }, 'INVALID_ARGUMENT', 'input.width but received NaN'],
    [{ channels: 5 }, 'INVALID_ARGUMENT', '1, 2, 3 or 4 for input.channels'],
    [{ channels: undefined }, 'INVALID_ARGUMENT', 'input.channels but received undefined'],
    [{ order: 'brg' }, 'INVALID_ARGUMENT', "'rgb' or 'bgr' for input.order"],
    [{ data: [1, 2, 3, 4, 5, 6] }, 'INVALID_ARGUMENT', 'input.data but received an instance of Array'],
    [{ data: new Uint16Array(6) }, 'INVALID_ARGUMENT', 'input.data but received an instance of Uint16Array'],
    [{ data: bytes(1, 2, 3, 4, 5) }, 'INVALID_ARGUMENT', 'at least 6 bytes for input.data.length but received 5'],
    [{ stride: 2 }, 'INVALID_ARGUMENT', 'at least width x channels = 3 for input.stride but received 2'],
    [{ stride: 4 }, 'INVALID_ARGUMENT', 'at least 7 bytes'],
    [{ stride: 3.5 }, 'INVALID_ARGUMENT', 'input.stride but received 3.5'],
  ])('%j are refused', (change, code, message) => {
    const error = refusal({ ...pixels, ...change });
    expect(error.code).toBe(`ERR_PLACARD_${code}`);
    expect(error.message).toContain(message);
  });
});

describe('a Mat', () => {
  const mat = { rows: 1, cols: 2, channels: 3, getData: () => bytes(1, 2, 3, 4, 5, 6) };

  it('is pixels in the other order', () => {
    expect(toPicture(mat)).toEqual({
      kind: 'pixels',
      data: bytes(1, 2, 3, 4, 5, 6),
      width: 2,
      height: 1,
      channels: 3,
      stride: 6,
      bgr: true,
    });
  });

  it.each([
    ['of two channels', { channels: 2 }, 'a Mat of 1, 3 or 4 channels'],
    ['of 16 bits', { getData: () => new Uint8Array(12) }, 'an 8-bit Mat: 6 bytes for input.getData().length'],
    ['of too little data', { getData: () => new Uint8Array(5) }, 'at least 6 bytes'],
    ['of no data', { getData: () => undefined }, 'input.data but received undefined'],
    ['without rows', { rows: undefined }, 'input.height but received undefined'],
  ])('%s is refused', (_, change, message) => {
    const error = refusal({ ...mat, ...change });
    expect(error.code).toBe('ERR_PLACARD_INVALID_ARGUMENT');
    expect(error.message).toContain(message);
  });

  it('whose pixels cannot be had is refused with the reason', () => {
    // opencv4nodejs throws its errors as plain strings.
    for (const [thrown, reason] of [
      ['Mat::GetData - a region', 'Mat::GetData - a region'],
      [new Error('released'), 'released'],
    ] as const) {
      const getData = () => {
        throw thrown;
      };
      const error = refusal({ ...mat, getData });
      expect(error).toMatchObject({ code: 'ERR_PLACARD_INVALID_ARGUMENT', cause: thrown });
      expect(error.message).toBe(`The Mat’s getData() failed: ${reason}`);
    }
  });

  it('of no rows is empty', () => {
    expect(refusal({ ...mat, rows: 0, getData: () => bytes() }).code).toBe('ERR_PLACARD_EMPTY_INPUT');
  });
});

it.each([undefined, null, 5, {}, [], Symbol('s'), () => {}, new Uint16Array(4), new DataView(new ArrayBuffer(4))])(
  '%s is no picture',
  (input) => {
    expect(refusal(input).message).toMatch(
      /^Expected a Buffer, Uint8Array, ArrayBuffer, path, raw pixels or a Mat for input/,
    );
  },
);
