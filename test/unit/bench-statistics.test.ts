import { describe, expect, test } from 'vitest';
import { benchModule } from './bench-module.ts';

const { seededRandom, shuffled } = await benchModule('harness/chance.mjs');
const { isSameRun } = await benchModule('harness/results.mjs');
const { pictureMedians, quantiles, timeRatio, troubles } = await benchModule('harness/statistics.mjs');
const { overOwnMedian } = await benchModule('stream/task.mjs');
const { bestWay } = await benchModule('throughput/task.mjs');

describe('statistics of the benchmarks', () => {
  test('quantiles are linear between the two nearest values', () => {
    expect(quantiles([40, 10, 30, 20])).toEqual({ p50: 25, p95: 38.5, p99: expect.closeTo(39.7, 9) });
    expect(quantiles([])).toEqual({ p50: undefined, p95: undefined, p99: undefined });
  });

  test('a picture that failed in one round has no time', () => {
    const rounds = [
      [10, 20, 30],
      [14, null, 10],
      [12, 22, 20],
    ];
    expect(pictureMedians(rounds)).toEqual([12, null, 20]);
    expect(pictureMedians([])).toEqual([]);
  });

  test('the time ratio sums medians over the pictures that both read, across sets', () => {
    const ours = [[[10, 100, 7]], [[30], [50]]];
    const theirs = [[[20, null, 13]], [[60], [100]]];
    const compared = timeRatio(ours, theirs);
    // The second picture counts for nobody: 10 + 7 + 40 over 20 + 13 + 80.
    expect(compared).toMatchObject({ milliseconds: 57, otherMilliseconds: 113, pictures: 3 });
    expect(compared.ratio).toBeCloseTo(57 / 113, 12);
    expect(timeRatio([[[null]]], [[[5]]])).toBeUndefined();
  });

  test('the spread of a ratio is that of single rounds, each against each', () => {
    const compared = timeRatio([[[10], [20]]], [[[40], [50], [80]]]);
    expect(compared).toMatchObject({ ratio: 0.3, least: 10 / 80, most: 20 / 40 });
  });

  test('pictures that fail and pictures that are read differently are counted', () => {
    const read = (text: string) => ({ ms: 1, lines: [{ text }] });
    const rounds = [
      [read('a'), read('b'), { ms: 1, error: { message: 'no' } }],
      [read('a'), read('c'), read('d')],
    ];
    expect(troubles(rounds)).toEqual({ failed: 1, unstable: 2 });
  });

  test('a contender is as fast as in its faster way, by the median of its rounds', () => {
    const ways = { together: { seconds: [10, 5, 4] }, apart: { seconds: [4, 9, 8] } };
    expect(bestWay({ ways }, 40)).toEqual({ way: 'together', speed: 8 });
    expect(bestWay({ ways: { ...ways, together: { seconds: [] } } }, 40)).toEqual({ way: 'apart', speed: 5 });
    expect(bestWay({ ways: { together: { seconds: [] } } }, 40)).toBeUndefined();
  });

  test('a stall shows against the same picture, not against others', () => {
    const milliseconds = [10, 1000, 10, 1000, 30, 1000];
    const originals = [0, 1, 0, 1, 0, 1];
    expect(overOwnMedian([0, 1, 2, 3, 4, 5], milliseconds, originals)).toEqual([1, 1, 1, 1, 3, 1]);
  });

  test('chance is the same for the same seed', () => {
    const items = Array.from({ length: 20 }, (_, i) => i);
    expect(shuffled(items, seededRandom(1))).toEqual(shuffled(items, seededRandom(1)));
    expect(shuffled(items, seededRandom(1))).not.toEqual(shuffled(items, seededRandom(2)));
    expect(shuffled(items, seededRandom(1)).sort((a: number, b: number) => a - b)).toEqual(items);
  });

  test('a run goes on only where the code, the machine and what was asked for are the same', () => {
    const run = {
      commit: 'a1',
      options: { rounds: 2 },
      contenders: ['placard-v4'],
      pictures: { samples: 10 },
      machine: { cpu: 'X', cores: 2, loadAverage: 1 },
    };
    expect(isSameRun(run, { ...run, machine: { ...run.machine, loadAverage: 7 } })).toBe(true);
    expect(isSameRun(run, { ...run, commit: 'b2' })).toBe(false);
    expect(isSameRun(run, { ...run, options: { rounds: 3 } })).toBe(false);
    expect(isSameRun(run, { ...run, pictures: { samples: 9 } })).toBe(false);
  });
});
