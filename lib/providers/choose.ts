import { PlacardError } from '../errors.ts';
import { installedState, libraryOf, platformProblem, releaseFolder, releaseOf } from './installed.ts';
import type { ChosenProvider, PluginRelease, Precision, ProviderName } from './provider.ts';

/** A model, as far as the choice depends on it. */
export interface ModelPrecisions {
  id: string;
  /** Precisions that were measured to hold its accuracy, with the figure. */
  precisions?: Partial<Record<string, string>>;
}

export interface Wish {
  provider: 'auto' | ProviderName;
  precision: 'auto' | Precision;
  modelsFolder: string;
  /** Whether the processor multiplies bfloat16 numbers itself. */
  hasBf16: boolean;
  models: readonly ModelPrecisions[];
}

/**
 * What an engine is to run on. Throws PROVIDER_UNAVAILABLE where the one that was asked for cannot run, saying why and what
 * to do.
 */
export async function chooseProvider(wish: Wish): Promise<ChosenProvider> {
  if (wish.provider === 'openvino') return choosePlugin(releaseOf(wish.provider), wish);
  if (wish.precision === 'bf16') {
    const remedy = 'The provider openvino computes in bf16 on processors that can: "placard providers add openvino".';
    throw unavailable(`The provider cpu computes in f32 alone. ${remedy}`);
  }
  return { name: 'cpu', precision: 'f32', notes: [] };
}

async function choosePlugin(release: PluginRelease, wish: Wish): Promise<ChosenProvider> {
  const problem = platformProblem(release);
  if (problem) throw unavailable(problem);
  const state = await installedState(release, wish.modelsFolder);
  const folder = releaseFolder(release, wish.modelsFolder);
  const add = `"placard providers add ${release.name}"`;
  if (state === 'none') throw unavailable(`${release.title} is not in ${folder}. Add it with ${add}.`);
  if (state === 'broken')
    throw unavailable(`Files of ${release.title} in ${folder} are missing or cut short. Add it again with ${add}.`);
  return {
    name: release.name,
    precision: choosePrecision(wish),
    library: libraryOf(release, wish.modelsFolder),
    notes: [],
  };
}

/** The fastest precision that was asked for, that the processor has, and that the models were measured to hold. */
function choosePrecision({ precision, hasBf16, models }: Wish): Precision {
  const unmeasured = models.filter(({ precisions }) => precisions?.bf16 === undefined).map(({ id }) => id);
  if (precision === 'auto') return hasBf16 && unmeasured.length === 0 ? 'bf16' : 'f32';
  if (precision === 'bf16' && !hasBf16) {
    throw unavailable(
      'This processor does not compute in bf16 (no AVX-512 BF16, no AMX). Use the precision auto or f32.',
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
