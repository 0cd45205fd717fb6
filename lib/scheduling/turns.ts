interface Waiting {
  priority: number;
  resume: () => void;
}

/** Lets at most `limit` holders in at a time; the others wait by priority, then in order of arrival. */
export class Turns {
  #running = 0;
  readonly #waiting: Waiting[] = [];

  constructor(readonly limit: number) {}

  get waiting(): number {
    return this.#waiting.length;
  }

  /**
   * Resolves with a function that gives the turn back; it may be called more than once. Rejects with the signal’s reason.
   */
  async take(priority: number, signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    if (this.#running < this.limit) this.#running++;
    else await this.#wait(priority, signal);
    let given = false;
    return () => {
      if (given) return;
      given = true;
      const next = this.#waiting.shift();
      if (next) next.resume();
      else this.#running--;
    };
  }

  #wait(priority: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const entry: Waiting = {
        priority,
        resume: () => {
          signal.removeEventListener('abort', leave);
          resolve();
        },
      };
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(entry), 1);
        reject(signal.reason);
      };
      signal.addEventListener('abort', leave, { once: true });
      const after = this.#waiting.findIndex((other) => other.priority < priority);
      this.#waiting.splice(after < 0 ? this.#waiting.length : after, 0, entry);
    });
  }
}
