import type { Precision } from '../native.ts';

/** What can compute networks. */
export type ProviderName = 'cpu' | 'openvino';

/** A provider that a package of a registry brings as shared libraries, pinned to one release. */
export interface PluginRelease {
  name: Exclude<ProviderName, 'cpu'>;
  title: string;
  /** On PyPI. */
  package: string;
  version: string;
  wheel: { file: string; sha256: string; bytes: number };
  license: string;
  /** As Node.js spells platform and architecture. */
  platform: string;
  /** Of the files inside the wheel. */
  folder: string;
  /** The one of the files that the runtime opens; it finds the others beside itself. */
  library: string;
  /** Those of the wheel's files that are needed. */
  files: readonly { file: string; sha256: string; bytes: number }[];
}

/** What an engine's networks run on. */
export interface ChosenProvider {
  name: ProviderName;
  /** Of those networks whose contracts list it; the others compute in f32. */
  precision: Precision;
  /** Path of the shared library; none for `cpu`. */
  library?: string;
  /** Why it is not the one that would have been faster; empty where nothing is wrong. */
  notes: string[];
}
