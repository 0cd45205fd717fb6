import { PlacardError } from '../errors.ts';

export interface AdmissionLimits {
  /** Requests admitted at a time: waiting and running. */
  queueLength: number;
  /** Sum of their pictures' pixels; one picture alone is always admitted. */
  queuePixels: number;
}

/** Counts what is in the engine and refuses, at once and with QUEUE_FULL, what would be too much. */
export class Admission {
  #count = 0;
  #pixels = 0;
  #idle: (() => void)[] = [];

  constructor(readonly limits: AdmissionLimits) {}

  get count(): number {
    return this.#count;
  }

  get pixels(): number {
    return this.#pixels;
  }

  enter(): Ticket {
    if (this.#count >= this.limits.queueLength) {
      throw new PlacardError('QUEUE_FULL', `The queue holds ${this.#count} requests, its limit.`);
    }
    this.#count++;
    let held = 0;
    let left = false;
    return {
      hold: (pixels) => {
        if (this.#pixels > 0 && this.#pixels + pixels > this.limits.queuePixels) {
          throw new PlacardError(
            'QUEUE_FULL',
            `The queue holds ${this.#pixels} pixels; ${pixels} more would pass its limit of ${this.limits.queuePixels}.`,
          );
        }
        held += pixels;
        this.#pixels += pixels;
      },
      leave: () => {
        if (left) return;
        left = true;
        this.#pixels -= held;
        this.#count--;
        if (this.#count === 0) for (const resolve of this.#idle.splice(0)) resolve();
      },
    };
  }

  /** Resolves once nothing is in the engine. */
  idle(): Promise<void> {
    return this.#count === 0 ? Promise.resolve() : new Promise((resolve) => this.#idle.push(resolve));
  }
}

export interface Ticket {
  /** Adds a picture's pixels, once they are known. Throws QUEUE_FULL. */
  hold(pixels: number): void;
  leave(): void;
}
