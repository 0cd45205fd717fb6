import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import type { Command } from 'commander';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { evalCommand, type ReadFunction } from '../../lib/cli/eval.ts';
import { PlacardError } from '../../lib/errors.ts';
import type { Quad, Reading } from '../../lib/reading.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'placard-eval-'));
  const labels = [
    { image: '1.png', text: 'one' },
    { image: '2.png', text: 'two' },
    { image: '3.png', text: 'three' },
  ];
  writeFileSync(path.join(folder, 'labels.jsonl'), labels.map((label) => JSON.stringify(label)).join('\n'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const quad: Quad = [
  [0, 0],
  [9, 0],
  [9, 9],
  [0, 9],
];

function reading(text: string): Reading {
  const line = { text, confidence: 1, quad, direction: 'ltr' as const, words: [], chars: [] };
  const timings = { queue: 0, decode: 0, detect: 0, orient: 0, rectify: 0, recognize: 0, order: 0, total: 40 };
  return {
    text,
    width: 9,
    height: 9,
    rotation: 0,
    lines: [line],
    blocks: [{ quad, lines: [0] }],
    timings,
    reader: 'general',
    models: { recognizer: 'r' },
    provider: 'cpu',
    precision: 'f32',
  };
}

/** Reads 1.png as "one", 2.png as "tvo", 3.png as "three". */
const read: ReadFunction = async (file) => reading(['one', 'tvo', 'three'][Number(path.basename(file)[0]) - 1]!);

async function run(args: string[], readFunction: ReadFunction = read, terminal = false) {
  const stdout = new PassThrough();
  const stderr = Object.assign(new PassThrough(), { isTTY: terminal, columns: 80 });
  let exitCode: number | undefined;
  const context = { stdout, stderr, cwd: folder, signal: new AbortController().signal };
  const command: Command = evalCommand(readFunction, context, (code) => {
    exitCode = code;
  });
  command.exitOverride().configureOutput({ writeErr: () => {} });
  await command.parseAsync(args, { from: 'user' });
  return { output: String(stdout.read() ?? ''), progress: String(stderr.read() ?? ''), exitCode };
}

test('prints a JSON object a data set', async () => {
  const seen: [string, string][] = [];
  const { output, exitCode } = await run(['.', '.', '--json', '--layout', 'line'], (file, options) => {
    seen.push([file, options.layout]);
    return read(file, options);
  });
  const [first, second] = output
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(first).toMatchObject({ protocol: 'crop', set: path.basename(folder), n: 3, missing: 0, p50: 40 });
  expect(first.exact).toBeCloseTo(2 / 3, 12);
  expect(first.cpu50).toBeGreaterThanOrEqual(0);
  expect(second.exact).toBe(first.exact);
  expect(seen[2]).toEqual([path.join(folder, '3.png'), 'line']);
  expect(exitCode).toBe(0);
});

test('prints a table, and a bar on a terminal only', async () => {
  const piped = await run(['.', '--limit', '2']);
  expect(piped.output).toMatch(/^n +2$/m);
  expect(piped.output).toMatch(/^exact % +50\.0$/m);
  expect(piped.output).toMatch(/^p50 ms +40$/m);
  expect(piped.progress).toBe('');
  const shown = await run(['.'], read, true);
  expect(shown.progress).toContain('3 pictures');
  expect(shown.output).toMatch(/^exact % +66\.7$/m);
});

test('what was saved scores the same without reading', async () => {
  const live = JSON.parse((await run(['.', '--json', '--save', 'p.jsonl'])).output);
  const saved = readFileSync(path.join(folder, 'p.jsonl'), 'utf8').trimEnd().split('\n');
  expect(JSON.parse(saved[1]!)).toMatchObject({ image: '2.png', ms: 40, lines: [{ text: 'tvo', polygon: quad }] });
  const unread: ReadFunction = () => Promise.reject(new Error('must not read'));
  expect(JSON.parse((await run(['.', '--json', '--predictions', 'p.jsonl'], unread)).output)).toEqual(live);
});

test('a picture that fails counts as empty, is named, and the exit code says so', async () => {
  const failing: ReadFunction = async (file, options) => {
    if (file.endsWith('1.png')) return { error: { code: 'ERR_PLACARD_CORRUPT_IMAGE', message: 'Broken.' } };
    if (file.endsWith('2.png')) throw new PlacardError('TIMEOUT', 'Late.');
    return read(file, options);
  };
  const { output, progress, exitCode } = await run(['.', '--json'], failing);
  expect(JSON.parse(output)).toMatchObject({ n: 3, err: 2, exact: 1 / 3 });
  expect(progress).toContain('1.png: Broken. (ERR_PLACARD_CORRUPT_IMAGE)');
  expect(progress).toContain('2.png: Late. (ERR_PLACARD_TIMEOUT)');
  expect(exitCode).toBe(1);
});

test('a defect ends the run', async () => {
  await expect(run(['.'], () => Promise.reject(new TypeError('x')))).rejects.toThrow(TypeError);
});

test('predictions that lack a picture make it exit with 1', async () => {
  writeFileSync(path.join(folder, 'p.jsonl'), '{"image":"1.png","lines":[{"text":"one"}]}');
  const { output, exitCode } = await run(['.', '--json', '--predictions', 'p.jsonl']);
  expect(JSON.parse(output)).toMatchObject({ n: 1, exact: 1, missing: 2, p50: null });
  expect(exitCode).toBe(1);
});

test.each([
  [['.', '--limit', '0']],
  [['.', '--protocol', 'guess']],
  [['.', '--layout', 'page']],
  [['.', '--predictions', 'a', '--save', 'b']],
  [[]],
])('%j is wrong usage', async (args) => {
  await expect(run(args)).rejects.toMatchObject({ code: expect.stringMatching(/^commander\./) });
});

test('unknown labels are an error before anything is read', async () => {
  rmSync(path.join(folder, 'labels.jsonl'));
  await expect(run(['.'])).rejects.toMatchObject({ code: 'ERR_PLACARD_LABELS_INVALID' });
});
