import { expect, test } from 'vitest';
import type { CropSample } from '../../lib/labels.ts';
import { CropScores } from '../../lib/metrics/crops.ts';
import { textSimilarity } from '../../lib/metrics/edit-distance.ts';
import { normalizeText } from '../../lib/metrics/text-normalization.ts';
import { askPython, hasPython } from './python.ts';

const program = `
import json, sys
from metrics import Scores, normalize, similarity
pairs, scores = json.load(sys.stdin), Scores()
for truths, text in pairs:
    scores.add(truths, text)
print(json.dumps({
    "normalized": [normalize(text) for _, text in pairs],
    "similar": [similarity(truths[0], text) for truths, text in pairs],
    "figures": scores.figures(),
}))
`;

const pairs: [truths: string[], text: string][] = [
  [['OPEN 24 Hours'], 'open24hours'],
  [['Straße', 'STRASSE'], 'strasse'],
  [['ΟΔΟΣ'], 'οδος'],
  [['İstanbul'], 'istanbul'],
  [['ısı'], 'ISI'],
  [['ﬁne ½ ２４'], 'fine 1⁄2 24'],
  [['café'], 'cafe\u0301'],
  [['¿Qué?', '— «no»'], 'no'],
  [['臺北市、中山路'], '台北市中山路'],
  [['𠮷野家 😀'], '吉野家'],
  [['a\u00ad\u200bb\tc'], 'ABC'],
  [['', 'x'], ''],
  [['kitten'], 'sitting'],
  [['£9.99'], '€ 9,99'],
];

test.skipIf(!hasPython)('recipes score as placard eval does', () => {
  const scores = new CropScores(false);
  for (const [[text, ...alternatives], read] of pairs) {
    const sample = { kind: 'crop', image: 'line.png', text: text!, alternatives } as CropSample;
    scores.add(sample, { image: 'line.png', lines: [{ text: read }] } as never);
  }
  const { n, exact, ned } = scores.figures();
  const answer = askPython(program, pairs) as { normalized: string[]; similar: number[]; figures: object };
  expect(answer.normalized).toEqual(pairs.map(([, text]) => normalizeText(text)));
  answer.similar.forEach((value, i) => {
    expect(value).toBeCloseTo(textSimilarity(pairs[i]![0][0]!, pairs[i]![1]), 12);
  });
  expect(answer.figures).toMatchObject({ n, exact, ned: expect.closeTo(ned!, 12) });
  expect(exact).toBeGreaterThan(0.4);
  expect(exact).toBeLessThan(1);
});
