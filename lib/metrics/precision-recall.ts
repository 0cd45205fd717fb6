/** Shares 0 ... 1; 0 where there was nothing to divide by. */
export interface PrecisionRecall {
  precision: number;
  recall: number;
  /** Harmonic mean of both, the H of the ICDAR competitions. */
  h: number;
}

/** @param recalled what counts for recall where it is not what counts for precision */
export function precisionRecall(
  matched: number,
  predicted: number,
  labeled: number,
  recalled = matched,
): PrecisionRecall {
  const precision = predicted ? matched / predicted : 0;
  const recall = labeled ? recalled / labeled : 0;
  return { precision, recall, h: precision + recall ? (2 * precision * recall) / (precision + recall) : 0 };
}
