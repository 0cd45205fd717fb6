import sharp from 'sharp';
import { expect, test } from 'vitest';
import { openShards } from '../../lib/datasets/shard-reader.ts';
import { folderWith, placard } from './cli-harness.ts';

async function dataset(): Promise<string> {
  const picture = await sharp({ create: { width: 90, height: 40, channels: 3, background: 'gray' } })
    .png()
    .toBuffer();
  const labels = '{"image":"a.png","text":"AB"}\n{"image":"b.png","text":"CDE"}\n';
  return folderWith({ 'set/labels.jsonl': labels, 'set/a.png': picture, 'set/b.png': picture });
}

const args = ['pseudo-label', 'set', '--out', 'out', '--detector', 'pp-ocrv4'];

test('words that a detector sees nothing of are cut into equal parts', async () => {
  const cwd = await dataset();
  const told = await placard(cwd, [...args, '--samples-per-shard', '1']);
  expect(told).toMatchObject({ exitCode: 0, stderr: '' });
  expect(told.text).toBe(
    'out: 2 pictures, 2 words in this run: 0 with as many characters as letters, 0 with nearly as many, 2 cut into equal parts, 0 labeled\n',
  );
  expect((await openShards(`${cwd}/out`)).shards).toHaveLength(2);
  expect(await placard(cwd, [...args, '--samples-per-shard', '1'])).toMatchObject({ text: 'out: 2 pictures\n' });
});

test('the first pictures alone can be taken, with other Gaussians', async () => {
  const cwd = await dataset();
  const chosen = ['--limit', '1', '--preset', 'backtime', '--split', 'otsu', '--word-side', '48', '--threads', '1'];
  expect(await placard(cwd, [...args, ...chosen])).toMatchObject({ exitCode: 0 });
  const { count, options } = await openShards(`${cwd}/out`);
  expect(count).toBe(1);
  expect(options).toEqual({ dataset: 'set', detector: 'pp-ocrv4', preset: 'backtime', split: 'otsu', wordSide: 48 });
});

test('wrong usage is told', async () => {
  const cwd = await dataset();
  for (const wrong of [
    ['pseudo-label', 'set'],
    [...args, '--preset', 'clova'],
    [...args, '--word-side', '0'],
  ]) {
    expect(await placard(cwd, wrong)).toMatchObject({ exitCode: 2, text: '' });
  }
  const unknown = await placard(cwd, ['pseudo-label', 'set', '--out', 'out', '--detector', 'crafty']);
  expect(unknown).toMatchObject({ exitCode: 1 });
  expect(unknown.stderr).toContain('ERR_PLACARD_MODEL_NOT_FOUND');
});
