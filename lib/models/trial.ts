import { PlacardError } from '../errors.ts';
import { type NativeTensor, native } from '../native.ts';
import { contractsOf } from './catalog.ts';
import type { Contract } from './contract.ts';
import { loadModel } from './loaded.ts';
import { typicalInput } from './probes.ts';

export interface TrialOptions {
  modelsFolder: string;
  /** Path of the ONNX Runtime library. */
  runtime: string;
}

/** Whether a model's network loads, runs and gives what its contract says. */
export interface Trial {
  /** The model's id. */
  network: string;
  status: 'runs' | 'failed';
  /** Why it failed. */
  code?: string;
  message?: string;
}

/** Enough for any layer to have something to look at. */
const trialPixels = 256;

/** Loads the networks of a model or bundle as they came, and runs each on drawn text. Throws MODEL_NOT_FOUND for an unknown id. */
export async function tryModels(id: string, options: TrialOptions): Promise<Trial[]> {
  const trials: Trial[] = [];
  for (const contract of await contractsOf(id, options.modelsFolder)) trials.push(await tryModel(contract, options));
  return trials;
}

async function tryModel(contract: Contract, { modelsFolder, runtime }: TrialOptions): Promise<Trial> {
  const context = { lane: new (native().Lane)(1), cancel: new (native().CancelToken)(), priority: 0 };
  try {
    const { network } = await loadModel(contract, { modelsFolder, runtime, context, threads: 1, prepare: false });
    const handles: { dispose(): void }[] = [network];
    try {
      const input = await typicalInput(contract, context, trialPixels);
      handles.push(input);
      const outputs = await native().runNetwork(context, { network, input });
      handles.push(...outputs);
      checkAnswer(contract, input, outputs[0]!);
    } finally {
      for (const handle of handles) handle.dispose();
    }
    return { network: contract.id, status: 'runs' };
  } catch (error) {
    if (!PlacardError.is(error)) throw error;
    return { network: contract.id, status: 'failed', code: error.code, message: error.message };
  }
}

function checkAnswer(contract: Contract, input: NativeTensor, output: NativeTensor): void {
  const wanted = shapeOf(contract, input.shape);
  if (output.shape.join() !== wanted.map((side, axis) => side ?? output.shape[axis]!).join()) {
    const said = wanted.map((side) => side ?? 'steps').join(', ');
    throw mismatch(contract, `[${said}] for an input of [${input.shape.join(', ')}]`, `[${output.shape.join(', ')}]`);
  }
  if (!output.toFloat32Array().every(Number.isFinite)) throw mismatch(contract, 'finite numbers', 'others');
}

/** Of the output; a side that the contract leaves open is undefined. */
function shapeOf(contract: Contract, [batch, , height, width]: readonly number[]): (number | undefined)[] {
  if (contract.task === 'recognize') {
    const { steps, classes } = contract.output;
    return [batch, steps && Math.floor(width! / steps.per) + steps.plus, classes];
  }
  return contract.decoder === 'craft' ? [batch, 2, height! / 2, width! / 2] : [batch, 1, height, width];
}

function mismatch({ id }: Contract, what: string, received: string): PlacardError {
  return new PlacardError('MODEL_MISMATCH', `Expected the network of ${id} to give ${what} but received ${received}.`);
}
