import type { Random } from './random.ts';

/** What happens to drawn text, by the names that `--only` takes. */
export const effectNames = [
  'outline',
  'shadow',
  'bevel',
  'gradient',
  'neon',
  'texture',
  'tracking',
  'curve',
  'wave',
  'vertical',
  'right-to-left',
  'perspective',
  'margins',
  'neighbors',
  'occlusion',
  'clutter',
  'light',
  'contrast',
  'motion',
  'defocus',
  'low-resolution',
  'noise',
  'jpeg',
] as const;

export type EffectName = (typeof effectNames)[number];

/** Decides which effects a picture gets. */
export class Effects {
  readonly #only: EffectName | undefined;

  /** @param only the one effect to look at, which every picture gets then, and no other */
  constructor(only?: EffectName) {
    this.#only = only;
  }

  /** @param share of the pictures that get the effect, 0 … 1 */
  takes(name: EffectName, share: number, random: Random): boolean {
    // Drawn in any case, so that looking at one effect leaves all other choices as they are.
    const taken = random.chance(share);
    return this.#only === undefined ? taken : this.#only === name;
  }
}
