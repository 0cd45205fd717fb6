import { describe, expect, it } from 'vitest';
import { fitLine, median } from '../../lib/geometry/line-fit.ts';
import type { Point } from '../../lib/reading.ts';

describe('fitLine', () => {
  const points = [0, 1, 2, 3, 4, 5, 6, 7].map((x): Point => [10 * x, 3 - 2.5 * x]);

  it('finds the line that points lie on', () => {
    const line = fitLine(points);
    expect(line.slope).toBeCloseTo(-0.25);
    expect(line.at(100)).toBeCloseTo(-22);
  });

  it('is not led astray by two points of eight', () => {
    const line = fitLine(points.map(([x, y], i) => (i === 2 || i === 7 ? [x, y + 500] : [x, y])));
    expect(line.slope).toBeCloseTo(-0.25);
    expect(line.at(100)).toBeCloseTo(-22);
  });

  it('is level through one point and through points above one another', () => {
    expect(fitLine([[5, 7]])).toMatchObject({ slope: 0 });
    expect(fitLine([[5, 7]]).at(50)).toBe(7);
    expect(fitLine([[5, 7], [5, 9]]).at(50)).toBe(8); // biome-ignore format: points
  });
});

it('median is the middle value', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
  expect(median([])).toBe(0);
});
