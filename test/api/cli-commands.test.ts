import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ModelCatalog } from '../../lib/cli/context.ts';
import { PlacardError } from '../../lib/errors.ts';
import type { ModelEntry, VerifiedFile } from '../../lib/models/catalog.ts';
import type { PreparedModel } from '../../lib/models/prepare-models.ts';
import type { Trial } from '../../lib/models/trial.ts';
import { folderWith, placard } from './cli-harness.ts';

function entry(id: string, path: string | undefined, bundles: string[]): ModelEntry {
  const files = [{ file: `${id}.onnx`, sha256: 'aa', ...(path ? { path } : {}) }];
  return {
    id,
    title: `The ${id}`,
    task: 'detect',
    license: 'Apache-2.0',
    bundles,
    installed: path !== undefined,
    prepared: id === 'was-added',
    files,
  };
}

function preparedModel(model: string): PreparedModel {
  const passes = [
    { name: 'fold', version: 1, rewrites: 7 },
    { name: 'raise', version: 1, rewrites: 0, declined: 'Foo is not known' },
    { name: 'idle', version: 1, rewrites: 0 },
    { name: 'fold', version: 1, rewrites: 2 },
  ];
  return {
    model,
    path: `/m/prepared/${model}.onnx`,
    passes,
    leftOut: [{ name: 'rash', reason: 'answers differ by 0.5 of their range' }],
    nodesBefore: 100,
    nodesAfter: 60,
    difference: 0.0000123,
    milliseconds: { before: 40, after: 30 },
  };
}

interface CatalogSettings {
  /** Ids whose file has a wrong digest. */
  bad?: string[];
  added?: unknown[];
}

/** Three models: one that came along, one that was added, one that is not here. */
function catalogIn(folder: string, { bad = [], added = [] }: CatalogSettings = {}): ModelCatalog {
  return {
    resolveFolder: (option) => option ?? folder,
    list: async (modelsFolder) => [
      entry('came-along', '/opt/placard/weights/came-along.onnx', ['small']),
      entry('was-added', join(modelsFolder, 'was-added', 'was-added.onnx'), ['large']),
      entry('not-here', undefined, ['large']),
    ],
    async add(id, options) {
      added.push({ id, ...options });
      options.onProgress?.('Fetching something');
      return id === 'there' ? [] : [join(options.modelsFolder, id, `${id}.onnx`)];
    },
    async prepare(model): Promise<PreparedModel[]> {
      if (bad.includes(model)) throw new PlacardError('PREPARE_FAILED', `Cannot prepare ${model}: the disk is full.`);
      return [preparedModel(model)];
    },
    async import(path, options) {
      added.push({ path, ...options });
      return [join(options.modelsFolder, options.id ?? 'named', 'model.json')];
    },
    async run(id): Promise<Trial[]> {
      if (id !== 'crooked') return [{ network: id, status: 'runs' }];
      const message = 'Expected the network of crooked to give [1, 2] but received [1, 3].';
      return [{ network: id, status: 'failed', code: 'ERR_PLACARD_MODEL_MISMATCH', message }];
    },
    async verify(id): Promise<VerifiedFile[]> {
      if (id === 'unknown') throw new PlacardError('MODEL_NOT_FOUND', 'There is no bundle or model "unknown".');
      const status = bad.includes(id) ? 'different' : id === 'not-here' ? 'missing' : 'ok';
      return [{ file: `${id}.onnx`, status, expected: 'aa', actual: status === 'different' ? 'bb' : 'aa' }];
    },
  };
}

describe('placard models', () => {
  it('lists what there is and where from', async () => {
    const models = catalogIn('/models');
    const { exitCode, text } = await placard('.', ['models', 'list'], { context: { models } });
    expect(exitCode).toBe(0);
    const rows = text
      .trimEnd()
      .split('\n')
      .map((row) => row.split(/ {2,}/).slice(0, 5));
    expect(rows).toEqual([
      ['MODEL', 'TASK', 'STATE', 'PREPARED', 'BUNDLES'],
      ['came-along', 'detect', 'bundled', '-', 'small'],
      ['was-added', 'detect', 'added', 'yes', 'large'],
      ['not-here', 'detect', 'not added', '-', 'large'],
    ]);
    const listed = JSON.parse((await placard('.', ['models', 'list', '--json'], { context: { models } })).text);
    expect(listed.map(({ id, state }: { id: string; state: string }) => [id, state])).toEqual(
      rows.slice(1).map(([id, , state]) => [id, state]),
    );
  });

  it('adds, from here too, and says what was written', async () => {
    const added: unknown[] = [];
    const models = catalogIn('/models', { added });
    const { text, stderr, exitCode } = await placard(
      '/pictures',
      ['models', 'add', 'large', '--from', 'a.whl', '--models-folder', '/m'],
      { context: { models } },
    );
    expect([exitCode, text, stderr]).toEqual([0, '/m/large/large.onnx\n', 'Fetching something\n']);
    expect(added).toMatchObject([
      { id: 'large', from: '/pictures/a.whl', modelsFolder: '/m', signal: expect.any(AbortSignal) },
    ]);
    expect((await placard('/pictures', ['models', 'add', 'there'], { context: { models } })).text).toBe(
      'there is here already.\n',
    );
    expect(added[1]).not.toHaveProperty('from');
  });

  it('imports checkpoints, and says what was written', async () => {
    const added: unknown[] = [];
    const models = catalogIn('/models', { added });
    const files = ['--alphabet', 'letters.txt', '--models-folder', '/m'];
    const args = ['models', 'import', 'a.pth', '--as', 'crnn', '--preset', 'proportional', '--id', 'mine', ...files];
    const { text, exitCode } = await placard('/pictures', args, { context: { models } });
    expect([exitCode, text]).toEqual([0, '/m/mine/model.json\n']);
    const named = { architecture: 'crnn', preset: 'proportional', id: 'mine' };
    expect(added).toEqual([
      { path: '/pictures/a.pth', alphabet: '/pictures/letters.txt', modelsFolder: '/m', ...named },
    ]);
    const wrong = await placard('/pictures', ['models', 'import', 'a.pth', '--as', 'yolo'], { context: { models } });
    expect([wrong.exitCode, wrong.stderr]).toEqual([
      2,
      expect.stringContaining('craft, craft-refiner, crnn, crnn-easyocr'),
    ]);
    const unsaid = await placard('/pictures', ['models', 'import', 'a.pth'], { context: { models } });
    expect(unsaid.exitCode).toBe(2);
  });

  it('prepares what is here, or what is named, and says what it gained', async () => {
    const models = catalogIn('/models', { bad: ['was-added'] });
    const { exitCode, text, stderr } = await placard('.', ['models', 'prepare', 'came-along'], { context: { models } });
    expect([exitCode, stderr]).toEqual([0, 'Preparing came-along\n']);
    expect(text.split('\n').map((row) => row.trim().split(/ {2,}/))).toEqual([
      ['came-along'],
      ['nodes', '100 before, 60 after'],
      ['a run', '40.0 ms before, 30.0 ms after, 25 % less (one thread, median)'],
      ['difference', '1.2e-5 of the answers’ range at most'],
      ['applied', 'fold (9)'],
      ['declined', 'raise: Foo is not known'],
      ['left out', 'rash: answers differ by 0.5 of their range'],
      ['file', '/m/prepared/came-along.onnx'],
      [''],
    ]);
    const all = await placard('.', ['models', 'prepare', '--json'], { context: { models } });
    expect(JSON.parse(all.text)).toEqual([preparedModel('came-along')]);
    expect(all.exitCode).toBe(1);
    expect(all.stderr).toContain('error: Cannot prepare was-added: the disk is full. (ERR_PLACARD_PREPARE_FAILED)');
  });

  it('verifies what is here, or what is named, and exits with 1 for what is wrong', async () => {
    const models = catalogIn('/models', { bad: ['was-added'] });
    const sound = await placard('.', ['models', 'verify', 'came-along'], { context: { models } });
    expect([sound.exitCode, sound.text]).toEqual([
      0,
      'came-along  came-along.onnx     ok\ncame-along  network came-along  runs\n',
    ]);
    const all = await placard('.', ['models', 'verify', '--json'], { context: { models } });
    expect(JSON.parse(all.text).map(({ model, status }: { model: string; status: string }) => [model, status])).toEqual(
      [
        ['came-along', 'ok'],
        ['came-along', 'runs'],
        ['was-added', 'different'],
      ],
    );
    const crooked = await placard('.', ['models', 'verify', 'crooked'], { context: { models } });
    expect([crooked.exitCode, crooked.text]).toEqual([
      1,
      expect.stringContaining('network crooked  failed  Expected the network of crooked to give [1, 2] but received'),
    ]);
    expect(all.exitCode).toBe(1);
    expect((await placard('.', ['models', 'verify', 'was-added'], { context: { models } })).text).toContain(
      'expected aa, found bb',
    );
    const unknown = await placard('.', ['models', 'verify', 'unknown'], { context: { models } });
    expect([unknown.exitCode, unknown.stderr]).toEqual([
      1,
      'error: There is no bundle or model "unknown". (ERR_PLACARD_MODEL_NOT_FOUND)\n',
    ]);
  });
});

describe('placard doctor', () => {
  it('finds a sound installation sound', async () => {
    const folder = await folderWith({});
    const { exitCode, text, engine } = await placard('.', ['doctor'], { context: { models: catalogIn(folder) } });
    expect(exitCode).toBe(0);
    expect(text).not.toContain('FAIL');
    expect(text).toMatch(/^ok {4}addon +\/somewhere\/placard\.node \(avx2\)$/m);
    expect(text).toMatch(/^ok {4}ONNX Runtime +1\.30\.0, \/somewhere\/libonnxruntime\.so$/m);
    expect(text).toMatch(/^ok {4}engine +reads with fake-detector \+ fake-recognizer on cpu \(f32\)$/m);
    expect(text).toMatch(/^ok {4}model was-added +added, digests right$/m);
    expect(text).toMatch(/^ok {4}model not-here +not added$/m);
    expect(text).toContain(process.versions.node);
    expect(engine!.isClosed).toBe(true);
  });

  it('names each failure with its fix and exits with 1', async () => {
    const folder = await folderWith({});
    const context = {
      models: catalogIn(folder, { bad: ['was-added', 'came-along'] }),
      native: {
        addon(): never {
          throw new PlacardError('ADDON_NOT_FOUND', 'Cannot load the addon:\n  /x: not there\nBuild it.');
        },
        runtime: () => undefined,
      },
      async createEngine(): Promise<never> {
        throw new PlacardError('RUNTIME_VERSION', 'ONNX Runtime 1.1 is too old.');
      },
    };
    const { exitCode, text } = await placard('.', ['doctor', '--json'], { context });
    const { ok, findings } = JSON.parse(text);
    expect([exitCode, ok]).toEqual([1, false]);
    const failures = findings.filter(({ state }: { state: string }) => state === 'failed');
    expect(failures).toEqual([
      {
        name: 'addon',
        state: 'failed',
        value: 'Cannot load the addon (ERR_PLACARD_ADDON_NOT_FOUND)',
        fix: '/x: not there\nBuild it.',
      },
      {
        name: 'model came-along',
        state: 'failed',
        value: 'came-along.onnx: wrong digest',
        fix: 'Install placard again.',
      },
      {
        name: 'model was-added',
        state: 'failed',
        value: 'was-added.onnx: wrong digest',
        fix: `Remove ${join(folder, 'was-added', 'was-added.onnx')}, then: placard models add large.`,
      },
      {
        name: 'engine',
        state: 'failed',
        value: 'ONNX Runtime 1.1 is too old. (ERR_PLACARD_RUNTIME_VERSION)',
        fix: 'Name a newer library in PLACARD_ONNXRUNTIME, or unset it.',
      },
    ]);
    const printed = await placard('.', ['doctor'], { context });
    expect(printed.text).toMatch(/^FAIL {2}addon +Cannot load the addon/m);
    expect(printed.text).toMatch(/^ +→ \/x: not there\n +Build it\.$/m);
  });

  it('reports a broken contract instead of falling over it', async () => {
    const models = {
      ...catalogIn('/models'),
      list: async () => {
        throw new PlacardError('MODEL_INVALID', 'The contract x is malformed:\n✖ at task');
      },
    };
    const { exitCode, text } = await placard('.', ['doctor'], { context: { models } });
    expect(exitCode).toBe(1);
    expect(text).toMatch(/^FAIL {2}models +The contract x is malformed \(ERR_PLACARD_MODEL_INVALID\)\n +→ ✖ at task$/m);
  });

  it('tells a models folder that is a file, or read-only, or not there yet', async () => {
    const folder = await folderWith({ file: '' });
    const finding = async (path: string) => {
      const { text } = await placard('.', ['doctor', '--json', '--models-folder', path], {
        context: { models: catalogIn('/m') },
      });
      return JSON.parse(text).findings.find(({ name }: { name: string }) => name === 'models folder');
    };
    expect(await finding(join(folder, 'file'))).toMatchObject({
      state: 'failed',
      fix: expect.stringContaining('PLACARD_MODELS'),
    });
    expect(await finding(join(folder, 'a/b/c'))).toMatchObject({
      state: 'ok',
      value: expect.stringContaining('not there yet'),
    });
    const locked = join(folder, 'locked');
    await mkdir(locked);
    await chmod(locked, 0o500);
    // Root may write anywhere.
    if (process.getuid?.() !== 0) expect(await finding(locked)).toMatchObject({ state: 'warning' });
    else expect(await finding(locked)).toMatchObject({ state: 'ok' });
  });

  it('warns of more threads than CPUs', async () => {
    const { exitCode, text } = await placard('.', ['doctor', '--threads', '1000'], {
      context: { models: catalogIn('/m') },
    });
    expect(exitCode).toBe(0);
    expect(text).toMatch(/^note {2}threads +1000 on \d+ CPUs/m);
  });
});

describe('placard bench', () => {
  it('measures rounds after warming up, one picture at a time', async () => {
    const folder = await folderWith({ 'a.png': 'a', 'b.png': 'b' });
    const { exitCode, text, engine } = await placard(folder, ['bench', '.', '--count', '4', '--warmup', '1', '--json']);
    const result = JSON.parse(text);
    expect(exitCode).toBe(0);
    expect(result).toMatchObject({
      pictures: 2,
      runs: 8,
      mode: 'latency',
      total: { mean: 10, p50: 10, p95: 10 },
      provider: 'cpu',
      models: { detector: 'fake-detector', recognizer: 'fake-recognizer' },
      version: '1.2.3',
      node: process.versions.node,
    });
    expect(result.stages.detect).toEqual({ mean: 4, p50: 4, p95: 4 });
    expect(result.stages).not.toHaveProperty('total');
    expect(result.imagesPerSecond).toBeGreaterThan(0);
    expect(result.peakRssBytes).toBeGreaterThan(2 ** 20);
    // One reading to see whether it can be read, one to warm up, four that count.
    expect(engine!.asked).toHaveLength(2 * 6);
    expect([engine!.mostAtOnce, engine!.options.mode]).toEqual([1, 'latency']);
  });

  it('keeps several in flight in throughput mode', async () => {
    const folder = await folderWith({ 'a.png': 'slow a', 'b.png': 'slow b' });
    const { text, engine } = await placard(folder, [
      'bench',
      '.',
      '--count',
      '2',
      '--mode',
      'throughput',
      '--warmup',
      '0',
    ]);
    expect(engine!.mostAtOnce).toBeGreaterThan(1);
    expect(text).toMatch(/^total +10\.0 +10\.0 +10\.0$/m);
    expect(text).toContain('2 pictures read 4 times (throughput)');
  });

  it('leaves bad pictures out of the figures, names them and exits with 1', async () => {
    const folder = await folderWith({ 'a.png': 'a', 'b.png': 'bad' });
    const { exitCode, text, stderr } = await placard(folder, [
      'bench',
      'a.png',
      'b.png',
      'c.png',
      '--count',
      '2',
      '--json',
    ]);
    expect([exitCode, JSON.parse(text).runs]).toEqual([1, 2]);
    expect(stderr).toMatch(/^placard: b\.png: .*\nplacard: c\.png: .*\n$/);
    const none = await placard(folder, ['bench', 'b.png']);
    expect([none.exitCode, none.text]).toEqual([1, '']);
  });
});

describe('placard eval', () => {
  it('reads with the engine that the options ask for, and closes it', async () => {
    const folder = await folderWith({ 'images/a.png': 'STOP' });
    const label = { image: 'images/a.png', text: 'STOP', group: 'x' };
    await writeFile(join(folder, 'labels.jsonl'), `${JSON.stringify(label)}\n`);
    const args = ['eval', '.', '--json', '--layout', 'line', '--model', 'small', '--threads', '2'];
    const { exitCode, text, engine } = await placard(folder, args);
    expect([exitCode, JSON.parse(text).exact]).toEqual([0, 1]);
    expect(engine!.options).toEqual({ models: 'small', threads: 2, mode: 'latency' });
    expect(engine!.asked).toMatchObject([{ layout: 'line' }]);
    expect(engine!.isClosed).toBe(true);
  });
});
