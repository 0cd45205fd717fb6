import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
} as const;
type Format = keyof typeof seeds;

/** Bytes of a label file: lines of the format with parts cut, doubled or replaced, and lines of anything. */
function fileOf(seed: string): fc.Arbitrary<Buffer> {
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
    .array(line, { maxLength: 4 })
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
    const folder = join(root, `in-${name}`);
    mkdirSync(folder);
    // ICDAR's labels need their pictures beside them.
    writeFileSync(join(folder, 'img_1.jpg'), '');
    let read = 0;
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(fileOf(seeds[name]), async (bytes) => {
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
