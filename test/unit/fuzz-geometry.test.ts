import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unclipBent } from '../../lib/geometry/bent.ts';
import { minAreaRectangle } from '../../lib/geometry/min-area-rectangle.ts';
import {
  intersectionOverUnion,
  polygonRegion,
  regionCentroid,
  regionContains,
} from '../../lib/geometry/polygon-region.ts';
import {
  bounds,
  clip,
  flatten,
  grow,
  quadCenter,
  quadHeight,
  quadWidth,
  slice,
  turnBack,
  turnCorners,
  unclip,
} from '../../lib/geometry/quad.ts';
import type { Point, Polygon, Quad } from '../../lib/reading.ts';
import { orderLines } from '../../lib/stages/order.ts';

/** Pixels of pictures, of far outside them, and the degenerate ones: points that coincide, lines without area. */
const coordinate = fc.oneof(
  fc.integer({ min: -5, max: 5 }),
  fc.double({ min: -70_000, max: 70_000, noNaN: true }),
  fc.constantFrom(0, -0, 1e-300, 5e-324, 1e9, -1e9),
);
const point: fc.Arbitrary<Point> = fc.tuple(coordinate, coordinate);
const quad: fc.Arbitrary<Quad> = fc.tuple(point, point, point, point);
const runs = { numRuns: 600 };

function expectFinite(points: Polygon): void {
  for (const [x, y] of points) expect([x, y, Number.isFinite(x) && Number.isFinite(y)]).toEqual([x, y, true]);
}

describe('a quad of any finite points', () => {
  it('stays finite whatever is done with it', () => {
    fc.assert(
      fc.property(quad, fc.double({ min: 0, max: 10, noNaN: true }), fc.integer(), (any, ratio, steps) => {
        expect(quadWidth(any)).toBeGreaterThanOrEqual(0);
        expect(quadHeight(any)).toBeGreaterThanOrEqual(0);
        const results = [
          unclip(any, ratio),
          clip(any, ratio),
          grow(any, -ratio),
          turnCorners(any, steps % 4),
          slice(any, 0.25, ratio),
        ];
        for (const result of results) expectFinite(result);
        expectFinite([quadCenter(any), ...turnBack(any, 270, 640, 480)]);
        expect([...flatten([any])]).toEqual(any.flat().map(Math.fround));
      }),
      runs,
    );
  });

  it('turned four times, or turned back from no turn, is itself', () => {
    fc.assert(
      fc.property(quad, fc.integer({ min: -9, max: 9 }), (any, steps) => {
        expect(turnCorners(turnCorners(any, steps), -steps)).toEqual(any);
        expect(turnBack(any, 0, 640, 480)).toEqual(any);
      }),
      runs,
    );
  });

  it('stands in a least rectangle that holds it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: -999, max: 999 }), fc.integer({ min: -999, max: 999 })), {
          minLength: 1,
          maxLength: 12,
        }),
        (points: Point[]) => {
          const rectangle = minAreaRectangle(points);
          if (!rectangle) return;
          expectFinite(rectangle);
          const [inner, outer] = [bounds(points), bounds(rectangle)];
          expect(outer.left).toBeLessThanOrEqual(inner.left + 0.01);
          expect(outer.bottom).toBeGreaterThanOrEqual(inner.bottom - 0.01);
        },
      ),
      runs,
    );
  });
});

describe('an outline', () => {
  it('of bent text stays finite when it is unclipped', () => {
    const outline = fc
      .integer({ min: 2, max: 6 })
      .chain((half) => fc.array(point, { minLength: 2 * half, maxLength: 2 * half }));
    fc.assert(
      fc.property(outline, fc.double({ min: 0, max: 5, noNaN: true }), (points, ratio) => {
        const grown = unclipBent(points, ratio);
        expect(grown).toHaveLength(points.length);
        expectFinite(grown);
      }),
      runs,
    );
  });

  it('of any points overlaps any other by a share of 0 … 1, itself by 1, in either order', () => {
    const small = fc.integer({ min: -20, max: 20 });
    const polygon = fc.array(fc.tuple(small, small) as fc.Arbitrary<Point>, { minLength: 3, maxLength: 7 });
    fc.assert(
      fc.property(polygon, polygon, point, (first, second, probe) => {
        const [a, b] = [polygonRegion(first), polygonRegion(second)];
        const share = intersectionOverUnion(a, b);
        expect(share).toBeGreaterThanOrEqual(0);
        expect(share).toBeLessThanOrEqual(1 + 1e-9);
        expect(intersectionOverUnion(b, a)).toBeCloseTo(share, 9);
        if (a.area > 0) expect(intersectionOverUnion(a, a)).toBeCloseTo(1, 9);
        expect(typeof regionContains(a, probe)).toBe('boolean');
        expectFinite([regionCentroid(a)!]);
      }),
      runs,
    );
  });
});

describe('lines at any place', () => {
  it('are all read, and each once', () => {
    const direction = fc.constantFrom('ltr' as const, 'rtl' as const, 'ttb' as const);
    const lines = fc.array(fc.record({ quad, direction }), { maxLength: 8 });
    fc.assert(
      fc.property(lines, (any) => {
        const ordered = orderLines(any).flat();
        expect(ordered).toHaveLength(any.length);
        expect(new Set(ordered)).toEqual(new Set(any));
      }),
      runs,
    );
  });
});
