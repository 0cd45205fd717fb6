import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));
const samples = join(root, 'samples');
const pictures = ['line.png', 'badge.jpg'];

let folder: string;

/** Two drawn pictures, once as a data set and once as a plain folder. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'placard-bench-'));
  for (const set of ['labeled', 'plain']) {
    mkdirSync(join(folder, set));
    for (const name of pictures) copyFileSync(join(samples, name), join(folder, set, name));
  }
  const labels = readFileSync(join(samples, 'labels.jsonl'), 'utf8').split('\n').filter(Boolean);
  const chosen = labels.filter((line) => pictures.includes(JSON.parse(line).image));
  writeFileSync(join(folder, 'labeled', 'labels.jsonl'), `${chosen.join('\n')}\n`);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function bench(...args: string[]): Promise<{ stdout: string; code: number }> {
  const all = [join(root, 'bench', 'run.mjs'), ...args, '--out', join(folder, 'results')];
  const running = run(process.execPath, all, { cwd: root });
  return running.then(
    ({ stdout }) => ({ stdout, code: 0 }),
    ({ stdout, code }) => ({ stdout, code }),
  );
}

const result = (task: string) => JSON.parse(readFileSync(join(folder, 'results', `${task}.json`), 'utf8'));
const placard = ['--contenders', 'placard-v4', '--threads', '2'];

test('placard is scored and timed on a data set, and a run that is repeated goes on', async () => {
  const asked = ['latency', join(folder, 'labeled'), ...placard, '--rounds', '2', '--warmups', '0', '--resume'];
  const { stdout, code } = await bench(...asked);
  expect(code).toBe(0);
  expect(stdout).toContain('### labeled, 2 pictures');
  const measured = result('latency');
  expect(measured).toMatchObject({
    task: 'latency',
    pictures: { labeled: 2 },
    machine: { platform: expect.any(String) },
  });
  const [row] = measured.sets[0].rows;
  expect(row).toMatchObject({ engine: 'placard', failed: 0, unstable: 0, settings: { threads: 2, provider: 'cpu' } });
  expect(row.figures.text_recall).toBeGreaterThan(0.8);
  expect(row.milliseconds).toEqual([Array(2).fill(expect.any(Number)), Array(2).fill(expect.any(Number))]);
  expect(JSON.stringify(measured)).not.toContain(folder);
  await bench(...asked);
  expect(result('latency')).toEqual(measured);
}, 120_000);

test('a folder without labels is timed and not scored; both ways on all cores are measured', async () => {
  const { stdout, code } = await bench(
    'throughput',
    join(folder, 'plain'),
    ...placard,
    '--rounds',
    '1',
    '--warmups',
    '0',
  );
  expect(code).toBe(0);
  expect(stdout).toContain('### plain, 2 pictures');
  const [row] = result('throughput').rows;
  for (const way of ['together', 'apart']) {
    expect(row.ways[way]).toMatchObject({ seconds: [expect.any(Number)], failed: 0 });
  }
}, 120_000);

test('a contender that cannot start keeps its row, and the code says so', async () => {
  // Its weights are nowhere.
  process.env.PLACARD_MODELS = join(folder, 'no-models');
  const { stdout, code } = await bench(
    'cold-start',
    join(folder, 'plain'),
    '--contenders',
    'placard-v6',
    '--starts',
    '1',
  );
  expect(code).toBe(1);
  expect(stdout).toMatch(/\| placard v6 .*pp-ocrv6-small/);
}, 60_000);

test('what makes no sense is refused', async () => {
  await expect(bench('latency', '--contenders', 'nobody')).resolves.toMatchObject({ code: 2 });
  await expect(bench('latency', '--rounds', 'many')).resolves.toMatchObject({ code: 2 });
  await expect(bench('memory', '--rounds', '2')).resolves.toMatchObject({ code: 2 });
});
