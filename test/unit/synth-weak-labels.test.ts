import { describe, expect, it } from 'vitest';
import { boxQuad } from '../../lib/geometry/quad.ts';
import type { Point } from '../../lib/reading.ts';
import { confidenceMap } from '../../lib/synth/confidence-map.ts';
import { countConfidence, equalParts } from '../../lib/synth/word-characters.ts';

const box = (left: number, top: number, right: number, bottom: number) => boxQuad({ left, top, right, bottom });

describe('countConfidence', () => {
  it.each([
    [7, 5, 5 / 7],
    [7, 9, 5 / 7],
    [7, 7, 1],
    [3, 0, 0],
    [3, 9, 0],
    [0, 0, 0],
  ])('of %i letters and %i found is %d', (letters, found, wanted) => {
    expect(countConfidence(letters, found)).toBe(wanted);
  });
});

describe('equalParts', () => {
  it('cuts along the reading direction', () => {
    expect(equalParts({ text: 'ab', polygon: box(0, 0, 20, 8) })).toEqual([box(0, 0, 10, 8), box(10, 0, 20, 8)]);
    expect(equalParts({ text: 'אב', polygon: box(0, 0, 20, 8), rightToLeft: true })).toEqual([
      box(10, 0, 20, 8),
      box(0, 0, 10, 8),
    ]);
  });

  it('cuts columns from above', () => {
    const column = [box(0, 0, 8, 10), box(0, 10, 8, 20)];
    expect(equalParts({ text: '招牌', polygon: box(0, 0, 8, 20) })).toEqual(column);
    expect(equalParts({ text: 'ab', polygon: box(0, 0, 30, 20), vertical: true })[1]).toEqual(box(0, 10, 30, 20));
    // One letter may be as high as it likes, and what is said to be a row is one.
    expect(equalParts({ text: 'l', polygon: box(0, 0, 8, 20) })).toEqual([box(0, 0, 8, 20)]);
    expect(equalParts({ text: 'ab', polygon: box(0, 0, 8, 20), vertical: false })[0]).toEqual(box(0, 0, 4, 20));
  });

  it('leaves blanks their place, and marks with their letters', () => {
    expect(equalParts({ text: ' a b ', polygon: box(0, 0, 30, 8) })).toEqual([box(0, 0, 10, 8), box(20, 0, 30, 8)]);
    expect(equalParts({ text: 'e\u0301t', polygon: box(0, 0, 20, 8) })).toHaveLength(2);
  });

  it('follows bent words', () => {
    const bent: Point[] = [
      [0, 10],
      [10, 0],
      [20, 10],
      [20, 20],
      [10, 10],
      [0, 20],
    ];
    const [first, second] = equalParts({ text: 'ab', polygon: bent });
    expect(first![1]).toEqual([10, 0]);
    expect(second![0]).toEqual([10, 0]);
    expect(second![2]).toEqual([20, 20]);
  });

  it('takes the rectangle around other outlines', () => {
    const outline: Point[] = [
      [0, 0],
      [10, 0],
      [20, 0],
      [20, 8],
      [0, 8],
    ];
    expect(equalParts({ text: 'ab', polygon: outline })).toEqual([box(0, 0, 10, 8), box(10, 0, 20, 8)]);
  });
});

describe('confidenceMap', () => {
  const rows = (map: Uint8Array, width: number) =>
    Array.from({ length: map.length / width }, (_, y) => [...map.subarray(y * width, (y + 1) * width)]);

  it('is sure of what lies outside of words', () => {
    expect([...confidenceMap([], 3, 1)]).toEqual([255, 255, 255]);
  });

  it('fills pixels whose center lies inside, the least of several', () => {
    const places = [
      { polygon: box(0.6, 0.4, 3.4, 2.2), confidence: 0.6 },
      { polygon: box(2, 1, 9, 9), confidence: 0.2 },
      { polygon: box(2, 1, 9, 9), confidence: 1 },
    ];
    const wanted = [
      [255, 153, 153, 255],
      [255, 153, 51, 51],
      [255, 255, 51, 51],
    ];
    expect(rows(confidenceMap(places, 4, 3), 4)).toEqual(wanted);
    expect(rows(confidenceMap(places.toReversed(), 4, 3), 4)).toEqual(wanted);
  });

  it('follows slanted sides and polygons that reach outside', () => {
    const triangle: Point[] = [
      [0, 0],
      [6, 0],
      [0, 6],
    ];
    const map = rows(confidenceMap([{ polygon: triangle, confidence: 0 }], 4, 4), 4);
    expect(map.map((row) => row.filter((level) => level === 0).length)).toEqual([4, 4, 3, 2]);
    expect(rows(confidenceMap([{ polygon: box(-5, -5, 50, 50), confidence: 0 }], 2, 2), 2)).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });
});
