import { PlacardError } from '../errors.ts';
import type { Precision } from '../native.ts';
import { installedState, libraryOf, platformProblem, releaseFolder, releaseOf, releases } from './installed.ts';
import type { ChosenProvider, PluginRelease, ProviderName } from './provider.ts';
import { ensureVerified, type VerifyOptions } from './verify.ts';

/** A model, as far as the choice depends on it. */
export interface ModelPrecisions {
  id: string;
  /** Precisions that were measured to hold its accuracy, with the figure. */
  precisions?: Partial<Record<string, string>>;
}

export interface Wish extends VerifyOptions {
  provider: 'auto' | ProviderName;
  precision: 'auto' | Precision;
  /** Whether the processor multiplies bfloat16 numbers itself. */
  hasBf16: boolean;
  models: readonly ModelPrecisions[];
}

/**
 * What an engine is to run on: the provider that was asked for, or for `auto` the fastest that was added and computes right,
 * else `cpu`. Throws PROVIDER_UNAVAILABLE where what was asked for cannot run, saying why and what to do.
 */
export async function chooseProvider(wish: Wish): Promise<ChosenProvider> {
  if (wish.provider === 'cpu') return chooseCpu(wish);
  if (wish.provider !== 'auto') return choosePlugin(releaseOf(wish.provider), wish);
  const notes: string[] = [];
  for (const release of releases) {
    const state = platformProblem(release) ? 'none' : await installedState(release, wish.modelsFolder);
    if (state === 'none') continue;
    try {
      return await choosePlugin(release, wish);
    } catch (error) {
      if (!isUnavailable(error) || wish.precision === 'bf16') throw error;
      notes.push(error.message);
      warnOnce(`placard runs on ONNX Runtime alone, more slowly than it could: ${error.message}`);
    }
  }
  return { ...chooseCpu(wish), notes };
}

function chooseCpu({ precision }: Wish): ChosenProvider {
  if (precision !== 'bf16') return { name: 'cpu', precision: 'f32', notes: [] };
  throw unavailable(
    'The provider cpu computes in f32 alone. On processors that have bf16 the provider openvino computes in it: add that with "placard providers add openvino".',
  );
}

async function choosePlugin(release: PluginRelease, wish: Wish): Promise<ChosenProvider> {
  const problem = platformProblem(release);
  if (problem) throw unavailable(problem);
  const state = await installedState(release, wish.modelsFolder);
  const folder = releaseFolder(release, wish.modelsFolder);
  const add = `with "placard providers add ${release.name}"`;
  if (state === 'none') throw unavailable(`${release.title} is not in ${folder}. Add it ${add}.`);
  if (state === 'broken') {
    throw unavailable(`Files of ${release.title} in ${folder} are missing or cut short. Add it again ${add}.`);
  }
  const precision = choosePrecision(wish);
  await ensureVerified(release, wish);
  return { name: release.name, precision, library: libraryOf(release, wish.modelsFolder), notes: [] };
}

/** The fastest precision that was asked for, that the processor has, and that any of the models was measured to hold. */
export function choosePrecision({
  precision,
  hasBf16,
  models,
}: Pick<Wish, 'precision' | 'hasBf16' | 'models'>): Precision {
  const unmeasured = models.filter(({ precisions }) => precisions?.bf16 === undefined).map(({ id }) => id);
  if (precision === 'auto') return hasBf16 && unmeasured.length < models.length ? 'bf16' : 'f32';
  if (precision === 'bf16' && !hasBf16) {
    throw unavailable(
      'This processor has no bf16 (neither AVX-512 BF16 nor AMX), and would compute more slowly in it. Use the precision auto or f32.',
    );
  }
  if (precision === 'bf16' && unmeasured.length > 0) {
    throw unavailable(`The contract of ${unmeasured.join(' and of ')} names no bf16. Use the precision auto or f32.`);
  }
  return precision;
}

function unavailable(message: string): PlacardError {
  return new PlacardError('PROVIDER_UNAVAILABLE', message);
}

function isUnavailable(error: unknown): error is PlacardError {
  return PlacardError.is(error) && error.code === 'ERR_PLACARD_PROVIDER_UNAVAILABLE';
}

const warned = new Set<string>();

function warnOnce(message: string): void {
  if (warned.has(message)) return;
  warned.add(message);
  process.emitWarning(message, { type: 'PlacardWarning', code: 'PLACARD_PROVIDER' });
}
