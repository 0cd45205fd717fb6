import { expect, it } from 'vitest';
import { Graph } from '../../../lib/onnx/graph.ts';
import { zeroDenormals } from '../../../lib/onnx/passes/zero-denormals.ts';
import { NetworkBuilder } from '../../unit/onnx-network.ts';
import { applied } from './pass-harness.ts';

it('makes denormal weights zero and no other', async () => {
  const network = new NetworkBuilder();
  const [leastNormal, denormal] = [2 ** -126, 2 ** -127];
  const values = [1, denormal, -denormal, leastNormal, -leastNormal, 2 ** -149, 0, -0, 0.5, Number.MIN_VALUE, 3, -2];
  const weights = network.floats([4, 3, 1, 1], values);
  const end = network.node('Conv', ['x', weights]);
  const graph = new Graph(network.model([end]));
  expect(zeroDenormals.apply(graph, {})).toBe(3);
  const zeroed = values.map((value) => (Math.abs(value) < leastNormal ? 0 * Math.sign(1 / value) : value));
  expect(Array.from(graph.floats(weights)!, Math.abs)).toEqual(zeroed.map(Math.abs));
  const { result, difference } = await applied(zeroDenormals, network, [end]);
  expect([result, difference]).toEqual([0, 0]);
});
