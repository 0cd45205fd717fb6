import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const root = join(import.meta.dirname, '..', '..');
const library = join(root, 'dist', 'index.js');

/** What every program begins with. The samples are by name; `trouble` is what no reading may meet. */
const prelude = `
import { Worker } from 'node:worker_threads';
import { setTimeout as wait } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { createEngine } from ${JSON.stringify(pathToFileURL(library).href)};

const library = ${JSON.stringify(library)};
const sample = (name) => ${JSON.stringify(join(root, 'samples'))} + '/' + name;
const [line, street, signs, receipt] = ['line.png', 'street.png', 'vertical-signs.jpg', 'receipt.jpg'].map(sample);
const timeless = ({ timings, ...reading }) => reading;
const say = (value) => console.log(JSON.stringify(value));
const workerProgram = new URL(${JSON.stringify(pathToFileURL(join(import.meta.dirname, 'worker.mjs')).href)});
const startWorker = (workerData) => new Worker(workerProgram, { workerData, execArgv: [] });
/** Resolves once readings are under way inside native code: whatever ends the process then ends them too. */
const underWay = async (engine, readings) => {
  for (const reading of readings) reading.catch(() => {});
  while (engine.stats().cpuMilliseconds.kernels === 0) await wait(1);
};
`;

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** What the program said, a value a line. */
  said: unknown[];
  complaint: string;
}

/** How a program ends that ends well. */
export const endsWell = { code: 0, signal: null, complaint: '' } as const;

const longest = 30_000;

/**
 * Runs an ES module of this source after the prelude, in a process of its own, with the built library. One that hangs is
 * killed, and says so by its signal.
 */
export async function runProgram(
  source: string,
  {
    flags = [],
    onSaid,
  }: { flags?: string[]; onSaid?: (value: unknown, kill: (signal: NodeJS.Signals) => void) => void } = {},
): Promise<Ended> {
  if (!existsSync(library)) throw new Error(`${library} is not there: run npm run build:lib.`);
  const program = ['--input-type=module', '--eval', `${prelude}\n${source}`];
  const child = spawn(process.execPath, [...flags, ...program], { cwd: root, timeout: longest, killSignal: 'SIGKILL' });
  let [text, complaint] = ['', ''];
  child.stdout.on('data', (chunk) => {
    const before = text.split('\n').length;
    text += chunk;
    for (const row of text.split('\n').slice(before - 1, -1)) onSaid?.(JSON.parse(row), (signal) => child.kill(signal));
  });
  child.stderr.on('data', (chunk) => {
    complaint += chunk;
  });
  const [code, signal] = await once(child, 'close');
  const said =
    text.trim() === ''
      ? []
      : text
          .trim()
          .split('\n')
          .map((row): unknown => JSON.parse(row));
  return { code, signal, said, complaint };
}
