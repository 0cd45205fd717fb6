import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coverWithTiles } from '../../lib/geometry/tiles.ts';

describe('tiles', () => {
  it('are one where the picture is no larger', () => {
    const whole = { left: 0, top: 0, right: 640, bottom: 480 };
    expect(coverWithTiles(640, 480, 640, 64)).toEqual([{ box: whole, core: whole }]);
  });

  it('share what they must and meet in the middle of it', () => {
    const [first, second] = coverWithTiles(1000, 100, 600, 100);
    expect(first).toEqual({
      box: { left: 0, top: 0, right: 600, bottom: 100 },
      core: { left: 0, top: 0, right: 500, bottom: 100 },
    });
    expect(second).toEqual({
      box: { left: 400, top: 0, right: 1000, bottom: 100 },
      core: { left: 500, top: 0, right: 1000, bottom: 100 },
    });
  });

  it('are of one size, fill the picture once, and see around their cores', () => {
    const sizes = fc.record({
      width: fc.integer({ min: 1, max: 5000 }),
      height: fc.integer({ min: 1, max: 5000 }),
      side: fc.integer({ min: 256, max: 1024 }),
      overlap: fc.integer({ min: 0, max: 128 }),
    });
    fc.assert(
      fc.property(sizes, ({ width, height, side, overlap }) => {
        const tiles = coverWithTiles(width, height, side, overlap);
        let area = 0;
        for (const { box, core } of tiles) {
          expect([box.right - box.left, box.bottom - box.top]).toEqual([Math.min(width, side), Math.min(height, side)]);
          expect(box.left >= 0 && box.top >= 0 && box.right <= width && box.bottom <= height).toBe(true);
          const margin = Math.floor(overlap / 2);
          expect(core.left).toBeGreaterThanOrEqual(box.left === 0 ? 0 : box.left + margin);
          expect(core.right).toBeLessThanOrEqual(box.right === width ? width : box.right - margin);
          expect(core.top).toBeGreaterThanOrEqual(box.top === 0 ? 0 : box.top + margin);
          expect(core.bottom).toBeLessThanOrEqual(box.bottom === height ? height : box.bottom - margin);
          area += (core.right - core.left) * (core.bottom - core.top);
        }
        expect(area).toBe(width * height);
      }),
    );
  });
});
