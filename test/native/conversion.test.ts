import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Architecture, type Contract, readContracts } from '../../lib/models/contract.ts';
import { resolveModelsFolder } from '../../lib/models/folder.ts';
import { importModel } from '../../lib/models/import.ts';
import { normalizationOf } from '../../lib/models/normalization.ts';
import { prepareOnce } from '../../lib/models/prepared.ts';
import { tryModels } from '../../lib/models/trial.ts';
import { findFile } from '../../lib/models/weights.ts';
import { native } from '../../lib/native.ts';
import { packagedModels } from '../../lib/package-files.ts';
import { formulaPicture } from '../unit/formula.ts';
import { modelsFolder } from '../unit/models-folder.ts';
import { checkpointOf } from '../unit/small-recognizer.ts';
import { newContext, runtimeLibrary } from './native-context.ts';

/** What PyTorch answered: every so many numbers of the output for a picture by formula. */
interface Grid {
  width: number;
  height: number;
  step: number;
  values: number[];
  /** Shapes by name, with which the checkpoint is made. */
  tensors: Record<string, number[]>;
}

const readGrids = (path: string): Partial<Record<Architecture, Grid>> => JSON.parse(readFileSync(path, 'utf8'));
const grids = {
  ...readGrids(join(packagedModels(), 'craft/grid.json')),
  ...readGrids(join(packagedModels(), 'crnn-english/grid.json')),
} as Record<Architecture, Grid>;

const tolerances: Record<Architecture, number> = {
  craft: 1e-3,
  'craft-refiner': 1e-3,
  crnn: 2e-3,
  'crnn-easyocr': 2e-3,
};
const context = newContext(2);

/** The largest difference to what PyTorch answered. */
async function differenceOf(
  contract: Contract,
  weights: string,
  { width, height, step, values }: Grid,
): Promise<number> {
  const channels = contract.input.mean.length;
  const data = formulaPicture(width, height, channels);
  const image = await native().imageFromPixels(context, { data, width, height, channels: 3 });
  const input = await native().imageTensor(context, { image, width, height, ...normalizationOf(contract) });
  const network = await native().openNetwork(context, { runtime: runtimeLibrary(), weights, threads: 2 });
  const [output] = await native().runNetwork(context, { network, input });
  const found = output!.toFloat32Array().filter((_, i) => i % step === 0);
  for (const handle of [image, input, network, output!]) handle.dispose();
  expect(found).toHaveLength(values.length);
  expect(Math.max(...values.map(Math.abs))).toBeGreaterThan(0.05);
  return Math.max(...values.map((value, i) => Math.abs(value - found[i]!)));
}

describe('a converted network answers as PyTorch does', () => {
  const folder = modelsFolder();
  const imported = async (architecture: Architecture): Promise<Contract> => {
    const path = join(folder, `${architecture}.pth`);
    writeFileSync(path, checkpointOf(Object.entries(grids[architecture].tensors)));
    await importModel(path, {
      modelsFolder: folder,
      architecture,
      ...(architecture === 'craft-refiner' && { detector: 'craft' }),
    });
    return (await readContracts(folder)).get(architecture)!;
  };

  // In this order: the refiner is joined to the first.
  it.each(Object.keys(tolerances) as Architecture[])(
    '%s, and prepared too',
    { timeout: 120_000 },
    async (architecture) => {
      const contract = await imported(architecture);
      const weights = join(folder, contract.id, contract.weights.file);
      expect(contract.weights.sha256).toBe(digests[architecture]);
      const grid = grids[architecture];
      expect(await differenceOf(contract, weights, grid)).toBeLessThan(tolerances[architecture]);
      const options = { modelsFolder: folder, runtime: runtimeLibrary(), context };
      expect(await tryModels(contract.id, options)).toEqual([{ network: contract.id, status: 'runs' }]);
      const { path, report } = await prepareOnce(contract, weights, options);
      expect(report.leftOut).toEqual([]);
      expect(report.passes.find(({ name }) => name === 'fold-batch-norm')!.rewrites).toBe(folds[architecture]);
      expect(await differenceOf(contract, path, grid)).toBeLessThan(tolerances[architecture]);
    },
  );
});

/** Every convolution that is normalized. */
const folds: Record<Architecture, number> = { craft: 20, 'craft-refiner': 31, crnn: 3, 'crnn-easyocr': 2 };

/** Of the networks: packaged contracts state digests, so the same checkpoint must give the same bytes for ever. */
const digests: Record<Architecture, string> = {
  craft: '53f825896c7e0c12697461e74c2ba6e5320c5dbf0a6a11d406a02358165fab54',
  'craft-refiner': '4e6c7b5508f5ed8905fb8bbaf9627bc7a477e56c34cf3b3d058def58518b8883',
  crnn: 'c7ab7e3bce329987c6e6887d849e172ca6315b20c9181ea456a7017d2d8d7813',
  'crnn-easyocr': '42bcf96e671d9ac05ffe5b2a10fb6423c7c44bdbd4ba25208b449da5f682b6c0',
};

/** Where the published weights were added, and grid.py was run on them: <models folder>/<id>/grid.json. */
describe('the published weights, where they are here', () => {
  const folder = resolveModelsFolder();
  it.for([
    ['craft', 'craft'],
    ['crnn-english', 'crnn-easyocr'],
  ] as const)('%s', async ([id, architecture], { skip }) => {
    const contract = (await readContracts(folder)).get(id)!;
    const weights = await findFile(contract, contract.weights.file, folder);
    const path = join(folder, id, 'grid.json');
    if (!weights || !existsSync(path)) return skip(`No weights or no grid of ${id} in ${folder}.`);
    const grid = readGrids(path)[architecture]!;
    expect(await differenceOf(contract, weights, grid)).toBeLessThan(tolerances[architecture]);
  });
});
