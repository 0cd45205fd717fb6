import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { convexHull } from '../../lib/geometry/convex-hull.ts';
import { minAreaRectangle } from '../../lib/geometry/min-area-rectangle.ts';
import {
  intersectionArea,
  intersectionOverUnion,
  polygonRegion,
  regionCentroid,
  regionContains,
  signedArea,
} from '../../lib/geometry/polygon-region.ts';
import type { Point, Polygon } from '../../lib/reading.ts';
import { box } from './boxes.ts';

function shared(a: Polygon, b: Polygon): number {
  return intersectionArea(polygonRegion(a), polygonRegion(b));
}

const lShape: Polygon = [
  [0, 0],
  [2, 0],
  [2, 4],
  [6, 4],
  [6, 6],
  [0, 6],
];

const polygon = fc.array(
  fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 40 })).map(([x, y]): Point => [x, y]),
  { minLength: 3, maxLength: 9 },
);

describe('areas', () => {
  test('boxes', () => {
    expect(shared(box(0, 0, 10, 10), box(5, 5, 10, 10))).toBe(25);
    expect(intersectionOverUnion(polygonRegion(box(0, 0, 10, 10)), polygonRegion(box(5, 5, 10, 10)))).toBe(25 / 175);
    expect(shared(box(0, 0, 10, 10), box(10, 0, 10, 10))).toBe(0);
    expect(shared(box(0, 0, 10, 10), box(2, 3, 4, 5))).toBe(20);
  });

  test('a square and the same turned by 45 degrees share an octagon', () => {
    const diamond: Polygon = [
      [5, -2],
      [12, 5],
      [5, 12],
      [-2, 5],
    ];
    // Each corner of the square loses a triangle with legs of 3.
    expect(shared(box(0, 0, 10, 10), diamond)).toBeCloseTo(100 - 4 * 4.5, 12);
  });

  test('concave shapes', () => {
    expect(polygonRegion(lShape).area).toBe(20);
    expect(shared(lShape, box(1, 1, 4, 4))).toBe(1 * 3 + 1 * 4);
    const mirrored = lShape.map(([x, y]): Point => [6 - x, 6 - y]);
    expect(shared(lShape, mirrored)).toBe(2 * 2 * 2);
  });

  test('of a shape that crosses itself the lobe that turns the main way counts', () => {
    const bowTie: Polygon = [
      [0, 0],
      [8, 8],
      [8, 0],
      [0, 4],
    ];
    // It crosses itself at x = 8/3: the right lobe has (8 - 8/3) * 8 / 2, the left one 4 * 8/3 / 2.
    expect(polygonRegion(bowTie).area).toBeCloseTo(64 / 3, 12);
    expect(shared(bowTie, box(0, 0, 8 / 3, 8))).toBeCloseTo(0, 12);
  });

  test('what winds around twice counts once', () => {
    const pentagram: Polygon = [0, 2, 4, 1, 3].map((i) => [
      Math.sin((i * 2 * Math.PI) / 5),
      -Math.cos((i * 2 * Math.PI) / 5),
    ]);
    expect(polygonRegion(pentagram).area).toBeCloseTo(1.12256994, 8);
  });

  test('what encloses nothing is replaced by its hull', () => {
    const thereAndBack: Polygon = [
      [0, 0],
      [4, 0],
      [4, 4],
      [4, 0],
    ];
    expect(polygonRegion(thereAndBack).area).toBe(8);
    expect(polygonRegion([]).area).toBe(0);
    expect(polygonRegion(box(3, 3, 0, 5)).area).toBe(0);
  });

  test('neither the direction nor the first corner matters', () => {
    fc.assert(
      fc.property(polygon, polygon, fc.nat(8), (a, b, turn) => {
        fc.pre(signedArea(a) !== 0);
        const k = turn % a.length;
        const other = [...a.slice(k), ...a.slice(0, k)].reverse();
        expect(shared(other, b)).toBeCloseTo(shared(a, b), 8);
      }),
    );
  });

  test('parts add up: any shape is what it shares with both sides of a line', () => {
    fc.assert(
      fc.property(polygon, fc.integer({ min: 1, max: 39 }), (a, x) => {
        const whole = polygonRegion(a).area;
        const left = shared(a, box(-1, -1, x + 1, 50));
        const right = shared(a, box(x, -1, 50, 50));
        expect(left + right).toBeCloseTo(whole, 8);
      }),
    );
  });

  test('no more is shared than either covers, and all with itself', () => {
    fc.assert(
      fc.property(polygon, polygon, (a, b) => {
        const [p, q] = [polygonRegion(a), polygonRegion(b)];
        const area = intersectionArea(p, q);
        expect(area).toBeCloseTo(intersectionArea(q, p), 8);
        expect(area).toBeLessThanOrEqual(Math.min(p.area, q.area) + 1e-8);
        expect(intersectionArea(p, p)).toBeCloseTo(p.area, 8);
      }),
    );
  });
});

describe('centers', () => {
  test('of an L', () => {
    // 2 x 6 around (1, 3) and 4 x 2 around (4, 5).
    const [x, y] = regionCentroid(polygonRegion(lShape))!;
    expect(x).toBeCloseTo((12 * 1 + 8 * 4) / 20, 12);
    expect(y).toBeCloseTo((12 * 3 + 8 * 5) / 20, 12);
  });

  test('of a triangle and of points on one line', () => {
    const triangle: Polygon = [
      [0, 0],
      [6, 0],
      [0, 3],
    ];
    expect(regionCentroid(polygonRegion(triangle))).toEqual([2, 1]);
    expect(regionCentroid(polygonRegion(box(3, 2, 0, 8)))).toEqual([3, 6]);
    expect(regionCentroid(polygonRegion([]))).toBeUndefined();
  });

  test('a point on the outline is not inside', () => {
    const region = polygonRegion(lShape);
    expect(regionContains(region, [1, 3])).toBe(true);
    expect(regionContains(region, [4, 2])).toBe(false);
    expect(regionContains(region, [2, 2])).toBe(false);
    expect(regionContains(region, [0, 0])).toBe(false);
    expect(regionContains(polygonRegion([...lShape].reverse()), [1, 3])).toBe(true);
  });

  test('the center of any convex hull lies inside it', () => {
    fc.assert(
      fc.property(polygon, (points) => {
        const hull = polygonRegion(convexHull(points));
        fc.pre(hull.area > 0);
        expect(regionContains(hull, regionCentroid(hull)!)).toBe(true);
      }),
    );
  });
});

describe('hulls and rectangles', () => {
  test('a hull has no collinear corners and runs clockwise', () => {
    const hull = convexHull([...box(0, 0, 4, 4), [2, 0], [2, 2], [4, 1]]);
    expect(hull).toHaveLength(4);
    expect(signedArea(hull)).toBe(16);
  });

  test('the smallest rectangle around a turned one is itself, from its upper left corner', () => {
    const turned: Polygon = [
      [10, 0],
      [40, 40],
      [24, 52],
      [-6, 12],
    ];
    const rectangle = minAreaRectangle([...turned, [17, 26]])!;
    for (const [i, [x, y]] of [turned[3]!, turned[0]!, turned[1]!, turned[2]!].entries()) {
      expect(rectangle[i]![0]).toBeCloseTo(x, 10);
      expect(rectangle[i]![1]).toBeCloseTo(y, 10);
    }
    expect(minAreaRectangle(box(1, 1, 0, 9))).toBeUndefined();
  });

  test('it holds all points and is no larger than the upright box', () => {
    fc.assert(
      fc.property(polygon, (points) => {
        const rectangle = minAreaRectangle(points);
        fc.pre(rectangle !== undefined);
        const area = polygonRegion(rectangle!).area;
        expect(shared(rectangle!, convexHull(points))).toBeCloseTo(polygonRegion(convexHull(points)).area, 7);
        const xs = points.map((p) => p[0]);
        const ys = points.map((p) => p[1]);
        const upright = (Math.max(...xs) - Math.min(...xs)) * (Math.max(...ys) - Math.min(...ys));
        expect(area).toBeLessThanOrEqual(upright + 1e-8);
      }),
    );
  });
});
