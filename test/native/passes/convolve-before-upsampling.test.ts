import { expect, it } from 'vitest';
import { convolveBeforeUpsampling } from '../../../lib/onnx/passes/convolve-before-upsampling.ts';
import { NetworkBuilder } from '../../unit/onnx-network.ts';
import { applied, rounding } from './pass-harness.ts';

const repeating = { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' };
const most = 8;

function upsampled(network: NetworkBuilder, value: string, scale: number, attributes = repeating): string {
  const scales = network.floats([4], [1, 1, scale, scale]);
  return network.node('Resize', [value, network.floats([0], []), scales], attributes);
}

/** A convolution of maps side by side that have one size and were upsampled by these factors. */
function joined(network: NetworkBuilder, factors: readonly number[], options = {}, attributes = repeating): string {
  const small = network.node('AveragePool', ['x'], { kernel_shape: [most, most], strides: [most, most] });
  const maps = factors.map((factor, i) => {
    const map = network.conv(upsampled(network, small, most / factor), 3, 3 + i, { kernel: 3, pad: 1 });
    return factor === 1 ? map : upsampled(network, map, factor, attributes);
  });
  const channels = factors.reduce((sum, _, i) => sum + 3 + i, 0);
  return network.conv(network.node('Concat', maps, { axis: 1 }), channels, 5, { kernel: 3, pad: 1, ...options });
}

it.each([
  [
    [8, 4, 2, 1],
    ['Concat', 'Conv', 'DepthToSpace', 'Slice', 'Conv', 'Add'],
  ],
  [
    [2, 1, 1],
    ['Conv', 'DepthToSpace', 'Slice', 'Concat', 'Conv', 'Add'],
  ],
  [
    [4, 2],
    ['Concat', 'Conv', 'DepthToSpace', 'Slice'],
  ],
])('takes maps upsampled by %j at half their size', async (factors, end) => {
  for (const bias of [true, false]) {
    const network = new NetworkBuilder();
    const output = network.node('Relu', [joined(network, factors, { bias })]);
    const { result, operators, difference } = await applied(convolveBeforeUpsampling, network, [output]);
    expect(result).toBe(1);
    expect(operators.slice(0, -1).slice(-end.length)).toEqual(end);
    expect(difference).toBeLessThan(rounding);
  }
});

it.each([
  ['maps that are as they were', [1, 1], {}, repeating],
  ['upsampled maps behind others', [1, 2], {}, repeating],
  ['strides', [2, 1], { stride: 2 }, repeating],
  ['no padding', [2, 1], { pad: 0 }, repeating],
  ['other kernels', [2, 1], { kernel: 5, pad: 2 }, repeating],
  ['other samples', [2, 1], {}, { ...repeating, nearest_mode: 'ceil' }],
  ['blends', [2, 1], {}, { ...repeating, mode: 'linear' }],
])('leaves %s', async (_, factors, options, attributes) => {
  const network = new NetworkBuilder();
  const outcome = await applied(convolveBeforeUpsampling, network, [joined(network, factors, options, attributes)]);
  expect(outcome).toMatchObject({ result: 0, difference: 0 });
});
