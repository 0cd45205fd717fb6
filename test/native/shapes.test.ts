import { describe, expect, it } from 'vitest';
import { native } from '../../lib/native.ts';
import { newContext } from './native-context.ts';

const context = newContext();
const box = (left: number, top: number, right: number, bottom: number) => [
  left,
  top,
  right,
  top,
  right,
  bottom,
  left,
  bottom,
];

describe('suppressOverlaps', () => {
  const quads = Float32Array.from([...box(0, 0, 10, 10), ...box(1, 0, 11, 10), ...box(50, 0, 60, 10)]);
  const scores = Float32Array.of(0.5, 0.9, 0.7);

  it('keeps the best of what overlaps, by falling score', async () => {
    expect([...(await native().suppressOverlaps(context, { quads, scores, threshold: 0.5 }))]).toEqual([1, 2]);
    expect([...(await native().suppressOverlaps(context, { quads, scores, threshold: 0.9 }))]).toEqual([1, 2, 0]);
  });

  it('does so within a class', async () => {
    const classes = Int32Array.of(1, 2, 2);
    expect([...(await native().suppressOverlaps(context, { quads, scores, classes, threshold: 0.5 }))]).toEqual([
      1, 2, 0,
    ]);
  });

  it('keeps none of none', async () => {
    const none = { quads: new Float32Array(0), scores: new Float32Array(0), threshold: 0.5 };
    expect(await native().suppressOverlaps(context, none)).toEqual(new Int32Array(0));
  });
});

describe('connectedComponents', () => {
  const map = ['##..', '..#.', '...#', '#...'];
  const values = Float32Array.from(map.join(''), (cell) => (cell === '#' ? 1 : 0));
  const find = async (connectivity: 4 | 8) => {
    const flat = await native().connectedComponents(context, {
      values,
      width: 4,
      height: 4,
      threshold: 0.5,
      connectivity,
    });
    return Array.from({ length: flat.length / 5 }, (_, i) => [...flat.subarray(5 * i, 5 * i + 5)]);
  };

  it('gives bounds and area, over corners or over sides', async () => {
    expect((await find(8)).sort()).toEqual([
      [0, 0, 3, 2, 4],
      [0, 3, 0, 3, 1],
    ]);
    expect(await find(4)).toHaveLength(4);
  });
});

describe('minAreaRect', () => {
  it('is the smallest rectangle around points', () => {
    const corners = native().minAreaRect(context, { points: Float32Array.of(0, 0, 10, 10, 8, 12, -2, 2, 4, 6) });
    const sides = [0, 1].map((i) =>
      Math.hypot(corners[2 * i]! - corners[2 * i + 2]!, corners[2 * i + 1]! - corners[2 * i + 3]!),
    );
    expect(sides.sort((a, b) => a - b)).toEqual([expect.closeTo(Math.sqrt(8), 3), expect.closeTo(Math.sqrt(200), 3)]);
  });

  it('of one point is the point', () => {
    expect([...native().minAreaRect(context, { points: Float32Array.of(3, 4) })]).toEqual([3, 4, 3, 4, 3, 4, 3, 4]);
  });
});

describe('perspectiveTransform', () => {
  it('takes the points of one quad to those of the other', () => {
    const from = box(0, 0, 4, 2);
    const to = [1, 1, 9, 2, 8, 7, 0, 5];
    const m = native().perspectiveTransform(context, { from: Float32Array.from(from), to: Float32Array.from(to) });
    for (let i = 0; i < 4; i++) {
      const [x, y] = [from[2 * i]!, from[2 * i + 1]!];
      const w = m[6]! * x + m[7]! * y + m[8]!;
      expect((m[0]! * x + m[1]! * y + m[2]!) / w).toBeCloseTo(to[2 * i]!, 4);
      expect((m[3]! * x + m[4]! * y + m[5]!) / w).toBeCloseTo(to[2 * i + 1]!, 4);
    }
  });

  it('of points in a line is refused', () => {
    const flat = Float32Array.of(0, 0, 1, 1, 2, 2, 3, 3);
    expect(() => native().perspectiveTransform(context, { from: flat, to: flat })).toThrow(
      expect.objectContaining({ code: 'ERR_PLACARD_INVALID_ARGUMENT' }),
    );
  });
});
