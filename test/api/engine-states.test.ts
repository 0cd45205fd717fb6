import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../lib/engine.ts';
import type { NativeImage } from '../../lib/native.ts';
import { native } from '../../lib/native.ts';
import type { Quad } from '../../lib/reading.ts';
import { line, nextTick, openEngine, samplePath, until } from './engine-harness.ts';

const picture = samplePath(line.name);
const asLine = { layout: 'line' } as const;
const quad: Quad = [
  [0, 0],
  [940, 0],
  [940, 72],
  [0, 72],
];

let image: NativeImage;

/** Every method that takes work, on a picture of one line. */
const methods: Record<string, (engine: Engine) => Promise<unknown>> = {
  recognize: (engine) => engine.recognize(picture, asLine),
  decode: async (engine) => (await engine.decode(picture)).dispose(),
  detect: (engine) => engine.detect(image),
  rectify: async (engine) => {
    for (const crop of await engine.rectify(image, [quad])) crop.dispose();
  },
  recognizeLines: (engine) => engine.recognizeLines([image]),
  warmUp: (engine) => engine.warmUp(),
  recognizeMany: async (engine) => {
    for await (const result of engine.recognizeMany([{ input: picture, options: asLine }])) {
      if (result.status === 'rejected') throw result.reason;
    }
  },
};

beforeAll(async () => {
  const engine = await openEngine();
  image = await engine.decode(picture);
});

/** Expects every method to be refused with a code, and what is no work to go on. */
async function expectRefusals(engine: Engine, code: string, state: string): Promise<void> {
  for (const [name, call] of Object.entries(methods)) {
    const error = await call(engine).catch((reason: unknown) => reason);
    expect([name, (error as { code?: string }).code]).toEqual([name, code]);
  }
  expect(engine.stats().state).toBe(state);
}

describe('an engine that is', () => {
  it('open or busy does everything', async () => {
    const engine = await openEngine();
    expect(engine.stats()).toMatchObject({ state: 'open', queue: { count: 0 }, completed: 0, failed: 0 });
    for (const call of Object.values(methods)) await call(engine);
    const { completed } = engine.stats();
    const busy = Object.values(methods).map((call) => call(engine));
    expect(engine.stats().queue.count).toBeGreaterThan(3);
    await Promise.all(busy);
    expect(engine.stats()).toMatchObject({ state: 'open', queue: { count: 0 }, completed: 2 * completed, failed: 0 });
  });

  it('closing takes nothing more, finishes what it has, and is closed then', async () => {
    const engine = await openEngine();
    const running = engine.recognize(picture, asLine);
    const waiting = engine.recognize(picture, asLine);
    let isClosed = false;
    const closing = engine.close().then(() => {
      isClosed = true;
    });
    await expectRefusals(engine, 'ERR_PLACARD_CLOSED', 'closing');
    expect(isClosed).toBe(false);
    expect((await running).text).toBe(line.text);
    expect((await waiting).text).toBe(line.text);
    await closing;
    await expectRefusals(engine, 'ERR_PLACARD_CLOSED', 'closed');
  });

  it('closed may be closed, destroyed and disposed of again', async () => {
    const engine = await openEngine();
    const first = engine.close();
    expect(engine.close()).toBe(first);
    await first;
    await engine.close();
    await engine[Symbol.asyncDispose]();
    await engine.destroy();
    await engine.destroy('again');
    await expectRefusals(engine, 'ERR_PLACARD_DESTROYED', 'closed');
  });

  it('destroyed fails what runs and what waits, at once and with the reason', async () => {
    const engine = await openEngine();
    const before = native().state().liveBytes;
    const large = samplePath('street.png');
    const requests = [engine.recognize(large), engine.recognize(picture), engine.detect(large)];
    const failures = Promise.allSettled(requests);
    await until(() => native().state().liveBytes > before, 'a decoded picture');
    const reason = new Error('shutting down');
    let settled = 0;
    for (const request of requests) request.catch(() => settled++);
    const destroyed = engine.destroy(reason);
    await nextTick();
    expect(settled).toBe(3);
    for (const failure of await failures) {
      expect(failure).toMatchObject({
        status: 'rejected',
        reason: { name: 'PlacardError', code: 'ERR_PLACARD_DESTROYED', cause: reason },
      });
    }
    await expectRefusals(engine, 'ERR_PLACARD_DESTROYED', engine.stats().state);
    await destroyed;
    await expectRefusals(engine, 'ERR_PLACARD_DESTROYED', 'closed');
    expect(engine.stats()).toMatchObject({ queue: { count: 0, pixels: 0, waiting: 0 }, failed: 3 });
    expect(native().state().liveBytes).toBe(before);
  });

  it('closing can still be destroyed', async () => {
    const engine = await openEngine();
    const running = engine.recognize(samplePath('street.png'));
    const closing = engine.close();
    const destroyed = engine.destroy();
    await expect(running).rejects.toMatchObject({ code: 'ERR_PLACARD_DESTROYED' });
    await Promise.all([closing, destroyed]);
    expect(engine.stats().state).toBe('closed');
  });

  it('left by "await using" is closed', async () => {
    let kept: Engine;
    {
      await using engine = await openEngine();
      kept = engine;
      expect((await engine.recognize(picture, asLine)).text).toBe(line.text);
    }
    expect(kept.stats().state).toBe('closed');
  });
});

describe('several engines', () => {
  it('read side by side, share the threads, and end each for itself', async () => {
    const engines = await Promise.all([openEngine({ mode: 'throughput' }), openEngine(), openEngine({ threads: 1 })]);
    const readings = engines.flatMap((engine) => [
      engine.recognize(picture, asLine),
      engine.recognize(picture, asLine),
    ]);
    const threads = native().state().poolThreads;
    await engines[0]!.close();
    expect(engines.map((engine) => engine.stats().state)).toEqual(['closed', 'open', 'open']);
    for (const reading of await Promise.all(readings)) expect(reading.text).toBe(line.text);
    expect(native().state().poolThreads).toBe(threads);
    expect(threads).toBe(2);
    expect((await engines[2]!.recognize(picture, asLine)).text).toBe(line.text);
  });

  it('may share an image, which outlives the engine that made it', async () => {
    const [maker, user] = await Promise.all([openEngine(), openEngine()]);
    const shared = await maker.decode(picture);
    await maker.close();
    expect((await user.recognizeLines([shared]))[0]!.text).toBe(line.text);
    shared.dispose();
  });
});
