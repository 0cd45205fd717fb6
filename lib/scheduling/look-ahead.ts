import { expected } from '../errors.ts';

export type Settled<T> =
  | { index: number; status: 'fulfilled'; value: T }
  | { index: number; status: 'rejected'; reason: unknown };

/**
 * Starts `work` on up to `ahead` items before their turn and yields what becomes of them, in order and as soon as it is
 * known, however long the next item takes to come. A rejection is a result like any other; an error of the iterable is
 * thrown after the results of what came before it; an abort ends the iteration at once, with the signal's reason.
 */
export async function* settleAhead<In, Out>(
  items: Iterable<In> | AsyncIterable<In>,
  ahead: number,
  work: (item: In) => Promise<Out>,
  signal?: AbortSignal,
): AsyncGenerator<Settled<Out>> {
  const source = iterate(items);
  const started: Promise<Settled<Out>>[] = [];
  let pulled: Promise<Pulled<In>> | undefined;
  let end: End | undefined;
  let index = 0;
  try {
    while (!end || started.length > 0) {
      signal?.throwIfAborted();
      if (!end && started.length < ahead) pulled ??= pull(source);
      const waitedFor = [...(pulled ? [pulled] : []), ...started.slice(0, 1)];
      const first = await firstOf<Pulled<In> | Settled<Out>>(waitedFor, signal);
      if ('status' in first) {
        started.shift();
        yield first;
        continue;
      }
      pulled = undefined;
      if ('item' in first) started.push(settle(first.item, work, index++));
      else end = first;
    }
    if (end && 'error' in end) throw end.error;
  } finally {
    await Promise.all([...started, end ? undefined : close(source, pulled !== undefined)]);
  }
}

type Pulled<T> = { item: T } | End;

interface End {
  end: true;
  /** Present where the iterable failed. */
  error?: unknown;
}

type AnyIterator<T> = Iterator<T> | AsyncIterator<T>;

function iterate<T>(items: Iterable<T> | AsyncIterable<T>): AnyIterator<T> {
  // Paths and bytes can be iterated too, but nobody means their parts.
  const isPicture = typeof items === 'string' || ArrayBuffer.isView(items);
  const inner = isPicture ? undefined : (items as Partial<Iterable<T> & AsyncIterable<T>> | null | undefined);
  const iterator = inner?.[Symbol.asyncIterator]?.() ?? inner?.[Symbol.iterator]?.();
  if (!iterator) throw expected('an iterable or async iterable of pictures', 'pictures', items);
  return iterator;
}

async function pull<T>(source: AnyIterator<T>): Promise<Pulled<T>> {
  try {
    const { done, value } = await source.next();
    return done ? { end: true } : { item: await value };
  } catch (error) {
    return { end: true, error };
  }
}

/** Lets the iterable clean up. An item that is still to come holds nobody up. */
async function close(source: AnyIterator<unknown>, isPending: boolean): Promise<void> {
  const closing = (async () => source.return?.())().catch(() => {});
  if (!isPending) await closing;
}

/** What is there first; rejects with the signal's reason where that comes before. */
function firstOf<T>(promises: readonly Promise<T>[], signal: AbortSignal | undefined): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal!.reason);
    signal?.addEventListener('abort', abort, { once: true });
    Promise.race(promises)
      .then(resolve, reject)
      .finally(() => signal?.removeEventListener('abort', abort));
  });
}

async function settle<In, Out>(item: In, work: (item: In) => Promise<Out>, index: number): Promise<Settled<Out>> {
  try {
    return { index, status: 'fulfilled', value: await work(item) };
  } catch (reason) {
    return { index, status: 'rejected', reason };
  }
}
