import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { PlacardError } from '../errors.ts';
import { type EngineOptions, parseEngineOptions, parseRecognizeOptions, type RecognizeOptions } from '../options.ts';

/** The options of every command that creates an engine. */
export interface EngineOptionValues {
  model?: string;
  detector?: string;
  recognizer?: string;
  threads?: number;
  modelsFolder?: string;
  provider?: EngineOptions['provider'];
  precision?: EngineOptions['precision'];
}

/** How to read, for commands that score it as well. */
export interface ReaderOptionValues {
  reader?: RecognizeOptions['reader'];
  granularity?: RecognizeOptions['granularity'];
  textThreshold?: number;
  lowText?: number;
  linkThreshold?: number;
  canvasSize?: number;
  magRatio?: number;
  beam?: number;
  words?: string;
  wordsOnly?: boolean;
}

/** The options of every command that reads pictures. */
export interface ReadOptionValues extends ReaderOptionValues {
  layout?: RecognizeOptions['layout'];
  effort?: RecognizeOptions['effort'];
  page?: number;
  minConfidence?: number;
  mode?: EngineOptions['mode'];
}

export function addEngineOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--model <bundle>', 'detector and recognizer to read with (default: pp-ocrv4)').conflicts([
        'detector',
        'recognizer',
      ]),
    )
    .option('--detector <id>', 'model that finds the text (default: that of pp-ocrv4)')
    .option('--recognizer <id>', 'model that reads it (default: that of pp-ocrv4)')
    .option('--threads <count>', 'threads to use (default: the CPUs that this process may use)', positiveInteger)
    .addOption(modelsFolderOption())
    .option('--provider <name>', 'what computes the networks: auto (default), cpu, openvino')
    .option('--precision <name>', 'of the numbers inside the networks: auto (default), f32, bf16');
}

export function modelsFolderOption(): Option {
  return new Option(
    '--models-folder <folder>',
    'where added models are (default: $PLACARD_MODELS, else the XDG data folder)',
  );
}

/** How to read, for commands that score it as well. */
export function addReaderOptions(command: Command): Command {
  return command
    .option('--reader <name>', 'how to read: general (default), scene')
    .addOption(
      new Option('--granularity <what>', 'of the lines of reader scene (default: word)').choices(['word', 'line']),
    )
    .option('--text-threshold <score>', 'CRAFT: region score that a word needs somewhere (default: 0.7)', share)
    .option('--low-text <score>', 'CRAFT: region score of text (default: 0.4)', share)
    .option('--link-threshold <score>', 'CRAFT: affinity that links characters (default: 0.4)', share)
    .option('--canvas-size <pixels>', 'CRAFT: longer side at most (default: the model’s, or 1280)', positiveInteger)
    .option('--mag-ratio <times>', 'CRAFT: how many times pictures are enlarged (default: 1.5)', positiveNumber)
    .option('--beam <width>', 'readings to follow at a time; 0 takes the best path', wholeNumber)
    .option('--words <file>', 'words that are likely, one a line')
    .option('--words-only', 'read nothing but the words of --words');
}

export function addReadOptions(command: Command): Command {
  return addReaderOptions(command)
    .addOption(new Option('--layout <layout>', 'line: each picture is one line of text').choices(['auto', 'line']))
    .addOption(
      new Option('--effort <effort>', 'fast: look once, at fewer pixels (default: thorough)').choices([
        'thorough',
        'fast',
      ]),
    )
    .option('--page <number>', 'page of pictures that have several, from 1', positiveInteger)
    .option('--min-confidence <share>', 'leave out lines of less confidence, 0 to 1', share)
    .addOption(
      new Option('--mode <mode>', 'latency: one picture at a time on all threads; throughput: several at once').choices(
        ['latency', 'throughput'],
      ),
    );
}

/** @throws PlacardError INVALID_ARGUMENT for values that the engine has not */
export function engineOptions(values: EngineOptionValues, mode: EngineOptions['mode']): EngineOptions {
  const { model, detector, recognizer, threads, modelsFolder, provider, precision } = values;
  const models = detector !== undefined || recognizer !== undefined ? defined({ detector, recognizer }) : model;
  const options = defined({ models, threads, modelsFolder, provider, precision, mode });
  parseEngineOptions(options);
  return options;
}

/** @throws PlacardError INVALID_ARGUMENT for values that the engine has not; FILE_UNREADABLE for a word list */
export function recognizeOptions(values: ReadOptionValues, cwd: string): RecognizeOptions {
  const { reader, granularity, layout, effort, page, minConfidence } = values;
  const { textThreshold, lowText, linkThreshold, canvasSize, magRatio } = values;
  const detection = defined({ textThreshold, lowText, linkThreshold, canvasSize, magRatio });
  const options = defined({
    reader,
    granularity,
    layout,
    effort,
    page: page === undefined ? undefined : page - 1,
    minConfidence,
    beam: values.beam,
    words: values.words === undefined ? undefined : readWords(resolve(cwd, values.words)),
    wordsOnly: values.wordsOnly,
    detection: Object.keys(detection).length > 0 ? detection : undefined,
  });
  parseRecognizeOptions(options);
  return options;
}

function readWords(path: string): string[] {
  try {
    const lines = readFileSync(path, 'utf8').split('\n');
    return lines.map((line) => line.trim()).filter((line) => line !== '');
  } catch (cause) {
    throw new PlacardError('FILE_UNREADABLE', `Cannot read ${path}: ${(cause as Error).message}`, { cause });
  }
}

export function positiveInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('Expected a positive integer.');
  return value;
}

export function wholeNumber(text: string): number {
  return text === '0' ? 0 : positiveInteger(text);
}

function positiveNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value > 0)) throw new InvalidArgumentError('Expected a number above 0.');
  return value;
}

function share(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 1))
    throw new InvalidArgumentError('Expected a number from 0 to 1.');
  return value;
}

/** What was given alone, so that the engine's defaults hold for the rest. */
function defined<T extends object>(values: T): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
}
