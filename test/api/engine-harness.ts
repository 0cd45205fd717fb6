import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll } from 'vitest';
import { createEngine, type Engine } from '../../lib/engine.ts';
import type { RawPixels } from '../../lib/input.ts';
import type { EngineOptions } from '../../lib/options.ts';
import type { Reading } from '../../lib/reading.ts';

export const samples = join(import.meta.dirname, '..', '..', 'samples');
export const samplePath = (name: string) => join(samples, name);
export const sampleBytes = (name: string) => readFileSync(samplePath(name));

/** The quickest sample: one line, and what it says. */
export const line = { name: 'line.png', text: 'The ferry to the islands leaves at 10:45' } as const;

const opened: Engine[] = [];
afterAll(async () => {
  await Promise.all(opened.splice(0).map((engine) => engine.destroy()));
});

/** An engine that is destroyed after the test file. Two threads on ONNX Runtime's own provider unless told otherwise. */
export async function openEngine(options: EngineOptions = {}): Promise<Engine> {
  const engine = await createEngine({ threads: 2, provider: 'cpu', ...options });
  opened.push(engine);
  return engine;
}

/** A sample's pixels, RGB. */
export async function samplePixels(name: string): Promise<RawPixels> {
  const { data, info } = await sharp(samplePath(name)).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: 3 };
}

/** White, of any size: nothing to read. */
export function blank(width = 64, height = 64): RawPixels {
  return { data: new Uint8Array(width * height).fill(255), width, height, channels: 1 };
}

/** A reading without the times that it took. */
export function timeless({ timings: _, ...reading }: Reading): Omit<Reading, 'timings'> {
  return reading;
}

/** Lets everything happen that is ready to: what has not settled after it waits for something outside. */
export const nextTick = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Waits until something holds; fails after five seconds. */
export async function until(holds: () => boolean, what: string): Promise<void> {
  for (let i = 0; !holds(); i++) {
    if (i > 1000) throw new Error(`Never came about: ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
