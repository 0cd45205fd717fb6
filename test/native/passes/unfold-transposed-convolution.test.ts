import { expect, it } from 'vitest';
import { unfoldTransposedConvolution } from '../../../lib/onnx/passes/unfold-transposed-convolution.ts';
import { NetworkBuilder } from '../../unit/onnx-network.ts';
import { applied, rounding } from './pass-harness.ts';

function up(network: NetworkBuilder, side: number, attributes: Record<string, number | number[]>, bias = true): string {
  const operands = ['x', network.weights([3, 5, side, side]), ...(bias ? [network.weights([5])] : [])];
  return network.node('ConvTranspose', operands, attributes);
}

it.each([
  [2, true],
  [2, false],
  [3, true],
])('does blocks of %d x %d pixels by a convolution', async (side, bias) => {
  const network = new NetworkBuilder();
  const end = up(network, side, { strides: [side, side], kernel_shape: [side, side], pads: [0, 0, 0, 0] }, bias);
  const { result, operators, difference } = await applied(unfoldTransposedConvolution, network, [end]);
  expect([result, operators]).toEqual([1, ['Conv', 'DepthToSpace']]);
  expect(difference).toBeLessThan(rounding);
});

it.each([
  ['that overlap', 3, { strides: [2, 2] }],
  ['with gaps', 2, { strides: [3, 3] }],
  ['that lose their border', 2, { strides: [2, 2], pads: [1, 1, 1, 1] }],
  ['that are filled up', 2, { strides: [2, 2], output_padding: [1, 1] }],
])('leaves blocks %s', async (_, side, attributes) => {
  const network = new NetworkBuilder();
  const end = up(network, side, attributes);
  expect(await applied(unfoldTransposedConvolution, network, [end])).toEqual({
    result: 0,
    operators: ['ConvTranspose'],
    difference: 0,
  });
});
