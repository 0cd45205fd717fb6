import { expect, it } from 'vitest';
import { Graph } from '../../../lib/onnx/graph.ts';
import { raiseOpset } from '../../../lib/onnx/passes/raise-opset.ts';
import { NetworkBuilder } from '../../unit/onnx-network.ts';
import { applied } from './pass-harness.ts';

it('says operators of opset 9 in the words of opset 14', async () => {
  const network = new NetworkBuilder();
  const conv = network.conv('x', 3, 4);
  const clipped = network.floatNode('Clip', [conv], { min: -0.2, max: 0.3 });
  const low = network.floatNode('Clip', [clipped], { min: -0.1 });
  const high = network.floatNode('Clip', [low], { max: 0.25 });
  const part = network.node('Slice', [high], { axes: [1, 2], starts: [1, 0], ends: [3, 9000] });
  const [left] = [network.node('Split', [part], { axis: 1, split: [1, 1] }, 2)];
  const flat = network.node('Squeeze', [left], { axes: [1] });
  const soft = network.node('Softmax', [flat], { axis: 2 });
  const sum = network.node('ReduceSum', [network.node('Unsqueeze', [soft], { axes: [1] })], { axes: [2], keepdims: 1 });
  const end = network.node('Add', [
    network.node('Dropout', [sum]),
    network.node('Transpose', [left], { perm: [0, 1, 2, 3] }),
  ]);
  const { result, difference } = await applied(raiseOpset, network, [end], { opset: 9 });
  expect(result).toBe(10);
  expect(difference).toBe(0);
});

it('says the resizing of opset 10 in the words of opset 14', async () => {
  const network = new NetworkBuilder();
  const nearest = network.node('Resize', ['x', network.floats([4], [1, 1, 2, 3])], { mode: 'nearest' });
  const linear = network.node('Resize', [nearest, network.floats([4], [1, 1, 1.5, 0.5])], { mode: 'linear' });
  const { result, difference } = await applied(raiseOpset, network, [linear], { opset: 10 });
  expect([result, difference]).toEqual([2, 0]);
});

it.each([
  ['an older opset', 8, (network: NetworkBuilder) => network.node('Relu', ['x']), /opset 8 is older than 9/],
  [
    'an operator that is not known',
    10,
    (network: NetworkBuilder) => network.node('Foo', ['x']),
    /change of Foo from opset 10/,
  ],
  [
    'a softmax over several dimensions',
    11,
    (network: NetworkBuilder) => network.node('Softmax', ['x'], { axis: 1 }),
    /Softmax over axis 1 of 4 dimensions/,
  ],
])('declines %s and changes nothing', (_, opset, build, reason) => {
  const network = new NetworkBuilder();
  const model = network.model([build(network)], opset);
  expect(raiseOpset.apply(new Graph(model), {})).toMatch(reason);
  expect(model.opsetImport.map(({ version }) => version)).toEqual([BigInt(opset)]);
});

it('leaves opset 14 and later alone', () => {
  const network = new NetworkBuilder();
  expect(raiseOpset.apply(new Graph(network.model([network.node('Foo', ['x'])], 17)), {})).toBe(0);
});
