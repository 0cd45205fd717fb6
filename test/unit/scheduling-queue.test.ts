import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { Admission } from '../../lib/scheduling/admission.ts';
import { Turns } from '../../lib/scheduling/turns.ts';

describe('Admission', () => {
  it('refuses the request that is one too many, and takes it after another left', () => {
    const admission = new Admission({ queueLength: 2, queuePixels: 100 });
    const first = admission.enter();
    admission.enter();
    expect(() => admission.enter()).toThrow(
      expect.objectContaining({
        code: 'ERR_PLACARD_QUEUE_FULL',
        message: 'The queue holds 2 requests, its limit.',
      }),
    );
    first.leave();
    admission.enter();
    expect(admission.count).toBe(2);
  });

  it('refuses pixels that are too many together, never those of one picture', () => {
    const admission = new Admission({ queueLength: 9, queuePixels: 100 });
    const [large, small, last] = [admission.enter(), admission.enter(), admission.enter()];
    large.hold(1000);
    expect(() => small.hold(1)).toThrow(
      expect.objectContaining({
        code: 'ERR_PLACARD_QUEUE_FULL',
        message: 'The queue holds 1000 pixels; 1 more would pass its limit of 100.',
      }),
    );
    large.leave();
    small.hold(60);
    last.hold(40);
    expect(admission.pixels).toBe(100);
  });

  it('forgets a request once, however often it leaves', () => {
    const admission = new Admission({ queueLength: 9, queuePixels: 100 });
    const [one, other] = [admission.enter(), admission.enter()];
    one.hold(30);
    other.hold(50);
    one.leave();
    one.leave();
    expect([admission.count, admission.pixels]).toEqual([1, 50]);
  });

  it('is idle when the last one has left', async () => {
    const admission = new Admission({ queueLength: 9, queuePixels: 100 });
    await admission.idle();
    const tickets = [admission.enter(), admission.enter()];
    let idle = 0;
    const waiting = [admission.idle(), admission.idle()].map((promise) => promise.then(() => idle++));
    tickets[0]!.leave();
    await Promise.resolve();
    expect(idle).toBe(0);
    tickets[1]!.leave();
    await Promise.all(waiting);
    expect(idle).toBe(2);
  });
});

describe('Turns', () => {
  const { signal } = new AbortController();
  /** Lets everything happen that needs nothing from outside. */
  const settle = () => new Promise((resolve) => setImmediate(resolve));

  it('lets the limit in and the others by priority, then by arrival', async () => {
    const turns = new Turns(2);
    const [first] = [await turns.take(0, signal), await turns.take(0, signal)];
    const order: string[] = [];
    const wait = (name: string, priority: number) =>
      turns.take(priority, signal).then((done) => {
        order.push(name);
        done();
      });
    const waiting = [wait('low', -1), wait('usual', 0), wait('urgent', 5), wait('usual too', 0), wait('urgent too', 5)];
    await settle();
    expect(order).toEqual([]);
    expect(turns.waiting).toBe(5);
    first();
    await Promise.all(waiting);
    expect(order).toEqual(['urgent', 'urgent too', 'usual', 'usual too', 'low']);
    expect(turns.waiting).toBe(0);
  });

  it('counts a turn that is given back twice once', async () => {
    const turns = new Turns(1);
    const done = await turns.take(0, signal);
    done();
    done();
    await turns.take(0, signal);
    let second = false;
    turns.take(0, signal).then(() => {
      second = true;
    });
    await settle();
    expect(second).toBe(false);
  });

  it('lets one that waits leave with the signal’s reason, and listens no longer', async () => {
    const turns = new Turns(1);
    const done = await turns.take(0, signal);
    const [leaving, staying] = [new AbortController(), new AbortController()];
    const left = turns.take(0, leaving.signal);
    const stayed = turns.take(0, staying.signal);
    leaving.abort('enough');
    await expect(left).rejects.toBe('enough');
    expect(turns.waiting).toBe(1);
    done();
    await stayed;
    expect(getEventListeners(staying.signal, 'abort')).toEqual([]);
    expect(getEventListeners(leaving.signal, 'abort')).toEqual([]);
  });

  it('takes nobody in who has left before', async () => {
    const turns = new Turns(1);
    await expect(turns.take(0, AbortSignal.abort('before'))).rejects.toBe('before');
    const done = await turns.take(0, signal);
    await expect(turns.take(0, AbortSignal.abort('before'))).rejects.toBe('before');
    expect(turns.waiting).toBe(0);
    done();
  });
});
