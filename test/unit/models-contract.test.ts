import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { layOutAlphabet, readAlphabetFile } from '../../lib/models/alphabet.ts';
import { parseContract, readBundles, readContracts } from '../../lib/models/contract.ts';
import { normalizationOf } from '../../lib/models/normalization.ts';
import { packagedModels } from '../../lib/package-files.ts';
import { detectContract, modelsFolder, recognizeContract } from './models-folder.ts';

const contract = recognizeContract('reader', 'weights', 'a\nb\n');
const parse = (value: unknown) => parseContract(JSON.stringify(value), 'models/reader/model.json');

describe('a contract', () => {
  it('is taken as it is', () => {
    expect(parse(contract)).toEqual(contract);
    expect(parse(detectContract('finder', ''))).toMatchObject({ id: 'finder', decoder: 'db' });
  });

  it('of a detector may have options of its decoder craft, and no others', () => {
    const finder = { ...detectContract('finder', ''), decoder: 'craft', detection: { canvasSize: 1920 } };
    expect(parse(finder)).toEqual(finder);
    const refused = (change: object, field: RegExp) =>
      expect(() => parse({ ...finder, ...change })).toThrow(
        expect.objectContaining({ message: expect.stringMatching(field) }),
      );
    refused({ decoder: 'db' }, /detection/);
    refused({ detection: { boxThreshold: 0.4 } }, /boxThreshold/);
    refused({ detection: { lowText: 2 } }, /detection\.lowText/);
  });

  it('of the package is one too', () => {
    const ids = readdirSync(packagedModels(), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => join(packagedModels(), name, 'model.json'));
    const texts = ids.flatMap((path) => {
      try {
        return [{ path, text: readFileSync(path, 'utf8') }];
      } catch {
        return [];
      }
    });
    expect(texts.length).toBeGreaterThanOrEqual(4);
    for (const { path, text } of texts) expect(path).toContain(`/${parseContract(text, path).id}/`);
  });

  it.each([
    ['an unknown task', { task: 'guess' }, 'task'],
    ['an unknown field', { colour: 'rgb' }, 'colour'],
    ['a digest in capitals', { weights: { ...contract.weights, sha256: 'A'.repeat(64) } }, 'weights.sha256'],
    ['a file in a folder', { weights: { ...contract.weights, file: '../weights.onnx' } }, 'weights.file'],
    ['a std of zero', { input: { ...contract.input, std: [1, 0, 1] } }, 'input.std[1]'],
    ['two means', { input: { ...contract.input, mean: [1, 1] } }, 'input.mean'],
    ['no height', { input: { ...contract.input, height: undefined } }, 'input.height'],
    ['one class', { output: { ...contract.output, classes: 1 } }, 'output.classes'],
    ['an id that is a path', { id: '../reader' }, 'id'],
    ['no license', { license: undefined }, 'license'],
  ])('with %s is refused by the field’s name', (_, change, field) => {
    expect(() => parse({ ...contract, ...change })).toThrow(
      expect.objectContaining({
        code: 'ERR_PLACARD_MODEL_INVALID',
        message: expect.stringMatching(
          new RegExp(`models/reader/model.json is malformed:[^]*${field.replace(/[.[\]]/g, '\\$&')}`),
        ),
      }),
    );
  });

  it('that is no JSON is refused, the reason kept', () => {
    expect(() => parseContract('{"id":', 'x/model.json')).toThrow(
      expect.objectContaining({
        code: 'ERR_PLACARD_MODEL_INVALID',
        message: expect.stringContaining('x/model.json is not JSON'),
        cause: expect.any(SyntaxError),
      }),
    );
  });
});

describe('contracts', () => {
  it('are those of the package and of the models folder, whose own come first', async () => {
    const folder = modelsFolder({
      'reader/model.json': contract,
      'pp-ocrv4-detector/model.json': { ...detectContract('pp-ocrv4-detector', ''), title: 'Mine' },
      'notes/readme.txt': 'no contract',
      'bundles.json': { mine: { detector: 'pp-ocrv4-detector', recognizer: 'reader' } },
    });
    const contracts = await readContracts(folder);
    expect(contracts.get('reader')).toEqual(contract);
    expect(contracts.get('pp-ocrv4-detector')!.title).toBe('Mine');
    expect(contracts.has('pp-ocrv4-recognizer')).toBe(true);
    expect(contracts.has('notes')).toBe(false);
    expect((await readBundles(folder)).get('mine')).toEqual({ detector: 'pp-ocrv4-detector', recognizer: 'reader' });
    expect((await readBundles(folder)).has('pp-ocrv4')).toBe(true);
  });

  it('need no models folder', async () => {
    expect((await readContracts('/nowhere')).has('pp-ocrv4-detector')).toBe(true);
    expect((await readBundles('/nowhere')).has('pp-ocrv4')).toBe(true);
  });

  it('stand in a folder of their own name', async () => {
    const folder = modelsFolder({ 'other/model.json': contract });
    await expect(readContracts(folder)).rejects.toMatchObject({
      code: 'ERR_PLACARD_MODEL_INVALID',
      message: expect.stringMatching(/Expected the id other for .*other\/model\.json but received reader\./),
    });
  });

  it.each([{ mine: { detector: 'a' } }, { mine: 'a' }, []])('with bundles like %j are refused', async (bundles) => {
    await expect(readBundles(modelsFolder({ 'bundles.json': bundles }))).rejects.toMatchObject({
      code: 'ERR_PLACARD_MODEL_INVALID',
      message: expect.stringContaining('bundles.json'),
    });
  });
});

describe('an alphabet', () => {
  const lay = (entries: string[], output: Partial<typeof contract.output>) =>
    layOutAlphabet(entries, { ...contract, output: { ...contract.output, ...output } });

  it('is laid out around the blank, with the space at the end', () => {
    expect(lay(['a', 'b'], {})).toEqual({ characters: ['', 'a', 'b'], blank: 0, space: -1 });
    expect(lay(['a', 'b'], { classes: 4, blank: 3, space: 'last' })).toEqual({
      characters: ['a', 'b', ' ', ''],
      blank: 3,
      space: 2,
    });
    expect(lay(['a', ' '], { blank: 1 }).space).toBe(2);
  });

  it('that does not fit is refused with both numbers', () => {
    expect(() => lay(['a', 'b', 'c'], {})).toThrow(
      expect.objectContaining({
        code: 'ERR_PLACARD_MODEL_MISMATCH',
        message: 'reader: the alphabet makes 4 classes with the blank but the contract says 3.',
      }),
    );
    expect(() => lay(['a'], { classes: 6625, space: 'last' })).toThrow(
      /3 classes with the blank and the space but the contract says 6625/,
    );
    expect(() => lay(['a', 'b'], { blank: 7 })).toThrow(/the blank is class 7 but there are 3/);
  });

  it('neither repeats nor leaves out a character', () => {
    const invalid = (message: string) => expect.objectContaining({ code: 'ERR_PLACARD_MODEL_INVALID', message });
    expect(() => lay(['a', 'b', 'a'], {})).toThrow(
      invalid('reader: "a" stands twice in the alphabet, in line 1 and in line 3.'),
    );
    expect(() => lay(['a', ' '], { classes: 4, space: 'last' })).toThrow(
      invalid('reader: " " stands twice in the alphabet, as the last class and in line 2.'),
    );
    const one = (line: number, received: string) =>
      invalid(`reader: expected one character in line ${line} of the alphabet but received ${received}.`);
    expect(() => lay(['a', ''], {})).toThrow(one(2, '""'));
    expect(() => lay(['blank', 'a'], {})).toThrow(one(1, '"blank"'));
    expect(() => lay(['a', 'b '], {})).toThrow(one(2, '"b "'));
  });

  it('may have characters of several code units and code points', () => {
    expect(lay(['𠮷', 'e\u0301'], {}).characters).toEqual(['', '𠮷', 'e\u0301']);
  });

  it('in another encoding than UTF-8 is refused with what to do', async () => {
    // 的一是 in GBK.
    const folder = modelsFolder({ alphabet: Uint8Array.of(0xb5, 0xc4, 0x0a, 0xd2, 0xbb, 0x0a, 0xca, 0xc7, 0x0a) });
    await expect(readAlphabetFile(join(folder, 'alphabet'))).rejects.toMatchObject({
      code: 'ERR_PLACARD_MODEL_INVALID',
      message: expect.stringMatching(/alphabet is not UTF-8\. If it is GBK.*iconv -f GBK -t UTF-8\.$/),
      cause: expect.any(TypeError),
    });
  });

  it.each([
    ['a\nb\n', ['a', 'b']],
    ['a\nb', ['a', 'b']],
    ['\uFEFFa\r\n \r\n甲\r\n', ['a', ' ', '甲']],
  ])('in a file %j has a character a line', async (text, characters) => {
    const folder = modelsFolder({ alphabet: text });
    expect(await readAlphabetFile(join(folder, 'alphabet'))).toEqual(characters);
  });
});

it('normalization takes bytes to (sample / 255 − mean) / std', () => {
  const { scale, offset, reverseChannels } = normalizationOf({
    ...contract,
    input: { ...contract.input, order: 'bgr', mean: [0.5, 0.25, 0], std: [0.5, 0.25, 1] },
  });
  const normalized = (byte: number, channel: number) => byte * scale[channel]! + offset[channel]!;
  expect(reverseChannels).toBe(true);
  expect([0, 1, 2].map((channel) => normalized(255, channel))).toEqual([1, 3, 1].map((value) => expect.closeTo(value)));
  expect([0, 1, 2].map((channel) => normalized(0, channel))).toEqual([-1, -1, 0].map((value) => expect.closeTo(value)));
});
