import { describe, expect, it } from 'vitest';
import { foldMultiplyAdd } from '../../../lib/onnx/passes/fold-multiply-add.ts';
import { NetworkBuilder } from '../../unit/onnx-network.ts';
import { applied, rounding } from './pass-harness.ts';

type Build = (network: NetworkBuilder) => string;

const folded: Record<string, Build> = {
  'factors and terms after it': (network) => {
    const scaled = network.node('Mul', [network.weights([1, 6, 1, 1]), network.conv('x', 3, 6, { kernel: 3, pad: 1 })]);
    return network.node('Sub', [network.node('Add', [scaled, network.weights([6, 1, 1])]), network.scalar(0.3)]);
  },
  'a divisor, and being taken from a constant': (network) => {
    const divided = network.node('Div', [network.conv('x', 3, 6, { bias: false }), network.floats([1], [3])]);
    return network.node('Sub', [network.weights([1, 6, 1, 1]), divided]);
  },
  'factors and terms before one without padding': (network) => {
    const scaled = network.node('Mul', ['x', network.weights([1, 3, 1, 1])]);
    return network.conv(network.node('Add', [scaled, network.weights([3, 1, 1])]), 3, 6, { kernel: 3, bias: false });
  },
  'factors before a padded one in groups': (network) =>
    network.conv(network.node('Mul', ['x', network.weights([1, 3, 1, 1])]), 3, 6, { kernel: 3, pad: 1, group: 3 }),
};

describe('fold-multiply-add', () => {
  it.each(Object.entries(folded))('puts into a convolution %s', async (_, build) => {
    const network = new NetworkBuilder();
    const { result, operators, difference } = await applied(foldMultiplyAdd, network, [build(network)]);
    expect(operators).toEqual(['Conv']);
    expect(result).toBeGreaterThan(0);
    expect(difference).toBeLessThan(rounding);
  });

  it('puts the bias that is added to a transposed convolution into it', async () => {
    const network = new NetworkBuilder();
    const up = network.node('ConvTranspose', ['x', network.weights([3, 4, 2, 2])], { strides: [2, 2] });
    const end = network.node('Add', [up, network.weights([1, 4, 1, 1])]);
    const { operators, difference } = await applied(foldMultiplyAdd, network, [end]);
    expect(operators).toEqual(['ConvTranspose']);
    expect(difference).toBeLessThan(rounding);
  });

  it.each<[string, Build, string[]]>([
    [
      'terms before a padded convolution',
      (network) => network.conv(network.node('Add', ['x', network.weights([1, 3, 1, 1])]), 3, 6, { kernel: 3, pad: 1 }),
      ['Add', 'Conv'],
    ],
    [
      'values that differ by column',
      (network) =>
        network.node('Add', [
          network.node('GlobalAveragePool', [network.conv('x', 3, 6)]),
          network.weights([1, 6, 1, 2]),
        ]),
      ['Conv', 'GlobalAveragePool', 'Add'],
    ],
    [
      'values that make more channels of one',
      (network) => network.node('Mul', [network.conv('x', 3, 1), network.weights([1, 4, 1, 1])]),
      ['Conv', 'Mul'],
    ],
  ])('leaves %s', async (_, build, operators) => {
    const network = new NetworkBuilder();
    const outcome = await applied(foldMultiplyAdd, network, [build(network)]);
    expect(outcome).toEqual({ result: 0, operators, difference: 0 });
  });

  it('leaves the constants of a Gelu, between which the runtime knows it', async () => {
    const network = new NetworkBuilder();
    const x = network.node('Add', [network.conv('x', 3, 6, { bias: false }), network.weights([1, 6, 1, 1])]);
    const erf = network.node('Erf', [network.node('Div', [x, network.scalar(Math.SQRT2)])]);
    const product = network.node('Mul', [x, network.node('Add', [erf, network.scalar(1)])]);
    const end = network.conv(network.node('Mul', [product, network.scalar(0.5)]), 6, 4);
    const { operators, difference } = await applied(foldMultiplyAdd, network, [end]);
    expect(operators).toEqual(['Conv', 'Div', 'Erf', 'Add', 'Mul', 'Mul', 'Conv']);
    expect(difference).toBeLessThan(rounding);
  });
});
