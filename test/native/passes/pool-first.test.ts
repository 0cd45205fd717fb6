import { expect, it } from 'vitest';
import { poolFirst } from '../../../lib/onnx/passes/pool-first.ts';
import { NetworkBuilder } from '../../unit/onnx-network.ts';
import { applied, rounding } from './pass-harness.ts';

it.each([true, false])('takes the mean of the smaller map, with a bias: %s', async (bias) => {
  const network = new NetworkBuilder();
  const x = network.conv('x', 3, 4);
  const wide = network.conv(x, 4, 9, { bias });
  const end = network.node('Mul', [wide, network.node('GlobalAveragePool', [wide])]);
  const { result, operators, difference } = await applied(poolFirst, network, [end]);
  expect(result).toBe(1);
  expect(operators).toEqual(['Conv', 'Conv', 'GlobalAveragePool', 'Conv', 'Mul']);
  expect(difference).toBeLessThan(rounding);
});

it.each([
  ['fewer outputs', { to: 3 }],
  ['neighborhoods', { to: 9, kernel: 3, pad: 1 }],
  ['strides', { to: 9, stride: 2 }],
  ['groups', { to: 8, group: 2 }],
])('leaves %s', async (_, { to, ...options }) => {
  const network = new NetworkBuilder();
  const map = network.conv(network.conv('x', 3, 4), 4, to, options);
  const end = network.node('Mul', [map, network.node('GlobalAveragePool', [map])]);
  expect(await applied(poolFirst, network, [end])).toMatchObject({ result: 0, difference: 0 });
});
