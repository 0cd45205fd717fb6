import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readDataset } from '../../lib/datasets/read-dataset.ts';
import { PlacardError } from '../../lib/errors.ts';
import type { Point } from '../../lib/reading.ts';
import { DatasetFolder, labelsInvalid } from './dataset-folder.ts';

const folder = new DatasetFolder();
/** Written by test/unit/mat-files/write.py. */
const matFile = (name: string) => readFileSync(join(import.meta.dirname, 'mat-files', name));

/** The boxes of write.py. */
const boxAt = (left: number, top = 5.25): Point[] => [
  [left, top],
  [left + 10, top],
  [left + 10, top + 10],
  [left, top + 10],
];

test.each(['plain.mat', 'compressed.mat'])('words with characters of %s', async (name) => {
  folder.put('gt.mat', matFile(name));
  const { samples } = await readDataset(folder.path);
  expect(samples.map(({ image }) => image)).toEqual(['8/ballet_106_0.jpg', '9/a_1.jpg']);
  const [first, second] = samples.map((sample) => (sample.kind === 'scene' ? sample.lines : []));
  expect(first!.map(({ text }) => text)).toEqual(['Lines:', 'I', 'lost', 'Kevin']);
  expect(first![1]).toEqual({
    text: 'I',
    polygon: boxAt(12),
    ignore: false,
    alternatives: [],
    characters: [{ text: 'I', polygon: boxAt(6 * 12) }],
  });
  expect(first!.map(({ characters }) => characters!.map(({ text }) => text).join(''))).toEqual([
    'Lines:',
    'I',
    'lost',
    'Kevin',
  ]);
  expect(first![3]!.characters![4]!.polygon).toEqual(boxAt(15 * 12));
  // Whole numbers are stored in bytes, a single box without its third dimension.
  expect(second).toMatchObject([{ text: 'é', polygon: boxAt(3, 5), characters: [{ polygon: boxAt(3) }] }]);
});

test('more words than boxes are refused with the picture', async () => {
  folder.put('gt.mat', matFile('fewer-boxes.mat'));
  const message = /gt\.mat: 8\/ballet_106_0\.jpg \(number 1\): words: Expected a box for each of 4 but found 3/;
  await expect(readDataset(folder.path)).rejects.toThrow(labelsInvalid(message));
});

test('HDF5 and other files are refused', async () => {
  folder.put('gt.mat', 'MATLAB 7.3 MAT-file');
  await expect(readDataset(folder.path)).rejects.toThrow(labelsInvalid(/-v7/));
  folder.put('gt.mat', 'x'.repeat(200));
  await expect(readDataset(folder.path)).rejects.toThrow(labelsInvalid(/gt\.mat is no whole MATLAB 5 file/));
});

test('bytes that are changed or cut are read or refused', async () => {
  const whole = matFile('plain.mat');
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(255), fc.boolean(), async (at, value, isCut) => {
      const bytes = isCut ? whole.subarray(0, at) : Buffer.from(whole);
      if (!isCut) bytes[at] = value;
      folder.put('gt.mat', bytes);
      try {
        for (const sample of (await readDataset(folder.path)).samples) {
          if (sample.kind === 'scene') expect(sample.lines.length).toBeGreaterThan(0);
        }
      } catch (error) {
        if (!PlacardError.is(error)) throw error;
        expect(error.code).toBe('ERR_PLACARD_LABELS_INVALID');
        refused += 1;
      }
    }),
    { numRuns: 400 },
  );
  expect(refused).toBeGreaterThan(100);
});
