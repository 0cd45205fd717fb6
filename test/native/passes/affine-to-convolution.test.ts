import { expect, it } from 'vitest';
import { affineToConvolution } from '../../../lib/onnx/passes/affine-to-convolution.ts';
import { NetworkBuilder } from '../../unit/onnx-network.ts';
import { applied, rounding } from './pass-harness.ts';

const padded = { kernel: 3, pad: 1 };

function between(network: NetworkBuilder, channels: number): string {
  const active = network.node('HardSwish', [network.conv('x', 3, channels)]);
  const scaled = network.node('Mul', [network.floats([1], [0.7]), active]);
  return network.conv(network.node('Add', [scaled, network.weights([1, channels, 1, 1])]), channels, 4, padded);
}

it('makes a convolution of a factor and a term', async () => {
  const network = new NetworkBuilder();
  const { result, operators, difference } = await applied(affineToConvolution, network, [between(network, 16)]);
  expect([result, operators]).toEqual([1, ['Conv', 'HardSwish', 'Conv', 'Conv']]);
  expect(difference).toBeLessThan(rounding);
});

it('keeps the value between a factor and a term where others use it', async () => {
  const network = new NetworkBuilder();
  const scaled = network.node('Mul', [network.conv('x', 3, 16), network.scalar(0.7)]);
  const end = network.conv(network.node('Add', [scaled, network.scalar(0.1)]), 16, 16, padded);
  const { operators, difference } = await applied(affineToConvolution, network, [network.node('Add', [end, scaled])]);
  expect(operators.filter((operator) => operator === 'Conv')).toHaveLength(2);
  expect(difference).toBe(0);
});

it('leaves channels that do not fill blocks', async () => {
  const network = new NetworkBuilder();
  const outcome = await applied(affineToConvolution, network, [between(network, 12)]);
  expect(outcome).toMatchObject({ result: 0, operators: ['Conv', 'HardSwish', 'Mul', 'Add', 'Conv'], difference: 0 });
});
