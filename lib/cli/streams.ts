import { addAbortSignal, type Readable } from 'node:stream';
import { PlacardError } from '../errors.ts';
import type { OutputStream } from './context.ts';
import { BrokenPipe, OutputLost } from './failures.ts';

/** What standard input may hold: more is no picture, and memory is finite. */
const mostInputBytes = 1024 ** 3;

/**
 * Writes and waits until the stream has taken it, so that a slow reader slows the work down.
 * @throws BrokenPipe when the reader is gone; OutputLost when it cannot be written otherwise
 */
export function write(stream: OutputStream, chunk: string | Uint8Array): Promise<void> {
  if (chunk.length === 0) return Promise.resolve();
  return new Promise((resolve, reject) => {
    stream.write(chunk, (error) => {
      if (!error) resolve();
      else if (isBrokenPipe(error)) reject(new BrokenPipe());
      else reject(new OutputLost(`Standard output cannot be written: ${error.message}`, { cause: error }));
    });
  });
}

/**
 * A stream reports a failed write as an `error` event as well, which without a listener would end the process: the
 * promise of `write` is where it is handled.
 */
export function handleErrorsOnWrite(...streams: OutputStream[]): void {
  for (const stream of streams) stream.on('error', () => {});
}

/** All of a stream, as one picture's bytes. Rejects with the signal's reason when aborted. */
export async function readAll(stream: Readable, signal: AbortSignal): Promise<Uint8Array> {
  signal.throwIfAborted();
  addAbortSignal(signal, stream);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of stream) {
      chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
      bytes += chunk.length;
      if (bytes > mostInputBytes) {
        throw new PlacardError('IMAGE_TOO_LARGE', 'Standard input has over 1 GiB; a picture was expected.');
      }
    }
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
  return Buffer.concat(chunks);
}

/** A promise's result, or the signal's reason as soon as it aborts, whatever the promise waits for. */
export async function rejectOnAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
  });
  try {
    return await Promise.race([aborted, work]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** The values of an iterable until a signal aborts, which then throws its reason. */
export async function* untilAborted<T>(iterable: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  const iterator = iterable[Symbol.asyncIterator]();
  let isDone = false;
  try {
    while (true) {
      const result = await rejectOnAbort(iterator.next(), signal);
      isDone = result.done === true;
      if (result.done) return;
      yield result.value;
    }
  } finally {
    // Not awaited: an iterator that is still waiting settles only when its engine is destroyed.
    if (!isDone) Promise.resolve(iterator.return?.()).catch(() => {});
  }
}

function isBrokenPipe(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED';
}
