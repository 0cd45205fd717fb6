export type Settled<T> =
  | { index: number; status: 'fulfilled'; value: T }
  | { index: number; status: 'rejected'; reason: unknown };

/**
 * Starts `work` on up to `ahead` items before their turn and yields what becomes of them, in order and as soon as it is there,
 * however slowly the items come. A rejection is a result like any other; an error of the iterable itself, or an abort, ends
 * the iteration once what has started has settled.
 */
export async function* settleAhead<In, Out>(
  items: Iterable<In> | AsyncIterable<In>,
  ahead: number,
  work: (item: In) => Promise<Out>,
  signal?: AbortSignal,
): AsyncGenerator<Settled<Out>> {
  const source = asyncIterator(items);
  const started: Promise<Settled<Out>>[] = [];
  const abort = abortion(signal);
  let index = 0;
  let next: Promise<IteratorResult<In>> | undefined;
  let exhausted = false;
  try {
    while (!exhausted || started.length > 0) {
      signal?.throwIfAborted();
      if (!exhausted && started.length < ahead) next ??= source.next();
      const [first] = started;
      const waiting: Promise<Settled<Out> | undefined>[] = [abort.promise];
      if (first) waiting.push(first);
      if (next) waiting.push(next.then(() => undefined));
      const settled = await Promise.race(waiting);
      if (settled) {
        started.shift();
        yield settled;
      } else if (next) {
        const { done, value } = await next;
        next = undefined;
        exhausted = done === true;
        if (!exhausted) started.push(settle(work(value), index++));
      }
    }
  } finally {
    abort.forget();
    // A source that is still waited for cannot be told to end before it gives that item.
    if (next) next.then(() => source.return?.()).catch(() => {});
    else if (!exhausted) await source.return?.();
    await Promise.all(started);
  }
}

/** A promise that never resolves, and rejects when the signal is aborted. */
function abortion(signal: AbortSignal | undefined): { promise: Promise<never>; forget: () => void } {
  let listener: (() => void) | undefined;
  const promise = new Promise<never>((_, reject) => {
    listener = () => reject(signal!.reason);
    signal?.addEventListener('abort', listener);
  });
  promise.catch(() => {});
  return { promise, forget: () => signal?.removeEventListener('abort', listener!) };
}

function asyncIterator<T>(items: Iterable<T> | AsyncIterable<T>): AsyncIterator<T> {
  if (Symbol.asyncIterator in items) return items[Symbol.asyncIterator]();
  const iterator = items[Symbol.iterator]();
  return {
    next: async () => iterator.next(),
    return: async () => iterator.return?.() ?? { done: true, value: undefined },
  };
}

function settle<T>(promise: Promise<T>, index: number): Promise<Settled<T>> {
  return promise.then(
    (value) => ({ index, status: 'fulfilled', value }),
    (reason: unknown) => ({ index, status: 'rejected', reason }),
  );
}
