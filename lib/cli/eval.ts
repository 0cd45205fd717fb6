import { type FileHandle, open } from 'node:fs/promises';
import path from 'node:path';
import { Command, Option } from 'commander';
import { readPredictions, toPrediction, writePrediction } from '../datasets/predictions.ts';
import { readDataset } from '../datasets/read-dataset.ts';
import { PlacardError } from '../errors.ts';
import type { Dataset, Prediction } from '../labels.ts';
import { type Evaluation, evaluate } from '../metrics/evaluate.ts';
import { type ProtocolName, protocolNames } from '../metrics/protocols.ts';
import type { RecognizeSettings } from '../options.ts';
import type { Reading } from '../reading.ts';
import type { CliContext } from './context.ts';
import { positiveInteger } from './engine-options.ts';
import { evaluationTable } from './evaluation-table.ts';
import { exitCodes, failureOf } from './failures.ts';
import { startProgress } from './progress.ts';
import { write } from './streams.ts';

type Layout = RecognizeSettings['layout'];

/** Reads one picture; what it rejects with or returns as an error counts as a picture in which nothing was read. */
export type ReadFunction = (
  imagePath: string,
  options: { layout: Layout; page?: number },
) => Promise<Reading | { error: { code: string; message: string } }>;

/** As much of the outside world as the command touches. */
export type EvalContext = Pick<CliContext, 'stdout' | 'stderr' | 'cwd' | 'signal'>;

interface EvalOptions {
  limit?: number;
  predictions?: string;
  save?: string;
  protocol?: ProtocolName;
  layout: Layout;
  json?: boolean;
}

const details = `
DATASETS are folders that hold labels.jsonl or the labels of another known format (ICDAR, PaddleOCR, labelme, VIA, …), or such
files themselves. docs/labels.md explains the formats, the protocols and every figure.
`;

/**
 * `placard eval`: reads data sets with `run`, or takes a file of predictions, and prints their scores. `run` is called for
 * one picture at a time, and not at all where --predictions is given.
 */
export function evalCommand(
  run: ReadFunction,
  context: EvalContext = processContext(),
  finish: (exitCode: number) => void = (exitCode) => {
    process.exitCode = exitCode;
  },
): Command {
  return new Command('eval')
    .description('Score reading on data sets with known texts')
    .argument('<datasets...>', 'folders or label files')
    .option('--limit <count>', 'only the first pictures of each data set', positiveInteger)
    .addOption(
      new Option('--predictions <file>', 'score this JSONL file instead of reading').conflicts(['save', 'layout']),
    )
    .option('--save <file>', 'write what was read as JSONL')
    .addOption(new Option('--protocol <name>', 'how to score (default: what fits the labels)').choices(protocolNames))
    .addOption(
      new Option('--layout <layout>', 'line: each picture is one line').choices(['auto', 'line']).default('auto'),
    )
    .option('--json', 'print a JSON object a data set')
    .addHelpText('after', details)
    .action(async (locations: string[], options: EvalOptions) => {
      const evaluations = await evaluateAll(locations, options, run, context);
      const text = options.json ? evaluations.map(toJson).join('') : evaluationTable(evaluations);
      await write(context.stdout, text);
      const isWhole = evaluations.every(({ figures }) => figures.err === 0 && figures.missing === 0);
      finish(isWhole ? exitCodes.ok : exitCodes.failed);
    });
}

function processContext(): EvalContext {
  const { stdout, stderr } = process;
  return { stdout, stderr, cwd: process.cwd(), signal: new AbortController().signal };
}

async function evaluateAll(
  locations: string[],
  options: EvalOptions,
  run: ReadFunction,
  context: EvalContext,
): Promise<Evaluation[]> {
  const datasets = await Promise.all(
    locations.map(async (location) => {
      const dataset = await readDataset(path.resolve(context.cwd, location));
      return { ...dataset, samples: dataset.samples.slice(0, options.limit) };
    }),
  );
  const predictions = options.predictions
    ? await readPredictions(path.resolve(context.cwd, options.predictions))
    : await predictAll(datasets, options, run, context);
  return datasets.map((dataset) => evaluate(dataset, predictions, options));
}

/** Predictions of all pictures, under absolute paths; saved one by one, so that an interrupted run leaves what it had. */
async function predictAll(
  datasets: readonly Dataset[],
  { save, layout }: EvalOptions,
  run: ReadFunction,
  { stderr, cwd, signal }: EvalContext,
): Promise<Prediction[]> {
  const saved = save === undefined ? undefined : await openToWrite(path.resolve(cwd, save));
  const total = datasets.reduce((sum, dataset) => sum + dataset.samples.length, 0);
  const progress = startProgress(stderr, total, true);
  const predictions: Prediction[] = [];
  try {
    for (const dataset of datasets) {
      for (const { image } of dataset.samples) {
        signal.throwIfAborted();
        const prediction = await predict(path.join(dataset.root, image), layout, run, signal);
        predictions.push(prediction);
        // Only several sets in one file need to be told apart by where their pictures lie.
        await saved?.write(`${writePrediction(datasets.length > 1 ? prediction : { ...prediction, image })}\n`);
        const { error } = prediction;
        if (error) progress.note(`placard: ${path.join(dataset.name, image)}: ${error.message} (${error.code})`);
        progress.advance(error !== undefined);
      }
    }
  } finally {
    progress.stop();
    await saved?.close();
  }
  return predictions;
}

/** One picture at a time, so that the times are those of a single request. */
async function predict(file: string, layout: Layout, run: ReadFunction, signal: AbortSignal): Promise<Prediction> {
  const before = process.cpuUsage();
  try {
    const result = await run(file, { layout });
    if ('error' in result) return { image: file, lines: [], error: result.error };
    const { user, system } = process.cpuUsage(before);
    return { ...toPrediction(file, result), cpu: (user + system) / 1000 };
  } catch (error) {
    signal.throwIfAborted();
    // What is no error of a picture is a defect, and no score would be worth anything.
    if (!PlacardError.is(error)) throw error;
    return { image: file, lines: [], error: failureOf(error) };
  }
}

async function openToWrite(file: string): Promise<FileHandle> {
  try {
    return await open(file, 'w');
  } catch (cause) {
    throw new PlacardError('FILE_UNREADABLE', `${file} cannot be written.`, { cause });
  }
}

/** NaN, where there is nothing to say, becomes null. */
function toJson({ set, protocol, figures }: Evaluation): string {
  return `${JSON.stringify({ set, protocol, ...figures })}\n`;
}
