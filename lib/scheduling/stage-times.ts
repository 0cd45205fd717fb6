import type { Timings } from '../reading.ts';
import { type DurationSummary, Histogram } from './histogram.ts';

export type TimedStage = Exclude<keyof Timings, 'total'>;

/** Wall time of one request by stage. */
export class StageTimes {
  readonly #begun = performance.now();
  readonly #milliseconds = { queue: 0, decode: 0, detect: 0, orient: 0, rectify: 0, recognize: 0, order: 0 };

  async time<T>(stage: TimedStage, work: () => T | Promise<T>): Promise<T> {
    const begun = performance.now();
    try {
      return await work();
    } finally {
      this.#milliseconds[stage] += performance.now() - begun;
    }
  }

  finish(): Timings {
    return { ...this.#milliseconds, total: performance.now() - this.#begun };
  }
}

/** Histograms of all requests by stage. */
export class StageHistograms {
  readonly #histograms = new Map<keyof Timings, Histogram>();

  add(timings: Timings): void {
    for (const [stage, milliseconds] of Object.entries(timings) as [keyof Timings, number][]) {
      const histogram = this.#histograms.get(stage) ?? new Histogram();
      this.#histograms.set(stage, histogram);
      histogram.add(milliseconds);
    }
  }

  summary(): Partial<Record<keyof Timings, DurationSummary>> {
    return Object.fromEntries([...this.#histograms].map(([stage, histogram]) => [stage, histogram.summary()]));
  }
}
