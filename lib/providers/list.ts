import type { Precision } from '../native.ts';
import { installedState, libraryOf, platformProblem, releaseFolder, releases } from './installed.ts';
import type { ProviderName } from './provider.ts';
import { isVerified } from './verify.ts';

/** A provider, and whether it can run here. */
export interface ProviderEntry {
  name: ProviderName;
  title: string;
  /** Of the package that brings it; ONNX Runtime's own providers have none. */
  version?: string;
  /**
   * `verified`: added, and proven to compute right with this runtime on this processor; `unavailable`: not on this platform;
   * `broken`: files are missing or cut short.
   */
  state: 'bundled' | 'verified' | 'added' | 'not added' | 'broken' | 'unavailable';
  /** That it computes in on this processor. */
  precisions: Precision[];
  /** Its library, where it is here. */
  path?: string;
  license: string;
  /** What is wrong, or what would add it. */
  note?: string;
}

export interface ListOptions {
  modelsFolder: string;
  /** Path of the ONNX Runtime library. */
  runtime: string;
  /** Whether the processor multiplies bfloat16 numbers itself. */
  hasBf16: boolean;
}

/** The providers that placard knows. */
export async function listProviders({ modelsFolder, runtime, hasBf16 }: ListOptions): Promise<ProviderEntry[]> {
  const precisions: Precision[] = hasBf16 ? ['f32', 'bf16'] : ['f32'];
  const cpu: ProviderEntry = {
    name: 'cpu',
    title: 'ONNX Runtime',
    state: 'bundled',
    precisions: ['f32'],
    license: 'MIT',
  };
  const plugins = releases.map(async (release): Promise<ProviderEntry> => {
    const { name, title, version, license } = release;
    const entry = { name, title, version, license, precisions };
    const problem = platformProblem(release);
    if (problem) return { ...entry, state: 'unavailable', note: problem };
    const state = await installedState(release, modelsFolder);
    const add = `placard providers add ${name}`;
    if (state === 'none') return { ...entry, state: 'not added', note: add };
    const folder = releaseFolder(release, modelsFolder);
    if (state === 'broken') return { ...entry, state, note: `files in ${folder} are missing or cut short: ${add}` };
    const path = libraryOf(release, modelsFolder);
    if (await isVerified(release, { modelsFolder, runtime })) return { ...entry, state: 'verified', path };
    return { ...entry, state: 'added', path, note: `not verified here yet: placard providers verify ${name}` };
  });
  return [cpu, ...(await Promise.all(plugins))];
}
