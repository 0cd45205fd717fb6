import { type Command, InvalidArgumentError, Option } from 'commander';
import { type EngineOptions, parseEngineOptions, parseRecognizeOptions, type RecognizeOptions } from '../options.ts';

/** The options of every command that creates an engine. */
export interface EngineOptionValues {
  model?: EngineOptions['models'];
  threads?: number;
  modelsFolder?: string;
  provider?: EngineOptions['provider'];
  precision?: EngineOptions['precision'];
}

/** The options of every command that reads pictures. */
export interface ReadOptionValues {
  reader?: RecognizeOptions['reader'];
  layout?: RecognizeOptions['layout'];
  effort?: RecognizeOptions['effort'];
  page?: number;
  minConfidence?: number;
  mode?: EngineOptions['mode'];
}

export function addEngineOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--model <bundle>',
        'models to read with: a bundle, or a detector and a recognizer with a comma',
      ).argParser(modelNames),
    )
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

export function addReadOptions(command: Command): Command {
  return command
    .option('--reader <name>', 'how to read (default: general)')
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
  const { model: models, threads, modelsFolder, provider, precision } = values;
  const options = defined({ models, threads, modelsFolder, provider, precision, mode });
  parseEngineOptions(options);
  return options;
}

/** @throws PlacardError INVALID_ARGUMENT for values that the engine has not */
export function recognizeOptions({ reader, layout, effort, page, minConfidence }: ReadOptionValues): RecognizeOptions {
  const options = defined({ reader, layout, effort, page: page === undefined ? undefined : page - 1, minConfidence });
  parseRecognizeOptions(options);
  return options;
}

export function positiveInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('Expected a positive integer.');
  return value;
}

export function wholeNumber(text: string): number {
  return text === '0' ? 0 : positiveInteger(text);
}

function share(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 1))
    throw new InvalidArgumentError('Expected a number from 0 to 1.');
  return value;
}

function modelNames(text: string): EngineOptions['models'] {
  const names = text.split(',');
  if (names.some((name) => name.trim() === '') || names.length > 2) {
    throw new InvalidArgumentError('Expected BUNDLE or DETECTOR,RECOGNIZER.');
  }
  const [first, second] = names as [string, string?];
  return second === undefined ? first : { detector: first, recognizer: second };
}

/** What was given alone, so that the engine's defaults hold for the rest. */
function defined<T extends object>(values: T): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
}
