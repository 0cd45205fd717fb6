import { createHash } from 'node:crypto';
import type { GaussianPreset } from '../native.ts';
import { packageVersion } from '../package-files.ts';
import type { EffectName } from './effects.ts';
import type { FaceRecord } from './fonts/face-record.ts';
import type { WordFrequencies } from './text/text-source.ts';

/** Where what is drawn from lies. */
export interface Materials {
  faces: readonly FaceRecord[];
  languages: readonly string[];
  folder: string;
  /** Whether the folder has word lists of the languages; texts are made up without. */
  hasWords: boolean;
  /** Whether it has photographs; backgrounds are procedural textures alone without. */
  hasPhotographs: boolean;
  /** Stands for the files above. */
  digest: string;
}

export interface LineSettings {
  /** `camera`: signs and print as cameras see them; `document`: ten characters on paper, 280 x 32. */
  style: 'camera' | 'document';
  /** Characters of the longest text. */
  most: number;
  /** The only ones to draw. */
  characters?: string[];
  frequencies: WordFrequencies;
}

export interface SceneSettings {
  /** Width and height of the picture, pixels. */
  size: number;
  /** Whose Gaussians the region and affinity maps have; `none` draws no maps. */
  maps: GaussianPreset | 'none';
  /** Pixels of the picture, a side, for one of the maps. */
  mapScale: number;
}

/** Everything that decides a run's samples; plain data, so that it goes to worker threads. */
export interface Plan {
  seed: string;
  only?: EffectName;
  materials: Materials;
  drawing: ({ kind: 'lines' } & LineSettings) | ({ kind: 'scenes' } & SceneSettings);
}

/** Equal for plans whose samples are the same bytes, by this version on this machine. */
export function planDigest(plan: Plan): string {
  const { materials, ...rest } = plan;
  const parts = [packageVersion(), materials.digest, materials.languages, rest];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** What the index of a run's shards says about it. */
export function planOptions({ seed, only, materials, drawing }: Plan): Record<string, unknown> {
  const { kind: _, ...settings } = drawing;
  return {
    seed,
    ...(only && { only }),
    ...settings,
    languages: materials.languages,
    faces: materials.faces.length,
    hasWords: materials.hasWords,
    hasPhotographs: materials.hasPhotographs,
  };
}
