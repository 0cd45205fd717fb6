import { describe, expect, it } from 'vitest';
import { linkWords } from '../../lib/geometry/link-words.ts';
import { boxQuad } from '../../lib/geometry/quad.ts';
import type { DrawnRegion } from '../../lib/geometry/text-regions.ts';
import type { Point, Quad } from '../../lib/reading.ts';

const word = (left: number, top: number, width: number, height: number, score = 0.9): DrawnRegion => ({
  quad: boxQuad({ left, top, right: left + width, bottom: top + height }),
  score,
});

/** Turned about the origin, clockwise on a screen. */
function turned(region: DrawnRegion, degrees: number): DrawnRegion {
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  return { ...region, quad: region.quad.map(([x, y]): Point => [x * cos - y * sin, x * sin + y * cos]) as Quad };
}

const rounded = (quad: Quad) => quad.map((point) => point.map((value) => Math.round(value)));

describe('linkWords', () => {
  it('makes one line of words that follow one another, wherever they stand in the list', () => {
    const [line, ...others] = linkWords([word(200, 12, 60, 20), word(0, 10, 80, 20), word(90, 11, 100, 20)]);
    expect(others).toEqual([]);
    expect(rounded(line!.quad)).toEqual([
      [0, 10],
      [260, 10],
      [260, 32],
      [0, 32],
    ]);
  });

  it('weighs scores by the length of the words', () => {
    const [line] = linkWords([word(0, 0, 90, 20, 1), word(100, 0, 30, 20, 0.6)]);
    expect(line!.score).toBeCloseTo((90 + 0.6 * 30) / 120);
  });

  it('leaves apart what is too far away, on another line, or of another size', () => {
    const words = [word(0, 0, 80, 20), word(100, 0, 80, 20), word(0, 25, 80, 20), word(185, -10, 90, 45)];
    expect(linkWords(words)).toEqual(words);
  });

  it.each([0, 10, -20, 44, -44])('takes a line turned by %d° along its own way', (degrees) => {
    const words = [word(100, 50, 80, 20), word(190, 50, 60, 20), word(260, 50, 70, 20)];
    const [line, ...others] = linkWords(words.map((one) => turned(one, degrees)));
    expect(others).toEqual([]);
    expect(rounded(line!.quad)).toEqual(rounded(turned(word(100, 50, 230, 20), degrees).quad));
  });

  it('links words under one another where they are surely tall, and squares only across', () => {
    const column = linkWords([word(0, 0, 20, 80), word(0, 90, 20, 70)]);
    expect(column.map(({ quad }) => rounded(quad))).toEqual([rounded(word(0, 0, 20, 160).quad)]);
    const grid = [0, 25].flatMap((top) => [0, 25].map((left) => word(left, top, 20, 20)));
    expect(linkWords(grid).map(({ quad }) => rounded(quad))).toEqual([
      rounded(word(0, 0, 45, 20).quad),
      rounded(word(0, 25, 45, 20).quad),
    ]);
  });

  it('keeps the outline of a bent word that stands alone', () => {
    const bent = { ...word(0, 0, 80, 20), polygon: [[0, 0]] as Point[] };
    expect(linkWords([bent])).toEqual([bent]);
  });

  it('takes none, points, and thousands', () => {
    expect(linkWords([])).toEqual([]);
    expect(linkWords([word(5, 5, 0, 0), word(5, 5, 0, 0)])).toHaveLength(2);
    const many = Array.from({ length: 3000 }, (_, i) => word((i % 50) * 100, Math.floor(i / 50) * 40, 90, 20));
    expect(linkWords(many)).toHaveLength(60);
  });
});
