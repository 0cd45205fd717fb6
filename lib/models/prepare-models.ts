import { PlacardError } from '../errors.ts';
import { type Context, type NativeNetwork, type NativeTensor, native } from '../native.ts';
import { contractsOf } from './catalog.ts';
import type { Contract } from './contract.ts';
import { prepareOnce } from './prepared.ts';
import { typicalInput } from './probes.ts';
import type { PreparationReport } from './verification.ts';
import { requireFile } from './weights.ts';

export interface PrepareModelsOptions {
  modelsFolder: string;
  /** Path of the ONNX Runtime library. */
  runtime: string;
  /** Others than ONNX Runtime's own that it is prepared for as well: what gains with one may cost with another. */
  providers?: readonly string[];
  signal?: AbortSignal;
}

/** What preparing did to a model, and what it gained. */
export interface PreparedModel extends PreparationReport {
  model: string;
  path: string;
  /** Of a run on one thread: the median over runs that take turns. */
  milliseconds: { before: number; after: number };
}

/** Runs of each that take turns. */
const timedRuns = 9;

/**
 * Prepares a model, or both of a bundle, ahead of their first use, and measures what it gains on the CPU provider. Throws MODEL_NOT_FOUND,
 * DIGEST_MISMATCH, or PREPARE_FAILED with the reason.
 */
export async function prepareModels(id: string, options: PrepareModelsOptions): Promise<PreparedModel[]> {
  const models: PreparedModel[] = [];
  for (const contract of await contractsOf(id, options.modelsFolder)) {
    options.signal?.throwIfAborted();
    models.push(await prepareModel(contract, options));
  }
  return models;
}

async function prepareModel(contract: Contract, options: PrepareModelsOptions): Promise<PreparedModel> {
  const { modelsFolder, runtime, providers = [] } = options;
  const source = await requireFile(contract, contract.weights, modelsFolder);
  const context = { lane: new (native().Lane)(1), cancel: new (native().CancelToken)(), priority: 0 };
  try {
    const { path, report } = await prepareOnce(contract, source, { modelsFolder, runtime, context });
    for (const name of providers) {
      await prepareOnce(contract, source, { modelsFolder, runtime, context, provider: { name } });
    }
    const milliseconds = await timesOf(contract, source, path, runtime, context);
    return { model: contract.id, path, ...report, milliseconds };
  } catch (cause) {
    throw new PlacardError('PREPARE_FAILED', `Cannot prepare ${contract.id}: ${(cause as Error).message}`, { cause });
  }
}

async function timesOf(contract: Contract, before: string, after: string, runtime: string, context: Context) {
  const input = await typicalInput(contract, context);
  const open = (weights: string) => native().openNetwork(context, { runtime, weights, threads: 1 });
  const [source, prepared] = [await open(before), await open(after)];
  const times: { before: number[]; after: number[] } = { before: [], after: [] };
  // The first of each is not counted: it makes what later ones find.
  for (let run = 0; run <= timedRuns; run++) {
    const pair = { before: await timed(source, input, context), after: await timed(prepared, input, context) };
    if (run > 0) for (const which of ['before', 'after'] as const) times[which].push(pair[which]);
  }
  for (const handle of [source, prepared, input]) handle.dispose();
  return { before: median(times.before), after: median(times.after) };
}

async function timed(network: NativeNetwork, input: NativeTensor, context: Context): Promise<number> {
  const began = performance.now();
  const outputs = await native().runNetwork(context, { network, input });
  const milliseconds = performance.now() - began;
  for (const output of outputs) output.dispose();
  return milliseconds;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}
