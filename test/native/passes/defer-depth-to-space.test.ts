import { expect, it } from 'vitest';
import { deferDepthToSpace } from '../../../lib/onnx/passes/defer-depth-to-space.ts';
import { NetworkBuilder } from '../../unit/onnx-network.ts';
import { applied, rounding } from './pass-harness.ts';

const crd = (blocksize: number) => ({ blocksize, mode: 'CRD' });

it.each([
  [2, 2],
  [2, 3],
  [3, 2],
])('runs all on the smallest map, and lays out blocks of %d and %d at once', async (coarse, fine) => {
  const network = new NetworkBuilder();
  const first = network.node('DepthToSpace', [network.conv('x', 3, 3 * coarse ** 2)], crd(coarse));
  const second = network.conv(network.node('Relu', [first]), 3, fine ** 2);
  const end = network.node('Sigmoid', [network.node('DepthToSpace', [second], crd(fine))]);
  const { operators, difference } = await applied(deferDepthToSpace, network, [end]);
  expect(operators).toEqual(['Conv', 'Relu', 'Conv', 'Sigmoid', 'DepthToSpace']);
  expect(difference).toBeLessThan(rounding);
});

it('leaves what looks at neighbors, has many channels, or orders blocks otherwise', async () => {
  const network = new NetworkBuilder();
  const near = network.conv(network.node('DepthToSpace', [network.conv('x', 3, 12)], crd(2)), 3, 4, {
    kernel: 3,
    pad: 1,
  });
  const many = network.conv(network.node('DepthToSpace', [network.conv('x', 3, 12)], crd(2)), 3, 20);
  const other = network.node('DepthToSpace', [network.conv('x', 3, 80)], { blocksize: 2, mode: 'DCR' });
  const end = network.node('Add', [
    network.node('Relu', [other]),
    network.node('Add', [many, network.conv(near, 4, 20)]),
  ]);
  expect(await applied(deferDepthToSpace, network, [end])).toMatchObject({ result: 0, difference: 0 });
});
