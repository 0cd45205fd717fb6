import type { Readable, Writable } from 'node:stream';
import type { Engine } from '../engine.ts';
import type { addModel } from '../models/add.ts';
import type { listModels, verifyModel } from '../models/catalog.ts';
import type { resolveModelsFolder } from '../models/folder.ts';
import type { importModel } from '../models/import.ts';
import type { PreparedModel, PrepareModelsOptions } from '../models/prepare-models.ts';
import type { Trial } from '../models/trial.ts';
import type { EngineOptions, RecognizeOptions } from '../options.ts';
import type { addProvider } from '../providers/add.ts';
import type { ProviderEntry } from '../providers/list.ts';
import type { resolveMaterialsFolder } from '../synth/materials-folder.ts';
import type { previewSynthesis, synthesize } from '../synth/run.ts';

/** A stream to write to that may be a terminal. */
export type OutputStream = Writable & { isTTY?: boolean; columns?: number };

export type Layout = NonNullable<RecognizeOptions['layout']>;

/** As much of the engine as the commands use. */
export type CommandEngine = Pick<Engine, 'recognize' | 'recognizeMany' | 'heatMaps' | 'close' | 'destroy'>;

/** The models that there are, as lib/models has them. */
export interface ModelCatalog {
  list: typeof listModels;
  add: typeof addModel;
  import: typeof importModel;
  verify: typeof verifyModel;
  /** Loads and runs the networks of a model or bundle, with the runtime library that an engine would take. */
  run(id: string, modelsFolder: string): Promise<Trial[]>;
  /** With the runtime library that an engine would take. */
  prepare(id: string, options: Omit<PrepareModelsOptions, 'runtime' | 'providers'>): Promise<PreparedModel[]>;
  /** The folder that an option's value, or its absence, stands for. */
  resolveFolder: typeof resolveModelsFolder;
}

/** What computes networks, as lib/providers has it. */
export interface ProviderCatalog {
  list(modelsFolder: string): Promise<ProviderEntry[]>;
  add: typeof addProvider;
  /** Throws PROVIDER_UNAVAILABLE, saying what is wrong. */
  verify(name: string, modelsFolder: string): Promise<void>;
}

/** Drawing, as lib/synth has it; the library that it draws with is loaded when something is drawn. */
export interface Synthesis {
  draw: typeof synthesize;
  preview: typeof previewSynthesis;
  /** Characters of an alphabet file. */
  readAlphabet(file: string): Promise<string[]>;
  /** The folder that an option's value, or its absence, stands for. */
  resolveMaterials: typeof resolveMaterialsFolder;
  /** Threads to draw with where nothing is said. */
  threads(): number;
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
  providers: ProviderCatalog;
  synth: Synthesis;
  native: NativeFacts;
}
