export type Settled<T> =
  | { index: number; status: 'fulfilled'; value: T }
  | { index: number; status: 'rejected'; reason: unknown };

/**
 * Starts `work` on up to `ahead` items before their turn and yields what becomes of them, in order. A rejection is a result
 * like any other; an error of the iterable itself, or an abort, ends the iteration once what has started has settled.
 */
export async function* settleAhead<In, Out>(
  items: Iterable<In> | AsyncIterable<In>,
  ahead: number,
  work: (item: In) => Promise<Out>,
  signal?: AbortSignal,
): AsyncGenerator<Settled<Out>> {
  const started: Promise<Settled<Out>>[] = [];
  let index = 0;
  try {
    for await (const item of items) {
      signal?.throwIfAborted();
      started.push(settle(work(item), index++));
      if (started.length >= ahead) yield await started.shift()!;
    }
    while (started.length > 0) {
      signal?.throwIfAborted();
      yield await started.shift()!;
    }
  } finally {
    await Promise.all(started);
  }
}

function settle<T>(promise: Promise<T>, index: number): Promise<Settled<T>> {
  return promise.then(
    (value) => ({ index, status: 'fulfilled', value }),
    (reason: unknown) => ({ index, status: 'rejected', reason }),
  );
}
