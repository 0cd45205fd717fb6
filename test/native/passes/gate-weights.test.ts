import { expect, it } from 'vitest';
import { gateWeights } from '../../../lib/onnx/passes/gate-weights.ts';
import { NetworkBuilder } from '../../unit/onnx-network.ts';
import { applied, rounding } from './pass-harness.ts';

interface Options {
  narrow?: number;
  bias?: boolean;
  widened?: boolean;
  scale?: number;
  kernel?: number;
}

const wide = 8;

/** A level of a pyramid: conv(gate · widen(x) + upsample(y)). */
function level(network: NetworkBuilder, options: Options = {}): { end: string; map: string; gated: string } {
  const { narrow = 3, bias = false, widened = false, scale = 2, kernel = 3 } = options;
  const coarse = network.node('AveragePool', ['x'], { kernel_shape: [8, 8], strides: [8, 8] });
  const repeated = (value: string, times: number) =>
    network.node('Resize', [value, network.floats([0], []), network.floats([4], [1, 1, times, times])], {
      mode: 'nearest',
      coordinate_transformation_mode: 'asymmetric',
      nearest_mode: 'floor',
    });
  const upsampled = repeated(network.conv(repeated(coarse, 8 / scale), 3, wide, { kernel: 3, pad: 1 }), scale);
  const x = network.conv(repeated(coarse, 8), 3, narrow, { kernel: 3, pad: 1 });
  const map = network.conv(x, narrow, wide, { bias: widened });
  const mean = network.node('GlobalAveragePool', [x]);
  const gate = network.node('Add', [network.node('Sigmoid', [network.conv(mean, narrow, wide)]), network.scalar(1)]);
  const gated = network.node('Mul', [map, gate]);
  const sum = network.node('Add', [gated, upsampled]);
  const end = network.conv(sum, wide, 5, { kernel, pad: kernel >> 1, bias });
  return { end, map, gated };
}

const facts = { batch: 1 };

it.each([true, false])('convolves the few channels with weights made at each run, with a bias: %s', async (bias) => {
  const network = new NetworkBuilder();
  const { end } = level(network, { bias });
  const { result, operators, difference } = await applied(gateWeights, network, [network.node('Relu', [end])], {
    facts,
  });
  expect(result).toBe(1);
  expect(operators.filter((operator) => operator === 'MatMul')).toHaveLength(1);
  expect(operators.slice(-5)).toEqual(['Conv', 'DepthToSpace', 'Slice', 'Add', 'Relu']);
  expect(difference).toBeLessThan(rounding);
});

it.each([
  ['as many channels', { narrow: 5 }],
  ['a term where a border is', { widened: true }],
  ['other factors', { scale: 4 }],
  ['other kernels', { kernel: 5 }],
])('leaves %s', async (_, options: Options) => {
  const network = new NetworkBuilder();
  const { end } = level(network, options);
  expect(await applied(gateWeights, network, [end], { facts })).toMatchObject({ result: 0, difference: 0 });
});

it.each(['map', 'gated'] as const)('leaves a %s that something else uses', async (which) => {
  const network = new NetworkBuilder();
  const { end, [which]: used } = level(network);
  const ends = [end, network.node('Relu', [used])];
  expect(await applied(gateWeights, network, ends, { facts })).toMatchObject({ result: 0, difference: 0 });
});

it('declines where a batch may be larger than one', async () => {
  const network = new NetworkBuilder();
  const outcome = await applied(gateWeights, network, [level(network).end]);
  expect(outcome).toMatchObject({ result: expect.stringContaining('batch'), difference: 0 });
});
