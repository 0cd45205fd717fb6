import type { DrawnSample } from './plan.ts';
import type { Random } from './random.ts';
import type { Supplies } from './supplies.ts';
export async function drawPaperLine(_random: Random, _supplies: Supplies): Promise<DrawnSample> {
  throw new Error('x');
}
