import { existsSync } from 'node:fs';
import { PlacardError } from './errors.ts';
import { boxQuad } from './geometry/quad.ts';
import { type ModelPair, resolveModels } from './models/catalog.ts';
import { resolveModelsFolder } from './models/folder.ts';
import { type Detector, loadModel, type Recognizer } from './models/loaded.ts';
import type { PrepareOptions } from './models/prepared.ts';
import { type Context, native } from './native.ts';
import type { EngineSettings } from './options.ts';
import { runtimeLibraryCandidates } from './package-files.ts';
import { chooseProvider } from './providers/choose.ts';
import type { ChosenProvider } from './providers/provider.ts';
import { recognizeCtc } from './stages/recognize-ctc.ts';

/** An engine's networks, and what runs them. */
export interface Networks {
  detector: Detector;
  recognizer: Recognizer;
  provider: ChosenProvider;
  /** `mixed` where only one of them computes in bf16. */
  precision: 'f32' | 'bf16' | 'mixed';
}

/** Finds the models, chooses the provider and loads both networks; none stays loaded where one fails. */
export async function openNetworks(settings: EngineSettings, threads: number, context: Context): Promise<Networks> {
  const modelsFolder = resolveModelsFolder(settings.modelsFolder);
  const contracts = await resolveModels(settings.models, modelsFolder);
  const runtime = findRuntime(settings.runtimeLibrary);
  const wish = {
    provider: settings.provider,
    precision: settings.precision,
    modelsFolder,
    runtime,
    context,
    hasBf16: native().state().bf16,
    models: [contracts.detector, contracts.recognizer],
  };
  const load = { modelsFolder, runtime, context, prepare: settings.prepare };
  const provider = await chooseProvider(wish);
  try {
    return await loadBoth(contracts, { ...load, provider }, settings, threads);
  } catch (error) {
    const mayFallBack = settings.provider === 'auto' && settings.precision !== 'bf16' && provider.name !== 'cpu';
    if (!mayFallBack || !isOfProvider(error)) throw error;
    // Models of others may have what a provider lacks.
    const cpu = await chooseProvider({ ...wish, provider: 'cpu' });
    const notes = [`${provider.name} does not run these models: ${error.message}`];
    return loadBoth(contracts, { ...load, provider: { ...cpu, notes } }, settings, threads);
  }
}

function isOfProvider(error: unknown): error is PlacardError {
  const codes = ['ERR_PLACARD_MODEL_INVALID', 'ERR_PLACARD_RUNTIME_FAILED', 'ERR_PLACARD_PROVIDER_UNAVAILABLE'];
  return PlacardError.is(error) && codes.includes(error.code);
}

async function loadBoth(
  contracts: ModelPair,
  load: PrepareOptions & { provider: ChosenProvider },
  settings: EngineSettings,
  threads: number,
): Promise<Networks> {
  const { provider } = load;
  const shapeBytes = provider.name === 'openvino' && settings.memory !== 'low' ? detectorShapeBytes : 0;
  const [found, read] = await Promise.allSettled([
    loadModel(contracts.detector, { ...load, ...detectorThreads(settings, threads), shapeBytes }),
    loadModel(contracts.recognizer, { ...load, ...recognizerThreads(threads, provider) }),
  ]);
  if (found.status === 'fulfilled' && read.status === 'fulfilled') {
    const [detector, recognizer] = [found.value, read.value];
    const precision = detector.precision === recognizer.precision ? detector.precision : 'mixed';
    return { detector, recognizer, provider, precision };
  }
  if (found.status === 'fulfilled') found.value.network.dispose();
  if (read.status === 'fulfilled') read.value.network.dispose();
  throw found.status === 'rejected' ? found.reason : (read as PromiseRejectedResult).reason;
}

/** Room for one session of a whole page's shape, or two of half of it. */
const detectorShapeBytes = 160e6;

/** A provider that prepares for runs at a time keeps some 50 MB for each. */
const mostLinesAtOnce = 8;

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

/** Lines are many and share the threads one each, as far as there are not more threads than a provider has room for. */
function recognizerThreads(threads: number, { name }: ChosenProvider): ThreadShare {
  if (name === 'cpu') return { threads: 1, runs: threads };
  const runs = Math.min(threads, mostLinesAtOnce);
  return { threads: Math.floor(threads / runs), runs };
}

/**
 * Reads empty lines of every usual width, so that a provider that prepares itself for each has done so.
 */
export async function warmWidths({ recognizer }: Networks, threads: number, context: Context): Promise<void> {
  const { network, contract } = recognizer;
  const exact = Array.from({ length: mostWarmColumns / leastWarmColumns }, (_, i) => (i + 1) * leastWarmColumns);
  const widths = [...new Set(exact.map((columns) => network.columns(columns)))];
  const { height } = contract.input;
  const data = new Uint8Array(mostWarmColumns * height);
  const image = await native().imageFromPixels(context, { data, width: mostWarmColumns, height, channels: 1 });
  try {
    const lines = widths.map((right) => ({ image, quad: boxQuad({ left: 0, top: 0, right, bottom: height }) }));
    // Each of the runs that may go on at a time prepares itself.
    const rounds = Array.from({ length: threads }, () => lines).flat();
    await recognizeCtc(rounds, recognizer, {}, context);
  } finally {
    image.dispose();
  }
}

/** Columns of the widest line that is prepared for, some 80 characters long, and of the narrowest. */
const mostWarmColumns = 1280;
const leastWarmColumns = 8;

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
