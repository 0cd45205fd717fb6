import type { Polygon } from '../../lib/reading.ts';

/** An axis-parallel rectangle, clockwise from its top-left. */
export function box(x: number, y: number, width: number, height: number): Polygon {
  return [
    [x, y],
    [x + width, y],
    [x + width, y + height],
    [x, y + height],
  ];
}
