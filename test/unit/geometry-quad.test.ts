import { describe, expect, it } from 'vitest';
import {
  bounds,
  boxQuad,
  clip,
  flatten,
  grow,
  interpolate,
  quadCenter,
  quadHeight,
  quadWidth,
  slice,
  turnBack,
  turnCorners,
  unclip,
} from '../../lib/geometry/quad.ts';
import type { Point, Quad, Rotation } from '../../lib/reading.ts';

const box = (left: number, top: number, right: number, bottom: number) => boxQuad({ left, top, right, bottom });

/** Turned about the origin, clockwise as a person sees it (y down). */
function turned(quad: Quad, degrees: number): Quad {
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  return quad.map(([x, y]): Point => [x * cos - y * sin, x * sin + y * cos]) as Quad;
}

function expectQuad(actual: Quad, wanted: Quad, digits = 9): void {
  actual.flat().forEach((value, i) => {
    expect(value).toBeCloseTo(wanted.flat()[i]!, digits);
  });
}

describe('a quad', () => {
  it('has a width along and a height across the reading direction', () => {
    expect(quadWidth(box(10, 20, 110, 50))).toBe(100);
    expect(quadHeight(box(10, 20, 110, 50))).toBe(30);
    expect(quadWidth(turned(box(10, 20, 110, 50), 33))).toBeCloseTo(100);
    const trapezoid: Quad = [
      [0, 0],
      [100, 0],
      [90, 40],
      [30, 40],
    ];
    expect(quadWidth(trapezoid)).toBe(80);
  });

  it('has a center', () => {
    expect(quadCenter(box(10, 20, 110, 50))).toEqual([60, 35]);
  });

  it('is cut along the reading direction', () => {
    expect(slice(box(0, 0, 100, 20), 0.25, 0.5)).toEqual(box(25, 0, 50, 20));
    expect(slice(turnCorners(box(0, 0, 20, 100), 1), 0, 0.5)).toEqual([
      [20, 0],
      [20, 50],
      [0, 50],
      [0, 0],
    ]);
    expect(interpolate([0, 0], [10, 20], 0.5)).toEqual([5, 10]);
  });
});

describe('turnCorners', () => {
  const quad = box(0, 0, 100, 20);

  it('begins at the corners that follow, in both ways', () => {
    expect(turnCorners(quad, 1)).toEqual([
      [100, 0],
      [100, 20],
      [0, 20],
      [0, 0],
    ]);
    expect(turnCorners(quad, -1)).toEqual(turnCorners(quad, 3));
    expect(turnCorners(quad, 4)).toEqual(quad);
  });
});

describe('unclip', () => {
  it('grows a rectangle by area · ratio / perimeter on every side', () => {
    // 100 x 20: 2000 · 1.5 / 240 = 12.5
    expectQuad(unclip(box(0, 0, 100, 20), 1.5), box(-12.5, -12.5, 112.5, 32.5));
  });

  it('does so along a tilted rectangle’s own sides', () => {
    expectQuad(unclip(turned(box(0, 0, 100, 20), 30), 1.5), turned(box(-12.5, -12.5, 112.5, 32.5), 30));
  });

  it.each([
    [100, 20, 1.5],
    [10, 400, 2],
    [30, 30, 1.2],
  ])('is undone by clip (%d x %d, ratio %d)', (width, height, ratio) => {
    const quad = turned(box(5, 7, 5 + width, 7 + height), 17);
    expectQuad(clip(unclip(quad, ratio), ratio), quad, 4);
  });

  it('leaves what has no size where it is', () => {
    expectQuad(unclip(box(5, 5, 5, 5), 1.5), box(5, 5, 5, 5));
    expectQuad(grow(box(5, 5, 5, 5), 3), box(5, 5, 5, 5));
  });
});

describe('turnBack', () => {
  it.each<[Rotation, Point]>([
    [0, [0, 0]],
    [90, [400, 0]],
    [180, [400, 300]],
    [270, [0, 300]],
  ])('takes the upper left corner of a page turned by %d back', (rotation, corner) => {
    expect(turnBack([[0, 0]], rotation, 400, 300)).toEqual([corner]);
  });

  it('undoes a quarter turn of the pixels', () => {
    // (10, 20) of a 400 x 300 picture stands at (20, 400 - 10) once the picture was turned counter-clockwise.
    expect(turnBack([[20, 390]], 90, 400, 300)).toEqual([[10, 20]]);
    expect(turnBack([[390, 280]], 180, 400, 300)).toEqual([[10, 20]]);
    expect(turnBack([[280, 10]], 270, 400, 300)).toEqual([[10, 20]]);
  });
});

it('bounds are those of all points, and of none turned inside out', () => {
  expect(
    bounds([
      [3, 9],
      [-1, 4],
      [7, 5],
    ]),
  ).toEqual({ left: -1, top: 4, right: 7, bottom: 9 });
  expect(bounds([])).toEqual({ left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity });
});

it('flat arrays hold quads one after the other', () => {
  const quads = [box(0, 1, 2, 3), box(4, 5, 6, 7)];
  expect([...flatten(quads)]).toEqual([0, 1, 2, 1, 2, 3, 0, 3, 4, 5, 6, 5, 6, 7, 4, 7]);
});
