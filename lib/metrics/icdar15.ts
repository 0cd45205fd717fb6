import {
  intersectionArea,
  intersectionOverUnion,
  type PolygonRegion,
  polygonRegion,
} from '../geometry/polygon-region.ts';
import type { Prediction, SceneSample } from '../labels.ts';
import type { Polygon } from '../reading.ts';
import { precisionRecall } from './precision-recall.ts';
import { splitIntoWords } from './word-boxes.ts';

const minOverlap = 0.5;
const ignoredShare = 0.5;

/** Signs that a true word may have at its start or end and a prediction may leave out. */
const optionalAtEnds = new Set('!?.:,*"()·[]/');

interface Placed {
  region: PolygonRegion;
  text: string;
}

/**
 * The protocol of ICDAR 2015, challenge 4 (incidental scene text), tasks 1 and 4 with the generic vocabulary. Coordinates are
 * cut to whole pixels. A prediction is left out if more than half of it lies in one ignored region. Truths in their order take
 * the first free prediction with an IoU above 0.5; a pair is read right if the texts are equal in upper case, up to one sign at
 * either end of the truth. Predicted lines are cut at spaces first, since the competition's results are words.
 */
export class Icdar15Scores {
  #scenes = 0;
  #truths = 0;
  #predictions = 0;
  #detected = 0;
  #read = 0;

  add(sample: SceneSample, prediction: Prediction): void {
    const truths = sample.lines.filter((line) => !line.ignore).map((line) => placed(line.polygon, line.text));
    const ignored = sample.lines.filter((line) => line.ignore).map((line) => placed(line.polygon, '').region);
    const words = prediction.lines
      .flatMap((line) => splitIntoWords(line.polygon ?? [], line.text))
      .map((word) => placed(word.polygon, word.text))
      .filter(({ region }) => !ignored.some((area) => sharedPart(region, area) > ignoredShare));
    this.#scenes++;
    this.#truths += truths.length;
    this.#predictions += words.length;
    this.#match(truths, words);
  }

  figures(): Record<string, number> {
    const detection = precisionRecall(this.#detected, this.#predictions, this.#truths);
    const reading = precisionRecall(this.#read, this.#predictions, this.#truths);
    return {
      n: this.#scenes,
      gt: this.#truths,
      pred: this.#predictions,
      det_p: detection.precision,
      det_r: detection.recall,
      det_h: detection.h,
      e2e_p: reading.precision,
      e2e_r: reading.recall,
      e2e_h: reading.h,
    };
  }

  #match(truths: readonly Placed[], words: readonly Placed[]): void {
    const taken = new Set<Placed>();
    for (const truth of truths) {
      const word = words.find((w) => !taken.has(w) && intersectionOverUnion(truth.region, w.region) > minOverlap);
      if (!word) continue;
      taken.add(word);
      this.#detected++;
      if (readsAs(truth.text.toUpperCase(), word.text.toUpperCase())) this.#read++;
    }
  }
}

function placed(polygon: Polygon, text: string): Placed {
  return { region: polygonRegion(polygon.map(([x, y]) => [Math.trunc(x), Math.trunc(y)])), text };
}

/** A prediction without area lies nowhere: it counts, as the competition counts it, and matches nothing. */
function sharedPart(region: PolygonRegion, area: PolygonRegion): number {
  return region.area > 0 ? intersectionArea(region, area) / region.area : 0;
}

function readsAs(truth: string, text: string): boolean {
  const atStart = optionalAtEnds.has(truth.at(0) ?? '') ? [0, 1] : [0];
  const atEnd = optionalAtEnds.has(truth.at(-1) ?? '') ? [0, 1] : [0];
  return atStart.some((start) => atEnd.some((end) => truth.slice(start, truth.length - end) === text));
}
