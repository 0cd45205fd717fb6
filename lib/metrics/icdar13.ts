import { intersectionArea, type PolygonRegion, polygonRegion } from '../geometry/polygon-region.ts';
import { bounds, distance } from '../geometry/quad.ts';
import type { Prediction, SceneSample } from '../labels.ts';
import type { Point, Polygon } from '../reading.ts';
import { precisionRecall } from './precision-recall.ts';

/** So much of a truth must be covered (area recall). */
const leastRecall = 0.8;
/** So much of a prediction must cover truth (area precision); where an ignored region covers more, it is left out. */
const leastPrecision = 0.4;
/** The centers of a pair must be nearer than this share of the mean of both diagonals. */
const mostCenterDistance = 1;
/** What a truth split over several predictions counts, and each of these; all others that match count 1. */
const splitWeight = 0.8;

interface Placed {
  region: PolygonRegion;
  center: Point;
  diagonal: number;
}

/**
 * DetEval (Wolf and Jolion, Object count/area graphs for the evaluation of object detection and segmentation algorithms,
 * IJDAR 2006) with the constants of ICDAR 2013, challenge 2 (focused scene text): a truth matches the only prediction that
 * overlaps it, or several among which it is split, which costs; a prediction may merge several truths, which does not.
 * Recall is what matched truths count over all truths, precision the same of predictions. Ignored truths, and predictions
 * that lie on them, take no part.
 */
export class Icdar13Scores {
  #scenes = 0;
  #truths = 0;
  #predictions = 0;
  #credit = { recall: 0, precision: 0 };

  add(sample: SceneSample, prediction: Prediction): void {
    const truths = sample.lines.filter((line) => !line.ignore).map((line) => placed(line.polygon));
    const ignored = sample.lines.filter((line) => line.ignore).map((line) => placed(line.polygon));
    const predictions = prediction.lines
      .flatMap(({ polygon }) => (polygon && polygon.length > 0 ? placed(polygon) : []))
      .filter((box) => !ignored.some((area) => shareWithin(box, area) > leastPrecision));
    const { recall, precision } = new SceneMatches(truths, predictions).credit();
    this.#scenes++;
    this.#truths += truths.length;
    this.#predictions += predictions.length;
    this.#credit.recall += recall;
    this.#credit.precision += precision;
  }

  figures(): Record<string, number> {
    const { recall: recalled, precision: precise } = this.#credit;
    const { precision, recall, h } = precisionRecall(precise, this.#predictions, this.#truths, recalled);
    return { n: this.#scenes, gt: this.#truths, pred: this.#predictions, det_p: precision, det_r: recall, det_h: h };
  }
}

/** The matches of one picture: pairs first, then splits, then merges; what has matched is taken. */
class SceneMatches {
  readonly #truths: readonly Placed[];
  readonly #predictions: readonly Placed[];
  /** By truth and prediction: shares of the truth and of the prediction that both cover. */
  readonly #recall: readonly number[][];
  readonly #precision: readonly number[][];
  readonly #takenTruths = new Set<number>();
  readonly #takenPredictions = new Set<number>();
  readonly #credit = { recall: 0, precision: 0 };

  constructor(truths: readonly Placed[], predictions: readonly Placed[]) {
    this.#truths = truths;
    this.#predictions = predictions;
    this.#recall = truths.map((truth) => predictions.map((prediction) => shareWithin(truth, prediction)));
    this.#precision = truths.map((truth) => predictions.map((prediction) => shareWithin(prediction, truth)));
  }

  credit(): { recall: number; precision: number } {
    this.#truths.forEach((_, t) => {
      this.#pair(t);
    });
    this.#truths.forEach((_, t) => {
      this.#split(t);
    });
    this.#predictions.forEach((_, p) => {
      this.#merge(p);
    });
    return this.#credit;
  }

  /** A truth and a prediction that overlap nothing but each other. */
  #pair(t: number): void {
    const [p, ...others] = this.#overlappingTruth(t);
    if (p === undefined || others.length > 0 || this.#overlappingPrediction(p).length > 1) return;
    if (this.#recall[t]![p]! < leastRecall || this.#precision[t]![p]! < leastPrecision) return;
    const [truth, prediction] = [this.#truths[t]!, this.#predictions[p]!];
    const meanDiagonal = (truth.diagonal + prediction.diagonal) / 2;
    if (distance(truth.center, prediction.center) >= mostCenterDistance * meanDiagonal) return;
    this.#take([t], [p], 1);
  }

  /** A truth whose area the free predictions that lie on it cover together. */
  #split(t: number): void {
    if (this.#takenTruths.has(t) || this.#overlappingTruth(t).length < 2) return;
    const parts = indices(this.#predictions).filter(
      (p) => !this.#takenPredictions.has(p) && this.#precision[t]![p]! >= leastPrecision,
    );
    if (reaches(sum(parts.map((p) => this.#recall[t]![p]!)), leastRecall)) {
      this.#take([t], parts, parts.length === 1 ? 1 : splitWeight);
    }
  }

  /** A prediction of which the free truths that it covers take up enough together. */
  #merge(p: number): void {
    if (this.#takenPredictions.has(p) || this.#overlappingPrediction(p).length < 2) return;
    const parts = indices(this.#truths).filter((t) => !this.#takenTruths.has(t) && this.#recall[t]![p]! >= leastRecall);
    if (reaches(sum(parts.map((t) => this.#precision[t]![p]!)), leastPrecision)) this.#take(parts, [p], 1);
  }

  #overlappingTruth(t: number): number[] {
    return indices(this.#predictions).filter((p) => this.#recall[t]![p]! > 0);
  }

  #overlappingPrediction(p: number): number[] {
    return indices(this.#truths).filter((t) => this.#precision[t]![p]! > 0);
  }

  #take(truths: readonly number[], predictions: readonly number[], weight: number): void {
    for (const t of truths) this.#takenTruths.add(t);
    for (const p of predictions) this.#takenPredictions.add(p);
    this.#credit.recall += weight * truths.length;
    this.#credit.precision += weight * predictions.length;
  }
}

function placed(points: Polygon): Placed {
  const { left, top, right, bottom } = bounds(points);
  const center: Point = [sum(points.map(([x]) => x)) / points.length, sum(points.map(([, y]) => y)) / points.length];
  return { region: polygonRegion(points), center, diagonal: Math.hypot(right - left, bottom - top) };
}

/** The share of one area that lies within another; 0 of none. */
function shareWithin({ region }: Placed, { region: other }: Placed): number {
  return region.area > 0 ? intersectionArea(region, other) / region.area : 0;
}

/** To the fourth digit, as the competition sums: parts that cover just enough do not fail by rounding. */
function reaches(total: number, least: number): boolean {
  return Math.round(total * 10_000) / 10_000 >= least;
}

function indices(items: readonly unknown[]): number[] {
  return items.map((_, i) => i);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
