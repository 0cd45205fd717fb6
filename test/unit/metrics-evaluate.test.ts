import { describe, expect, test } from 'vitest';
import type { Dataset, PredictedLine, Prediction, Sample, TrueLine } from '../../lib/labels.ts';
import { evaluate } from '../../lib/metrics/evaluate.ts';
import { matchOneToOne } from '../../lib/metrics/one-to-one.ts';
import { defaultProtocol } from '../../lib/metrics/protocols.ts';
import { splitIntoWords } from '../../lib/metrics/word-boxes.ts';
import type { Polygon } from '../../lib/reading.ts';
import { box } from './boxes.ts';

function truth(text: string, polygon: Polygon, more: Partial<TrueLine> = {}): TrueLine {
  return { polygon, text, ignore: false, alternatives: [], ...more };
}

function said(text: string, polygon: Polygon): PredictedLine {
  return { text, polygon };
}

function dataset(name: string, ...samples: Sample[]): Dataset {
  return { name, root: `/data/${name}`, samples };
}

function scores(lines: TrueLine[], predicted: PredictedLine[], name = 'signs') {
  const samples = dataset(name, { image: 'images/a.jpg', kind: 'scene', lines });
  return evaluate(samples, [{ image: 'images/a.jpg', lines: predicted }]).figures;
}

function cropScores(text: string, predicted: string[], name = 'words', alternatives: string[] = []) {
  const samples = dataset(name, { image: 'images/a.jpg', kind: 'crop', text, alternatives });
  return evaluate(samples, [{ image: 'images/a.jpg', lines: predicted.map((line) => ({ text: line })) }]).figures;
}

function pageScores(text: string, prediction: Partial<Prediction>) {
  const samples = dataset('pages', { image: 'a.png', kind: 'page', text });
  return evaluate(samples, [{ image: 'a.png', lines: [], ...prediction }]).figures;
}

const hello = truth('Hello', box(0, 0, 100, 20));
const world = truth('World', box(0, 50, 100, 20));

describe('scenes', () => {
  test('all right, case and punctuation aside', () => {
    const figures = scores([hello, world], [said('HELLO!', hello.polygon), said('world', world.polygon)]);
    expect(figures).toMatchObject({ det_h: 1, e2e_h: 1, word_h: 1, text_recall: 1, gt: 2, pred: 2 });
  });

  test('one text wrong, one line invented', () => {
    const invented = said('z', box(300, 0, 9, 9));
    const figures = scores([hello, world], [said('hello', hello.polygon), said('worlb', world.polygon), invented]);
    expect(figures.det_p).toBeCloseTo(2 / 3, 12);
    expect(figures.det_r).toBe(1);
    expect(figures.det_h).toBeCloseTo(0.8, 12);
    expect(figures.e2e_h).toBeCloseTo(0.4, 12);
    expect(figures.text_recall).toBeCloseTo(0.9, 12);
    // "hello" is accepted as it is; of "World" the case and a letter are wrong.
    expect(figures.line_cer).toBeCloseTo(2 / 10, 12);
  });

  test('what lies in an ignore region is neither good nor bad', () => {
    const ignored = truth('', box(200, 0, 50, 50), { ignore: true });
    const inside = said('noise', box(205, 5, 20, 20));
    const figures = scores([hello, ignored], [said('hello', hello.polygon), inside]);
    expect(figures).toMatchObject({ gt: 1, pred: 1, det_p: 1, e2e_h: 1, word_p: 1 });
    const mostlyOutside = said('noise', box(230, 5, 50, 20));
    expect(scores([hello, ignored], [mostlyOutside])).toMatchObject({ pred: 1, det_p: 0 });
  });

  test('boxes must overlap by half, in sets with coarse boxes by 0.4', () => {
    const shiftedTo45 = [said('hello', box(38, 0, 100, 20))];
    expect(scores([hello], shiftedTo45).det_h).toBe(0);
    expect(scores([hello], shiftedTo45, 'trad_sign_scenes').det_h).toBe(1);
    expect(scores([hello], [said('hello', box(50, 0, 100, 20))])).toMatchObject({ det_h: 0, text_recall: 1 });
  });

  test('a truth is matched once, with the right text if there is one', () => {
    const figures = scores([hello], [said('x', hello.polygon), said('hello', box(0, 0, 100, 21))]);
    expect(figures).toMatchObject({ e2e_p: 0.5, e2e_r: 1, det_p: 0.5 });
  });

  test('other readings are right too', () => {
    const sign = truth('藥局', box(0, 0, 100, 20), { alternatives: ['局藥'] });
    expect(scores([sign], [said('局藥', sign.polygon)])).toMatchObject({ e2e_h: 1, word_h: 1, line_cer: 0 });
  });

  test('words are found in lines, and lines by their words', () => {
    const words = [truth('Hello', box(0, 0, 50, 20)), truth('World', box(60, 0, 50, 20))];
    const asLine = [said('Hello World', box(0, 0, 110, 20))];
    expect(scores(words, asLine)).toMatchObject({ e2e_h: 0, word_h: 1, text_recall: 1 });
    const line = [truth('Hello World', box(0, 0, 110, 20))];
    const asWords = [said('World', box(60, 0, 50, 20)), said('Hello', box(0, 1, 50, 20))];
    expect(scores(line, asWords)).toMatchObject({ e2e_h: 0, word_h: 1, text_recall: 1 });
    expect(scores(words, [said('HelloWorld', box(0, 0, 110, 20))])).toMatchObject({ word_h: 0, text_recall: 1 });
  });

  test('a word is near enough by a fifth of overlap, or by either center', () => {
    const wordH = (truthBox: Polygon, box: Polygon) => scores([truth('abc', truthBox)], [said('abc', box)]).word_h;
    // Shifted by 55 and 70 of 100: overlaps of 45 / 155 and 30 / 170, and no center in the other box.
    expect(wordH(box(0, 0, 100, 20), box(55, 0, 100, 20))).toBe(1);
    expect(wordH(box(0, 0, 100, 20), box(70, 0, 100, 20))).toBe(0);
    // 20 x 20 within 200 x 30, off its center.
    expect(wordH(box(0, 0, 20, 20), box(-5, -5, 200, 30))).toBe(1);
    expect(wordH(box(-5, -5, 200, 30), box(0, 0, 20, 20))).toBe(1);
  });

  test('a truth of punctuation only is an ignore region', () => {
    const dashes = truth('---', box(200, 0, 50, 20));
    expect(scores([hello, dashes], [said('x', dashes.polygon)])).toMatchObject({ gt: 1, pred: 0 });
  });

  test('nothing read', () => {
    const figures = scores([hello], [said(' ', hello.polygon)]);
    expect(figures).toMatchObject({ pred: 0, det_h: 0, e2e_h: 0, text_recall: 0, line_cer: 0 });
  });
});

test('the best pair first; of equals the later truth and the later prediction', () => {
  const merits: Record<string, number[]> = { ax: [0, 9], ay: [1, 2], bx: [0, 9], by: [1, 2], bz: [1, 2] };
  const pairs = matchOneToOne(['a', 'b'], ['x', 'y', 'z'], (t, p) => merits[t + p]);
  expect(pairs.map(({ truth: t, prediction: p }) => [t, p])).toEqual([
    [1, 2],
    [0, 1],
  ]);
});

describe('words of a line', () => {
  test('are cut in proportion to the widths of the characters', () => {
    const words = splitIntoWords(box(0, 0, 90, 10), '中國 abcd');
    expect(words.map(({ text }) => text)).toEqual(['中國', 'abcd']);
    expect(words[0]!.polygon).toEqual(box(0, 0, 40, 10));
    expect(words[1]!.polygon).toEqual(box(50, 0, 40, 10));
  });

  test('run down a tall box, and along the reading direction of a turned one', () => {
    const [upper, lower] = splitIntoWords(box(0, 0, 10, 50), 'ab cd');
    expect(Math.max(...upper!.polygon.map((p) => p[1]))).toBe(20);
    expect(Math.min(...lower!.polygon.map((p) => p[1]))).toBe(30);
    const upwards: Polygon = [
      [0, 50],
      [0, 0],
      [10, 0],
      [10, 50],
    ];
    expect(splitIntoWords(upwards, 'ab cd')[0]!.polygon[0]).toEqual([0, 50]);
  });

  test('of a polygon are cut along the rectangle around it', () => {
    const bent: Polygon = [
      [0, 0],
      [25, 0],
      [50, 0],
      [50, 10],
      [25, 9],
      [0, 10],
    ];
    expect(splitIntoWords(bent, 'ab cd')[1]!.polygon).toEqual(box(30, 0, 20, 10));
    expect(splitIntoWords(box(0, 0, 0, 9).slice(0, 3), 'ab cd')).toHaveLength(1);
    expect(splitIntoWords([], 'ab cd')).toEqual([]);
  });
});

describe('crops', () => {
  test('lines are joined in their order', () => {
    expect(cropScores('Hello, 你好', ['hello', '你好'])).toMatchObject({ exact: 1, ned: 1 });
    expect(cropScores('abcd', ['abxd'])).toMatchObject({ exact: 0, ned: 0.75, cer: 0.25 });
    expect(cropScores('abcd', [])).toMatchObject({ exact: 0, ned: 0, cer: 1 });
    expect(cropScores('京A1', ['x'], 'words', ['x'])).toMatchObject({ exact: 1, cer: 0 });
    expect(cropScores('ABC 123', ['ABC123'])).toMatchObject({ exact: 1, cer_nospace: 0 });
  });

  test('on plates a single line may be right, and O may be 0', () => {
    expect(cropScores('ABC123', ['ALASKA', 'ABC123'], 'plates_us_crops').exact).toBe(1);
    expect(cropScores('ABC123', ['ALASKA', 'ABC123'], 'words').exact).toBe(0);
    expect(cropScores('AB0123', ['ABO123'], 'plates_us_crops')).toMatchObject({ exact: 0, exact_o0: 1 });
  });
});

describe('pages', () => {
  const lines = ['one two', 'three'].map((text) => ({ text }));

  test('the order of the lines counts for characters, not for words', () => {
    expect(pageScores('one two\nthree', { lines })).toMatchObject({ char_acc: 1, word_recall: 1, cer: 0 });
    const reversed = pageScores('one two\nthree', { lines: [...lines].reverse() });
    expect(reversed.char_acc).toBeLessThan(0.6);
    expect(reversed.word_recall).toBe(1);
  });

  test("the engine's own text comes before its lines; case counts", () => {
    expect(pageScores('abcdefghij', { text: 'abcdefghiJ', lines })).toMatchObject({ char_acc: 0.9, cer: 0.1 });
    expect(pageScores('a a b', { text: 'a b' }).word_recall).toBeCloseTo(2 / 3, 12);
    expect(pageScores('ab', { text: 'xxxxxx' })).toMatchObject({ char_acc: 0, char_acc_pooled: 0, cer: 3 });
  });
});

test('one plate of several is labeled', () => {
  const plate = truth('OY09FEU', box(0, 0, 50, 20));
  const lines = [said('GB 0Y09 FEU', plate.polygon), said('AUDI', box(0, 90, 50, 20))];
  expect(scores([plate], lines, 'plates_eu')).toMatchObject({ n: 1, plate_eq: 0, plate_in: 0, plate_in_o0: 1 });
  expect(scores([plate], [said('XOY09FEU', plate.polygon)], 'plates_eu')).toMatchObject({ plate_eq: 0, plate_in: 1 });
});

describe('evaluation', () => {
  const crop = (image: string): Sample => ({ image, kind: 'crop', text: 'a', alternatives: [] });

  test('pictures are found by the ends of their paths; those without a prediction are missing', () => {
    const set = dataset('words', crop('images/1.png'), crop('images/2.png'), crop('images/3.png'));
    const evaluation = evaluate(set, [
      { image: 'C:\\words\\images\\1.png', lines: [{ text: 'a' }], ms: 10 },
      { image: 'images/2.png', lines: [{ text: 'b' }], ms: 20, cpu: 5 },
      { image: 'images/2.png', lines: [{ text: 'a' }], ms: 30, cpu: 7 },
    ]);
    expect(evaluation).toMatchObject({ set: 'words', protocol: 'crop' });
    expect(evaluation.figures).toMatchObject({ n: 2, exact: 1, missing: 1, err: 0, p50: 20, cpu50: 7 });
  });

  test('sets in one file are told apart by their folders', () => {
    const set = dataset('words', crop('images/1.png'));
    const predictions = [
      { image: '/data/words/images/1.png', lines: [{ text: 'a' }] },
      { image: '/data/others/images/1.png', lines: [{ text: 'b' }] },
      { image: '/elsewhere/words/images/1.png', lines: [{ text: 'b' }] },
    ];
    expect(evaluate(set, predictions).figures).toMatchObject({ n: 1, exact: 1 });
    const moved = { ...set, root: '/moved/words' };
    expect(evaluate(moved, predictions.slice(0, 2)).figures).toMatchObject({ n: 1, exact: 1 });
  });

  test('a failed picture is scored as empty and has no time', () => {
    const set = dataset('words', crop('1.png'));
    const { figures } = evaluate(set, [{ image: '1.png', lines: [], error: { code: 'ERR_PLACARD_TIMEOUT' } }]);
    expect(figures).toMatchObject({ n: 1, exact: 0, err: 1, missing: 0, p50: Number.NaN });
  });

  test('protocols follow from names and kinds; labels of another kind are refused', () => {
    const scene: Sample = { image: 'a', kind: 'scene', lines: [] };
    expect(defaultProtocol(dataset('x', scene))).toBe('scene');
    expect(defaultProtocol(dataset('plates_br', scene))).toBe('one-plate');
    expect(defaultProtocol(dataset('plates_ua', crop('a')))).toBe('plate-crop');
    expect(defaultProtocol(dataset('docs_text', { image: 'a', kind: 'page', text: 'a' }))).toBe('page');
    const wrong = () => evaluate(dataset('x', scene), [{ image: 'a', lines: [] }], { protocol: 'crop' });
    expect(wrong).toThrow(expect.objectContaining({ code: 'ERR_PLACARD_LABELS_INVALID' }));
    const other = () => evaluate(dataset('x', crop('a')), [{ image: 'a', lines: [] }], { protocol: 'scene' });
    expect(other).toThrow(expect.objectContaining({ code: 'ERR_PLACARD_LABELS_INVALID' }));
  });
});
