import { expect, it } from 'vitest';
import { gateWidening } from '../../../lib/onnx/passes/gate-widening.ts';
import { NetworkBuilder } from '../../unit/onnx-network.ts';
import { applied, rounding } from './pass-harness.ts';
import { type LevelOptions, level } from './pyramid-level.ts';

const facts = { batch: 1 };

it.each([2, 4])('widens with weights made at each run, beside a map upsampled by %d', async (scale) => {
  const network = new NetworkBuilder();
  const { end } = level(network, { scale, kernel: 5 });
  const { result, operators, difference } = await applied(gateWidening, network, [end], { facts });
  expect(result).toBe(1);
  expect(operators.slice(-5)).toEqual(['Reshape', 'Mul', 'Conv', 'Add', 'Conv']);
  expect(difference).toBeLessThan(rounding);
});

it.each<[string, LevelOptions]>([
  ['as many channels', { narrow: 5 }],
  ['a term', { widened: true }],
  ['what is added to a blend', { mode: 'linear' }],
])('leaves %s', async (_, options) => {
  const network = new NetworkBuilder();
  const { end } = level(network, options);
  expect(await applied(gateWidening, network, [end], { facts })).toMatchObject({ result: 0, difference: 0 });
});

it.each(['map', 'gated'] as const)('leaves a %s that something else uses', async (which) => {
  const network = new NetworkBuilder();
  const { end, [which]: used } = level(network);
  const ends = [end, network.node('Relu', [used])];
  expect(await applied(gateWidening, network, ends, { facts })).toMatchObject({ result: 0, difference: 0 });
});

it('declines where a batch may be larger than one', async () => {
  const network = new NetworkBuilder();
  const outcome = await applied(gateWidening, network, [level(network).end]);
  expect(outcome).toMatchObject({ result: expect.stringContaining('batch'), difference: 0 });
});
