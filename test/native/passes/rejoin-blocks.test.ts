import { expect, it } from 'vitest';
import { rejoinBlocks } from '../../../lib/onnx/passes/rejoin-blocks.ts';
import { NetworkBuilder } from '../../unit/onnx-network.ts';
import { applied, rounding } from './pass-harness.ts';

const overPixels = { axes: [2, 3], keepdims: 1 };

function gatedMap(network: NetworkBuilder, channels: number, pooling: string): string {
  const map = network.conv('x', 3, channels, { kernel: 3, pad: 1 });
  const mean = network.node(pooling, [map], pooling === 'ReduceMean' ? overPixels : {});
  return network.node('Mul', [map, network.node('Sigmoid', [network.conv(mean, channels, channels)])]);
}

it.each(['GlobalAveragePool', 'ReduceMean'])('leads a map gated by %s back into blocks', async (pooling) => {
  const network = new NetworkBuilder();
  const gated = gatedMap(network, 16, pooling);
  const inner = network.node('Relu', [network.conv(gated, 16, 32)]);
  const end = network.node('Add', [gated, network.conv(inner, 32, 16)]);
  const { result, operators, difference } = await applied(rejoinBlocks, network, [end]);
  expect(result).toBe(1);
  expect(operators.slice(-6)).toEqual(['Mul', 'Conv', 'Conv', 'Relu', 'Conv', 'Add']);
  expect(difference).toBeLessThan(rounding);
});

it.each<[string, (network: NetworkBuilder) => string]>([
  [
    'channels that fill no blocks',
    (network) => {
      const gated = gatedMap(network, 20, 'ReduceMean');
      return network.node('Add', [gated, network.conv(gated, 20, 20)]);
    },
  ],
  [
    'gates a pixel',
    (network) => {
      const map = network.conv('x', 3, 16);
      const gated = network.node('Mul', [map, network.node('Sigmoid', [map])]);
      return network.node('Add', [gated, network.conv(gated, 16, 16)]);
    },
  ],
  ['what is convolved only', (network) => network.conv(gatedMap(network, 16, 'ReduceMean'), 16, 16)],
  [
    'what is added to something else',
    (network) => {
      const gated = gatedMap(network, 16, 'ReduceMean');
      return network.node('Add', [gated, network.node('Relu', [network.conv(gated, 16, 16)])]);
    },
  ],
])('leaves %s', async (_, build) => {
  const network = new NetworkBuilder();
  expect(await applied(rejoinBlocks, network, [build(network)])).toMatchObject({ result: 0, difference: 0 });
});
