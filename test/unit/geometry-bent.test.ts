import { describe, expect, it } from 'vitest';
import { quadsOf, sliceBent, unclipBent } from '../../lib/geometry/bent.ts';
import { quadHeight, quadWidth } from '../../lib/geometry/quad.ts';
import type { Point, Polygon } from '../../lib/reading.ts';

/** An arch of 20 pixels' height over a half circle, in `pieces` pieces from the left to the right. */
function arch(pieces: number): Polygon {
  const at = (radius: number) =>
    Array.from({ length: pieces + 1 }, (_, i): Point => {
      const angle = Math.PI * (1 - i / pieces);
      return [200 + radius * Math.cos(angle), 200 - radius * Math.sin(angle)];
    });
  return [...at(120), ...at(100).reverse()];
}

describe('outlines of bent text', () => {
  it('are made of quads, each from the upper side to the lower one', () => {
    const quads = quadsOf(arch(6));
    expect(quads).toHaveLength(6);
    for (const quad of quads) expect(quadHeight(quad)).toBeCloseTo(20);
    expect(quads[0]![0]).toEqual([80, expect.closeTo(200)]);
    expect(quads[5]![1]).toEqual([320, expect.closeTo(200)]);
    for (const [i, quad] of quads.slice(1).entries()) expect([quad[0], quad[3]]).toEqual([quads[i]![1], quads[i]![2]]);
  });

  it('are cut by shares of their way', () => {
    const outline = arch(30);
    const quad = sliceBent(outline, 0.45, 0.55);
    expect([quad[0][0] + quad[1][0], quad[3][0] + quad[2][0]]).toEqual([expect.closeTo(400), expect.closeTo(400)]);
    expect(quadWidth(quad)).toBeCloseTo(Math.PI * 11, 0);
    expect(quadHeight(quad)).toBeCloseTo(20, 0);
    const whole = sliceBent(outline, 0, 1);
    expect(whole).toEqual([outline[0], outline[30], outline[31], outline[61]]);
  });

  it('may have pieces of no length, or only such', () => {
    const twice: Polygon = [
      [0, 0],
      [0, 0],
      [10, 0],
      [10, 5],
      [0, 5],
      [0, 5],
    ];
    expect(sliceBent(twice, 0, 0.5)).toEqual([
      [0, 0],
      [5, 0],
      [5, 5],
      [0, 5],
    ]);
    const point: Polygon = [
      [3, 3],
      [3, 3],
      [3, 3],
      [3, 3],
    ];
    expect(sliceBent(point, 0.2, 0.8).flat()).toEqual([3, 3, 3, 3, 3, 3, 3, 3]);
  });

  it('grow on all sides', () => {
    const grown = unclipBent(arch(12), 1);
    const radius = ([x, y]: Point) => Math.hypot(x - 200, y - 200);
    for (const point of grown.slice(1, 12)) expect(radius(point)).toBeGreaterThan(125);
    for (const point of grown.slice(14, 25)) expect(radius(point)).toBeLessThan(95);
  });
});
