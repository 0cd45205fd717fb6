import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PlacardError } from '../../lib/errors.ts';
import { layOutAlphabet } from '../../lib/models/alphabet.ts';
import { parseContract } from '../../lib/models/contract.ts';
import { normalizationOf } from '../../lib/models/normalization.ts';
import { filesOf } from '../../lib/models/weights.ts';
import { parseEngineOptions, parseRecognizeManyOptions, parseRecognizeOptions } from '../../lib/options.ts';
import { detectContract, recognizeContract } from './models-folder.ts';

/** What a call gives, or the code that it fails with; any other error is a defect. */
function outcome<T>(call: () => T): { value: T } | { code: string } {
  try {
    return { value: call() };
  } catch (error) {
    if (!PlacardError.is(error)) throw error;
    expect(error.message).not.toMatch(/\[object |undefined is not/);
    return { code: error.code };
  }
}

const contracts = [detectContract('finder', 'weights'), recognizeContract('reader', 'weights', 'a\nb\n')];
const strange = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(
    -1,
    0,
    0.5,
    Number.POSITIVE_INFINITY,
    1e300,
    5e-324,
    '..',
    '.',
    '',
    '__proto__',
    '../x',
    null,
    [],
    {},
    2 ** 53,
    'constructor',
  ),
);

/** Where values stand in a contract: every path of keys. */
function pathsOf(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...path, key]))];
}

/** A contract with something else at a path, or with one more key there. */
function changed(contract: unknown, path: readonly string[], value: unknown, extra: string | undefined): unknown {
  const copy = structuredClone({ root: contract }) as Record<string, unknown>;
  let parent = copy;
  const keys = ['root', ...path, ...(extra === undefined ? [] : [extra])];
  for (const key of keys.slice(0, -1)) {
    if (typeof parent[key] !== 'object' || parent[key] === null) return copy.root;
    parent = parent[key] as Record<string, unknown>;
  }
  // The length of an array is none of its keys, and JSON does not write it.
  if (Array.isArray(parent) && keys.at(-1) === 'length') return copy.root;
  Object.defineProperty(parent, keys.at(-1)!, { value, enumerable: true, configurable: true, writable: true });
  return copy.root;
}

describe('a contract', () => {
  it('of any text is taken or refused with MODEL_INVALID', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.string({ unit: 'binary' })), (text) => {
        expect(outcome(() => parseContract(text, 'm/model.json'))).toEqual({ code: 'ERR_PLACARD_MODEL_INVALID' });
      }),
      { numRuns: 500 },
    );
  });

  it('with anything changed is refused, or is one that can be used', () => {
    let taken = 0;
    const change = fc
      .constantFrom(...contracts)
      .chain((contract) =>
        fc.tuple(
          fc.constant(contract),
          fc.constantFrom(...pathsOf(contract)),
          strange,
          fc.option(fc.string(), { nil: undefined, freq: 9 }),
        ),
      );
    fc.assert(
      fc.property(change, ([contract, path, value, extra]) => {
        const text = JSON.stringify(changed(contract, path, value, extra)) ?? '';
        const result = outcome(() => parseContract(text, 'm/model.json'));
        if ('code' in result) {
          expect(result.code).toBe('ERR_PLACARD_MODEL_INVALID');
          return;
        }
        taken++;
        const { scale, offset } = normalizationOf(result.value);
        for (const number of [...scale, ...offset]) expect(number).toSatisfy(Number.isFinite);
        for (const { file, sha256 } of filesOf(result.value)) {
          expect(file).not.toMatch(/[/\\]|^$|^\.\.?$/);
          expect(sha256).toMatch(/^[0-9a-f]{64}$/);
        }
      }),
      { numRuns: 1500 },
    );
    expect(taken).toBeGreaterThan(5);
  });

  it('lays any alphabet out over its classes, or says what does not fit', () => {
    const reader = recognizeContract('reader', 'weights', 'a\nb\n');
    const entries = fc.array(fc.string({ unit: 'grapheme', maxLength: 2 }), { maxLength: 6 });
    const output = fc.record({
      classes: fc.integer({ min: 2, max: 9 }),
      blank: fc.nat(9),
      space: fc.constantFrom('last' as const, 'none' as const),
    });
    fc.assert(
      fc.property(entries, output, (characters, chosen) => {
        const contract = { ...reader, output: { ...reader.output, ...chosen } };
        const result = outcome(() => layOutAlphabet(characters, contract));
        if ('code' in result) {
          expect(result.code).toMatch(/^ERR_PLACARD_MODEL_(MISMATCH|INVALID)$/);
          return;
        }
        const { value } = result;
        expect(value.characters).toHaveLength(chosen.classes);
        expect(value.characters[chosen.blank]).toBe('');
        expect(new Set(value.characters).size).toBe(chosen.classes);
        expect(value.space).toBe(value.characters.indexOf(' '));
      }),
      { numRuns: 500 },
    );
  });
});

describe('options', () => {
  const known = [
    'threads',
    'mode',
    'models',
    'modelsFolder',
    'memory',
    'limits',
    'pixels',
    'region',
    'left',
    'signal',
    'timeoutMs',
    'priority',
    'layout',
    'page',
    'minConfidence',
    'allowedCharacters',
    'lookAhead',
    'detector',
    '__proto__',
  ];
  const anything = fc.anything({
    key: fc.oneof(fc.constantFrom(...known), fc.string()),
    withBigInt: true,
    withDate: true,
    withMap: true,
    withNullPrototype: true,
    withSparseArray: true,
    withTypedArray: true,
  });
  const numbers = fc.oneof(fc.double(), fc.integer(), strange);
  const likely = fc.dictionary(
    fc.constantFrom(...known),
    fc.oneof(numbers, fc.dictionary(fc.constantFrom(...known), numbers)),
  );

  it.each([
    ['createEngine', parseEngineOptions],
    ['recognize', parseRecognizeOptions],
    ['recognizeMany', parseRecognizeManyOptions],
  ] as const)('of %s are taken or refused with INVALID_ARGUMENT, whatever they are', (_, parse) => {
    fc.assert(
      fc.property(fc.oneof(anything, likely), (value) => {
        const result = outcome(() => parse(value));
        if ('code' in result) {
          expect(result.code).toBe('ERR_PLACARD_INVALID_ARGUMENT');
          return;
        }
        const numbersIn = Object.values(result.value).filter((one) => typeof one === 'number');
        for (const number of numbersIn) expect(number).toSatisfy(Number.isFinite);
        // What was taken means the same when it is said again.
        expect(parse(result.value)).toEqual(result.value);
      }),
      { numRuns: 1000 },
    );
  });
});
