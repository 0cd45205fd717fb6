import { expect, it } from 'vitest';
import { readModel } from '../../../lib/onnx/model-file.ts';
import { fillBlocks } from '../../../lib/onnx/passes/fill-blocks.ts';
import { rewrite } from '../../../lib/onnx/prepare.ts';
import { NetworkBuilder } from '../../unit/onnx-network.ts';
import { applied, rounding } from './pass-harness.ts';

const window = { kernel_shape: [2, 2], strides: [1, 1], pads: [0, 0, 1, 1] };

it('rounds channels up that pools and convolutions alone see', async () => {
  const network = new NetworkBuilder();
  const map = network.node('Sigmoid', [network.conv('x', 3, 20, { bias: false })]);
  const near = network.conv(network.node('MaxPool', [map], window), 20, 7, { kernel: 3, pad: 1 });
  const mean = network.conv(network.node('GlobalAveragePool', [map]), 20, 7);
  const end = network.node('Add', [near, mean]);
  const { result, difference } = await applied(fillBlocks, network, [end]);
  expect(result).toBe(1);
  expect(difference).toBeLessThan(rounding);
  const { bytes } = await rewrite(network.bytes([end]), 'test.onnx', [fillBlocks], {});
  const { initializer } = readModel(bytes, 'filled.onnx').graph;
  const shapes = initializer.map(({ dims }) => dims.map(Number)).filter(({ length }) => length === 4);
  expect(shapes.sort()).toEqual([
    [32, 3, 1, 1],
    [7, 32, 1, 1],
    [7, 32, 3, 3],
  ]);
});

it('follows a chain', async () => {
  const network = new NetworkBuilder();
  const narrow = network.node('Relu', [network.conv(network.node('Relu', [network.conv('x', 3, 24)]), 24, 12)]);
  const { result, difference } = await applied(fillBlocks, network, [network.conv(narrow, 12, 5, { kernel: 3 })]);
  expect(result).toBe(2);
  expect(difference).toBeLessThan(rounding);
});

it.each<[string, (network: NetworkBuilder) => string]>([
  ['whole blocks', (network) => network.conv(network.conv('x', 3, 16), 16, 5)],
  ['groups', (network) => network.conv(network.conv('x', 3, 20), 20, 20, { group: 20 })],
  ['sums', (network) => network.node('Add', [network.conv('x', 3, 20), network.conv('x', 3, 20)])],
  [
    'what mixes channels otherwise',
    (network) => network.conv(network.node('Softmax', [network.conv('x', 3, 20)], { axis: 1 }), 20, 5),
  ],
])('leaves %s', async (_, build) => {
  const network = new NetworkBuilder();
  expect(await applied(fillBlocks, network, [build(network)])).toMatchObject({ result: 0, difference: 0 });
});

it('leaves the outputs of the network', async () => {
  const network = new NetworkBuilder();
  const map = network.conv('x', 3, 20);
  const ends = [map, network.conv(map, 20, 5)];
  expect(await applied(fillBlocks, network, ends)).toMatchObject({ result: 0, difference: 0 });
});
