import { describe, expect, it } from 'vitest';
import { Histogram } from '../../lib/scheduling/histogram.ts';
import { StageHistograms, StageTimes } from '../../lib/scheduling/stage-times.ts';

const histogramOf = (durations: number[]) => {
  const histogram = new Histogram();
  for (const duration of durations) histogram.add(duration);
  return histogram.summary();
};

describe('Histogram', () => {
  it('of nothing is all zeros', () => {
    expect(histogramOf([])).toEqual({ count: 0, mean: 0, p50: 0, p95: 0, max: 0 });
  });

  it('knows count, mean and maximum exactly', () => {
    expect(histogramOf([1, 2, 9])).toMatchObject({ count: 3, mean: 4, max: 9 });
  });

  it.each([0.02, 0.5, 1, 7.3, 40, 300, 12_345])('knows quantiles around %d ms to an eighth', (usual) => {
    const durations = Array.from({ length: 1000 }, (_, i) => usual * (0.5 + i / 1000));
    const { p50, p95 } = histogramOf(durations);
    expect(Math.abs(Math.log(p50 / usual))).toBeLessThan(0.13);
    expect(Math.abs(Math.log(p95 / (1.45 * usual)))).toBeLessThan(0.13);
  });

  it('tells a rare outlier from the usual', () => {
    const { p50, p95, max } = histogramOf([...Array<number>(98).fill(10), 900, 900]);
    expect([p50, p95, max].map(Math.round)).toEqual([9, 9, 900]);
  });

  it('never says more than the maximum, and takes what is out of its range', () => {
    expect(histogramOf([10.1]).p95).toBeLessThanOrEqual(10.1);
    expect(histogramOf([0, 0]).p50).toBe(0);
    expect(histogramOf([1e9]).max).toBe(1e9);
    expect(histogramOf([1e9]).p50).toBeGreaterThan(1e6);
  });
});

describe('StageTimes', () => {
  it('adds up the stages, failed ones too, and the whole', async () => {
    const times = new StageTimes();
    const wait = () => new Promise((resolve) => setTimeout(resolve, 15));
    await times.time('recognize', wait);
    await times.time('recognize', wait);
    await expect(
      times.time('detect', async () => {
        await wait();
        throw new Error('x');
      }),
    ).rejects.toThrow('x');
    expect(await times.time('order', () => 7)).toBe(7);
    const timings = times.finish();
    expect(timings.recognize).toBeGreaterThan(25);
    expect(timings.detect).toBeGreaterThan(12);
    expect(timings.orient).toBe(0);
    expect(timings.total).toBeGreaterThanOrEqual(timings.recognize + timings.detect);
  });

  it('become a histogram a stage', () => {
    const histograms = new StageHistograms();
    expect(histograms.summary()).toEqual({});
    const timings = { queue: 0, decode: 2, detect: 4, orient: 0, rectify: 0, recognize: 8, order: 0, total: 14 };
    histograms.add(timings);
    histograms.add({ ...timings, decode: 4 });
    expect(Object.keys(histograms.summary())).toEqual(Object.keys(timings));
    expect(histograms.summary().decode).toMatchObject({ count: 2, mean: 3, max: 4 });
  });
});
