import { describe, expect, it } from 'vitest';
import { foldBatchNorm } from '../../../lib/onnx/passes/fold-batch-norm.ts';
import { NetworkBuilder } from '../../unit/onnx-network.ts';
import { applied, rounding } from './pass-harness.ts';

function batchNorm(network: NetworkBuilder, x: string, channels: number): string {
  const [scale, shift, mean] = [network.weights([channels]), network.weights([channels]), network.weights([channels])];
  return network.node('BatchNormalization', [x, scale, shift, mean, network.weights([channels], 0.1, 2)]);
}

describe('fold-batch-norm', () => {
  it.each([
    ['a convolution', { bias: true }],
    ['one without a bias', { bias: false }],
    ['a padded one in groups', { group: 3, kernel: 3, pad: 1 }],
  ])('goes into %s before it', async (_, options) => {
    const network = new NetworkBuilder();
    const end = network.node('Relu', [batchNorm(network, network.conv('x', 3, 6, options), 6)]);
    const { result, operators, difference } = await applied(foldBatchNorm, network, [end]);
    expect([result, operators]).toEqual([1, ['Conv', 'Relu']]);
    expect(difference).toBeLessThan(rounding);
  });

  it('goes into a transposed convolution of two groups before it', async () => {
    const network = new NetworkBuilder();
    const up = network.node('ConvTranspose', [network.conv('x', 3, 4), network.weights([4, 3, 2, 2])], {
      group: 2,
      strides: [2, 2],
    });
    const { result, operators, difference } = await applied(foldBatchNorm, network, [batchNorm(network, up, 6)]);
    expect([result, operators]).toEqual([1, ['Conv', 'ConvTranspose']]);
    expect(difference).toBeLessThan(rounding);
  });

  it('goes into an unpadded convolution after it', async () => {
    const network = new NetworkBuilder();
    const end = network.conv(batchNorm(network, 'x', 3), 3, 5, { kernel: 3 });
    const { result, operators, difference } = await applied(foldBatchNorm, network, [end]);
    expect([result, operators]).toEqual([1, ['Conv']]);
    expect(difference).toBeLessThan(rounding);
  });

  it('stays before a padded convolution, and where others use what it normalizes', async () => {
    const network = new NetworkBuilder();
    const padded = network.conv(batchNorm(network, 'x', 3), 3, 5, { kernel: 3, pad: 1 });
    const end = network.node('Add', [batchNorm(network, padded, 5), padded]);
    expect(await applied(foldBatchNorm, network, [end])).toMatchObject({ result: 0, difference: 0 });
  });
});
