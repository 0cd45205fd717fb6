import { expect, it } from 'vitest';
import { gateWeights } from '../../../lib/onnx/passes/gate-weights.ts';
import { NetworkBuilder } from '../../unit/onnx-network.ts';
import { applied, rounding } from './pass-harness.ts';
import { type LevelOptions, level } from './pyramid-level.ts';

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
])('leaves %s', async (_, options: LevelOptions) => {
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
