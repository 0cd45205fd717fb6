import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { Interruption } from '../../lib/cli/failures.ts';
import { folderWith, placard } from './cli-harness.ts';

async function dataset(): Promise<string> {
  const picture = await sharp({ create: { width: 9, height: 9, channels: 3, background: 'gray' } })
    .png()
    .toBuffer();
  const labels = '{"image":"a.png","text":"A 1"}\n{"image":"none.png","text":"B"}\n{"image":"c.png","text":"C"}\n';
  return folderWith({ 'set/labels.jsonl': labels, 'set/a.png': picture, 'set/c.png': picture });
}

test('labels that do not fit their picture end the command, unless they are to be left out', async () => {
  const cwd = await dataset();
  const stopped = await placard(cwd, ['convert', 'set', 'out', '--to', 'crnn']);
  expect(stopped).toMatchObject({ exitCode: 1, text: '' });
  expect(stopped.stderr).toMatch(
    /^error: .*labels\.jsonl:2: none\.png is no picture .*\(ERR_PLACARD_LABELS_INVALID\)\n$/,
  );
  expect(readdirSync(cwd)).toEqual(['set']);
  const left = await placard(cwd, ['convert', 'set', 'out', '--to', 'crnn', '--skip-invalid', '--link']);
  expect(left).toMatchObject({ exitCode: 0, text: 'out: 2 pictures\n' });
  expect(left.stderr).toMatch(/^placard: .*labels\.jsonl:2: .*\n$/);
  expect(readFileSync(join(cwd, 'out/labels.txt'), 'utf8')).toBe('images/a.png A 1\nimages/c.png C\n');
});

test('the format and the character file can be told', async () => {
  const cwd = await dataset();
  writeFileSync(join(cwd, 'set/list.txt'), 'a.png 2 1\n');
  writeFileSync(join(cwd, 'characters'), 'blank\nx\ny\n');
  const args = ['convert', 'set', 'out', '--from', 'crnn', '--alphabet', 'characters', '--to', 'placard'];
  expect(await placard(cwd, args)).toMatchObject({ exitCode: 0, text: 'out: 1 picture\n' });
  expect(readFileSync(join(cwd, 'out/labels.jsonl'), 'utf8')).toContain('"text":"yx"');
});

test('wrong usage is told before anything is written', async () => {
  const cwd = await dataset();
  mkdirSync(join(cwd, 'full/x'), { recursive: true });
  for (const args of [
    ['set', 'out'],
    ['set', 'out', '--to', 'synthtext'],
    ['set', 'full', '--to', 'crnn'],
    ['set', 'out', '--to', 'crnn', '--copy', '--link'],
  ]) {
    expect((await placard(cwd, ['convert', ...args])).exitCode).toBe(2);
  }
  expect(readdirSync(cwd).sort()).toEqual(['full', 'set']);
});

test('Ctrl-C leaves nothing', async () => {
  const cwd = await dataset();
  const signal = AbortSignal.abort(new Interruption('SIGINT'));
  expect(await placard(cwd, ['convert', 'set', 'out', '--to', 'crnn'], { signal })).toMatchObject({ exitCode: 130 });
  expect(readdirSync(cwd)).toEqual(['set']);
});

test('a terminal sees how far it is', async () => {
  const cwd = await dataset();
  const { stderr } = await placard(cwd, ['convert', 'set', 'out', '--to', 'crnn', '--skip-invalid'], {
    stderrIsTerminal: true,
  });
  expect(stderr).toContain('/3 pictures');
});
