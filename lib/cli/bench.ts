import type { Command } from 'commander';
import { percentile } from '../metrics/percentile.ts';
import type { RecognizeOptions } from '../options.ts';
import type { Reading, Timings } from '../reading.ts';
import type { CliContext, CommandEngine } from './context.ts';
import {
  addEngineOptions,
  addReadOptions,
  type EngineOptionValues,
  engineOptions,
  positiveInteger,
  type ReadOptionValues,
  recognizeOptions,
  wholeNumber,
} from './engine-options.ts';
import { exitCodes, failureOf } from './failures.ts';
import { expandInputs } from './inputs.ts';
import { counted } from './progress.ts';
import { rejectOnAbort, untilAborted, write } from './streams.ts';
import { alignedTable } from './table.ts';

interface BenchValues extends EngineOptionValues, ReadOptionValues {
  count: number;
  warmup: number;
  json?: boolean;
}

/** One picture that could be read before the clock ran. */
interface Contestant {
  name: string;
  bytes: Uint8Array;
}

/** Milliseconds. */
export interface Spread {
  mean: number;
  p50: number;
  p95: number;
}

export interface BenchResult {
  pictures: number;
  runs: number;
  mode: 'latency' | 'throughput';
  imagesPerSecond: number;
  /** From the call to the result. */
  total: Spread;
  stages: Partial<Record<keyof Timings, Spread>>;
  peakRssBytes: number;
  provider: string;
  precision: string;
  models: Reading['models'];
  version: string;
  node: string;
}

/** `placard bench`: how fast pictures are read here. */
export function registerBench(program: Command, context: CliContext, finish: (exitCode: number) => void): void {
  const command = program
    .command('bench')
    .description('Measure how fast pictures are read: p50, p95, pictures a second, time by stage')
    .argument('<files...>', 'pictures, folders, patterns, or - for standard input')
    .option('--count <rounds>', 'how often each picture is read', positiveInteger, 10)
    .option('--warmup <rounds>', 'rounds before the clock runs', wholeNumber, 2)
    .option('--json', 'print one JSON object');
  addReadOptions(addEngineOptions(command)).action(async (files: string[], values: BenchValues) =>
    finish(await bench(files, values, context)),
  );
}

async function bench(operands: string[], values: BenchValues, context: CliContext): Promise<number> {
  const mode = values.mode ?? 'latency';
  const choices = { ...recognizeOptions(values, context.cwd), signal: context.signal };
  const settings = engineOptions(values, mode);
  const inputs = await expandInputs(operands, context);
  const engine = await rejectOnAbort(context.createEngine(settings), context.signal);
  try {
    const contestants = await readable(inputs, engine, choices, context);
    if (contestants.length > 0) await measure(contestants, engine, choices, values, context);
    await engine.close();
    return contestants.length < inputs.length ? exitCodes.failed : exitCodes.ok;
  } catch (error) {
    Promise.resolve(engine.destroy(error)).catch(() => {});
    throw error;
  }
}

async function measure(
  contestants: Contestant[],
  engine: CommandEngine,
  choices: RecognizeOptions & { signal: AbortSignal },
  { count, warmup, json, mode = 'latency' }: BenchValues,
  { stdout, version }: CliContext,
): Promise<void> {
  const { signal } = choices;
  const rounds = (repeated: number) => Array.from({ length: repeated }, () => contestants).flat();
  for (const { bytes } of rounds(warmup)) await rejectOnAbort(engine.recognize(bytes, choices), signal);
  const started = performance.now();
  const readings = await readAll(rounds(count), engine, choices, mode);
  const elapsed = performance.now() - started;
  const result = resultOf(readings, elapsed, { pictures: contestants.length, mode, version });
  await write(stdout, json ? `${JSON.stringify(result)}\n` : report(result));
}

/** Pictures in memory that can be read: others are named and left out, so that the figures are of pictures alone. */
async function readable(
  inputs: Awaited<ReturnType<typeof expandInputs>>,
  engine: CommandEngine,
  choices: RecognizeOptions,
  { signal, stderr }: CliContext,
): Promise<Contestant[]> {
  const contestants: Contestant[] = [];
  for (const input of inputs) {
    try {
      if ('error' in input) throw input.error;
      const bytes = await input.bytes();
      await rejectOnAbort(engine.recognize(bytes, choices), signal);
      contestants.push({ name: input.name, bytes });
    } catch (error) {
      signal.throwIfAborted();
      const { code, message } = failureOf(error);
      await write(stderr, `placard: ${input.name}: ${message} (${code})\n`);
    }
  }
  return contestants;
}

async function readAll(
  contestants: Contestant[],
  engine: CommandEngine,
  choices: RecognizeOptions & { signal: AbortSignal },
  mode: 'latency' | 'throughput',
): Promise<Reading[]> {
  const { signal } = choices;
  const items = contestants.map(({ bytes }, key) => ({ input: bytes, options: choices, key }));
  const lookAhead = mode === 'latency' ? { lookAhead: 1 } : {};
  const readings: Reading[] = [];
  for await (const result of untilAborted(engine.recognizeMany(items, { ...lookAhead, signal }), signal)) {
    if (result.status === 'rejected') throw result.reason;
    readings.push(result.value);
  }
  return readings;
}

function resultOf(
  readings: Reading[],
  elapsed: number,
  { pictures, mode, version }: Pick<BenchResult, 'pictures' | 'mode' | 'version'>,
): BenchResult {
  const [first] = readings as [Reading];
  const stages = (Object.keys(first.timings) as (keyof Timings)[]).filter((stage) => stage !== 'total');
  const spreads = stages.map((stage) => [stage, spreadOf(readings.map(({ timings }) => timings[stage]))] as const);
  return {
    pictures,
    runs: readings.length,
    mode,
    imagesPerSecond: rounded((1000 * readings.length) / elapsed),
    total: spreadOf(readings.map(({ timings }) => timings.total)),
    stages: Object.fromEntries(spreads),
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
    provider: first.provider,
    precision: first.precision,
    models: first.models,
    version,
    node: process.versions.node,
  };
}

function spreadOf(values: readonly number[]): Spread {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean: rounded(mean), p50: rounded(percentile(values, 50)), p95: rounded(percentile(values, 95)) };
}

function rounded(value: number): number {
  return Number(value.toFixed(2));
}

function report(result: BenchResult): string {
  const { pictures, runs, mode, imagesPerSecond, total, stages, peakRssBytes, provider, precision, models } = result;
  const row = (name: string, { mean, p50, p95 }: Spread) => [name, ...[mean, p50, p95].map((ms) => ms.toFixed(1))];
  const names = [models.detector, models.recognizer].filter(Boolean).join(' + ');
  const table = alignedTable(
    [
      ['ms', 'mean', 'p50', 'p95'],
      ...Object.entries(stages).map(([name, spread]) => row(name, spread)),
      row('total', total),
    ],
    [1, 2, 3],
  );
  return `${table}
${counted(pictures, 'picture')} read ${runs} times (${mode}): ${imagesPerSecond.toFixed(2)} pictures a second
${names} on ${provider} (${precision}), peak RSS ${Math.round(peakRssBytes / 2 ** 20)} MiB
`;
}
