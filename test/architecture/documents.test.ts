import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { errorTable } from '../../lib/errors.ts';
import { brokenLinks, namedScripts, readDocuments } from './documents.ts';
import { readSourceFiles, root, select } from './source-files.ts';

const documents = readDocuments();
const read = (path: string) => documents.get(path) ?? '';

describe('documents', () => {
  test('are found', () => {
    for (const path of ['README.md', 'CONTRIBUTING.md', 'docs/guide.md']) expect(documents.has(path)).toBe(true);
  });

  test('link to what is there', () => expect(brokenLinks(documents)).toEqual([]));

  test('name npm scripts that exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    expect(namedScripts(documents).filter((name) => !(name in scripts))).toEqual([]);
  });

  test('name error codes that exist', () => {
    const named = [...documents.values()].flatMap((text) => [...text.matchAll(/ERR_PLACARD_([A-Z]+(?:_[A-Z]+)*)/g)]);
    expect(named.map((match) => match[1]!).filter((name) => !(name in errorTable))).toEqual([]);
  });

  test('README.md maps every room of lib and native', () => {
    const rooms = ['lib', 'native'].flatMap((folder) =>
      readdirSync(join(root, folder), { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && readdirSync(join(root, folder, entry.name)).length > 0)
        .map((entry) => `${folder}/${entry.name}`),
    );
    expect(rooms.filter((room) => !read('README.md').includes(`[${room}](${room})`))).toEqual([]);
  });

  test('docs/deployment.md has the environment variables that the code reads', () => {
    const code = [...select(readSourceFiles(), /^(lib|native)\//)].map(([, text]) => text).join('\n');
    const reads = [...code.matchAll(/(?:\benv\.|getenv\(")(PLACARD_[A-Z_]+)/g)].map((match) => match[1]!);
    expect(reads).toContain('PLACARD_CPU_LEVEL');
    expect([...new Set(reads)].filter((name) => !read('docs/deployment.md').includes(`\`${name}\``))).toEqual([]);
  });
});

describe('brokenLinks', () => {
  const found = (text: string) =>
    brokenLinks(new Map([['docs/a.md', text]]), (path) => ['docs/a.md', 'docs/b.md', 'lib'].includes(path));

  test('lets right links pass', () => {
    const text = '# Two words, `code`\n[b](b.md) [lib](../lib) [top](#two-words-code) [web](https://example.org/x)';
    expect(found(text)).toEqual([]);
  });

  test('finds files, folders and headings that are not there', () => {
    expect(found('[c](c.md)')).toEqual(['docs/a.md: c.md']);
    expect(found('![picture](images/c.png)')).toEqual(['docs/a.md: images/c.png']);
    expect(found('# One\n[two](#two)')).toEqual(['docs/a.md: #two']);
    expect(found('[out](../../elsewhere.md)')).toEqual(['docs/a.md: ../../elsewhere.md']);
  });

  test('looks at no code', () => expect(found('`[c](c.md)`\n\n```\n[c](c.md)\n```\n')).toEqual([]));

  test('counts headings that repeat', () => expect(found('# One\n# One\n[second](#one-1)')).toEqual([]));
});
