import type { DrawnSample } from './plan.ts';
import type { Random } from './random.ts';
import type { Supplies } from './supplies.ts';
export interface SceneSettings {
  size: number;
  maps: string;
  mapScale: number;
}
export class SceneDrawer {
  constructor(_s: Supplies, _t: SceneSettings) {}
  async draw(_r: Random): Promise<DrawnSample> {
    throw new Error('x');
  }
}
