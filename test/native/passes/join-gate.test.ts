import { expect, it } from 'vitest';
import { joinGate } from '../../../lib/onnx/passes/join-gate.ts';
import { NetworkBuilder } from '../../unit/onnx-network.ts';
import { applied, rounding } from './pass-harness.ts';

function gateOf(network: NetworkBuilder, x: string, channels: number): string {
  const pooled = network.node('GlobalAveragePool', [x]);
  return network.floatNode(
    'HardSigmoid',
    [network.conv(network.node('Relu', [network.conv(pooled, channels, 2)]), 2, channels)],
    {
      alpha: 0.2,
      beta: 0.5,
    },
  );
}

it('multiplies by the gate and one instead of adding what was gated', async () => {
  const network = new NetworkBuilder();
  const x = network.conv('x', 3, 4);
  const end = network.node('Add', [x, network.node('Mul', [x, gateOf(network, x, 4)])]);
  const { result, operators, difference } = await applied(joinGate, network, [end]);
  expect(result).toBe(1);
  expect(operators.slice(-2)).toEqual(['Add', 'Mul']);
  expect(difference).toBeLessThan(rounding);
});

it('leaves what is added to another value, used twice, or gated pixel by pixel', async () => {
  const network = new NetworkBuilder();
  const x = network.conv('x', 3, 4);
  const gated = network.node('Mul', [x, gateOf(network, x, 4)]);
  const other = network.node('Add', [gated, network.conv('x', 3, 4)]);
  const pixelwise = network.node('Add', [x, network.node('Mul', [x, network.node('Sigmoid', [x])])]);
  const end = network.node('Add', [network.node('Add', [other, pixelwise]), network.node('Add', [x, gated])]);
  expect(await applied(joinGate, network, [end])).toMatchObject({ result: 0, difference: 0 });
});
