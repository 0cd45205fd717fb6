import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { type Settled, settleAhead } from '../../lib/scheduling/look-ahead.ts';

/** Lets everything happen that needs nothing from outside. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

async function collect<T>(generator: AsyncGenerator<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of generator) all.push(item);
  return all;
}

const values = <T>(settled: Settled<T>[]) =>
  settled.map((one) => (one.status === 'fulfilled' ? one.value : one.reason));

/** Work that ends when it is told to. */
function deferredWork() {
  const resolvers = new Map<number, (value: string) => void>();
  const work = (item: number) => new Promise<string>((resolve) => resolvers.set(item, resolve));
  return { work, started: () => [...resolvers.keys()], end: (item: number) => resolvers.get(item)!(`r${item}`) };
}

describe('settleAhead', () => {
  it('yields results in order, whatever ends first, and rejections among them', async () => {
    const delays = [20, 0, 10, 0];
    const work = async (item: number) => {
      await new Promise((resolve) => setTimeout(resolve, delays[item]));
      if (item === 2) throw new Error('bad');
      return item;
    };
    expect(await collect(settleAhead([0, 1, 2, 3], 4, work))).toEqual([
      { index: 0, status: 'fulfilled', value: 0 },
      { index: 1, status: 'fulfilled', value: 1 },
      { index: 2, status: 'rejected', reason: new Error('bad') },
      { index: 3, status: 'fulfilled', value: 3 },
    ]);
  });

  it('takes work that throws at once for a rejection', async () => {
    const work = () => {
      throw new Error('now');
    };
    expect(await collect(settleAhead([1, 2], 1, work))).toMatchObject([
      { status: 'rejected', index: 0 },
      { status: 'rejected', index: 1 },
    ]);
  });

  it('takes no more items than are asked for, and the next one as soon as a result is taken', async () => {
    const { work, started, end } = deferredWork();
    const taken: number[] = [];
    function* items() {
      for (let item = 0; item < 10; item++) {
        taken.push(item);
        yield item;
      }
    }
    const results = settleAhead(items(), 3, work);
    await settle();
    expect(taken).toEqual([]);
    const first = results.next();
    await settle();
    expect(taken).toEqual([0, 1, 2]);
    expect(started()).toEqual([0, 1, 2]);
    end(1);
    await settle();
    expect(taken).toEqual([0, 1, 2]);
    end(0);
    expect((await first).value).toEqual({ index: 0, status: 'fulfilled', value: 'r0' });
    const second = await results.next();
    expect(second.value).toEqual({ index: 1, status: 'fulfilled', value: 'r1' });
    await settle();
    expect(taken).toEqual([0, 1, 2, 3]);
    for (const item of started()) end(item);
    await results.return(undefined);
  });

  it('yields a result while the next item is still to come', async () => {
    let deliver: (item: number) => void = () => {};
    async function* items() {
      yield 1;
      yield await new Promise<number>((resolve) => {
        deliver = resolve;
      });
    }
    const results = settleAhead(items(), 8, async (item) => item * 10);
    expect((await results.next()).value).toMatchObject({ value: 10 });
    const next = results.next();
    deliver(2);
    expect((await next).value).toMatchObject({ value: 20 });
    expect(await results.next()).toEqual({ done: true, value: undefined });
  });

  it('serves a source that waits for its own results', async () => {
    let seen = 0;
    async function* items() {
      for (let item = 0; item < 3; item++) {
        while (seen < item) await settle();
        yield item;
      }
    }
    for await (const settled of settleAhead(items(), 4, async (item) => item)) seen = settled.index + 1;
    expect(seen).toBe(3);
  });

  it('waits for items that are promises', async () => {
    const work = async (item: number) => item + 1;
    expect(values(await collect(settleAhead([Promise.resolve(1)] as unknown as number[], 2, work)))).toEqual([2]);
  });

  it('throws what the iterable throws, after the results before it', async () => {
    async function* items() {
      yield 1;
      yield 2;
      throw new Error('no more');
    }
    const seen: unknown[] = [];
    const run = async () => {
      for await (const one of settleAhead(items(), 8, async (item) => item)) seen.push(one.index);
    };
    await expect(run()).rejects.toThrow('no more');
    expect(seen).toEqual([0, 1]);
  });

  it('refuses what cannot be iterated, and a single picture', async () => {
    for (const items of [undefined, null, 5, {}, 'a.png', new Uint8Array(3)]) {
      await expect(settleAhead(items as unknown as number[], 1, async () => 0).next()).rejects.toMatchObject({
        code: 'ERR_PLACARD_INVALID_ARGUMENT',
        message: expect.stringContaining('Expected an iterable or async iterable of pictures for pictures'),
      });
    }
  });
});

describe('settleAhead that is left', () => {
  it('closes the iterable and waits for what has started', async () => {
    const { work, started, end } = deferredWork();
    let closed = false;
    async function* items() {
      try {
        for (let item = 0; ; item++) yield item;
      } finally {
        closed = true;
      }
    }
    const results = settleAhead(items(), 2, work);
    const first = results.next();
    await settle();
    end(0);
    await first;
    let ended = false;
    const leaving = results.return(undefined).then(() => {
      ended = true;
    });
    await settle();
    expect([closed, ended]).toEqual([true, false]);
    for (const item of started()) end(item);
    await leaving;
  });

  it('is not held up by an item that never comes', async () => {
    async function* items() {
      yield 1;
      await new Promise(() => {});
    }
    const results = settleAhead(items(), 2, async (item) => item);
    await results.next();
    expect(await results.return(undefined)).toEqual({ done: true, value: undefined });
  });

  it('by an abort ends at once with the reason, even while an item is still to come', async () => {
    const stop = new AbortController();
    async function* items() {
      yield 1;
      await new Promise(() => {});
    }
    const results = settleAhead(items(), 2, async (item) => item, stop.signal);
    await results.next();
    const next = results.next();
    await settle();
    stop.abort('enough');
    await expect(next).rejects.toBe('enough');
    expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
    expect(await results.next()).toEqual({ done: true, value: undefined });
  });

  it('before it began takes nothing', async () => {
    let taken = 0;
    function* items() {
      taken++;
      yield 1;
    }
    const results = settleAhead(items(), 2, async (item) => item, AbortSignal.abort('before'));
    await expect(results.next()).rejects.toBe('before');
    expect(taken).toBe(0);
  });

  it('does not listen to the signal between results', async () => {
    const { signal } = new AbortController();
    let most = 0;
    for await (const _ of settleAhead([1, 2, 3, 4, 5], 2, async (item) => item, signal)) {
      most = Math.max(most, getEventListeners(signal, 'abort').length);
    }
    expect(most).toBeLessThanOrEqual(1);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});
