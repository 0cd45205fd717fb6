import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { errorTable } from '../../lib/errors.ts';
import { importCycles, importViolations, libraryOutputViolations } from './library-rules.ts';
import {
  includeViolations,
  nativeOutputViolations,
  sourceListViolations,
  statusCodeViolations,
  wrappedSymbolViolations,
} from './native-rules.ts';
import { readSourceFiles, root } from './source-files.ts';
import { fileLengthViolations, functionLengthViolations, nameViolations } from './style-rules.ts';

const files = new Map(readSourceFiles());
files.set('native/sources.json', readFileSync(join(root, 'native/sources.json'), 'utf8'));

/** rules.test.ts shows each of these rules broken files. */
describe('the tree as DESIGN says it', () => {
  test('is found', () => {
    for (const path of ['lib/index.ts', 'native/base/status.cc', 'scripts/run.mjs']) expect(files.has(path)).toBe(true);
  });
  test('native rooms include downward only', () => expect(includeViolations(files)).toEqual([]));
  test('native/sources.json lists the native sources', () => expect(sourceListViolations(files)).toEqual([]));
  test('wrapped symbols are defined', () => expect(wrappedSymbolViolations(files)).toEqual([]));
  test('native code is silent', () => expect(nativeOutputViolations(files)).toEqual([]));
  test('native codes are those of lib/errors.ts', () => {
    expect(statusCodeViolations(files, Object.keys(errorTable))).toEqual([]);
  });
  test('rooms of lib import downward only', () => expect(importViolations(files)).toEqual([]));
  test('files of lib import in no ring', () => expect(importCycles(files)).toEqual([]));
  test('lib is silent outside the command line', () => expect(libraryOutputViolations(files)).toEqual([]));
  test('files are short', () => expect(fileLengthViolations(files)).toEqual([]));
  test('functions fit on a screen', () => expect(functionLengthViolations(files)).toEqual([]));
  test('names say what is meant', () => expect(nameViolations(files)).toEqual([]));
});
