import { describe, expect, it } from 'vitest';
import { boxQuad } from '../../lib/geometry/quad.ts';
import type { Direction, Point, Quad } from '../../lib/reading.ts';
import { orderLines } from '../../lib/stages/order.ts';

interface Named {
  name: string;
  quad: Quad;
  direction: Direction;
}

function line(name: string, left: number, top: number, width = 300, height = 20, direction: Direction = 'ltr'): Named {
  return { name, quad: boxQuad({ left, top, right: left + width, bottom: top + height }), direction };
}

/** Names in reading order, blocks parted by a bar. */
function read(lines: readonly Named[]): string {
  const shuffled = [...lines].sort((a, b) => (a.name < b.name ? 1 : -1));
  return orderLines(shuffled)
    .map((block) => block.map(({ name }) => name).join(' '))
    .join(' | ');
}

const rows = (names: string, left: number, top: number, width = 300) =>
  names.split(' ').map((name, i) => line(name, left, top + i * 28, width));

describe('orderLines', () => {
  it('reads nothing in no lines and one line as a block', () => {
    expect(orderLines([])).toEqual([]);
    expect(read([line('a', 0, 0)])).toBe('a');
  });

  it('reads rows from top to bottom and within a row from the left', () => {
    expect(read([...rows('c d', 0, 28), line('a', 0, 0, 140), line('b', 150, 3, 150)])).toBe('a b c d');
  });

  it('parts paragraphs at a gap and at a change of size', () => {
    expect(read([...rows('b c', 0, 100), line('a', 0, 0, 300, 60), ...rows('d e', 0, 220)])).toBe('a | b c | d e');
  });

  it('reads columns of running text one after the other', () => {
    expect(read([...rows('a b c d', 0, 0), ...rows('e f g h', 340, 4)])).toBe('a b c d | e f g h');
  });

  it('reads what stands across columns before and after them', () => {
    const page = [
      line('a', 0, 0, 640, 40),
      ...rows('b c d', 0, 80),
      ...rows('e f g', 340, 80),
      line('h', 0, 200, 640, 20),
    ];
    expect(read(page).replaceAll(' | ', ' ')).toBe('a b c d e f g h');
  });

  it('reads the rows of a table, whose cells are no columns of text', () => {
    const table = ['ab', 'cd', 'ef', 'gh'].flatMap(([left, right], i) => [
      line(left!, 0, i * 28, 90),
      line(right!, 400, i * 28, 60),
    ]);
    expect(read(table).replaceAll(' | ', ' ')).toBe('a b c d e f g h');
  });

  it('reads upright columns from the right', () => {
    const columns = ['c', 'b', 'a'].map((name, i) => line(name, i * 40, 0, 30, 300, 'ttb'));
    expect(read(columns)).toBe('a b c');
  });

  it('takes the skew of a page out', () => {
    const page = [...rows('a b c d', 0, 0), ...rows('e f g h', 340, 0)];
    for (const degrees of [-12, 12]) {
      const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
      const turn = ([x, y]: Point): Point => [x * cos - y * sin, x * sin + y * cos];
      expect(read(page.map((one) => ({ ...one, quad: one.quad.map(turn) as Quad })))).toBe('a b c d | e f g h');
    }
  });
});
