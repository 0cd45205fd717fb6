import { expected, PlacardError } from '../errors.ts';
import type { NativeNetwork, Normalization, Precision } from '../native.ts';
import { native } from '../native.ts';
import { type Alphabet, layOutAlphabet, readAlphabetFile } from './alphabet.ts';
import type { Contract, DetectContract, RecognizeContract } from './contract.ts';
import { normalizationOf } from './normalization.ts';
import { type Preparation, type PrepareOptions, preparedWeights } from './prepared.ts';
import { requireFile } from './weights.ts';

/** A contract whose network is loaded and was found to fit it. */
export interface Detector {
  contract: DetectContract;
  network: NativeNetwork;
  normalization: Normalization;
  preparation: Preparation;
  precision: Precision;
}

export interface Recognizer {
  contract: RecognizeContract;
  network: NativeNetwork;
  normalization: Normalization;
  preparation: Preparation;
  precision: Precision;
  alphabet: Alphabet;
}

export interface LoadOptions extends PrepareOptions {
  /** Inside one run of the network. */
  threads: number;
  /** Runs at a time that the provider prepares for. */
  runs?: number;
  /** Memory for sessions of one shape each; none by default. */
  shapeBytes?: number;
  /** What runs it, in the precision if the contract lists that, else in f32; ONNX Runtime's own CPU provider by default. */
  provider?: { name: 'cpu' | 'openvino'; library?: string; precision: Precision };
}

type Loaded<C extends Contract> = C extends DetectContract ? Detector : Recognizer;

/** Checks the digests, loads the network and holds it against its contract. */
export async function loadModel<C extends Contract>(contract: C, options: LoadOptions): Promise<Loaded<C>> {
  const source = await requireFile(contract, contract.weights, options.modelsFolder);
  const { weights, preparation } = await preparedWeights(contract, source, options);
  const { runtime, threads, runs, shapeBytes, provider, context } = options;
  const precision = provider && contract.precisions?.[provider.precision] !== undefined ? provider.precision : 'f32';
  const network = await native().openNetwork(context, {
    runtime,
    weights,
    threads,
    runs,
    shapeBytes,
    provider: provider?.name,
    providerLibrary: provider?.library,
    precision,
  });
  try {
    checkShapes(contract, network);
    const normalization = normalizationOf(contract);
    const model = { contract, network, normalization, preparation, precision };
    if (contract.task !== 'recognize') return model as unknown as Loaded<C>;
    const alphabet = layOutAlphabet(await alphabetEntries(contract, network, options.modelsFolder), contract);
    return { ...model, alphabet } as unknown as Loaded<C>;
  } catch (error) {
    network.dispose();
    throw error;
  }
}

async function alphabetEntries(contract: RecognizeContract, network: NativeNetwork, folder: string): Promise<string[]> {
  const { alphabet } = contract.output;
  if ('file' in alphabet) return readAlphabetFile(await requireFile(contract, alphabet, folder));
  const text = network.describe().metadata[alphabet.metadata];
  if (text === undefined) {
    throw new PlacardError(
      'MODEL_MISMATCH',
      `${contract.id}: the network's metadata has no ${JSON.stringify(alphabet.metadata)}.`,
    );
  }
  return text.split('\n');
}

function checkShapes(contract: Contract, network: NativeNetwork): void {
  const { inputs, outputs } = network.describe();
  const [input] = inputs;
  const channels = contract.input.mean.length;
  if (input?.type !== 'f32' || input.shape.length !== 4 || (input.shape[1] !== channels && input.shape[1] !== -1)) {
    throw mismatch(contract, `an f32 input of shape [batch, ${channels}, height, width]`, input?.shape);
  }
  const height = contract.input.height;
  if (height !== undefined && input.shape[2] !== -1 && input.shape[2] !== height) {
    throw mismatch(contract, `an input height of ${height}`, input.shape);
  }
  const rank = { detect: 4, recognize: 3 }[contract.task];
  const shape = outputs[0]?.shape;
  if (shape?.length !== rank) throw mismatch(contract, `an output of ${rank} dimensions`, shape);
  if (contract.decoder === 'craft' && shape[1] !== 2 && shape[1] !== -1) {
    throw mismatch(contract, 'an output of two maps', shape);
  }
  const wanted = contract.task === 'recognize' ? contract.output.classes : undefined;
  const classes = shape.at(-1)!;
  if (wanted !== undefined && classes !== -1 && classes !== wanted) {
    throw mismatch(contract, `an output of ${wanted} classes`, shape);
  }
}

function mismatch(contract: Contract, what: string, shape: number[] | undefined): PlacardError {
  const received = expected(what, contract.id, shape ? `[${shape.join(', ')}]` : undefined);
  return new PlacardError('MODEL_MISMATCH', received.message);
}
