import { getEventListeners } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { Request } from '../../lib/scheduling/request.ts';

const never = () => new Promise<never>(() => {});

describe('Request', () => {
  it('gives what its work gives', async () => {
    expect(await new Request().run(async () => 5, {})).toBe(5);
    await expect(new Request().run(() => Promise.reject(new Error('work')), {})).rejects.toThrow('work');
  });

  it('is rejected with what its work throws before it gives a promise', async () => {
    const work = () => {
      throw new Error('at once');
    };
    await expect(new Request().run(work, {})).rejects.toThrow('at once');
  });

  it('rejects at once with the signal’s own reason, cancels its work and listens no longer', async () => {
    const stop = new AbortController();
    const request = new Request();
    const cancelled = vi.spyOn(request.cancel, 'cancel');
    const running = request.run(never, { signal: stop.signal });
    expect(getEventListeners(stop.signal, 'abort')).toHaveLength(1);
    const reason = new Error('enough');
    stop.abort(reason);
    await expect(running).rejects.toBe(reason);
    expect(cancelled).toHaveBeenCalledOnce();
    expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
    expect(request.signal.reason).toBe(reason);
    expect(() => request.check()).toThrow(reason);
  });

  it('never begins with a signal that is aborted already', async () => {
    const work = vi.fn(never);
    await expect(new Request().run(work, { signal: AbortSignal.abort('before') })).rejects.toBe('before');
    expect(work).not.toHaveBeenCalled();
  });

  it('listens no longer after its end', async () => {
    const { signal } = new AbortController();
    await new Request().run(async () => 1, { signal });
    await new Request().run(() => Promise.reject(new Error('x')), { signal }).catch(() => {});
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('passes a deadline, and forgets it when it ends before', async () => {
    vi.useFakeTimers();
    try {
      const late = new Request().run(never, { timeoutMs: 250 });
      const refused = expect(late).rejects.toMatchObject({
        code: 'ERR_PLACARD_TIMEOUT',
        message: 'The result was not there after 250 ms.',
      });
      await vi.advanceTimersByTimeAsync(250);
      await refused;
      await new Request().run(async () => 1, { timeoutMs: 250 });
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it('fails once, with the first reason', async () => {
    const request = new Request();
    const running = request.run(never, {});
    request.fail('first');
    request.fail('second');
    await expect(running).rejects.toBe('first');
    expect(() => request.check()).toThrow('first');
  });

  it('that failed before it ran never begins', async () => {
    const request = new Request();
    const work = vi.fn(never);
    request.fail('before');
    await expect(request.run(work, {})).rejects.toBe('before');
    expect(work).not.toHaveBeenCalled();
  });

  it('does not hear what its work does after it failed', async () => {
    const request = new Request();
    let reject: (reason: unknown) => void = () => {};
    const running = request.run(
      () =>
        new Promise((_, no) => {
          reject = no;
        }),
      {},
    );
    request.fail('first');
    await expect(running).rejects.toBe('first');
    // An unhandled rejection would fail the run.
    reject(new Error('late'));
    await new Promise((resolve) => setImmediate(resolve));
  });
});
