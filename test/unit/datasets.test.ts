import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { placardWriter } from '../../lib/datasets/placard-labels.ts';
import { readPredictions, toPrediction, writePrediction } from '../../lib/datasets/predictions.ts';
import { readDataset } from '../../lib/datasets/read-dataset.ts';
import type { Dataset, Sample } from '../../lib/labels.ts';
import type { Point, Quad, Reading } from '../../lib/reading.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'placard-datasets-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function put(name: string, text: string): string {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

function invalid(message: string | RegExp) {
  return expect.objectContaining({ code: 'ERR_PLACARD_LABELS_INVALID', message: expect.stringMatching(message) });
}

const quad: Quad = [
  [1, 2],
  [3, 2],
  [3, 4],
  [1, 4],
];

describe('placard labels', () => {
  test('scenes', async () => {
    const line = { poly: quad, text: '藥局', alt: ['局藥'], vertical: true, rtl: true, note: 'x' };
    const ignored = { poly: quad, text: '', ignore: true };
    put('labels.jsonl', `${JSON.stringify({ image: 'a\\1.jpg', width: 9, lines: [line, ignored], country: 'tw' })}\n`);
    const dataset = await readDataset(folder);
    expect(dataset).toMatchObject({ name: path.basename(folder), root: folder });
    expect(dataset.samples).toEqual([
      {
        image: 'a/1.jpg',
        kind: 'scene',
        width: 9,
        attributes: { country: 'tw' },
        lines: [
          { polygon: quad, text: '藥局', ignore: false, alternatives: ['局藥'], vertical: true, rightToLeft: true },
          { polygon: quad, text: '', ignore: true, alternatives: [] },
        ],
      },
    ]);
  });

  test('texts are crops, or pages where one of them has lines; a kind that is said stands', async () => {
    put('labels.jsonl', '\ufeff{"image":"1","text":"a","alt":["b"]}\r\n\r\n{"image":"2","text":"c"}\r\n');
    expect((await readDataset(folder)).samples).toEqual([
      { image: '1', kind: 'crop', text: 'a', alternatives: ['b'] },
      { image: '2', kind: 'crop', text: 'c', alternatives: [] },
    ]);
    const file = put(
      'labels.jsonl',
      '{"image":"1","text":"a"}\n{"image":"2","text":"c\\nd"}\n{"image":"3","kind":"crop","text":"e"}',
    );
    expect((await readDataset(file)).samples.map(({ kind }) => kind)).toEqual(['page', 'page', 'crop']);
  });

  test.each([
    ['{"image":"1","text":"a"}\n{oops', /labels\.jsonl:2: Expected JSON/],
    ['\n\n{"text":"a"}', /labels\.jsonl:3: image: /],
    ['{"image":"1"}', /:1: Expected lines of a scene or the text/],
    ['{"image":"1","kind":"scene","text":"a"}', /:1: Expected lines/],
    ['{"image":"1","lines":[{"poly":[[0,0],[1,"1"],[2,2]],"text":"a"}]}', /:1: lines\[0\]\.poly\[1\]\[1\]: /],
    ['{"image":"1","lines":[{"poly":[[0,0],[1,1]],"text":"a"}]}', /:1: lines\[0\]\.poly: /],
    ['{"image":"1","lines":[{"poly":[[0,0],[1,1],[1e999,0]],"text":"a"}]}', /:1: lines\[0\]\.poly\[2\]\[0\]: /],
    ['7', /:1: the record: /],
  ])('%s is refused', async (text, message) => {
    put('labels.jsonl', text);
    await expect(readDataset(folder)).rejects.toThrow(invalid(message));
  });

  test('what is written is read again', async () => {
    const text = fc.string({ unit: 'grapheme' });
    const point = fc.tuple(fc.integer(), fc.integer()).map(([x, y]): Point => [x, y]);
    const line = fc.record(
      {
        polygon: fc.array(point, { minLength: 3, maxLength: 6 }),
        text,
        ignore: fc.boolean(),
        alternatives: fc.array(text, { maxLength: 2 }),
        vertical: fc.boolean(),
        rightToLeft: fc.boolean(),
      },
      { requiredKeys: ['polygon', 'text', 'ignore', 'alternatives'] },
    );
    const image = fc.stringMatching(/^[a-z/]{1,9}\.png$/);
    const more = { width: fc.nat(), group: text, attributes: fc.record({ state: text }) };
    const sample: fc.Arbitrary<Sample> = fc.oneof(
      fc.record(
        { image, kind: fc.constant('scene' as const), lines: fc.array(line, { maxLength: 3 }), ...more },
        { requiredKeys: ['image', 'kind', 'lines'] },
      ),
      fc.record(
        { image, kind: fc.constant('crop' as const), text, alternatives: fc.array(text, { maxLength: 2 }), ...more },
        { requiredKeys: ['image', 'kind', 'text', 'alternatives'] },
      ),
      fc.record({ image, kind: fc.constant('page' as const), text }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(sample, { maxLength: 4 }), async (samples) => {
        const dataset: Dataset = { name: path.basename(folder), root: folder, samples };
        await placardWriter.write(folder, samples, {});
        expect(await readDataset(folder)).toEqual(dataset);
      }),
      { numRuns: 50 },
    );
  });
});

describe('ICDAR 2015', () => {
  test('scenes: byte order mark, CRLF, commas in the text, ###', async () => {
    put('gt_img_10.txt', '0,0,9,0,9,5,0,5,###\n');
    put('gt_img_2.txt', '\ufeff10,11,20,11,20,15,10,15,Hello, world, 3\r\n-1.5, 2,3,2,3,4,1,4, x\r\n');
    put('img_2.jpg', '');
    put('img_10.PNG', '');
    const { samples } = await readDataset(folder);
    expect(samples.map(({ image }) => image)).toEqual(['img_2.jpg', 'img_10.PNG']);
    expect(samples[0]).toMatchObject({
      kind: 'scene',
      lines: [
        {
          text: 'Hello, world, 3',
          polygon: [
            [10, 11],
            [20, 11],
            [20, 15],
            [10, 15],
          ],
          ignore: false,
        },
        {
          text: ' x',
          polygon: [
            [-1.5, 2],
            [3, 2],
            [3, 4],
            [1, 4],
          ],
        },
      ],
    });
    expect(samples[1]).toMatchObject({ lines: [{ text: '', ignore: true }] });
  });

  test.each([
    ['0,0,9,0,9,5,0,5', /gt_img_1\.txt:1: Expected eight coordinates/],
    ['0,0,9,0,9,5,0,5,a\n0,0,9,,9,5,0,5,b', /gt_img_1\.txt:2: Expected eight/],
    ['0,0,9,0,9,5,0,x,a', /:1: Expected eight/],
  ])('%s is refused', async (text, message) => {
    put('gt_img_1.txt', text);
    put('img_1.jpg', '');
    await expect(readDataset(folder)).rejects.toThrow(invalid(message));
  });

  test('a scene without its picture is refused', async () => {
    put('gt_img_1.txt', '');
    await expect(readDataset(folder)).rejects.toThrow(invalid(/gt_img_1\.txt: Expected a picture/));
  });

  test('words', async () => {
    put('gt.txt', '\ufeffword_1.png, "Tiredness, \\"kills\\""\r\nword_2.png, "A"\r\n');
    expect((await readDataset(folder)).samples).toEqual([
      { image: 'word_1.png', kind: 'crop', text: 'Tiredness, "kills"', alternatives: [] },
      { image: 'word_2.png', kind: 'crop', text: 'A', alternatives: [] },
    ]);
    put('gt.txt', 'word_1.png, "a"\nword_2.png b');
    await expect(readDataset(folder)).rejects.toThrow(invalid(/gt\.txt:2: /));
  });
});

describe('PaddleOCR', () => {
  const lines = JSON.stringify([
    { transcription: 'a\tb', points: quad, difficult: false },
    { transcription: '###', points: quad },
    { transcription: 'c', points: quad, difficult: true },
  ]);

  test('detection labels, with paths from the folder above', async () => {
    const set = path.basename(folder);
    put('1.jpg', '');
    put('Label.txt', `${set}/1.jpg\t${lines}\n${set}/2.jpg\t[]\n`);
    const dataset = await readDataset(folder);
    expect(dataset).toMatchObject({ name: set, root: path.dirname(folder) });
    expect(dataset.samples).toMatchObject([
      {
        image: `${set}/1.jpg`,
        kind: 'scene',
        lines: [
          { text: 'a\tb', ignore: false, polygon: quad },
          { text: '', ignore: true },
          { text: '', ignore: true },
        ],
      },
      { image: `${set}/2.jpg`, lines: [] },
    ]);
  });

  test('recognition labels, by the path of the file', async () => {
    const file = put('list.txt', 'crops/1.png\t[sic] word\ncrops/2.png\ta b\n');
    const dataset = await readDataset(file);
    expect(dataset.root).toBe(folder);
    expect(dataset.samples).toEqual([
      { image: 'crops/1.png', kind: 'crop', text: '[sic] word', alternatives: [] },
      { image: 'crops/2.png', kind: 'crop', text: 'a b', alternatives: [] },
    ]);
  });

  test.each([
    ['1.jpg only', /Label\.txt:1: Expected a path, a tab/],
    [`1.jpg\t${lines}\n2.jpg\t[{"transcription":1}]`, /Label\.txt:2: \[0\]\.transcription: /],
    [`1.jpg\t${lines}\n2.jpg\ttext`, /Label\.txt:2: Expected JSON/],
  ])('%s is refused', async (text, message) => {
    put('Label.txt', text);
    await expect(readDataset(folder)).rejects.toThrow(invalid(message));
  });
});

describe('any data set', () => {
  test('an unknown folder names what was looked for', async () => {
    put('notes.md', '');
    await expect(readDataset(folder)).rejects.toThrow(invalid(/Expected one of labels\.jsonl, gt_\*\.txt/));
  });

  test('a missing one is unreadable, one of other bytes is invalid', async () => {
    const missing = path.join(folder, 'none');
    await expect(readDataset(missing)).rejects.toMatchObject({ code: 'ERR_PLACARD_FILE_UNREADABLE' });
    writeFileSync(path.join(folder, 'labels.jsonl'), Buffer.from([0x7b, 0xff, 0xfe]));
    await expect(readDataset(folder)).rejects.toThrow(invalid(/UTF-8/));
  });
});

describe('predictions', () => {
  test('other spellings are understood', async () => {
    const file = put(
      'p.jsonl',
      `${JSON.stringify({
        image: 'a',
        lines: [
          { text: 'x', poly: quad },
          { text: null, polygon: null },
        ],
        ms: 3,
        cpu: 4,
      })}
${JSON.stringify({ image: 'b', lines: [{ text: 'y', polygon: quad, confidence: 0.5 }], text: 'y', timings: { total: 7 } })}
${JSON.stringify({ image: 'c', error: { code: 'E', message: 'm' } })}
${JSON.stringify({ image: 'd', error: 'boom' })}`,
    );
    expect(await readPredictions(file)).toEqual([
      { image: 'a', lines: [{ text: 'x', polygon: quad }, { text: '' }], ms: 3, cpu: 4 },
      { image: 'b', lines: [{ text: 'y', polygon: quad, confidence: 0.5 }], text: 'y', ms: 7 },
      { image: 'c', lines: [], error: { code: 'E', message: 'm' } },
      { image: 'd', lines: [], error: { message: 'boom' } },
    ]);
    put('p.jsonl', '{"image":"a"}\n{"lines":[]}');
    await expect(readPredictions(file)).rejects.toThrow(invalid(/p\.jsonl:2: image: /));
  });

  test('a reading becomes a prediction that is read back the same', async () => {
    const line = { text: 'a', confidence: 0.9, quad, direction: 'ltr' as const, words: [], chars: [] };
    const bent = [...quad, [0, 3]] as Point[];
    const timings = { queue: 0, decode: 1, detect: 2, orient: 0, rectify: 1, recognize: 3, order: 0, total: 8 };
    const reading: Reading = {
      text: 'a\nb',
      width: 9,
      height: 9,
      rotation: 0,
      lines: [line, { ...line, text: 'b', polygon: bent }],
      blocks: [{ quad, lines: [0, 1] }],
      timings,
      reader: 'general',
      models: { recognizer: 'r' },
      provider: 'cpu',
      precision: 'f32',
    };
    const prediction = toPrediction('images/1.jpg', reading);
    expect(prediction).toMatchObject({ text: 'a\nb', ms: 8, lines: [{ polygon: quad }, { polygon: bent }] });
    const file = put('p.jsonl', `${writePrediction(prediction)}\n`);
    expect(await readPredictions(file)).toEqual([prediction]);
  });
});
