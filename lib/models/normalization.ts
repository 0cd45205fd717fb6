import type { Normalization } from '../native.ts';
import type { Contract } from './contract.ts';

/** Folds 8-bit range, mean and std into one multiplication and one addition a channel, in the network's order. */
export function normalizationOf(contract: Contract): Normalization {
  const { mean, std, order } = contract.input;
  return {
    scale: Float32Array.from(std, (deviation) => 1 / (255 * deviation)),
    offset: Float32Array.from(mean, (value, i) => -value / (std as readonly number[])[i]!),
    reverseChannels: order === 'bgr',
  };
}
