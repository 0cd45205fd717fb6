import { describe, expect, it } from 'vitest';
import { boxQuad, turnBack, turnCorners } from '../../lib/geometry/quad.ts';
import { toLine } from '../../lib/readers/draft.ts';
import type { FoundLine } from '../../lib/readers/lines.ts';
import { isUpsideDown } from '../../lib/readers/page-rotation.ts';
import type { Polygon } from '../../lib/reading.ts';

const asItIs = <T extends Polygon>(points: T): T => points;

function found(text: string, change: Partial<FoundLine> = {}): FoundLine {
  const quad = boxQuad({ left: 100, top: 50, right: 300, bottom: 70 });
  const step = 1 / text.length;
  const chars = Array.from(text, (char, i) => ({ text: char, confidence: 0.9, from: i * step, to: (i + 1) * step }));
  return { quad, run: quad, direction: 'ltr', text, confidence: 0.9, chars, turns: 0, ...change };
}

describe('a found line', () => {
  it('becomes words and characters with quads of their own', () => {
    const line = toLine(found('ab cd'), asItIs);
    expect(line).toMatchObject({ text: 'ab cd', confidence: 0.9, direction: 'ltr', quad: found('x').quad });
    expect(line).not.toHaveProperty('polygon');
    expect(line.words.map(({ text, quad }) => [text, quad])).toEqual([
      ['ab', boxQuad({ left: 100, top: 50, right: 180, bottom: 70 })],
      ['cd', boxQuad({ left: 220, top: 50, right: 300, bottom: 70 })],
    ]);
    expect(line.words[0]!.confidence).toBeCloseTo(0.9);
    expect(line.chars.map(({ text }) => text)).toEqual(['a', 'b', 'c', 'd']);
    expect(line.chars[3]!.quad).toEqual(boxQuad({ left: 260, top: 50, right: 300, bottom: 70 }));
  });

  it('that is read upside down has quads that begin where its reading does', () => {
    const { quad } = found('x');
    const line = toLine(found('ab', { quad: turnCorners(quad, 2), run: turnCorners(quad, 2) }), asItIs);
    expect(line.chars[0]!.quad[0]).toEqual([300, 70]);
    expect(line.chars[0]!.quad[1]).toEqual([200, 70]);
  });

  it('of stacked characters has upright quads from top to bottom', () => {
    const quad = boxQuad({ left: 0, top: 0, right: 20, bottom: 100 });
    const line = toLine(found('甲乙', { quad, run: turnCorners(quad, 1), direction: 'ttb' }), asItIs);
    expect(line.chars.map((char) => char.quad)).toEqual([
      boxQuad({ left: 0, top: 0, right: 20, bottom: 50 }),
      boxQuad({ left: 0, top: 50, right: 20, bottom: 100 }),
    ]);
  });

  it('from the right has words that enclose their characters', () => {
    const line = found('甲乙');
    const chars = [line.chars[1]!, line.chars[0]!];
    const { words } = toLine({ ...line, direction: 'rtl', chars }, asItIs);
    expect(words).toHaveLength(1);
    expect(words[0]!.quad).toEqual(line.quad);
  });

  it('is taken back to the page as it was, outline and all', () => {
    const polygon: Polygon = [
      [100, 50],
      [300, 50],
      [200, 70],
    ];
    const line = toLine(found('a', { polygon }), (points) => turnBack(points, 180, 1000, 500));
    expect(line.polygon).toEqual([
      [900, 450],
      [700, 450],
      [800, 430],
    ]);
    expect(line.quad[0]).toEqual([900, 450]);
    expect(line.chars[0]!.quad[0]).toEqual([900, 450]);
  });
});

describe('isUpsideDown', () => {
  const turned = (text: string, confidence = 0.9) => found(text, { turns: 2, confidence });

  it('asks for two lines and most of what was surely read', () => {
    expect(isUpsideDown([])).toBe(false);
    expect(isUpsideDown([turned('a long line')])).toBe(false);
    expect(isUpsideDown([turned('a long line'), turned('another')])).toBe(true);
    expect(isUpsideDown([turned('short'), turned('short'), found('a line that is longer')])).toBe(false);
    expect(isUpsideDown([turned('a long line', 0.2), turned('another', 0.2), found('surely')])).toBe(false);
  });
});
