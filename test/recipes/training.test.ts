import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { cp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEngine } from '../../lib/index.ts';
import { synthesize } from '../../lib/synth/run.ts';
import { type DigitLine, writeDigitCrops, writeDigitShards } from './digit-lines.ts';
import { hasTorch, models, needsTorch, python } from './python.ts';

const folder = mkdtempSync(join(tmpdir(), 'placard-training-'));
const at = (...parts: string[]) => join(folder, ...parts);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const small = '--threads 1 --processes 1 --device cpu --columns 1536 --warm-up 20 --ramp 600'.split(' ');

function train(out: string, ...options: string[]): ChildProcess & { said: () => string } {
  return recipe('crnn-latin', '--shards', at('shards'), '--out', out, '--cache', at('packed'), ...small, ...options);
}

function recipe(id: string, ...options: string[]): ChildProcess & { said: () => string } {
  const given = [join(models, id, 'train.py'), ...options];
  const env = { ...process.env, OMP_NUM_THREADS: '1', PYTHONDONTWRITEBYTECODE: '1' };
  const child = spawn(python, given, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  return Object.assign(child, { said: () => said });
}

async function ended(child: ChildProcess & { said: () => string }): Promise<{ status: number | null; said: string }> {
  const [status] = await once(child, 'close');
  return { status, said: child.said() };
}

const network = (out: string) => readFileSync(join(out, 'network.onnx'));

describe.skipIf(!hasTorch)(`recipes${needsTorch}`, { timeout: 60_000 }, () => {
  const ids = readdirSync(models).filter((id) => existsSync(join(models, id, 'train.py')));
  test.each(ids)('%s says what it takes', async (id) => {
    const child = spawn(python, [join(models, id, 'train.py'), '--help'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [help, [status]] = await Promise.all([text(child.stdout), once(child, 'close')]);
    expect(status).toBe(0);
    expect(help).toContain('--shards');
  });
});

describe.skipIf(!hasTorch)(`training a recognizer${needsTorch}`, { timeout: 300_000 }, () => {
  let crops: DigitLine[];
  beforeAll(async () => {
    await writeDigitShards(at('shards'), 1200, 400);
    crops = await writeDigitCrops(at('crops'), 20);
  });

  test('the loss falls, and placard reads with what comes out', async () => {
    const out = at('models', 'crnn-latin');
    const { status, said } = await ended(train(out, '--steps', '200', '--dev', at('crops')));
    expect(said).toContain('1188 lines to learn from, of 3 shards');
    expect(status, said).toBe(0);
    const first = Number(/^step 1 .* loss ([\d.]+)/m.exec(said)?.[1]);
    const shares = [...said.matchAll(/^step 200 (?:held out|crops): .* exact_case ([\d.]+)/gm)].map(
      (match) => match[1],
    );
    expect(first).toBeGreaterThan(5);
    expect(shares).toHaveLength(2);
    for (const share of shares) expect(Number(share)).toBeGreaterThanOrEqual(0.9);
    expect(readFileSync(join(out, 'CARD.md'), 'utf8')).toContain('| crops | 20 |');

    const bundle = { detector: 'pp-ocrv4-detector', recognizer: 'crnn-latin' };
    const engine = await createEngine({ models: bundle, modelsFolder: at('models') });
    try {
      const right = await Promise.all(
        crops.map(
          async ({ text }, i) => (await engine.recognize(at('crops', `${i}.png`), { layout: 'line' })).text === text,
        ),
      );
      expect(right.filter(Boolean).length / crops.length).toBeCloseTo(Number(shares[1]), 1);
    } finally {
      await engine.close();
    }
  });

  test('a run that is killed, then interrupted, ends with the weights of one that was not', async () => {
    const often = ['--steps', '24', '--save-seconds', '0'];
    expect((await ended(train(at('whole'), ...often))).status).toBe(0);

    const killed = train(at('cut'), ...often);
    while (!existsSync(at('cut', 'checkpoint.pt'))) await sleep(20);
    await sleep(300);
    killed.kill('SIGKILL');
    expect((await ended(killed)).status).toBe(null);
    expect(existsSync(at('cut', 'network.onnx'))).toBe(false);

    const interrupted = train(at('cut'), ...often);
    while (!/^goes on from step/m.test(interrupted.said())) await sleep(20);
    interrupted.kill('SIGINT');
    const stop = await ended(interrupted);
    expect(stop.said).toMatch(/stopped at step \d+; the same command goes on from there/);
    expect(stop.status).toBe(130);

    const last = await ended(train(at('cut'), ...often));
    expect(last.said).toMatch(/goes on from step \d+/);
    expect(last.status).toBe(0);
    expect(network(at('cut')).equals(network(at('whole')))).toBe(true);

    rmSync(at('cut', 'network.onnx'));
    const over = await ended(train(at('cut'), ...often));
    expect(over.status, over.said).toBe(0);
    expect(network(at('cut')).equals(network(at('whole')))).toBe(true);

    const other = await ended(train(at('cut'), '--steps', '30', '--rate', '0.001'));
    expect(other.said).toMatch(/error: .* is of a run with other options \(plan\.rate\)/);
    expect(other.status).toBe(1);
    const further = await ended(train(at('cut'), '--steps', '26'));
    expect(further.status, further.said).toBe(0);
    expect(network(at('cut')).equals(network(at('whole')))).toBe(false);
  });

  test('a damaged shard is named, and nothing is written', async () => {
    await cp(at('shards'), at('damaged'), { recursive: true });
    await writeFile(at('damaged', 'lines-000001.tar.gz'), 'cut short');
    const { status, said } = await ended(
      train(at('none'), '--steps', '1', '--shards', at('damaged'), '--cache', at('none')),
    );
    expect(said).toMatch(/^error: the shard .*lines-000001\.tar\.gz is damaged/m);
    expect(status).toBe(1);
    expect(existsSync(at('none', 'checkpoint.pt'))).toBe(false);
  });
});

describe.skipIf(!hasTorch)(`training a detector${needsTorch}`, { timeout: 300_000 }, () => {
  test('the loss falls, and placard finds text with what comes out', async () => {
    await synthesize({
      seed: 'toy',
      drawing: { kind: 'scenes', size: 256, maps: 'paper', mapScale: 2 },
      languages: ['en'],
      materialsFolder: at('none'),
      fontFolders: [join(models, '..', 'node_modules', '@fontsource')],
      count: 40,
      samplesPerShard: 20,
      threads: 0,
      folder: at('scenes'),
    });
    const out = at('models', 'craft-lite');
    const options =
      '--threads 1 --processes 1 --device cpu --side 128 --warm-up 10 --ramp 100 --evaluate-every 100'.split(' ');
    const { status, said } = await ended(
      recipe('craft-lite', '--shards', at('scenes'), '--out', out, '--steps', '100', ...options),
    );
    expect(status, said).toBe(0);
    expect(said).toContain('39 scenes to learn from, of 2 shards');
    const losses = [...said.matchAll(/^step \d+ pass .* loss ([\d.]+)/gm)].map((match) => Number(match[1]));
    expect(said).toMatch(/^step 100 held out: n 1 region [\d.]+ affinity [\d.]+$/m);
    expect(losses.at(-1), said).toBeLessThan(0.5 * losses[0]!);
    expect(readFileSync(join(out, 'CARD.md'), 'utf8')).toContain('on drawn scenes alone');

    const bundle = { detector: 'craft-lite', recognizer: 'pp-ocrv4-recognizer' };
    const engine = await createEngine({ models: bundle, modelsFolder: at('models') });
    try {
      const picture = await sharp({ create: { width: 320, height: 200, channels: 3, background: '#fff' } })
        .png()
        .toBuffer();
      expect(await engine.detect(picture)).toBeInstanceOf(Array);
    } finally {
      await engine.close();
    }
  });
});

test.skipIf(!hasTorch)(`the parts of recipes pass their own tests${needsTorch}`, { timeout: 120_000 }, async () => {
  mkdirSync(at('parts'));
  const env = {
    ...process.env,
    PYTHONPATH: join(models, 'recipes'),
    PYTHONDONTWRITEBYTECODE: '1',
    TMPDIR: at('parts'),
  };
  const child = spawn(python, ['-m', 'unittest', 'discover', '-s', import.meta.dirname, '-p', '*_test.py'], { env });
  const said: string[] = [];
  child.stderr.on('data', (chunk) => said.push(String(chunk)));
  const [status] = await once(child, 'close');
  expect(status, said.join('')).toBe(0);
  expect(said.join('')).toMatch(/Ran [1-9]\d* tests/);
});
