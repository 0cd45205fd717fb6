import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CharacterErrors } from '../../lib/metrics/character-errors.ts';
import { textWidth } from '../../lib/metrics/character-width.ts';
import { editDistance, textSimilarity } from '../../lib/metrics/edit-distance.ts';
import { fitInside } from '../../lib/metrics/fitting-alignment.ts';
import { percentile } from '../../lib/metrics/percentile.ts';
import { codePoints, normalizedWords, normalizeText, splitWords } from '../../lib/metrics/text-normalization.ts';
import { textRecall } from '../../lib/metrics/text-recall.ts';

const shortText = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '口', '😀'), maxLength: 7 });

describe('normalization', () => {
  test.each([
    ['Ａ-b. Ç 「中」', 'abç中'],
    ['STRASSE', 'strasse'],
    ['Straße', 'strasse'],
    ['ΣΟΦΟΣ', 'σοφοσ'],
    ['σοφος', 'σοφοσ'],
    ['ﬁne', 'fine'],
    ['№ ½', 'no1⁄2'],
    ['a\u200bb\u0000c', 'abc'],
    ['ı', 'ı'],
    ['—…!?', ''],
  ])('%s', (text, normalized) => {
    expect(normalizeText(text)).toBe(normalized);
  });

  test('equals what case makes of it', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', 'Z', 'ß', 'é', 'Ω', 'ж', 'ﬂ') }), (text) => {
        expect(normalizeText(text.toUpperCase())).toBe(normalizeText(text.toLowerCase()));
      }),
    );
  });

  test('words', () => {
    expect(splitWords(' one\u3000two\n\tthree ')).toEqual(['one', 'two', 'three']);
    expect(splitWords('  ')).toEqual([]);
    expect(normalizedWords('One - TWO!')).toEqual(['one', 'two']);
  });
});

describe('edit distance', () => {
  test('known pairs', () => {
    expect(editDistance('kitten', 'sitting')).toBe(3);
    expect(editDistance('', 'abc')).toBe(3);
    expect(editDistance('😀b', 'b')).toBe(1);
    expect(textSimilarity('abcd', 'abcx')).toBe(0.75);
    expect(textSimilarity('', '')).toBe(1);
    expect(textSimilarity('', 'a')).toBe(0);
  });

  test('equals its recursive definition', () => {
    const recursive = (a: string[], b: string[]): number => {
      if (a.length === 0 || b.length === 0) return a.length + b.length;
      const [first, ...restA] = a;
      const [other, ...restB] = b;
      if (first === other) return recursive(restA, restB);
      return 1 + Math.min(recursive(restA, restB), recursive(restA, b), recursive(a, restB));
    };
    fc.assert(
      fc.property(shortText, shortText, (a, b) => {
        expect(editDistance(a, b)).toBe(recursive([...a], [...b]));
      }),
      { numRuns: 60 },
    );
  });
});

describe('fitting alignment', () => {
  test('finds the nearest span', () => {
    expect(fitInside(codePoints('world'), codePoints('hello worxd!'))).toEqual({ distance: 1, start: 6, end: 11 });
    expect(fitInside(codePoints('world'), codePoints('hello worlb!'))).toEqual({ distance: 1, start: 6, end: 10 });
    expect(fitInside(codePoints('abc'), codePoints('xxaxbcxx'))).toEqual({ distance: 1, start: 3, end: 6 });
    expect(fitInside(codePoints('abc'), codePoints(''))).toEqual({ distance: 3, start: 0, end: 0 });
  });

  test('no span is nearer, and the distance is that of the span', () => {
    fc.assert(
      fc.property(shortText, shortText, (text, page) => {
        const symbols = [...page];
        const { distance, start, end } = fitInside(codePoints(text), codePoints(page));
        expect(editDistance(text, symbols.slice(start, end).join(''))).toBe(distance);
        for (let i = 0; i <= symbols.length; i++) {
          for (let j = i; j <= symbols.length; j++) {
            expect(editDistance(text, symbols.slice(i, j).join(''))).toBeGreaterThanOrEqual(distance);
          }
        }
      }),
    );
  });
});

describe('text recall', () => {
  const at = (x: number, y: number, text: string) => ({
    text,
    polygon: [
      [x, y],
      [x + 50, y],
      [x + 50, y + 20],
      [x, y + 20],
    ] as [number, number][],
  });

  test('a text that was read once is found once', () => {
    expect(textRecall([['love'], ['love']], [at(0, 0, 'LOVE')])).toEqual({ found: 4, total: 8 });
  });

  test('pieces in any order are put into rows', () => {
    expect(textRecall([['helloworld']], [at(60, 1, 'World'), at(0, 0, 'Hello')])).toEqual({ found: 10, total: 10 });
  });

  test('the longest truth takes its place first', () => {
    const truths = [['cart'], ['carton']];
    expect(textRecall(truths, [at(0, 0, 'carton'), at(0, 50, 'cart')])).toEqual({ found: 10, total: 10 });
  });

  test('less than half right is not found; another reading is', () => {
    expect(textRecall([['abcdefgh']], [at(0, 0, 'abcxxxxx')])).toEqual({ found: 0, total: 8 });
    expect(textRecall([['abcd', 'dcba']], [at(0, 0, 'dcba')])).toEqual({ found: 4, total: 4 });
    expect(textRecall([], [at(0, 0, 'a')])).toEqual({ found: 0, total: 0 });
  });
});

test('character errors with and without spaces', () => {
  const errors = new CharacterErrors();
  expect([errors.withSpaces, errors.withoutSpaces]).toEqual([0, 0]);
  errors.add('ab  cd', 'abcd');
  errors.add('Ef', 'ef');
  // 5 + 2 characters with spaces, a lost space and a wrong case; 4 + 2 without.
  expect(errors.withSpaces).toBeCloseTo(2 / 7, 12);
  expect(errors.withoutSpaces).toBeCloseTo(1 / 6, 12);
});

test('percentiles are linear between neighbors', () => {
  expect(percentile([4, 1, 3, 2], 50)).toBe(2.5);
  expect(percentile([10, 20, 30], 95)).toBeCloseTo(29, 12);
  expect(percentile([7], 95)).toBe(7);
  expect(percentile([], 50)).toBeNaN();
});

test('wide characters take two columns', () => {
  expect(textWidth('ab cd')).toBe(5);
  expect(textWidth('中文ｶＡ')).toBe(7);
  expect(textWidth('가あ、')).toBe(6);
  expect(textWidth('😀🇩é')).toBe(4);
});
