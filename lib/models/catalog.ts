import { PlacardError } from '../errors.ts';
import { nearest } from '../nearest.ts';
import { sha256Of } from '../packages/digest.ts';
import {
  type Bundle,
  type Contract,
  type DetectContract,
  type RecognizeContract,
  readBundles,
  readContracts,
} from './contract.ts';
import { findPrepared, preparedPath } from './prepared.ts';
import { filesOf, findFile } from './weights.ts';

export interface ModelPair {
  detector: DetectContract;
  recognizer: RecognizeContract;
}

/** The bundle that stands in for what nobody chose. */
const defaultBundle = 'pp-ocrv4';

/** The contracts of a bundle's name or of ids, the default bundle's for those left out. Throws MODEL_NOT_FOUND with the names that there are. */
export async function resolveModels(
  models: string | Partial<Bundle> = defaultBundle,
  modelsFolder: string,
): Promise<ModelPair> {
  const contracts = await readContracts(modelsFolder);
  const bundles = await readBundles(modelsFolder);
  const name = typeof models === 'string' ? models : defaultBundle;
  const pair = bundles.get(name);
  if (!pair) throw unknown(`bundle ${JSON.stringify(name)}`, name, [...bundles.keys()]);
  const { detector = pair.detector, recognizer = pair.recognizer } = typeof models === 'string' ? pair : models;
  return {
    detector: byTask(contracts, detector, 'detect'),
    recognizer: byTask(contracts, recognizer, 'recognize'),
  };
}

function byTask<Task extends Contract['task']>(contracts: Map<string, Contract>, id: string, task: Task) {
  const contract = contracts.get(id);
  if (!contract) {
    const ids = [...contracts.values()].filter((other) => other.task === task).map((other) => other.id);
    throw unknown(`model ${JSON.stringify(id)}`, id, ids);
  }
  if (contract.task !== task) {
    throw new PlacardError('MODEL_MISMATCH', `Expected a model that can ${task} but ${id} can ${contract.task}.`);
  }
  return contract as Extract<Contract, { task: Task }>;
}

function unknown(what: string, name: string, known: string[]): PlacardError {
  const near = nearest(name, known);
  const hint = near ? ` Did you mean ${near}?` : '';
  return new PlacardError('MODEL_NOT_FOUND', `There is no ${what}.${hint} Known: ${known.join(', ')}.`);
}

/** A bundle or model, and whether its files are here. */
export interface ModelEntry {
  id: string;
  title: string;
  task: Contract['task'];
  license: string;
  /** Bundles that use it. */
  bundles: string[];
  installed: boolean;
  /** Whether engines find it rewritten already. */
  prepared: boolean;
  files: { file: string; path?: string; sha256: string }[];
}

export async function listModels(modelsFolder: string): Promise<ModelEntry[]> {
  const contracts = await readContracts(modelsFolder);
  const bundles = await readBundles(modelsFolder);
  return Promise.all([...contracts.values()].map((contract) => toEntry(contract, bundles, modelsFolder)));
}

async function toEntry(contract: Contract, bundles: Map<string, Bundle>, modelsFolder: string): Promise<ModelEntry> {
  const { id, title, task, license } = contract;
  const files = await Promise.all(
    filesOf(contract).map(async ({ file, sha256 }) => ({
      file,
      sha256,
      path: await findFile(contract, file, modelsFolder),
    })),
  );
  const users = [...bundles].filter(([, { detector, recognizer }]) => detector === id || recognizer === id);
  return {
    id,
    title,
    task,
    license,
    bundles: users.map(([name]) => name),
    installed: files.every(({ path }) => path),
    prepared: (await findPrepared(preparedPath(contract, modelsFolder))) !== undefined,
    files,
  };
}

export interface VerifiedFile {
  file: string;
  status: 'ok' | 'missing' | 'different';
  expected: string;
  actual?: string;
}

/** Compares the digests of a model's files, or of all models of a bundle. */
export async function verifyModel(id: string, modelsFolder: string): Promise<VerifiedFile[]> {
  const contracts = await contractsOf(id, modelsFolder);
  const files = contracts.flatMap((contract) => filesOf(contract).map((file) => ({ contract, ...file })));
  return Promise.all(
    files.map(async ({ contract, file, sha256 }): Promise<VerifiedFile> => {
      const path = await findFile(contract, file, modelsFolder);
      if (!path) return { file, status: 'missing', expected: sha256 };
      const actual = await sha256Of(path);
      return { file, status: actual === sha256 ? 'ok' : 'different', expected: sha256, actual };
    }),
  );
}

/** The contracts that a bundle's name or a model's id stands for. */
export async function contractsOf(id: string, modelsFolder: string): Promise<Contract[]> {
  const contracts = await readContracts(modelsFolder);
  const bundle = (await readBundles(modelsFolder)).get(id);
  const ids = bundle ? [bundle.detector, bundle.recognizer] : [id];
  return ids.map((one) => {
    const contract = contracts.get(one);
    if (!contract) throw unknown(`bundle or model ${JSON.stringify(one)}`, one, [...contracts.keys()]);
    return contract;
  });
}
