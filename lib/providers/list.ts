import { installedState, libraryOf, platformProblem, releaseFolder, releases } from './installed.ts';
import type { Precision, ProviderName } from './provider.ts';

/** A provider, and whether it can run here. */
export interface ProviderEntry {
  name: ProviderName;
  title: string;
  /** Of the package that brings it; ONNX Runtime's own providers have none. */
  version?: string;
  /** `unavailable`: not on this platform; `broken`: files are missing or cut short. */
  state: 'bundled' | 'added' | 'not added' | 'broken' | 'unavailable';
  /** That it computes in on this processor. */
  precisions: Precision[];
  /** Its library, where it is here. */
  path?: string;
  license: string;
  /** What is wrong, or what would add it. */
  note?: string;
}

/** The providers that placard knows. */
export async function listProviders(modelsFolder: string, hasBf16: boolean): Promise<ProviderEntry[]> {
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
    return { ...entry, state: 'added', path: libraryOf(release, modelsFolder) };
  });
  return [cpu, ...(await Promise.all(plugins))];
}
