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

/** By protocol: turned, split, merged and self-crossing quads, flat ones, ignored regions; no texts. */
const expectedOfQuads: Record<string, Record<string, number>> = JSON.parse(
  readFileSync(path.join(folder, 'quads', 'expected.json'), 'utf8'),
);

describe('figures agree with an independent implementation', () => {
  test.each(Object.keys(expected))('%s', async (set) => {
    const dataset = await readDataset(path.join(folder, set));
    const predictions = await readPredictions(path.join(folder, set, 'predictions.jsonl'));
    const { figures } = evaluate(dataset, predictions);
    for (const [name, value] of Object.entries(expected[set]!)) expect(figures[name], name).toBeCloseTo(value, 9);
  });

  test.each(['icdar15', 'icdar13'] as const)('quads by %s', async (protocol) => {
    const dataset = await readDataset(path.join(folder, 'quads'));
    const predictions = await readPredictions(path.join(folder, 'quads', 'predictions.jsonl'));
    const { figures } = evaluate(dataset, predictions, { protocol });
    expect(figures).toMatchObject({ missing: 0, err: 0 });
    for (const [name, value] of Object.entries(expectedOfQuads[protocol]!))
      expect(figures[name], name).toBeCloseTo(value, 9);
  });
});
