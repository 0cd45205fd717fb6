import { describe, expect, it } from 'vitest';
import { affinityQuads, orderCorners } from '../../lib/geometry/affinity.ts';
import { boxQuad } from '../../lib/geometry/quad.ts';
import type { Point, Quad } from '../../lib/reading.ts';

const box = (left: number, top: number, right: number, bottom: number) => boxQuad({ left, top, right, bottom });
const rules = ['paper', 'backtime', 'brooklyn'] as const;

/** As the original's tests have them. */
describe('orderCorners', () => {
  it.each<[Quad, Quad]>([
    [
      [
        [0, 0],
        [4, 4],
        [4, 0],
        [0, 4],
      ],
      [
        [0, 0],
        [4, 0],
        [4, 4],
        [0, 4],
      ],
    ],
    [
      [
        [56, 25],
        [85, 45],
        [25, 80],
        [15, 45],
      ],
      [
        [15, 45],
        [56, 25],
        [85, 45],
        [25, 80],
      ],
    ],
    [
      [
        [251, 96],
        [284, 112],
        [267, 112],
        [253, 118],
      ],
      [
        [251, 96],
        [284, 112],
        [267, 112],
        [253, 118],
      ],
    ],
  ])('puts %j in order', (corners, wanted) => {
    expect(orderCorners(corners)).toEqual(wanted);
  });

  it('takes corners in any order', () => {
    const [a, b, c, d] = box(1, 2, 9, 5);
    for (const corners of [
      [d, b, a, c],
      [c, d, a, b],
      [b, a, d, c],
    ] as Quad[]) {
      expect(orderCorners(corners)).toEqual([a, b, c, d]);
    }
  });
});

describe('affinityQuads', () => {
  it('links five touching boxes as the original’s test has it', () => {
    const boxes = [0, 4, 8, 12, 16].map((left) => box(left, 0, left + 4, 4));
    expect(affinityQuads(boxes, 'brooklyn')).toEqual([2, 6, 10, 14].map((left) => box(left, 1, left + 4, 3)));
  });

  it('takes the centers of the upper and lower triangles', () => {
    for (const rule of ['paper', 'backtime'] as const) {
      const [link, ...others] = affinityQuads([box(0, 0, 12, 12), box(14, 0, 20, 24)], rule);
      expect(others).toEqual([]);
      expect(link).toEqual([
        [6, 2],
        [17, 4],
        [17, 20],
        [6, 10],
      ]);
    }
  });

  it('tells the diagonals’ crossing from the mean of the corners', () => {
    const trapezoid: Quad = [
      [2, 0],
      [4, 0],
      [6, 6],
      [0, 6],
    ];
    const next = box(8, 0, 14, 6);
    expect(affinityQuads([trapezoid, next], 'paper')[0]![0]).toEqual([3, 0.5]);
    expect(affinityQuads([trapezoid, next], 'backtime')[0]![0]).toEqual([3, 1]);
  });

  it('links columns by the triangles beside them', () => {
    const column = [box(0, 0, 12, 12), box(0, 12, 12, 24)];
    for (const rule of rules) expect(affinityQuads(column, rule)).toEqual([box(2, 6, 10, 18)]);
  });

  it('links characters that are turned, and read to the left', () => {
    const turned = (quad: Quad, angle: number) =>
      quad.map(
        ([x, y]): Point => [x * Math.cos(angle) - y * Math.sin(angle), x * Math.sin(angle) + y * Math.cos(angle)],
      ) as Quad;
    const row = [box(0, 0, 10, 20), box(12, 0, 22, 20)];
    const [straight] = affinityQuads(row, 'paper');
    for (const angle of [0.6, 1.4, -1.2]) {
      const [link] = affinityQuads(
        row.map((quad) => turned(quad, angle)),
        'paper',
      );
      const wanted = orderCorners(turned(straight!, angle));
      link!.forEach((corner, i) => {
        expect(corner[0]).toBeCloseTo(wanted[i]![0]);
        expect(corner[1]).toBeCloseTo(wanted[i]![1]);
      });
    }
    expect(affinityQuads(row.toReversed(), 'paper')).toEqual([straight]);
  });

  it('links nothing where there is nothing to link', () => {
    const point = box(5, 5, 5, 5);
    for (const rule of rules) {
      expect(affinityQuads([], rule)).toEqual([]);
      expect(affinityQuads([box(0, 0, 4, 4)], rule)).toEqual([]);
      for (const [x, y] of affinityQuads([point, box(9, 5, 9, 5)], rule).flat())
        expect([x, y]).toEqual([expect.any(Number), 5]);
    }
    expect(affinityQuads([point, point], 'brooklyn')).toEqual([]);
  });
});
