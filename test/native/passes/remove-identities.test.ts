import { expect, it } from 'vitest';
import { removeIdentities } from '../../../lib/onnx/passes/remove-identities.ts';
import { floatTensor } from '../../../lib/onnx/tensor.ts';
import { NetworkBuilder } from '../../unit/onnx-network.ts';
import { applied } from './pass-harness.ts';

it('takes away what gives back its input, and makes constants initializers', async () => {
  const network = new NetworkBuilder();
  const weights = network.constantNode(
    floatTensor(
      'held',
      [4, 3, 1, 1],
      Float32Array.from({ length: 12 }, (_, i) => i),
    ),
  );
  const bias = network.node('Identity', [network.weights([4])]);
  const conv = network.node('Conv', [network.node('Identity', ['x']), weights, bias]);
  const dropped = network.node('Dropout', [network.node('Mul', [network.scalar(1), conv])]);
  const relu = network.node('Relu', [dropped]);
  const end = network.node('Identity', [relu]);
  const { result, operators, difference } = await applied(removeIdentities, network, [end]);
  expect(operators).toEqual(['Conv', 'Relu', 'Identity']);
  expect([result, difference]).toEqual([5, 0]);
});

it('leaves factors that widen the other side or are not one, and dropouts whose mask is used', async () => {
  const network = new NetworkBuilder();
  const conv = network.conv('x', 3, 1);
  const widened = network.node('Mul', [conv, network.floats([1, 2, 1, 1], [1, 1])]);
  const scaled = network.node('Div', [widened, network.scalar(1.5)]);
  const { result, operators, difference } = await applied(removeIdentities, network, [scaled]);
  expect([result, operators, difference]).toEqual([0, ['Conv', 'Mul', 'Div'], 0]);
});
