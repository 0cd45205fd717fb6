import { expect, it } from 'vitest';
import { transposePixels } from '../../../lib/onnx/passes/transpose-pixels.ts';
import { NetworkBuilder } from '../../unit/onnx-network.ts';
import { applied } from './pass-harness.ts';

const facts = { batch: 1 };

function laidOut(network: NetworkBuilder, channels: number, blocksize: number, mode = 'CRD'): string {
  return network.node('DepthToSpace', [network.conv('x', 3, channels * blocksize ** 2)], { blocksize, mode });
}

it.each([
  [8, 2],
  [9, 3],
])('lays out %d channels in blocks of %d by transpositions', async (channels, block) => {
  const network = new NetworkBuilder();
  const { result, operators, difference } = await applied(
    transposePixels,
    network,
    [laidOut(network, channels, block)],
    {
      facts,
    },
  );
  expect(result).toBe(1);
  expect(operators).toEqual(['Conv', 'Reshape', 'Transpose', 'Reshape', 'Transpose', 'Reshape', 'Reshape']);
  expect(difference).toBe(0);
});

it.each([
  ['a few channels', 2, 'CRD'],
  ['another order', 8, 'DCR'],
])('leaves %s', async (_, channels, mode) => {
  const network = new NetworkBuilder();
  const outcome = await applied(transposePixels, network, [laidOut(network, channels, 2, mode)], { facts });
  expect(outcome).toMatchObject({ result: 0, difference: 0 });
});

it('declines where a batch may be larger than one', async () => {
  const network = new NetworkBuilder();
  const outcome = await applied(transposePixels, network, [laidOut(network, 8, 2)]);
  expect(outcome).toMatchObject({ result: expect.stringContaining('batch'), difference: 0 });
});
