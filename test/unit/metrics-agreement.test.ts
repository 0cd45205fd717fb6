import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readPredictions } from '../../lib/datasets/predictions.ts';
import { readDataset } from '../../lib/datasets/read-dataset.ts';
import { evaluate } from '../../lib/metrics/evaluate.ts';

// Drawn labels and predictions: turned, bent, self-crossing and split lines, ignore regions, other readings, six scripts.
// The expected figures come from an independent implementation in Python on numpy and shapely.
const folder = fileURLToPath(new URL('./metrics-agreement/', import.meta.url));
const expected: Record<string, Record<string, number>> = JSON.parse(
  readFileSync(path.join(folder, 'expected.json'), 'utf8'),
);

describe('figures agree with an independent implementation', () => {
  test.each(Object.keys(expected))('%s', async (set) => {
    const dataset = await readDataset(path.join(folder, set));
    const predictions = await readPredictions(path.join(folder, set, 'predictions.jsonl'));
    const { figures } = evaluate(dataset, predictions);
    for (const [name, value] of Object.entries(expected[set]!)) expect(figures[name], name).toBeCloseTo(value, 9);
  });
});
