import { PlacardError } from '../errors.ts';
import { type CancelToken, native } from '../native.ts';

export interface RequestOptions {
  signal?: AbortSignal;
  timeoutMs?: number;
}

/**
 * One request's way to end early: an abort, a deadline or a destroyed engine cancels its native work and rejects its
 * promise at once, with the reason. Whatever the work still does afterwards goes unheard.
 */
export class Request {
  readonly cancel: CancelToken = new (native().CancelToken)();
  readonly #ended = new AbortController();
  #failure: { reason: unknown } | undefined;
  #reject: ((reason: unknown) => void) | undefined;

  /** Aborted when the request fails. */
  get signal(): AbortSignal {
    return this.#ended.signal;
  }

  /** Rejects the request with `reason` and stops its work; only the first call counts. */
  fail(reason: unknown): void {
    if (this.#failure) return;
    this.#failure = { reason };
    this.cancel.cancel();
    this.#ended.abort(reason);
    this.#reject?.(reason);
  }

  /** Throws the reason where the request has failed: called between stages. */
  check(): void {
    if (this.#failure) throw this.#failure.reason;
  }

  /** Runs `work` until it ends or the request fails, whichever comes first. */
  async run<T>(work: () => Promise<T>, { signal, timeoutMs }: RequestOptions): Promise<T> {
    if (signal?.aborted) throw signal.reason;
    const abort = () => this.fail(signal!.reason);
    signal?.addEventListener('abort', abort, { once: true });
    const deadline = timeoutMs === undefined ? undefined : setTimeout(() => this.fail(timedOut(timeoutMs)), timeoutMs);
    try {
      return await new Promise<T>((resolve, reject) => {
        this.#reject = reject;
        this.check();
        work().then(resolve, reject);
      });
    } finally {
      clearTimeout(deadline);
      signal?.removeEventListener('abort', abort);
    }
  }
}

function timedOut(timeoutMs: number): PlacardError {
  return new PlacardError('TIMEOUT', `The result was not there after ${timeoutMs} ms.`);
}
