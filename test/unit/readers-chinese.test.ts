import { describe, expect, it } from 'vitest';
import { boxQuad } from '../../lib/geometry/quad.ts';
import type { WordModel } from '../../lib/language/word-model.ts';
import { findHiddenColumns, readFromRight } from '../../lib/readers/chinese-layout.ts';
import type { FoundLine } from '../../lib/readers/lines.ts';
import type { Point, Quad } from '../../lib/reading.ts';

/** Knows these words; anything else is unlikely, the more the longer. */
function knowing(...words: string[]): WordModel {
  return { logProbability: (text) => (words.includes(text) ? -2 : -9 * Array.from(text).length) };
}

function row(text: string, top: number, left = 100, size = 40): FoundLine {
  const step = 1 / text.length;
  const quad = boxQuad({ left, top, right: left + size * text.length, bottom: top + size });
  const chars = Array.from(text, (char, i) => ({ text: char, confidence: 0.9, from: i * step, to: (i + 1) * step }));
  return { quad, run: quad, direction: 'ltr', text, confidence: 0.9, chars, turns: 0 };
}

describe('readFromRight', () => {
  it('turns a line round whose words are likelier that way', () => {
    const line = readFromRight(row('司公貨百', 0), knowing('百貨公司'));
    expect([line.text, line.direction]).toEqual(['百貨公司', 'rtl']);
    expect(line.chars.map(({ text, from }) => [text, from])).toEqual([
      ['百', 0.75],
      ['貨', 0.5],
      ['公', 0.25],
      ['司', 0],
    ]);
  });

  it('leaves what is likelier as it is, what stands upright, and what is not Chinese', () => {
    const usual = row('百貨公司', 0);
    expect(readFromRight(usual, knowing('百貨公司'))).toBe(usual);
    const column = { ...row('司公貨百', 0), direction: 'ttb' as const };
    expect(readFromRight(column, knowing('百貨公司'))).toBe(column);
    const latin = row('pots', 0);
    expect(readFromRight(latin, knowing('stop'))).toBe(latin);
  });
});

describe('findHiddenColumns', () => {
  // Read in columns from the right: 百貨公司, 中藥房店, 牙醫診所.
  const rows = ['牙中百', '醫藥貨', '診房公', '所店司'].map((text, i) => row(text, i * 50));
  const model = knowing('百貨公司', '中藥房店', '牙醫診所');

  it('finds columns of words in rows of none', () => {
    const [hidden, ...others] = findHiddenColumns(rows, model);
    expect(others).toEqual([]);
    expect(hidden!.rows).toEqual(rows);
    expect(hidden!.columns).toHaveLength(3);
    const centers = hidden!.columns.map(([quad]) => quad!).map((quad) => (quad[0][0] + quad[1][0]) / 2);
    expect(centers).toEqual([200, 160, 120].map((x) => expect.closeTo(x, 3)));
    for (const [quad] of hidden!.columns) expect(quad![3][1] - quad![0][1]).toBeGreaterThan(100);
  });

  it('follows a sign seen from the side: its columns lean, and begin and end on sloping lines', () => {
    // Sheared: 0.2 down for 1 across, 0.1 across for 1 down; the last column lost its first two characters.
    const shear = ([x, y]: Point): Point => [x + 0.1 * y, y + 0.2 * x];
    const sheared = rows.map(({ text }, i) => {
      const whole = row(`${'大同商場'[i]}${text}${'鐘錶眼鏡'[i]}`, i * 50, 60);
      const run = whole.run.map(shear) as Quad;
      const kept = i < 2 ? whole.chars.slice(1) : whole.chars;
      return { ...whole, quad: run, run, chars: kept, text: kept.map(({ text }) => text).join('') };
    });
    const [hidden] = findHiddenColumns(sheared, knowing('百貨公司', '中藥房店', '牙醫診所', '商場', '鐘錶眼鏡'));
    const [, , , , last] = hidden!.columns.map(([quad]) => quad!);
    const [first, end] = [shear([80, 20]), shear([80, 170])];
    const halfway = (a: Point, b: Point) => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
    const [above, below] = [halfway(last![0], last![1]), halfway(last![3], last![2])];
    expect((below[0]! - above[0]!) / (below[1]! - above[1]!)).toBeCloseTo((end[0] - first[0]) / (end[1] - first[1]), 2);
    expect(above[1]).toBeCloseTo(first[1] - 25, -1);
    expect(below[1]).toBeCloseTo(end[1] + 25, -1);
    expect(last![1][0] - last![0][0]).toBeCloseTo(40, -1);
  });

  it.each([
    ['rows that hold the likelier words', rows, knowing('牙中百', '醫藥貨', '診房公', '所店司')],
    ['columns that are hardly likelier', rows, knowing()],
    ['two rows', rows.slice(0, 2), model],
    ['rows far apart', rows.map((line, i) => row(line.text, i * 150)), model],
    ['rows of many sizes', rows.map((line, i) => row(line.text, i * 50, 100, i % 2 ? 40 : 18)), model],
    ['rows beside each other', rows.map((line, i) => row(line.text, i * 50, i * 200)), model],
    [
      'rows that are not Chinese',
      ['abc', 'def', 'ghi', 'jkl'].map((text, i) => row(text, i * 50)),
      knowing('adgj', 'behk', 'cfil'),
    ],
  ])('finds none in %s', (_, lines, words) => {
    expect(findHiddenColumns(lines, words)).toEqual([]);
  });
});
