import { getEventListeners } from 'node:events';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../lib/engine.ts';
import { native } from '../../lib/native.ts';
import { blank, line, nextTick, openEngine, samplePath, until } from './engine-harness.ts';

const picture = samplePath(line.name);
const large = samplePath('street.png');

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});

/** Whether a promise has settled once everything that was ready to happen has happened. */
async function settlesAtOnce(promise: Promise<unknown>): Promise<boolean> {
  let isSettled = false;
  const settle = () => {
    isSettled = true;
  };
  promise.then(settle, settle);
  await nextTick();
  return isSettled;
}

describe('an AbortSignal', () => {
  it('that was aborted before refuses at once, with its own reason', async () => {
    const reason = new Error('enough');
    const image = await engine.decode(picture);
    const signal = AbortSignal.abort(reason);
    const calls = [
      () => engine.recognize(picture, { signal }),
      () => engine.decode(picture, { signal }),
      () => engine.detect(image, { signal }),
      () => engine.rectify(image, [], { signal }),
      () => engine.recognizeLines([image], { signal }),
    ];
    for (const call of calls) {
      const refused = call();
      expect(await settlesAtOnce(refused)).toBe(true);
      await expect(refused).rejects.toBe(reason);
    }
    expect(engine.stats().queue.count).toBe(0);
    image.dispose();
  });

  it('without a reason of its own rejects with an AbortError', async () => {
    await expect(engine.recognize(picture, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });

  it.each([0, 5, 20, 60, 120])('that is aborted after %d ms rejects at once, and the engine goes on', async (delay) => {
    const before = native().state().liveBytes;
    const stop = new AbortController();
    const running = engine.recognize(large, { signal: stop.signal });
    running.catch(() => {});
    if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay));
    expect(getEventListeners(stop.signal, 'abort').length).toBe(1);
    stop.abort('enough');
    expect(await settlesAtOnce(running)).toBe(true);
    await expect(running).rejects.toBe('enough');
    expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
    await until(() => engine.stats().queue.count === 0, 'the end of the aborted work');
    expect(native().state().liveBytes).toBe(before);
    expect((await engine.recognize(picture, { layout: 'line' })).text).toBe(line.text);
  });

  it('stops the work inside a network, not after it', async () => {
    const began = performance.now();
    await engine.detect(large);
    const whole = performance.now() - began;
    const stop = new AbortController();
    const image = await engine.decode(large);
    const running = engine.detect(image, { signal: stop.signal });
    running.catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, whole / 4));
    stop.abort();
    const asked = performance.now();
    await until(() => engine.stats().queue.count === 0, 'the end of the aborted work');
    expect(performance.now() - asked).toBeLessThan(whole / 2);
    image.dispose();
  });

  it('is listened to no longer after success or failure, however often it is used', async () => {
    const { signal } = new AbortController();
    await engine.recognize(picture, { signal, layout: 'line' });
    await engine.recognize(blank(), { signal });
    await engine.recognize(Buffer.from('no picture'), { signal }).catch(() => {});
    await engine.recognize(blank(), { signal, region: { left: 0, top: 0, width: 999, height: 1 } }).catch(() => {});
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('that is aborted after the end does nothing', async () => {
    const stop = new AbortController();
    const reading = await engine.recognize(picture, { signal: stop.signal, layout: 'line' });
    stop.abort();
    await nextTick();
    expect(reading.text).toBe(line.text);
  });
});

describe('timeoutMs', () => {
  it('rejects with TIMEOUT when it has passed, and the engine goes on', async () => {
    const began = performance.now();
    await expect(engine.recognize(large, { timeoutMs: 20 })).rejects.toMatchObject({
      name: 'PlacardError',
      code: 'ERR_PLACARD_TIMEOUT',
      message: 'The result was not there after 20 ms.',
    });
    expect(performance.now() - began).toBeGreaterThanOrEqual(19);
    await expect(engine.detect(large, { timeoutMs: 1 })).rejects.toMatchObject({ code: 'ERR_PLACARD_TIMEOUT' });
    expect((await engine.recognize(picture, { timeoutMs: 60_000, layout: 'line' })).text).toBe(line.text);
  });
});

describe('the queue', () => {
  it('refuses by count at once, and takes more when there is room', async () => {
    const small = await openEngine({ limits: { queueLength: 2 } });
    const running = [small.recognize(picture), small.recognize(picture)];
    const refused = small.recognize(picture);
    expect(await settlesAtOnce(refused)).toBe(true);
    await expect(refused).rejects.toMatchObject({ code: 'ERR_PLACARD_QUEUE_FULL' });
    await expect(small.detect(picture)).rejects.toMatchObject({ code: 'ERR_PLACARD_QUEUE_FULL' });
    await Promise.all(running);
    expect((await small.recognize(picture, { layout: 'line' })).text).toBe(line.text);
    await small.close();
  });

  it('refuses by pixels, but never a picture that is alone', async () => {
    const small = await openEngine({ limits: { queuePixels: 10_000 } });
    const [first, second] = await Promise.allSettled([small.recognize(picture), small.recognize(picture)]);
    expect([first!.status, second!.status].sort()).toEqual(['fulfilled', 'rejected']);
    const refused = [first!, second!].find((one) => one.status === 'rejected') as PromiseRejectedResult;
    expect(refused.reason).toMatchObject({
      code: 'ERR_PLACARD_QUEUE_FULL',
      message: expect.stringContaining('its limit of 10000'),
    });
    expect(small.stats().queue).toEqual({ count: 0, pixels: 0, waiting: 0 });
    await small.close();
  });

  it('is served by priority, then in order', async () => {
    const one = await openEngine({ mode: 'latency' });
    const order: string[] = [];
    const read = (name: string, priority: number, input = blank(300, 300)) =>
      one.recognize(input, { priority }).then(() => order.push(name));
    const first = read('first', 0, blank(1500, 1500));
    await until(() => one.stats().cpuMilliseconds.kernels > 0, 'the first picture’s turn');
    const others = [read('low', -5), read('usual', 0), read('urgent', 9), read('usual too', 0)];
    await until(() => one.stats().queue.waiting === 4, 'four that wait');
    expect(order).toEqual([]);
    await Promise.all([first, ...others]);
    expect(order).toEqual(['first', 'urgent', 'usual', 'usual too', 'low']);
    await one.close();
  });

  it('lets one that waits leave it', async () => {
    const one = await openEngine({ mode: 'latency' });
    const first = one.recognize(blank(1500, 1500));
    await until(() => one.stats().cpuMilliseconds.kernels > 0, 'the first picture’s turn');
    const stop = new AbortController();
    const waiting = one.recognize(blank(300, 300), { signal: stop.signal });
    waiting.catch(() => {});
    await until(() => one.stats().queue.waiting === 1, 'one that waits');
    stop.abort('enough');
    expect(await settlesAtOnce(waiting)).toBe(true);
    expect(one.stats().queue).toMatchObject({ count: 1, waiting: 0 });
    await first;
    await one.close();
  });

  it('reads one picture at a time for latency, as many as threads for throughput', async () => {
    const most = async (mode: 'latency' | 'throughput') => {
      const own = await openEngine({ mode, threads: 2 });
      const all = Array.from({ length: 4 }, () => own.recognize(picture));
      let waiting = 0;
      await until(() => {
        waiting = Math.max(waiting, own.stats().queue.waiting);
        return own.stats().completed > 0;
      }, 'the first reading');
      await Promise.all(all);
      await own.close();
      return 4 - waiting;
    };
    expect(await most('latency')).toBe(1);
    expect(await most('throughput')).toBe(2);
  });
});
