import { expect, it } from 'vitest';
import { splitConcat } from '../../../lib/onnx/passes/split-concat.ts';
import { NetworkBuilder } from '../../unit/onnx-network.ts';
import { applied, rounding } from './pass-harness.ts';

function joined(network: NetworkBuilder, channels: readonly number[], options = {}): string {
  const parts = channels.map((count) => network.node('Relu', [network.conv('x', 3, count)]));
  const sum = channels.reduce((total, count) => total + count, 0);
  return network.conv(network.node('Concat', parts, { axis: 1 }), sum, 6, { kernel: 3, pad: 1, ...options });
}

it.each([[[24, 24]], [[20, 17, 16]]])('sums convolutions of %j channels', async (channels) => {
  const network = new NetworkBuilder();
  const end = network.node('Relu', [joined(network, channels, { stride: 2 })]);
  const { result, operators, difference } = await applied(splitConcat, network, [end]);
  expect(result).toBe(1);
  expect(operators).not.toContain('Concat');
  expect(operators.filter((operator) => operator === 'Conv')).toHaveLength(2 * channels.length);
  expect(difference).toBeLessThan(rounding);
});

it.each([
  ['whole blocks', (network: NetworkBuilder) => joined(network, [16, 32])],
  ['a few channels', (network: NetworkBuilder) => joined(network, [8, 24])],
  ['groups', (network: NetworkBuilder) => joined(network, [24, 24], { group: 2 })],
])('leaves %s', async (_, build) => {
  const network = new NetworkBuilder();
  const outcome = await applied(splitConcat, network, [build(network)]);
  expect(outcome.operators).toContain('Concat');
  expect(outcome).toMatchObject({ result: 0, difference: 0 });
});
