import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { PassThrough, Readable, type Writable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach } from 'vitest';
import type { CliContext, CommandEngine } from '../../lib/cli/context.ts';
import { run } from '../../lib/cli/program.ts';
import type { PictureTask, SettledReading } from '../../lib/engine.ts';
import { PlacardError } from '../../lib/errors.ts';
import type { PictureInput } from '../../lib/input.ts';
import type { DetectOptions, EngineOptions, RecognizeManyOptions, RecognizeOptions } from '../../lib/options.ts';
import type { HeatMaps } from '../../lib/readers/heat-maps.ts';
import type { Quad, Reading } from '../../lib/reading.ts';

export const pictureSize = { width: 64, height: 32 } as const;

/** What the fake engine reads in a picture: one line, and how long that takes. */
export function readingOf(text: string, total = 10): Reading {
  const quad: Quad = [
    [4, 4],
    [60, 4],
    [60, 28],
    [4, 28],
  ];
  const line = {
    text,
    confidence: 0.9,
    quad,
    direction: 'ltr' as const,
    words: [{ text, confidence: 0.9, quad }],
    chars: [],
  };
  return {
    text,
    ...pictureSize,
    rotation: 0,
    lines: [line],
    blocks: [{ quad, lines: [0] }],
    timings: { queue: 0, decode: 1, detect: 4, orient: 0, rectify: 1, recognize: total - 6, order: 0, total },
    reader: 'general',
    models: { detector: 'fake-detector', recognizer: 'fake-recognizer' },
    provider: 'cpu',
    precision: 'f32',
  };
}

export interface FakeEngineSettings {
  /** Results of `recognizeMany` come last first. */
  isReversed?: boolean;
  /** Recognitions that never end, but for destroy(). */
  hangsOn?: string;
}

/**
 * An engine that takes a picture's bytes for its text: `bad…` fails to decode, `slow…` takes a while, an actual PNG
 * reads as its file's name. It remembers what was asked of it.
 */
export class FakeEngine implements CommandEngine {
  readonly options: EngineOptions;
  readonly asked: RecognizeOptions[] = [];
  readonly mapped: DetectOptions[] = [];
  mostAtOnce = 0;
  lookAhead: number | undefined;
  isClosed = false;
  destroyedFor: unknown;
  #running = 0;
  readonly #settings: FakeEngineSettings;

  constructor(options: EngineOptions, settings: FakeEngineSettings) {
    this.options = options;
    this.#settings = settings;
  }

  async recognize(input: PictureInput, options: RecognizeOptions = {}): Promise<Reading> {
    this.asked.push(options);
    options.signal?.throwIfAborted();
    this.#running += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#running);
    try {
      return await this.#read(input);
    } finally {
      this.#running -= 1;
    }
  }

  async *recognizeMany(
    pictures: Iterable<PictureInput | PictureTask> | AsyncIterable<PictureInput | PictureTask>,
    { lookAhead = 4 }: RecognizeManyOptions = {},
  ): AsyncGenerator<SettledReading> {
    this.lookAhead = lookAhead;
    const ahead: Promise<SettledReading>[] = [];
    let index = 0;
    for await (const task of pictures as AsyncIterable<PictureTask>) {
      ahead.push(this.#settle(task, index));
      index += 1;
      if (ahead.length >= lookAhead && !this.#settings.isReversed) yield ahead.shift()!;
    }
    for (const result of this.#settings.isReversed ? ahead.reverse() : ahead) yield result;
  }

  async heatMaps(_input: PictureInput, options: DetectOptions = {}): Promise<HeatMaps> {
    this.mapped.push(options);
    return { text: new Uint8Array([1, 2, 3]) };
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }

  async destroy(reason?: unknown): Promise<void> {
    this.destroyedFor = reason;
  }

  async #settle({ input, options, key }: PictureTask, index: number): Promise<SettledReading> {
    try {
      return { index, key, status: 'fulfilled', value: await this.recognize(input, options) };
    } catch (reason) {
      return { index, key, status: 'rejected', reason };
    }
  }

  async #read(input: PictureInput): Promise<Reading> {
    const bytes =
      typeof input === 'string' ? await readFile(input).catch(unreadable) : Buffer.from(input as Uint8Array);
    const isPicture = bytes.length > 4 && bytes.readUInt32BE(0) === 0x89504e47;
    const text = isPicture ? basename(typeof input === 'string' ? input : 'bytes') : bytes.toString();
    if (text === '') throw new PlacardError('EMPTY_INPUT', 'The input has no bytes.');
    if (text.startsWith('bad')) throw new PlacardError('DECODE_FAILED', 'The bytes are broken.');
    if (text.startsWith('slow')) await wait(40);
    else await wait(1);
    if (this.#settings.hangsOn !== undefined && text.startsWith(this.#settings.hangsOn)) await new Promise(() => {});
    return readingOf(text);
  }
}

function unreadable(cause: Error): never {
  throw new PlacardError('FILE_UNREADABLE', `Cannot read it: ${cause.message}`, { cause });
}

export interface RunSettings extends FakeEngineSettings {
  stdin?: string | Buffer | Readable;
  /** Whether standard output and standard error are terminals. */
  stdoutIsTerminal?: boolean;
  stderrIsTerminal?: boolean;
  /** Standard output, instead of one that takes everything. */
  stdout?: Writable;
  signal?: AbortSignal;
  context?: Partial<CliContext>;
}

export interface RunResult {
  exitCode: number;
  stdout: Buffer;
  /** Standard output as text. */
  text: string;
  stderr: string;
  /** Undefined where no engine was made. */
  engine: FakeEngine | undefined;
}

/** Runs `placard` with arguments in a folder, with a fake engine and captured streams. */
export async function placard(cwd: string, args: string[], settings: RunSettings = {}): Promise<RunResult> {
  const stdout = settings.stdout ?? new PassThrough();
  const stderr = new PassThrough();
  const [written, complained] = [collect(stdout), collect(stderr)];
  let engine: FakeEngine | undefined;
  const stdin = settings.stdin instanceof Readable ? settings.stdin : Readable.from(chunks(settings.stdin));
  const exitCode = await run(args, {
    version: '1.2.3',
    stdin,
    stdout: Object.assign(stdout, { isTTY: settings.stdoutIsTerminal ?? false }),
    stderr: Object.assign(stderr, { isTTY: settings.stderrIsTerminal ?? false }),
    env: {},
    cwd,
    signal: settings.signal ?? new AbortController().signal,
    async createEngine(options) {
      engine = new FakeEngine(options, settings);
      return engine;
    },
    models: {
      list: async () => [],
      add: async () => [],
      import: async () => [],
      run: async () => [],
      prepare: async () => [],
      verify: async () => [],
      resolveFolder: (option) => option ?? join(cwd, 'models'),
    },
    providers: { list: async () => [], add: async () => undefined, verify: async () => {} },
    synth: {
      draw: async () => {
        throw new Error('This command draws nothing.');
      },
      preview: async () => {},
      readAlphabet: async () => [],
      resolveMaterials: (option) => option ?? join(cwd, 'materials'),
      threads: () => 1,
    },
    native: {
      addon: () => ({ path: '/somewhere/placard.node', cpuLevel: 'avx2' }),
      runtime: () => ({ path: '/somewhere/libonnxruntime.so', version: '1.30.0' }),
    },
    ...settings.context,
  });
  const output = Buffer.concat(written);
  return { exitCode, stdout: output, text: output.toString(), stderr: Buffer.concat(complained).toString(), engine };
}

function collect(stream: Writable): Buffer[] {
  const chunks: Buffer[] = [];
  if (stream instanceof PassThrough) stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return chunks;
}

function chunks(input: string | Buffer | undefined): Buffer[] {
  return input === undefined || input.length === 0 ? [] : [Buffer.from(input)];
}

const folders: string[] = [];

afterEach(async () => {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
});

/** A folder with files, removed after the test. */
export async function folderWith(files: Record<string, string | Buffer>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'placard-cli-'));
  folders.push(folder);
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return folder;
}
