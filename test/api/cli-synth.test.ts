import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readDataset } from '../../lib/datasets/read-dataset.ts';
import { readShardIndex } from '../../lib/datasets/shard-index.ts';

const root = join(import.meta.dirname, '..', '..');
const command = join(root, 'dist', 'cli', 'main.js');
const fonts = join(root, 'node_modules', '@fontsource');

let work: string;
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'placard-synth-'));
  mkdirSync(join(work, 'materials'));
});
afterAll(() => rmSync(work, { recursive: true }));

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

function start(args: readonly string[], program = process.execPath): { process: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(program, args, { cwd: work });
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) child[name].on('data', (data) => (texts[name] += data));
  return { process: child, ended: new Promise((resolve) => child.on('close', (code) => resolve({ code, ...texts }))) };
}

const common = ['--materials', 'materials', '--fonts', fonts];
const synth = (...args: string[]) => start([command, 'synth', ...args, ...common]).ended;

/** Every file of a folder by name. */
const filesIn = (folder: string) =>
  new Map(
    readdirSync(join(work, folder)).map((name) => [name, readFileSync(join(work, folder, name)).toString('hex')]),
  );

/** Waits until a run's index has a shard. */
async function firstShard(folder: string): Promise<void> {
  while (!(await readShardIndex(join(work, folder)))?.shards.length) await new Promise((wake) => setTimeout(wake, 5));
}

const lines = ['lines', '--count', '60', '--shard-size', '20', '--seed', 's'];

describe('placard synth', { timeout: 120_000 }, () => {
  test('draws the same bytes with any number of threads, and says what it did', async () => {
    const [one, three] = await Promise.all([
      synth(...lines, '--out', 'one', '--threads', '1'),
      synth(...lines, '--out', 'three', '--threads', '3'),
    ]);
    expect([one.code, three.code]).toEqual([0, 0]);
    expect(one.stdout).toMatch(
      /one\/index\.json: 60 lines in 3 shards, \d+\.\d MB, 60 of them drawn in .* a second\n$/,
    );
    expect(filesIn('three')).toEqual(filesIn('one'));
    expect([...filesIn('one').keys()].sort()).toEqual([
      'index.json',
      'lines-000000.tar.gz',
      'lines-000001.tar.gz',
      'lines-000002.tar.gz',
    ]);
    const index = await readShardIndex(join(work, 'one'));
    expect(index).toMatchObject({
      kind: 'lines',
      count: 60,
      options: { seed: 's', languages: ['en'], style: 'camera', frequencies: 'flattened' },
    });
  });

  test('goes on after it was killed, and comes to the same bytes', async () => {
    const { process: child, ended } = start([
      command,
      'synth',
      ...lines,
      ...common,
      '--out',
      'killed',
      '--threads',
      '1',
    ]);
    await firstShard('killed');
    child.kill('SIGKILL');
    await ended;
    expect((await readShardIndex(join(work, 'killed')))!.shards.length).toBeLessThan(3);
    const { code, stdout } = await synth(...lines, '--out', 'killed', '--threads', '2');
    expect(code).toBe(0);
    expect(stdout).not.toContain('60 of them drawn');
    const files = filesIn('killed');
    for (const name of files.keys()) if (name.endsWith('.part')) files.delete(name);
    expect(files).toEqual(filesIn('one'));
  });

  test('stops at once on SIGTERM, and leaves nothing half', async () => {
    const many = ['lines', '--count', '5000', '--shard-size', '25', '--out', 'stopped', '--threads', '2'];
    const { process: child, ended } = start([command, 'synth', ...many, ...common]);
    await firstShard('stopped');
    child.kill('SIGTERM');
    const { code, stderr } = await ended;
    expect(code).toBe(143);
    expect(stderr).toContain('Stopped by SIGTERM.');
    const { shards } = (await readShardIndex(join(work, 'stopped')))!;
    expect(readdirSync(join(work, 'stopped')).sort()).toEqual(['index.json', ...shards.map(({ file }) => file)]);
  });

  test('tells of a full disk, and goes on when there is room', async () => {
    const out = ['--out', 'full', '--threads', '1'];
    // Files of more than 16 KB are refused, as by a full disk: one shard has more.
    const script = `ulimit -f 16; exec "$0" "$@"`;
    const { ended } = start(['-c', script, process.execPath, command, 'synth', ...lines, ...common, ...out], 'bash');
    const { code, stderr } = await ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/lines-000000\.tar\.gz cannot be written: EFBIG.*ERR_PLACARD_OUTPUT_FAILED/);
    expect(readdirSync(join(work, 'full'))).toEqual(['index.json']);
    expect((await synth(...lines, ...out)).code).toBe(0);
    expect(filesIn('full')).toEqual(filesIn('one'));
  });

  test('leaves the shards of another run alone', async () => {
    const before = filesIn('one');
    const { code, stderr } = await synth(...lines.slice(0, -1), 'other', '--out', 'one');
    expect(code).toBe(1);
    expect(stderr).toContain('ERR_PLACARD_RUN_MISMATCH');
    expect(filesIn('one')).toEqual(before);
  });

  test('unpacks into a data set that eval takes', async () => {
    const { code } = await start([command, 'convert', 'one', 'plain', '--to', 'placard']).ended;
    expect(code).toBe(0);
    const { samples } = await readDataset(join(work, 'plain'));
    expect(samples.length).toBe(60);
    for (const sample of samples) {
      const { width, height } = await sharp(join(work, 'plain', sample.image)).metadata();
      expect([width, height]).toEqual([sample.width, sample.height]);
      expect(sample.kind === 'crop' && sample.text).toMatch(/\S/);
    }
  });

  test('draws scenes with every word and character, and their maps', async () => {
    const args = ['scenes', '--count', '3', '--size', '320', '--out', 'scenes', '--threads', '1'];
    expect((await synth(...args)).code).toBe(0);
    expect((await start([command, 'convert', 'scenes', 'seen', '--to', 'placard']).ended).code).toBe(0);
    const { samples } = await readDataset(join(work, 'seen'));
    let characters = 0;
    for (const sample of samples) {
      if (sample.kind !== 'scene') throw new Error('Expected a scene.');
      const map = join(work, 'seen', sample.image.replace(/\.jpg$/, '.region.png'));
      const { data, info } = await sharp(map).toColorspace('b-w').raw().toBuffer({ resolveWithObject: true });
      expect([info.width, info.height, info.channels]).toEqual([160, 160, 1]);
      for (const line of sample.lines) {
        const words = line.words ?? [];
        expect(words.map(({ text }) => text).join(' ')).toBe(line.text);
        for (const { polygon } of words.flatMap((word) => word.characters ?? [])) {
          const [x, y] = [0, 1].map((axis) => polygon.reduce((sum, point) => sum + point[axis]! / 4, 0)) as [
            number,
            number,
          ];
          expect(Math.min(x, y, 320 - x, 320 - y)).toBeGreaterThan(0);
          // The peak of a Gaussian of a few pixels lies between them.
          const side = (to: number) => Math.hypot(polygon[to]![0] - polygon[0]![0], polygon[to]![1] - polygon[0]![1]);
          const [width, height] = [side(1), side(3)];
          const least = Math.min(width, height) < 4 ? 0 : height < 16 ? 40 : 150;
          const level = data[Math.round(y / 2) * 160 + Math.round(x / 2)];
          characters += 1;
          // A dash that is thinner than a pixel of the map may lie between two.
          if (Math.min(width, height) < 2) continue;
          expect(level, `of ${width.toFixed(1)} x ${height.toFixed(1)} pixels`).toBeGreaterThan(least);
        }
      }
    }
    expect(characters).toBeGreaterThan(30);
  });

  test('draws a contact sheet, of one effect alone if asked for', async () => {
    const { code, stdout } = await synth('lines', '--preview', 'sheet.png', '--count', '6', '--only', 'curve');
    expect([code, stdout]).toEqual([0, `${join(work, 'sheet.png')}\n`]);
    expect(await sharp(join(work, 'sheet.png')).metadata()).toMatchObject({ format: 'png', width: 1600 });
  });

  test('draws ten characters on paper', async () => {
    const kind = ['lines', '--style', 'document', '--frequencies', 'natural', '--languages', 'zh-Hant'];
    const args = [...kind, '--count', '4', '--out', 'paper'];
    expect((await synth(...args)).code).toBe(0);
    await start([command, 'convert', 'paper', 'pages', '--to', 'placard']).ended;
    const { samples } = await readDataset(join(work, 'pages'));
    for (const sample of samples) {
      expect([sample.width, sample.height]).toEqual([280, 32]);
      expect([...(sample.kind === 'crop' ? sample.text : '')].length).toBe(10);
    }
  });

  test.each<[string, string[], RegExp]>([
    ['no place to write to', ['lines'], /give either --out or --preview/],
    ['two of them', ['lines', '--out', 'a', '--preview', 'b'], /give either --out or --preview/],
    ['an unknown effect', ['lines', '--out', 'a', '--only', 'rain'], /Allowed choices are outline/],
    [
      'an unknown language',
      ['lines', '--out', 'a', '--languages', 'xx'],
      /Expected .*en.*ERR_PLACARD_INVALID_ARGUMENT/s,
    ],
    [
      'a language that no font draws',
      ['lines', '--out', 'a', '--languages', 'ko'],
      /No font draws .*ERR_PLACARD_MATERIALS_MISSING/s,
    ],
  ])('refuses %s', async (_, args, message) => {
    const { code, stderr } = await synth(...args);
    expect(code).not.toBe(0);
    expect(stderr).toMatch(message);
    expect(existsSync(join(work, 'a'))).toBe(false);
  });

  test('says what to install where there are no fonts', async () => {
    mkdirSync(join(work, 'bare'));
    const args = ['synth', 'lines', '--out', 'a', '--materials', 'materials', '--fonts', 'bare'];
    const { code, stderr } = await start([command, ...args]).ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/No fonts to draw with in .*apt-get install.*ERR_PLACARD_MATERIALS_MISSING/s);
  });

  test('names the line of a word list that is not UTF-8', async () => {
    mkdirSync(join(work, 'latin1', 'words'), { recursive: true });
    writeFileSync(join(work, 'latin1', 'words', 'en.txt'), Buffer.from('cat\t3\ncaf\xe9\t2\n', 'latin1'));
    const args = ['synth', 'lines', '--out', 'a', '--materials', 'latin1', '--fonts', fonts];
    const { code, stderr } = await start([command, ...args]).ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/en\.txt:2.*ERR_PLACARD_CORPUS_INVALID/s);
  });
});
