import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPredictions } from '../../lib/datasets/predictions.ts';
import { readDataset } from '../../lib/datasets/read-dataset.ts';
import { PlacardError } from '../../lib/errors.ts';
import type { Dataset } from '../../lib/labels.ts';

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'placard-fuzz-labels-'));
});
afterAll(() => {
  rmSync(root, { recursive: true });
});

/** A line as each format has it; the fuzzer changes parts of it. */
const seeds = {
  'labels.jsonl': '{"image":"a.jpg","lines":[{"poly":[[1,2],[30,2],[30,9],[1,9]],"text":"EXIT","ignore":false}]}',
  'gt_img_1.txt': '377,117,463,117,465,130,378,130,Genaxis, Theatre',
  'gt.txt': 'word_1.png, "Tiredness"',
  'Label.txt': 'a.jpg\t[{"transcription": "EXIT", "points": [[1,2],[30,2],[30,9],[1,9]], "difficult": false}]',
  'rec_gt.txt': 'a.jpg\tEXIT',
  'gt_img_13.txt': '38 43 920 215 "Tiredness, \\"kills\\""',
  'img_2.json':
    '{"shapes":[{"label":"藥局","points":[[1,2],[30,2],[30,9],[1,9]],"group_id":0},{"label":"藥","points":[[1,2],[15,2],[15,9]],"group_id":1}]}',
  'via_region_data.json':
    '{"a.jpg3":{"filename":"a.jpg","regions":{"0":{"shape_attributes":{"name":"rect","x":1,"y":2,"width":3,"height":4},"region_attributes":{"np":"EXIT"}}}}}',
  'ann/img_1.json': '{"description":"AA0013BM","name":"img_1","size":{"width":30,"height":9},"region_id":2}',
  'train.txt': 'a.jpg EXIT 12',
  'annotation_train.txt': './2425/1/115_Lube_45484.jpg 45484',
} as const;
type Format = keyof typeof seeds;

/** Bytes of a label file: lines of the format with parts cut, doubled or replaced, and lines of anything. */
function fileOf(seed: string, mostLines = 4): fc.Arbitrary<Buffer> {
  const bit = fc.oneof(
    fc.constantFrom(
      '',
      '\t',
      ',',
      '"',
      '[',
      ']',
      '{',
      '}',
      '\ufeff',
      '\r',
      '\0',
      'null',
      '-0',
      '1e999',
      'NaN',
      '###',
      '\\',
    ),
    fc.string({ unit: 'binary', maxLength: 5 }),
  );
  const changed = fc
    .tuple(fc.nat(seed.length), fc.nat(6), bit)
    .map(([at, cut, put]) => seed.slice(0, at) + put + seed.slice(at + cut));
  const line = fc.oneof(
    { weight: 2, arbitrary: fc.constant(seed) },
    { weight: 4, arbitrary: changed },
    fc.string(),
    fc.json(),
  );
  const text = fc
    .array(line, { maxLength: mostLines })
    .chain((lines) => fc.constantFrom('\n', '\r\n').map((end) => lines.join(end)));
  return fc.oneof(
    { weight: 8, arbitrary: text.map((all) => Buffer.from(all)) },
    fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
  );
}

function expectSound({ samples }: Dataset): void {
  for (const sample of samples) {
    expect(sample.image).not.toBe('');
    expect(sample.image).not.toContain('\\');
    if (sample.kind !== 'scene') {
      expect(typeof sample.text).toBe('string');
      continue;
    }
    for (const { polygon, text, ignore } of sample.lines) {
      expect(polygon.length).toBeGreaterThanOrEqual(3);
      expect(polygon.flat().every(Number.isFinite)).toBe(true);
      expect([typeof text, typeof ignore]).toEqual(['string', 'boolean']);
    }
  }
}

/** What was read, or nothing where the labels were refused with the file's name. */
async function readOrRefused<T>(reading: Promise<T>, file: string): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (!PlacardError.is(error)) throw error;
    expect(error.code).toBe('ERR_PLACARD_LABELS_INVALID');
    expect(error.message).toContain(file);
    return undefined;
  }
}

describe('labels of any bytes', () => {
  it.each(Object.keys(seeds) as Format[])('in %s are read or refused with file and line', async (name) => {
    const folder = join(root, `in-${name.replace('/', '-')}`);
    mkdirSync(folder);
    // Labels of one file a picture need their pictures beside them.
    for (const picture of ['img_1.jpg', 'img_2.jpg', 'img_13.jpg']) writeFileSync(join(folder, picture), '');
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    let read = 0;
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(fileOf(seeds[name], name.endsWith('.json') ? 1 : 4), async (bytes) => {
        writeFileSync(join(folder, name), bytes);
        const dataset = await readOrRefused(readDataset(folder), name);
        if (!dataset) {
          refused++;
          return;
        }
        expectSound(dataset);
        read++;
      }),
      { numRuns: 300 },
    );
    expect(read).toBeGreaterThan(20);
    expect(refused).toBeGreaterThan(20);
  });

  it('are predictions, or are refused with file and line', async () => {
    const file = join(root, 'predictions.jsonl');
    const seed =
      '{"image":"a.jpg","text":"EXIT","lines":[{"text":"EXIT","confidence":0.9,"polygon":[[1,2],[30,2],[30,9]]}],"timings":{"total":12.5}}';
    let read = 0;
    await fc.assert(
      fc.asyncProperty(fileOf(seed), async (bytes) => {
        writeFileSync(file, bytes);
        const predictions = await readOrRefused(readPredictions(file), 'predictions.jsonl');
        for (const { image, lines, ms } of predictions ?? []) {
          read++;
          expect(image).not.toBe('');
          if (ms !== undefined) expect(ms).toSatisfy(Number.isFinite);
          for (const { text, polygon } of lines) {
            expect(typeof text).toBe('string');
            expect((polygon ?? []).flat().every(Number.isFinite)).toBe(true);
          }
        }
      }),
      { numRuns: 300 },
    );
    expect(read).toBeGreaterThan(20);
  });
});
