import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { codeNameOf, PlacardError } from '../errors.ts';
import { packageRoot } from '../package-files.ts';
import { openPlan } from './draw.ts';
import type { DrawnSample } from './drawn-sample.ts';
import type { Plan } from './plan.ts';
import type { Answer } from './worker.ts';

/** Samples that each thread has to draw at a time: while one waits for native work, the thread draws another. */
const inFlight = 16;

/**
 * Draws the samples at `places` and yields them in that order.
 * @param threads 0 draws in this thread
 */
export async function* drawAll(
  plan: Plan,
  places: readonly number[],
  threads: number,
): AsyncGenerator<{ place: number; sample: DrawnSample }> {
  if (threads === 0) {
    const draw = await openPlan(plan);
    for (const place of places) yield { place, sample: await draw(place) };
    return;
  }
  const crew = new Crew(plan, Math.min(threads, places.length));
  try {
    const drawn: Promise<DrawnSample>[] = [];
    for (let next = 0; next < places.length; next++) {
      while (drawn.length < inFlight * threads && next + drawn.length < places.length) {
        const sample = crew.draw(places[next + drawn.length]!);
        // Its turn to be waited for may never come.
        sample.catch(() => {});
        drawn.push(sample);
      }
      yield { place: places[next]!, sample: await drawn.shift()! };
    }
  } finally {
    await crew.stop();
  }
}

interface Waiting {
  resolve: (sample: DrawnSample) => void;
  reject: (error: Error) => void;
}

/** Worker threads that share the work. */
class Crew {
  readonly #workers: { thread: Worker; busy: number }[];
  readonly #waiting = new Map<number, Waiting>();

  constructor(plan: Plan, threads: number) {
    const script = join(packageRoot(), 'dist', 'synth', 'worker.js');
    // Nothing is drawn with fonts that were not asked for, and looking for them takes a second.
    const env = { ...process.env, DISABLE_SYSTEM_FONTS_LOAD: '1' };
    // Pictures are garbage at once: with more room for young objects it is collected less often.
    const resourceLimits = { maxYoungGenerationSizeMb: 64 };
    this.#workers = Array.from({ length: threads }, () => {
      const worker = { thread: new Worker(script, { workerData: plan, env, resourceLimits }), busy: 0 };
      worker.thread.on('message', (answer: Answer) => {
        worker.busy -= 1;
        this.#settle(answer);
      });
      worker.thread.on('error', (error) => this.#failAll(error));
      return worker;
    });
  }

  draw(place: number): Promise<DrawnSample> {
    const idlest = this.#workers.reduce((a, b) => (b.busy < a.busy ? b : a));
    idlest.busy += 1;
    return new Promise((resolve, reject) => {
      this.#waiting.set(place, { resolve, reject });
      idlest.thread.postMessage(place);
    });
  }

  async stop(): Promise<void> {
    await Promise.all(this.#workers.map(({ thread }) => thread.terminate()));
    this.#failAll(new Error('The drawing was stopped.'));
  }

  #settle(answer: Answer): void {
    const { resolve, reject } = this.#waiting.get(answer.place)!;
    this.#waiting.delete(answer.place);
    if ('sample' in answer) {
      resolve(answer.sample);
    } else {
      const { code, message } = answer.failure;
      const name = codeNameOf(code);
      reject(new PlacardError(name ?? 'INTERNAL', name ? message : `Sample ${answer.place}: ${message}`));
    }
  }

  #failAll(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
