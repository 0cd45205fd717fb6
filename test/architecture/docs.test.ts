import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { errorTable } from '../../lib/errors.ts';
import { errorsDocument } from '../../scripts/errors-document.mjs';
import { root } from './source-files.ts';

const read = (path: string) => readFileSync(join(root, path), 'utf8');

/** `npm run docs` makes both anew. */
describe('generated documents', () => {
  test('docs/errors.md is what lib/errors.ts says', () => {
    expect(read('docs/errors.md')).toBe(errorsDocument(errorTable));
    expect(errorsDocument({ ...errorTable, LOST: 'Nowhere.' })).not.toBe(errorsDocument(errorTable));
  });

  test('docs/api has every export of lib/index.ts and no other', () => {
    const documented = [...read('docs/api/README.md').matchAll(/^### (\w+)/gm)].map((match) => match[1]);
    expect(documented.sort()).toEqual(exportedNames().sort());
  });
});

function exportedNames(): string[] {
  const entry = join(root, 'lib/index.ts');
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const program = ts.createProgram([entry], options);
  const checker = program.getTypeChecker();
  const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(entry)!)!);
  if (exported.length === 0) throw new Error('lib/index.ts exports nothing.');
  return exported.map((symbol) => symbol.name);
}
