import { inspect } from 'node:util';
import { createContext, runInContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { expected, PlacardError } from '../../lib/errors.ts';

describe('PlacardError', () => {
  it('has a name, a code and a message', () => {
    const error = new PlacardError('CLOSED', 'The engine is closed.');
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: 'PlacardError', code: 'ERR_PLACARD_CLOSED', message: 'The engine is closed.' });
    expect(String(error)).toBe('PlacardError: The engine is closed.');
  });

  it('keeps a cause, and prints none where there is none', () => {
    const cause = new TypeError('why');
    expect(new PlacardError('CLOSED', 'x', { cause }).cause).toBe(cause);
    expect(new PlacardError('CLOSED', 'x', { cause: 0 }).cause).toBe(0);
    for (const options of [undefined, {}, { cause: undefined }]) {
      expect(inspect(new PlacardError('CLOSED', 'x', options))).not.toContain('cause');
    }
  });

  it('is told from other errors, whichever copy of placard made it', () => {
    expect(PlacardError.is(new PlacardError('CLOSED', 'x'))).toBe(true);
    const foreign = Object.defineProperty(new Error('x'), Symbol.for('placard.error'), { value: true });
    expect(PlacardError.is(foreign)).toBe(true);
    const lookalike = Object.assign(new Error('x'), { name: 'PlacardError', code: 'ERR_PLACARD_CLOSED' });
    for (const other of [lookalike, new Error('x'), null, undefined, 'x', 5])
      expect(PlacardError.is(other)).toBe(false);
  });
});

describe('expected', () => {
  class Plate {}

  it.each([
    [undefined, 'undefined'],
    [null, 'null'],
    [-1, '-1 (number)'],
    [Number.NaN, 'NaN (number)'],
    [5n, '5 (bigint)'],
    [true, 'true (boolean)'],
    [Symbol('s'), 'Symbol(s) (symbol)'],
    ['a"b', '"a\\"b" (string)'],
    ['x'.repeat(61), `"${'x'.repeat(60)}…" (string)`],
    [{}, 'an instance of Object'],
    [Object.create(null), 'an instance of Object'],
    [[], 'an instance of Array'],
    [new Plate(), 'an instance of Plate'],
    [Buffer.alloc(1), 'an instance of Buffer'],
    [() => {}, 'a function'],
    [runInContext('new Uint8Array(1)', createContext()), 'an instance of Uint8Array'],
  ])('says of %s what it is', (value, said) => {
    const error = expected('a plate', 'options.plate', value);
    expect(error.code).toBe('ERR_PLACARD_INVALID_ARGUMENT');
    expect(error.message).toBe(`Expected a plate for options.plate but received ${said}.`);
  });

  it('keeps a cause', () => {
    const cause = new Error('why');
    expect(expected('a', 'b', 1, cause).cause).toBe(cause);
  });
});
