import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expected, PlacardError } from '../errors.ts';
import { sha256Of } from '../packages/digest.ts';
import { openvino } from './openvino.ts';
import type { PluginRelease } from './provider.ts';

/** The providers that can be added. */
export const releases: readonly PluginRelease[] = [openvino];

/** Throws INVALID_ARGUMENT for a name that no release has. */
export function releaseOf(name: string): PluginRelease {
  const release = releases.find((one) => one.name === name);
  if (!release) throw expected(releases.map((one) => `'${one.name}'`).join(' or '), 'provider', name);
  return release;
}

/** Where a release's files are; each version has a folder of its own. */
export function releaseFolder(release: PluginRelease, modelsFolder: string): string {
  return join(modelsFolder, 'providers', `${release.name}-${release.version}`);
}

export function libraryOf(release: PluginRelease, modelsFolder: string): string {
  return join(releaseFolder(release, modelsFolder), release.library);
}

/** Why this release cannot run on this platform at all, or undefined. */
export function platformProblem(release: PluginRelease): string | undefined {
  const here = `${process.platform}-${process.arch}`;
  return here === release.platform ? undefined : `${release.title} is for ${release.platform}, and this is ${here}.`;
}

/** The state of a release's files by their sizes alone: quick enough for every start. */
export async function installedState(
  release: PluginRelease,
  modelsFolder: string,
): Promise<'whole' | 'broken' | 'none'> {
  const folder = releaseFolder(release, modelsFolder);
  const sizes = await Promise.all(
    release.files.map(({ file }) =>
      stat(join(folder, file)).then(
        ({ size }) => size,
        () => undefined,
      ),
    ),
  );
  if (sizes.every((size) => size === undefined)) return 'none';
  return release.files.every(({ bytes }, i) => sizes[i] === bytes) ? 'whole' : 'broken';
}

/** Compares the digests of a release's files. Throws DIGEST_MISMATCH or FILE_UNREADABLE, naming the file. */
export async function checkFiles(release: PluginRelease, modelsFolder: string): Promise<void> {
  const folder = releaseFolder(release, modelsFolder);
  for (const { file, sha256 } of release.files) {
    const path = join(folder, file);
    const actual = await sha256Of(path).catch((cause: Error) => {
      throw new PlacardError('FILE_UNREADABLE', `Cannot read ${path}: ${cause.message}.`, { cause });
    });
    if (actual !== sha256) {
      throw new PlacardError('DIGEST_MISMATCH', `Expected SHA-256 ${sha256} for ${path} but received ${actual}.`);
    }
  }
}
