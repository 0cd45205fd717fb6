import { describe, expect, test } from 'vitest';
import type { PredictedLine, TrueLine } from '../../lib/labels.ts';
import { evaluate } from '../../lib/metrics/evaluate.ts';
import type { ProtocolName } from '../../lib/metrics/protocols.ts';
import type { Polygon } from '../../lib/reading.ts';
import { box } from './boxes.ts';

function truth(polygon: Polygon, text = 'word'): TrueLine {
  return { polygon, text, ignore: false, alternatives: [] };
}

function ignored(polygon: Polygon): TrueLine {
  return { polygon, text: '', ignore: true, alternatives: [] };
}

function said(polygon: Polygon, text = ''): PredictedLine {
  return { polygon, text };
}

function figuresBy(protocol: ProtocolName) {
  return (...scenes: [TrueLine[], PredictedLine[]][]) => {
    const samples = scenes.map(([lines], i) => ({ image: `${i}.jpg`, kind: 'scene' as const, lines }));
    const predictions = scenes.map(([, lines], i) => ({ image: `${i}.jpg`, lines }));
    return evaluate({ name: 'signs', root: '/data/signs', samples }, predictions, { protocol }).figures;
  };
}

describe('ICDAR 2015', () => {
  const icdar15 = figuresBy('icdar15');
  const place = box(0, 0, 100, 20);

  test('a sign at either end may be left out, one within may not', () => {
    const shop = truth(place, '"Joe\'s!');
    expect(icdar15([[shop], [said(place, "JOE'S")]])).toMatchObject({ det_h: 1, e2e_h: 1 });
    expect(icdar15([[shop], [said(place, 'JOES')]])).toMatchObject({ det_h: 1, e2e_h: 0 });
  });

  test('half an overlap is not enough', () => {
    expect(icdar15([[truth(place)], [said(box(0, 0, 50, 20))]])).toMatchObject({ det_h: 0 });
    expect(icdar15([[truth(place)], [said(box(0, 0, 51, 20))]])).toMatchObject({ det_h: 1 });
  });

  test('truths in their order take the first free prediction, whatever it says and however well the others lie', () => {
    const figures = icdar15([[truth(place, 'hello')], [said(box(0, 0, 60, 20), 'x'), said(place, 'hello')]]);
    expect(figures).toMatchObject({ det_r: 1, det_p: 0.5, e2e_r: 0 });
    // The first truth takes what alone would do for the second.
    const two = [truth(box(0, 0, 100, 20)), truth(box(10, 0, 100, 20))];
    expect(icdar15([two, [said(box(8, 0, 100, 20)), said(box(-25, 0, 100, 20))]])).toMatchObject({ det_r: 0.5 });
  });

  test('lines are cut into words', () => {
    const words = [truth(box(0, 0, 50, 20), 'Hello'), truth(box(60, 0, 50, 20), 'World')];
    expect(icdar15([words, [said(box(0, 0, 110, 20), 'Hello World')]])).toMatchObject({ pred: 2, e2e_h: 1 });
  });

  test('what lies more than half in one ignored region is left out', () => {
    const regions = [ignored(box(0, 0, 10, 10)), ignored(box(10, 0, 10, 10))];
    const inside = said(box(0, 0, 15, 10));
    expect(icdar15([regions, [inside]])).toMatchObject({ gt: 0, pred: 0 });
    // Half in each is not more than half in one.
    expect(icdar15([regions, [said(box(5, 0, 10, 10))]])).toMatchObject({ gt: 0, pred: 1, det_p: 0 });
  });

  test('coordinates are cut to whole pixels, of truths and of predictions', () => {
    // 5.9 and 10.9 wide become 5 and 10: exactly half, which is not enough.
    expect(icdar15([[truth(box(0, 0, 10.9, 10))], [said(box(0, 0, 5.9, 10))]])).toMatchObject({ det_r: 0 });
    expect(icdar15([[truth(box(0, 0, 10.9, 10))], [said(box(0, 0, 6, 10))]])).toMatchObject({ det_r: 1 });
    // -0.9 becomes 0.
    expect(icdar15([[truth(box(0, 0, 10, 10))], [said(box(-0.9, 0, 20.8, 10))]])).toMatchObject({ det_r: 1 });
  });

  test('a prediction without area counts, one without a place does not', () => {
    const flat = said(box(0, 0, 100, 0));
    expect(
      icdar15([
        [truth(place), ignored(place)],
        [flat, said([], 'nowhere')],
      ]),
    ).toMatchObject({ pred: 1, det_p: 0 });
  });

  test('figures are those of all pictures together', () => {
    const found: [TrueLine[], PredictedLine[]] = [[truth(place)], [said(place)]];
    const missed: [TrueLine[], PredictedLine[]] = [[truth(place), truth(box(0, 50, 100, 20))], []];
    expect(icdar15(found, missed)).toMatchObject({ n: 2, gt: 3, pred: 1, det_p: 1, det_r: 1 / 3, det_h: 0.5 });
  });
});

describe('ICDAR 2013 (DetEval)', () => {
  const icdar13 = figuresBy('icdar13');
  const word = truth(box(0, 0, 100, 20));

  test('a pair must cover 0.8 of the truth, and 0.4 of the prediction must be truth', () => {
    expect(icdar13([[word], [said(box(0, 0, 80, 20))]])).toMatchObject({ det_p: 1, det_r: 1, det_h: 1 });
    expect(icdar13([[word], [said(box(0, 0, 79, 20))]])).toMatchObject({ det_p: 0, det_r: 0, det_h: 0 });
    expect(icdar13([[word], [said(box(0, 0, 250, 20))]])).toMatchObject({ det_h: 1 });
    expect(icdar13([[word], [said(box(0, 0, 251, 20))]])).toMatchObject({ det_h: 0 });
  });

  test('a split word and each of its parts count 0.8', () => {
    const parts = [said(box(0, 0, 30, 20)), said(box(30, 0, 30, 20)), said(box(60, 0, 30, 20))];
    const figures = icdar13([[word], parts]);
    expect(figures.det_r).toBeCloseTo(0.8, 12);
    expect(figures.det_p).toBeCloseTo(0.8, 12);
    // Two of the parts cover 0.6.
    expect(icdar13([[word], parts.slice(0, 2)])).toMatchObject({ det_r: 0, det_p: 0 });
  });

  test('a part must lie 0.4 in the word', () => {
    // 40 and 60 wide within it; of the second a third.
    const figures = icdar13([[word], [said(box(0, 0, 40, 20)), said(box(40, 0, 60, 60))]]);
    expect(figures).toMatchObject({ det_r: 0, det_p: 0 });
  });

  test('a word that a second prediction touches is still found, and counts as a pair', () => {
    const figures = icdar13([[word], [said(box(0, 0, 90, 20)), said(box(95, 0, 100, 20))]]);
    expect(figures).toMatchObject({ det_r: 1, det_p: 0.5 });
  });

  test('a line merges its words at no cost', () => {
    const words = [truth(box(0, 0, 40, 20)), truth(box(50, 0, 40, 20)), truth(box(100, 0, 40, 20))];
    expect(icdar13([words, [said(box(0, 0, 140, 20))]])).toMatchObject({ det_r: 1, det_p: 1, det_h: 1 });
    // The last word is covered by a half only: two of three are merged.
    const short = icdar13([words, [said(box(0, 0, 120, 20))]]);
    expect(short).toMatchObject({ det_p: 1 });
    expect(short.det_r).toBeCloseTo(2 / 3, 12);
    // The words fill 2400 of 140 x 50.
    expect(icdar13([words, [said(box(0, 0, 140, 50))]])).toMatchObject({ det_r: 0, det_p: 0 });
  });

  test('a prediction that a second word touches merges one word, which counts as a pair', () => {
    const words = [truth(box(0, 0, 100, 20)), truth(box(100, 0, 100, 20))];
    expect(icdar13([words, [said(box(0, 0, 110, 20))]])).toMatchObject({ det_r: 0.5, det_p: 1 });
  });

  test('what a split has taken is not merged', () => {
    const words = [truth(box(0, 0, 100, 20)), truth(box(100, 0, 10, 20))];
    const predictions = [said(box(0, 0, 50, 20)), said(box(50, 0, 60, 20))];
    // The second prediction is the first word's other half before it could be the second word.
    const figures = icdar13([words, predictions]);
    expect(figures.det_r).toBeCloseTo(0.4, 12);
    expect(figures.det_p).toBeCloseTo(0.8, 12);
  });

  test('parts that cover 0.8 exactly do so whatever floating-point sums say', () => {
    const parts = Array.from({ length: 8 }, (_, i) => said(box(10 * i, 0, 10, 20)));
    expect(0.1 + 0.1 + 0.1 + 0.1 + 0.1 + 0.1 + 0.1 + 0.1).toBeLessThan(0.8);
    expect(icdar13([[word], parts]).det_r).toBeCloseTo(0.8, 12);
  });

  test('the centers of a pair lie near each other', () => {
    // Corners crowd at the left end: the mean of the corners lies there, the word at the right end.
    const crowded = (count: number): Polygon => [
      ...Array.from({ length: count }, (_, i): [number, number] => [i / count, 0]),
      [100, 0],
      [100, 10],
      [0, 10],
    ];
    const end = truth(box(58, 0, 42, 10));
    expect(icdar13([[end], [said(crowded(2))]])).toMatchObject({ det_r: 1 });
    expect(icdar13([[end], [said(crowded(60))]])).toMatchObject({ det_r: 0, det_p: 0 });
  });

  test('ignored regions take no part, nor does a prediction that lies more than 0.4 in one', () => {
    const region = ignored(box(0, 0, 100, 20));
    const other = truth(box(0, 50, 100, 20));
    expect(
      icdar13([
        [region, other],
        [said(box(0, 0, 100, 20)), said(other.polygon)],
      ]),
    ).toMatchObject({
      gt: 1,
      pred: 1,
      det_h: 1,
    });
    // Exactly 0.4 in it: judged, and wrong.
    expect(icdar13([[region], [said(box(60, 0, 100, 20))]])).toMatchObject({ gt: 0, pred: 1, det_p: 0 });
    expect(icdar13([[region], [said(box(59, 0, 100, 20))]])).toMatchObject({ gt: 0, pred: 0 });
    // An ignored region that the pair's prediction also overlaps does not make it a merge of two.
    const beside = ignored(box(90, 50, 100, 20));
    expect(icdar13([[beside, other], [said(other.polygon)]])).toMatchObject({ det_h: 1 });
  });

  test('nothing labeled, nothing found, nothing without a place', () => {
    expect(icdar13([[word], [said([], 'nowhere')]])).toMatchObject({ gt: 1, pred: 0, det_p: 0, det_r: 0, det_h: 0 });
    expect(icdar13([[], []])).toMatchObject({ n: 1, gt: 0, pred: 0, det_h: 0 });
    expect(icdar13([[word], [said(box(0, 0, 100, 0))]])).toMatchObject({ pred: 1, det_p: 0 });
  });
});
