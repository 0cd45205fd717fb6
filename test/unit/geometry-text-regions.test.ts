import { expect, it } from 'vitest';
import { toRegions } from '../../lib/geometry/text-regions.ts';

const found = {
  quads: Float32Array.of(0, 0, 9, 0, 9, 4, 0, 4, 10, 20, 30, 20, 30, 24, 10, 24),
  scores: Float32Array.of(0.5, 1),
  polygonCounts: Int32Array.of(0, 4),
  polygonPoints: Float32Array.of(10, 20, 30, 20, 30, 24, 10, 24),
};

it('takes regions of a map to the picture that it is of', () => {
  const [first, second] = toRegions(found, 2, 10);
  expect(first).toEqual({
    quad: [
      [0, 0],
      [18, 0],
      [18, 40],
      [0, 40],
    ],
    score: 0.5,
  });
  const quad = [
    [20, 200],
    [60, 200],
    [60, 240],
    [20, 240],
  ];
  expect(second).toEqual({ quad, score: 1, polygon: quad });
});
