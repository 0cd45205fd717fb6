import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { PlacardError } from '../errors.ts';
import { bundledWeight, packagedModels } from '../package-files.ts';
import { sha256Of } from '../packages/digest.ts';
import type { Contract } from './contract.ts';

/** A file of a contract and the digest that it must have. */
export interface ModelFile {
  file: string;
  sha256: string;
}

/** The files that a contract needs: its weights and, where it is one, its alphabet. */
export function filesOf(contract: Contract): ModelFile[] {
  const { file, sha256 } = contract.weights;
  const files = [{ file, sha256 }];
  if (contract.task === 'recognize' && 'file' in contract.output.alphabet) files.push(contract.output.alphabet);
  return files;
}

/** Where a contract's file is: in the models folder (<id>/<file>), beside a packaged contract, or among the default weights. */
export async function findFile(contract: Contract, file: string, modelsFolder: string): Promise<string | undefined> {
  for (const folder of [modelsFolder, packagedModels()]) {
    const path = join(folder, contract.id, file);
    const exists = await access(path).then(
      () => true,
      () => false,
    );
    if (exists) return path;
  }
  return bundledWeight(file);
}

/** The path of a contract's file, its digest checked. Throws MODEL_NOT_FOUND with the remedy, FILE_UNREADABLE or DIGEST_MISMATCH. */
export async function requireFile(
  contract: Contract,
  { file, sha256 }: ModelFile,
  modelsFolder: string,
): Promise<string> {
  const path = await findFile(contract, file, modelsFolder);
  if (!path) {
    throw new PlacardError(
      'MODEL_NOT_FOUND',
      `The weights of ${contract.id} (${file}) are not installed: neither in ${modelsFolder} nor with placard. Add them with "placard models add ${contract.id}".`,
    );
  }
  const actual = await sha256Of(path).catch((cause: Error) => {
    throw new PlacardError('FILE_UNREADABLE', `Cannot read ${path}: ${cause.message}.`, { cause });
  });
  if (actual !== sha256) {
    throw new PlacardError('DIGEST_MISMATCH', `Expected SHA-256 ${sha256} for ${path} but received ${actual}.`);
  }
  return path;
}
