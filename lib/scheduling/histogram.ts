/** Counts of durations in buckets that grow by a quarter, from 10 µs to half an hour: quantiles are good to 12 %. */
export class Histogram {
  static readonly #growth = Math.log(1.25);
  static readonly #first = 0.01;
  readonly #buckets = new Uint32Array(86);
  #count = 0;
  #sum = 0;
  #max = 0;

  add(milliseconds: number): void {
    const index = Math.ceil(Math.log(Math.max(milliseconds, Histogram.#first) / Histogram.#first) / Histogram.#growth);
    this.#buckets[Math.min(index, this.#buckets.length - 1)]!++;
    this.#count++;
    this.#sum += milliseconds;
    this.#max = Math.max(this.#max, milliseconds);
  }

  summary(): DurationSummary {
    const mean = this.#count > 0 ? this.#sum / this.#count : 0;
    return { count: this.#count, mean, p50: this.#quantile(0.5), p95: this.#quantile(0.95), max: this.#max };
  }

  #quantile(share: number): number {
    let left = share * this.#count;
    for (const [index, count] of this.#buckets.entries()) {
      left -= count;
      // The middle of the bucket, by ratio.
      const middle = Histogram.#first * Math.exp((index - 0.5) * Histogram.#growth);
      if (count > 0 && left <= 0) return Math.min(middle, this.#max);
    }
    return 0;
  }
}

/** Milliseconds. */
export interface DurationSummary {
  count: number;
  mean: number;
  p50: number;
  p95: number;
  max: number;
}
