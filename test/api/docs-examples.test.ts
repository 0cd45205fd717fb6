import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeBlocks } from '../architecture/documents.ts';
import { root } from '../architecture/source-files.ts';

// Inside the project, so that 'placard' is the built library.
const folder = join(root, '.cache', 'docs-examples');

/** The programs that a document's JavaScript makes up: its blocks together, but for those that say otherwise. */
function programsOf(document: string): string[] {
  const blocks = codeBlocks(readFileSync(join(root, document), 'utf8'), 'js');
  const programs: string[] = [];
  for (const { code, before } of blocks) {
    if (programs.length === 0 || before.includes('<!-- a file of its own -->')) programs.push(code);
    else programs[programs.length - 1] += code;
  }
  return programs;
}

/** Runs a program as a reader of the document would, in the folder of a clone. */
function run(program: string, name: string): Promise<{ code: number | null; output: string }> {
  const path = join(folder, name);
  writeFileSync(path, program);
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [path], { cwd: root, env: { ...process.env, PORT: '0' } });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk;
      });
    }
    child.on('close', (code) => resolve({ code, output }));
  });
}

/** What each of a document's programs prints, among other things. */
const printed: Record<string, string[][]> = {
  'README.md': [['COFFEE\nAND CAKE', '1.00 Fresh bread daily']],
  'docs/guide.md': [
    [
      'The ferry to the islands leaves at 10:45',
      'turned-90 90 ltr false',
      'turned-180 180 ltr false',
      'vertical-signs 0 ttb false',
      'right-to-left 0 rtl false',
      'badge 0 ltr true',
      '1 no picture ERR_PLACARD_UNSUPPORTED_FORMAT',
      'nobody waits any more',
      'ERR_PLACARD_TIMEOUT',
      'ERR_PLACARD_CLOSED',
    ],
  ],
  'docs/deployment.md': [['The ferry to the islands leaves at 10:45'], ['The ferry to the islands leaves at 10:45']],
  'docs/performance.md': [['% of the CPU time']],
};

describe('the JavaScript in', { timeout: 120_000 }, () => {
  beforeAll(() => mkdirSync(folder, { recursive: true }));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  describe.each(Object.entries(printed))('%s', (document, expected) => {
    const programs = programsOf(document);
    test('is all known', () => expect(programs).toHaveLength(expected.length));
    test.each(expected.map((lines, index) => ({ lines, index })))('program %#', async ({ lines, index }) => {
      const { code, output } = await run(programs[index]!, `${document.replaceAll(/\W/g, '-')}-${index}.mjs`);
      expect(code, output).toBe(0);
      for (const line of lines) expect(output).toContain(line);
    });
  });
});
