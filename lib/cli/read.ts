import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import type { PictureTask } from '../engine.ts';
import { PlacardError } from '../errors.ts';
import type { RecognizeOptions } from '../options.ts';
import type { PageFailure } from '../output/document.ts';
import { type FormatName, formats } from '../output/formats.ts';
import type { Reading } from '../reading.ts';
import type { CliContext, CommandEngine } from './context.ts';
import {
  addEngineOptions,
  addReadOptions,
  type EngineOptionValues,
  engineOptions,
  type ReadOptionValues,
  recognizeOptions,
} from './engine-options.ts';
import { exitCodes, failureOf, OutputLost } from './failures.ts';
import { expandInputs, type NamedPicture, namesSeveral } from './inputs.ts';
import { type Destination, folderDestination, streamDestination, withHeatMaps } from './outputs.ts';
import { counted, duration, type Progress, startProgress } from './progress.ts';
import { rejectOnAbort, untilAborted } from './streams.ts';

interface ReadCommandValues extends EngineOptionValues, ReadOptionValues {
  format: FormatName;
  out?: string;
  maps?: string;
  quiet?: boolean;
}

const details = `
FILES are pictures, folders (with all pictures below them), patterns in quotes ('scans/**/*.jpg') and - for standard
input. Pictures that cannot be read are named on standard error, the others go on, and placard exits with 1.

Formats:
${Object.entries(formats)
  .map(([name, { summary }]) => `  ${name.padEnd(8)} ${summary}`)
  .join('\n')}

On standard output several pictures make one document, in the order in which they were named: text has a heading over
each, json is an array (an object for a single named picture), tsv, hocr, alto and pdf have a page for each. An overlay
holds one picture. With --out each picture gets a file of its own.
`;

/** `placard read`: pictures in, what stands in them out. */
export function registerRead(program: Command, context: CliContext, finish: (exitCode: number) => void): void {
  const command = program
    .command('read')
    .description('Read the text in pictures')
    .argument('<files...>', 'pictures, folders, patterns, or - for standard input')
    .addOption(new Option('-f, --format <format>', 'what to write').choices(Object.keys(formats)).default('text'))
    .option('-o, --out <folder>', 'write a file for each picture to this folder')
    .option('--maps <folder>', "write the detector's heat maps of each picture to this folder, as PNG")
    .option('-q, --quiet', 'no progress and no summary on standard error');
  addReadOptions(addEngineOptions(command))
    .addHelpText('after', details)
    .action(async (files: string[], values: ReadCommandValues) => finish(await read(files, values, context)));
}

async function read(operands: string[], values: ReadCommandValues, context: CliContext): Promise<number> {
  const { signal, stdout, stderr } = context;
  const started = performance.now();
  const choices = recognizeOptions(values, context.cwd);
  const inputs = await expandInputs(operands, context);
  const mode = values.mode ?? (inputs.length > 1 ? 'throughput' : 'latency');
  const settings = engineOptions(values, mode);
  const readings = await openDestination(operands, inputs, values, context);
  const isEngineNeeded = inputs.some((input) => !('error' in input));
  const engine = isEngineNeeded ? await rejectOnAbort(context.createEngine(settings), signal) : undefined;
  const { detection, page } = choices;
  const destination =
    values.maps !== undefined && engine
      ? await withHeatMaps(readings, resolve(context.cwd, values.maps), inputs, engine, { ...detection, page, signal })
      : readings;
  // A bar would be drawn through text that goes to the same terminal.
  const isShown = !values.quiet && (values.out !== undefined || !stdout.isTTY);
  const run = new ReadRun(inputs, destination, startProgress(stderr, inputs.length, isShown));
  const close = (isCut: boolean) => {
    run.stop();
    if (!values.quiet) stderr.write(`${run.summary(performance.now() - started)}\n`);
    return destination.end(isCut);
  };
  try {
    // One picture at a time has the engine to itself: its times are those of a single request.
    await run.all(engine, choices, { ...(mode === 'latency' ? { lookAhead: 1 } : {}), signal });
    await close(false);
    await engine?.close();
  } catch (error) {
    // Shutting down must neither hold a person up nor hide why it happens.
    Promise.resolve(engine?.destroy(error)).catch(() => {});
    if (error instanceof OutputLost) run.stop();
    else await close(true).catch(() => {});
    throw error;
  }
  return run.failures > 0 ? exitCodes.failed : exitCodes.ok;
}

async function openDestination(
  operands: string[],
  inputs: NamedPicture[],
  { format: name, out, page }: ReadCommandValues,
  { stdout, cwd, version }: CliContext,
): Promise<Destination> {
  const format = formats[name];
  const options = { generator: `placard ${version}`, imagePage: page === undefined ? undefined : page - 1 };
  if (out !== undefined) return folderDestination(resolve(cwd, out), inputs, format, options);
  return streamDestination(stdout, name, format, await namesSeveral(operands, cwd), options);
}

/** What became of a picture that the engine was given. */
type Outcome = { reading: Reading } | { reason: unknown };

/** The state of one run over all pictures: results are put back into the order of the inputs. */
class ReadRun {
  failures = 0;
  #done = 0;
  readonly #inputs: NamedPicture[];
  readonly #destination: Destination;
  readonly #progress: Progress;
  readonly #outcomes = new Map<number, Outcome>();

  constructor(inputs: NamedPicture[], destination: Destination, progress: Progress) {
    this.#inputs = inputs;
    this.#destination = destination;
    this.#progress = progress;
  }

  async all(
    engine: CommandEngine | undefined,
    choices: RecognizeOptions,
    options: { lookAhead?: number; signal: AbortSignal },
  ): Promise<void> {
    const { signal } = options;
    await this.#settle();
    if (engine) {
      const results = engine.recognizeMany(this.#items(choices), options);
      for await (const result of untilAborted(results, signal)) {
        signal.throwIfAborted();
        const outcome = result.status === 'fulfilled' ? { reading: result.value } : { reason: result.reason };
        this.#outcomes.set(result.key as number, outcome);
        await this.#settle();
      }
    }
    signal.throwIfAborted();
    await this.#settle();
    const missing = this.#inputs[this.#done];
    if (missing) throw new PlacardError('INTERNAL', `The engine gave no result for ${missing.name}.`);
  }

  stop(): void {
    this.#progress.stop();
  }

  summary(milliseconds: number): string {
    const rate = this.#done > 1 ? ` (${((1000 * this.#done) / milliseconds).toFixed(1)} a second)` : '';
    const left = this.#inputs.length - this.#done;
    const parts = [
      counted(this.#done, 'picture'),
      ...(this.failures > 0 ? [`${this.failures} failed`] : []),
      ...(left > 0 ? [`${left} not read`] : []),
    ];
    return `${parts.join(', ')} in ${duration(milliseconds)}${rate}`;
  }

  async *#items(options: RecognizeOptions): AsyncGenerator<PictureTask> {
    for (const [key, found] of this.#inputs.entries()) {
      if ('error' in found) continue;
      const input = found.path ?? (await found.bytes().catch((reason: unknown) => ({ reason })));
      if (typeof input === 'object' && 'reason' in input) this.#outcomes.set(key, input);
      else yield { input, options, key };
    }
  }

  /** Writes what is next in order, as far as it is there. */
  async #settle(): Promise<void> {
    for (let input = this.#inputs[this.#done]; input; input = this.#inputs[this.#done]) {
      const position = this.#done;
      const outcome = 'error' in input ? { reason: input.error } : this.#outcomes.get(position);
      if (!outcome) return;
      this.#outcomes.delete(position);
      const failure = await this.#write(input, position, outcome);
      if (failure) await this.#fail({ name: input.name, ...failure });
      this.#done += 1;
      this.#progress.advance(failure !== undefined);
    }
  }

  /** Resolves with what went wrong with this one picture. */
  async #write(input: NamedPicture, position: number, outcome: Outcome) {
    if ('reason' in outcome || 'error' in input) return failureOf('reason' in outcome ? outcome.reason : undefined);
    try {
      await this.#destination.add(input, position, outcome.reading);
    } catch (error) {
      if (error instanceof OutputLost) throw error;
      return failureOf(error);
    }
  }

  async #fail(failure: PageFailure): Promise<void> {
    this.failures += 1;
    this.#progress.note(`placard: ${failure.name}: ${failure.message} (${failure.code})`);
    await this.#destination.addFailure(failure);
  }
}
