/** A true and a predicted item that belong together, by their indices. */
export interface Pair {
  truth: number;
  prediction: number;
}

interface Candidate extends Pair {
  /** Compared number by number; more is better. */
  merit: readonly number[];
}

/**
 * Greedy one-to-one matching: the best pair first, of equals the one with the later truth, then the later prediction.
 *
 * @param merit undefined where two do not match
 */
export function matchOneToOne<T, P>(
  truths: readonly T[],
  predictions: readonly P[],
  merit: (truth: T, prediction: P) => readonly number[] | undefined,
): Pair[] {
  const candidates: Candidate[] = [];
  for (const [truth, t] of truths.entries()) {
    for (const [prediction, p] of predictions.entries()) {
      const value = merit(t, p);
      if (value) candidates.push({ truth, prediction, merit: value });
    }
  }
  candidates.sort((a, b) => compareMerit(b, a) || b.truth - a.truth || b.prediction - a.prediction);
  const usedTruths = new Set<number>();
  const usedPredictions = new Set<number>();
  return candidates.filter(({ truth, prediction }) => {
    if (usedTruths.has(truth) || usedPredictions.has(prediction)) return false;
    usedTruths.add(truth);
    usedPredictions.add(prediction);
    return true;
  });
}

function compareMerit(a: Candidate, b: Candidate): number {
  for (const [i, value] of a.merit.entries()) {
    if (value !== b.merit[i]) return value - b.merit[i]!;
  }
  return 0;
}
