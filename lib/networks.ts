import { existsSync } from 'node:fs';
import { PlacardError } from './errors.ts';
import { resolveModels } from './models/catalog.ts';
import { resolveModelsFolder } from './models/folder.ts';
import { type Detector, loadModel, type Recognizer } from './models/loaded.ts';
import { type Context, native } from './native.ts';
import type { EngineSettings } from './options.ts';
import { runtimeLibraryCandidates } from './package-files.ts';
import { chooseProvider } from './providers/choose.ts';
import type { ChosenProvider } from './providers/provider.ts';

/** An engine's networks, and what runs them. */
export interface Networks {
  detector: Detector;
  recognizer: Recognizer;
  provider: ChosenProvider;
}

/** Finds the models, chooses the provider and loads both networks; none stays loaded where one fails. */
export async function openNetworks(settings: EngineSettings, threads: number, context: Context): Promise<Networks> {
  const modelsFolder = resolveModelsFolder(settings.modelsFolder);
  const contracts = await resolveModels(settings.models, modelsFolder);
  const runtime = findRuntime(settings.runtimeLibrary);
  const provider = await chooseProvider({
    provider: settings.provider,
    precision: settings.precision,
    modelsFolder,
    hasBf16: native().state().bf16,
    models: [contracts.detector, contracts.recognizer],
  });
  const load = { modelsFolder, runtime, context, provider, prepare: settings.prepare };
  const [found, read] = await Promise.allSettled([
    loadModel(contracts.detector, { ...load, ...detectorThreads(settings, threads), shapeBytes: Number(process.env.PX_BYTES ?? 0) }),
    loadModel(contracts.recognizer, { ...load, ...recognizerThreads(threads) }),
  ]);
  if (found.status === 'fulfilled' && read.status === 'fulfilled') {
    return { detector: found.value, recognizer: read.value, provider };
  }
  if (found.status === 'fulfilled') found.value.network.dispose();
  if (read.status === 'fulfilled') read.value.network.dispose();
  throw found.status === 'rejected' ? found.reason : (read as PromiseRejectedResult).reason;
}

interface ThreadShare {
  /** Inside one run. */
  threads: number;
  /** At a time. */
  runs: number;
}

/** The detector runs once a picture: it may use all threads, unless as many pictures are read at a time. */
function detectorThreads({ mode }: EngineSettings, threads: number): ThreadShare {
  return mode === 'latency' ? { threads, runs: 1 } : { threads: 1, runs: threads };
}

/** Lines are many and share the threads one each. */
function recognizerThreads(threads: number): ThreadShare {
  const r = Number(process.env.PX_RUNS ?? threads);
  return { threads: threads / r, runs: r };
}

/** The ONNX Runtime library to use. Throws RUNTIME_NOT_FOUND, saying where it looked. */
export function findRuntime(option: string | undefined): string {
  const candidates = option ? [option] : runtimeLibraryCandidates();
  const found = candidates.find((path) => existsSync(path));
  if (found) return found;
  throw new PlacardError(
    'RUNTIME_NOT_FOUND',
    `Found no ONNX Runtime library; looked at:\n  ${candidates.join('\n  ')}\nGive one by options.runtimeLibrary or PLACARD_ONNXRUNTIME.`,
  );
}
