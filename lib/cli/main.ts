#!/usr/bin/env node
import { PlacardError } from '../errors.ts';
import { addModel } from '../models/add.ts';
import { readAlphabetFile } from '../models/alphabet.ts';
import { listModels, verifyModel } from '../models/catalog.ts';
import { resolveModelsFolder } from '../models/folder.ts';
import { importModel } from '../models/import.ts';
import { prepareModels } from '../models/prepare-models.ts';
import { tryModels } from '../models/trial.ts';
import { addonPath, native } from '../native.ts';
import { findRuntime } from '../networks.ts';
import { usableThreads } from '../options.ts';
import { packageVersion } from '../package-files.ts';
import { addProvider } from '../providers/add.ts';
import { releaseOf } from '../providers/installed.ts';
import { listProviders } from '../providers/list.ts';
import { type VerifyOptions, verifyProvider } from '../providers/verify.ts';
import { resolveMaterialsFolder } from '../synth/materials-folder.ts';
import type { CliContext } from './context.ts';
import { Interruption } from './failures.ts';
import { run } from './program.ts';

const stop = new AbortController();
// Once each: a second Ctrl-C ends the process at once, as it does by default.
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort(new Interruption(name)));

const listed = (modelsFolder: string) =>
  listProviders({ modelsFolder, runtime: findRuntime(undefined), hasBf16: native().state().bf16 });

const context: CliContext = {
  version: packageVersion(),
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  signal: stop.signal,
  createEngine: async (options) => (await import('../engine.ts')).createEngine(options),
  models: {
    list: listModels,
    add: addModel,
    import: importModel,
    verify: verifyModel,
    run: (id, modelsFolder) => tryModels(id, { modelsFolder, runtime: findRuntime(undefined) }),
    async prepare(id, options) {
      const entries = await listed(options.modelsFolder);
      const providers = entries.filter(({ path }) => path).map(({ name }) => name);
      return prepareModels(id, { ...options, providers, runtime: findRuntime(undefined) });
    },
    resolveFolder: resolveModelsFolder,
  },
  providers: {
    list: listed,
    add: addProvider,
    verify: (name, modelsFolder) => verifyProvider(releaseOf(name), verifyOptions(modelsFolder)),
  },
  synth: {
    draw: async (...args) => (await loadSynthesis()).synthesize(...args),
    preview: async (...args) => (await loadSynthesis()).previewSynthesis(...args),
    readAlphabet: readAlphabetFile,
    resolveMaterials: resolveMaterialsFolder,
    threads: usableThreads,
  },
  native: {
    addon() {
      const { cpuLevel } = native().state();
      return { path: addonPath!, cpuLevel };
    },
    runtime: () => native().runtimeLibrary(),
  },
};

/** What draws is no dependency of those who only read. */
async function loadSynthesis() {
  try {
    return await import('../synth/run.ts');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw cause;
    const message = 'Drawing needs @napi-rs/canvas and fontkit: npm install @napi-rs/canvas fontkit.';
    throw new PlacardError('MATERIALS_MISSING', message, { cause });
  }
}

function verifyOptions(modelsFolder: string): VerifyOptions {
  const { Lane, CancelToken } = native();
  return {
    modelsFolder,
    runtime: findRuntime(undefined),
    context: { lane: new Lane(1), cancel: new CancelToken(), priority: 0 },
  };
}

const exitCode = await run(process.argv.slice(2), context);
process.exitCode = exitCode;
// What was interrupted may still hold the event loop: a terminal that is read, work that is being stopped.
if (stop.signal.aborted) process.exit(exitCode);
