import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import type { PlacardError } from '../../lib/errors.ts';
import {
  parseEngineOptions,
  parseRecognizeManyOptions,
  parseRecognizeOptions,
  usableThreads,
} from '../../lib/options.ts';

function complaint(parse: () => unknown): Pick<PlacardError, 'code' | 'message'> {
  try {
    parse();
  } catch (error) {
    return error as PlacardError;
  }
  throw new Error('The options were taken.');
}

const engine = (value: unknown) => complaint(() => parseEngineOptions(value));
const recognize = (value: unknown) => complaint(() => parseRecognizeOptions(value));

describe('engine options', () => {
  it('have defaults', () => {
    const defaults = {
      mode: 'latency',
      prepare: true,
      provider: 'auto',
      precision: 'auto',
      memory: 'balanced',
      limits: { pixels: 100_000_000, queueLength: 1024, queuePixels: 400_000_000 },
    };
    expect(parseEngineOptions(undefined)).toEqual(defaults);
    expect(parseEngineOptions(null)).toEqual(defaults);
    expect(parseEngineOptions({ limits: { pixels: 5 } }).limits).toEqual({ ...defaults.limits, pixels: 5 });
  });

  it('name what was probably meant', () => {
    expect(engine({ thread: 2 })).toMatchObject({
      code: 'ERR_PLACARD_INVALID_ARGUMENT',
      message:
        'Unknown option options.thread. Did you mean threads? Known: threads, mode, models, modelsFolder, prepare, provider, precision, runtimeLibrary, memory, limits.',
    });
    expect(engine({ limits: { pixel: 1 } }).message).toBe(
      'Unknown option options.limits.pixel. Did you mean pixels? Known: pixels, queueLength, queuePixels.',
    );
    expect(engine({ models: { detector: 'a', recogniser: 'b' } }).message).toBe(
      'Unknown option options.models.recogniser. Did you mean recognizer? Known: detector, recognizer.',
    );
    expect(engine({ zzz: 2 }).message).toMatch(/^Unknown option options\.zzz\. Known: /);
  });

  it('name an unknown one before a wrong value', () => {
    expect(engine({ mode: 'x', thread: 2 }).message).toMatch(/^Unknown option options\.thread\./);
  });

  it.each([
    [5, 'Expected an object for options but received 5 (number).'],
    ['threads', 'Expected an object for options but received "threads" (string).'],
    [[], 'Expected an object for options but received an instance of Array.'],
    [{ threads: 0 }, 'Expected a number of at least 1 for options.threads but received 0 (number).'],
    [{ threads: 2000 }, 'Expected a number of at most 1024 for options.threads but received 2000 (number).'],
    [{ threads: 1.5 }, 'Expected an integer for options.threads but received 1.5 (number).'],
    [{ threads: '2' }, 'Expected a finite number for options.threads but received "2" (string).'],
    [{ threads: Number.NaN }, 'Expected a finite number for options.threads but received NaN (number).'],
    [{ mode: 'latencie' }, "Expected 'latency' or 'throughput' for options.mode but received \"latencie\" (string)."],
    [
      { provider: 'cuda' },
      "Expected 'auto' or 'cpu' or 'openvino' for options.provider but received \"cuda\" (string).",
    ],
    [{ modelsFolder: '' }, 'Expected a string that is not empty for options.modelsFolder but received "" (string).'],
    [{ limits: null }, 'Expected an object for options.limits but received null.'],
    [{ limits: { pixels: 0 } }, 'Expected a number of at least 1 for options.limits.pixels but received 0 (number).'],
    [{ models: 5 }, 'Expected a string or an object for options.models but received 5 (number).'],
    [{ models: { detector: 5 } }, 'Expected a string for options.models.detector but received 5 (number).'],
  ])('%j are refused in words', (value, message) => {
    expect(engine(value)).toMatchObject({ code: 'ERR_PLACARD_INVALID_ARGUMENT', message });
  });
});

describe('recognize options', () => {
  it('have defaults', () => {
    expect(parseRecognizeOptions(undefined)).toEqual({
      reader: 'general',
      layout: 'auto',
      effort: 'thorough',
      priority: 0,
      page: 0,
    });
  });

  it('keep the signal itself', () => {
    const { signal } = new AbortController();
    expect(parseRecognizeOptions({ signal }).signal).toBe(signal);
  });

  it.each([
    [{ region: { left: 0, top: 0, width: 0, height: 9 } }, 'a number of at least 1 for options.region.width'],
    [{ region: { left: -1, top: 0, width: 9, height: 9 } }, 'a number of at least 0 for options.region.left'],
    [{ region: { left: 0, top: 0, width: 9 } }, 'a finite number for options.region.height but received undefined'],
    [{ region: [0, 0, 9, 9] }, 'an object for options.region but received an instance of Array'],
    [{ signal: {} }, 'an AbortSignal for options.signal but received an instance of Object'],
    [{ timeoutMs: 0 }, 'a number above 0 for options.timeoutMs but received 0 (number)'],
    [{ timeoutMs: 2 ** 31 }, 'a number of at most 2147483647 for options.timeoutMs'],
    [{ timeoutMs: Infinity }, 'a finite number for options.timeoutMs but received Infinity (number)'],
    [{ priority: 1e9 }, 'a number of at most 1000 for options.priority'],
    [{ minConfidence: 1.5 }, 'a number of at most 1 for options.minConfidence but received 1.5 (number)'],
    [{ allowedCharacters: '' }, 'a string that is not empty for options.allowedCharacters'],
    [{ words: 'cat' }, 'an array of words for options.words but received "cat" (string)'],
    [{ languageModel: {} }, 'a model of buildCharacterModel for options.languageModel'],
    [{ beam: 1001 }, 'a number of at most 1000 for options.beam'],
    [{ granularity: 'line' }, "reader 'scene' with it for options.granularity"],
    [{ page: -1 }, 'a number of at least 0 for options.page'],
    [{ reader: 'genral' }, "'general' or 'scene' for options.reader but received \"genral\" (string)"],
    [{ layout: 'page' }, "'auto' or 'line' for options.layout"],
  ])('%j are refused in words', (value, message) => {
    const error = recognize(value);
    expect(error.code).toBe('ERR_PLACARD_INVALID_ARGUMENT');
    expect(error.message).toContain(`Expected ${message}`);
  });

  it('name what was probably meant', () => {
    expect(recognize({ min_confidence: 1 }).message).toContain('Did you mean minConfidence?');
    expect(recognize({ region: { left: 0, top: 0, wdith: 1, height: 1 } }).message).toMatch(
      /^Unknown option options\.region\.wdith\. Did you mean width\?/,
    );
    expect(complaint(() => parseRecognizeManyOptions({ lookahead: 1 })).message).toContain('Did you mean lookAhead?');
  });
});

it('counts at least one thread and no more than there are', () => {
  expect(usableThreads()).toBeGreaterThanOrEqual(1);
  expect(usableThreads()).toBeLessThanOrEqual(availableParallelism());
});
