import {
  intersectionArea,
  intersectionOverUnion,
  type PolygonRegion,
  polygonRegion,
  regionCentroid,
  regionContains,
} from '../geometry/polygon-region.ts';
import type { PredictedLine, Prediction, SceneSample, TrueLine } from '../labels.ts';
import { CharacterErrors } from './character-errors.ts';
import { matchOneToOne } from './one-to-one.ts';
import { precisionRecall } from './precision-recall.ts';
import { normalizeText, splitWords } from './text-normalization.ts';
import { textRecall } from './text-recall.ts';
import { splitIntoWords } from './word-boxes.ts';

/** Words match from this overlap on, or where the center of one lies in the other. */
const wordOverlap = 0.2;

/** A prediction that lies more than this in an ignore region is dropped. */
const ignoredShare = 0.5;

interface TrueText {
  region: PolygonRegion;
  /** Normalized; any of them is right. */
  readings: Set<string>;
}

interface PredictedText {
  region: PolygonRegion;
  reading: string;
}

interface Scene {
  truths: (TrueText & { line: TrueLine })[];
  ignored: PolygonRegion[];
  /** Those with a text that is not blank. */
  lines: PredictedLine[];
}

/**
 * Detection and end-to-end reading of whole scenes. `det_*`: lines one to one by IoU of their polygons; `e2e_*`: the same
 * pairs, with the right text; `word_*`: lines and truths cut at spaces, so that an engine is free to report words or lines;
 * `text_recall`: characters found without regard to boxes; `line_cer*`: characters wrong in the lines that were detected.
 */
export class SceneScores {
  #minOverlap: number;
  #scenes = 0;
  #lines = { truths: 0, predictions: 0, detected: 0, read: 0 };
  #words = { truths: 0, predictions: 0, read: 0 };
  #characters = { found: 0, total: 0 };
  #errors = new CharacterErrors();

  /** @param minOverlap IoU from which two lines are the same, 0 ... 1 */
  constructor(minOverlap: number) {
    this.#minOverlap = minOverlap;
  }

  add(sample: SceneSample, prediction: Prediction): void {
    const scene: Scene = { ...judgedLines(sample), lines: prediction.lines.filter((line) => line.text.trim() !== '') };
    this.#scenes++;
    this.#addLines(scene);
    this.#addWords(scene);
    const readings = scene.truths.map(({ line }) => [line.text, ...line.alternatives].map(normalizeText));
    const { found, total } = textRecall(readings, scene.lines);
    this.#characters.found += found;
    this.#characters.total += total;
  }

  figures(): Record<string, number> {
    const { truths, predictions, detected, read } = this.#lines;
    return {
      n: this.#scenes,
      gt: truths,
      pred: predictions,
      ...prefixed('det', detected, predictions, truths),
      ...prefixed('e2e', read, predictions, truths),
      ...prefixed('word', this.#words.read, this.#words.predictions, this.#words.truths),
      text_recall: this.#characters.found / Math.max(this.#characters.total, 1),
      line_cer: this.#errors.withSpaces,
      line_cer_nospace: this.#errors.withoutSpaces,
    };
  }

  #addLines({ truths, ignored, lines }: Scene): void {
    const predictions = lines
      .map((line) => ({ region: polygonRegion(line.polygon ?? []), reading: normalizeText(line.text), line }))
      .filter(({ region }) => region.area > 0 && !ignored.some((area) => liesIn(region, area)));
    const pairs = matchOneToOne(truths, predictions, (truth, prediction) => {
      const overlap = intersectionOverUnion(truth.region, prediction.region);
      return overlap >= this.#minOverlap ? [Number(truth.readings.has(prediction.reading)), overlap] : undefined;
    });
    this.#lines.truths += truths.length;
    this.#lines.predictions += predictions.length;
    this.#lines.detected += pairs.length;
    for (const pair of pairs) {
      const truth = truths[pair.truth]!;
      const prediction = predictions[pair.prediction]!;
      const right = truth.readings.has(prediction.reading);
      if (right) this.#lines.read++;
      // An accepted other reading has no errors, whatever the label's own is.
      this.#errors.add(right ? prediction.line.text : truth.line.text, prediction.line.text);
    }
  }

  #addWords({ truths, ignored, lines }: Scene): void {
    const trueWords = truths.flatMap(wordsOfTruth);
    const words = lines
      .flatMap((line) => splitIntoWords(line.polygon ?? [], line.text))
      .map((word): PredictedText => ({ region: polygonRegion(word.polygon), reading: normalizeText(word.text) }))
      .filter(
        ({ region, reading }) => reading !== '' && region.area > 0 && !ignored.some((i) => wordLiesIn(region, i)),
      );
    this.#words.truths += trueWords.length;
    this.#words.predictions += words.length;
    this.#words.read += matchOneToOne(trueWords, words, wordMerit).length;
  }
}

/** Lines that count, and the regions of those that are to be ignored; a truth of punctuation only is ignored too. */
function judgedLines(sample: SceneSample): Pick<Scene, 'truths' | 'ignored'> {
  const judged = sample.lines.filter((line) => !line.ignore && normalizeText(line.text) !== '');
  const others = sample.lines.filter((line) => line.ignore || normalizeText(line.text) === '');
  return {
    truths: judged.map((line) => ({
      line,
      region: polygonRegion(line.polygon),
      readings: new Set([line.text, ...line.alternatives].map(normalizeText)),
    })),
    ignored: others.map((line) => polygonRegion(line.polygon)),
  };
}

function wordsOfTruth({ line, readings }: Scene['truths'][number]): TrueText[] {
  const whole = splitWords(line.text).length < 2;
  return splitIntoWords(line.polygon, line.text)
    .map(({ polygon, text }) => ({ polygon, reading: normalizeText(text) }))
    .filter(({ reading }) => reading !== '')
    .map(({ polygon, reading }) => ({
      region: polygonRegion(polygon),
      readings: whole ? new Set([reading, ...readings]) : new Set([reading]),
    }));
}

function wordMerit(truth: TrueText, word: PredictedText): [number] | undefined {
  if (!truth.readings.has(word.reading)) return undefined;
  const overlap = intersectionOverUnion(truth.region, word.region);
  const near =
    overlap >= wordOverlap || holdsCenter(truth.region, word.region) || holdsCenter(word.region, truth.region);
  return near ? [overlap] : undefined;
}

function liesIn(region: PolygonRegion, area: PolygonRegion): boolean {
  return intersectionArea(region, area) / region.area > ignoredShare;
}

function wordLiesIn(region: PolygonRegion, area: PolygonRegion): boolean {
  return liesIn(region, area) || holdsCenter(area, region);
}

function holdsCenter(outer: PolygonRegion, inner: PolygonRegion): boolean {
  const center = regionCentroid(inner);
  return center !== undefined && regionContains(outer, center);
}

function prefixed(name: string, matched: number, predicted: number, labeled: number): Record<string, number> {
  const { precision, recall, h } = precisionRecall(matched, predicted, labeled);
  return { [`${name}_p`]: precision, [`${name}_r`]: recall, [`${name}_h`]: h };
}
