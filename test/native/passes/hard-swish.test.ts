import { describe, expect, it } from 'vitest';
import { hardSwish } from '../../../lib/onnx/passes/hard-swish.ts';
import { NetworkBuilder } from '../../unit/onnx-network.ts';
import { applied, rounding } from './pass-harness.ts';

type Build = (network: NetworkBuilder, x: string) => string;

const clip = (network: NetworkBuilder, x: string, most: number) =>
  network.node('Clip', [x, network.scalar(0), network.scalar(most)]);
const plusThree: Build = (network, x) => clip(network, network.node('Add', [x, network.scalar(3)]), 6);
const sixth: Build = (network, x) => network.node('Div', [x, network.scalar(6)]);

const spellings: Record<string, Build> = {
  'x · clip(x + 3, 0, 6) / 6': (network, x) => sixth(network, network.node('Mul', [x, plusThree(network, x)])),
  'x · (clip(x + 3, 0, 6) / 6)': (network, x) => network.node('Mul', [x, sixth(network, plusThree(network, x))]),
  'clip(x + 3, 0, 6) · x · (1 / 6)': (network, x) =>
    network.node('Mul', [network.scalar(1 / 6), network.node('Mul', [plusThree(network, x), x])]),
  'x / 6 · clip(x + 3, 0, 6)': (network, x) => network.node('Mul', [sixth(network, x), plusThree(network, x)]),
  'x · clip(x / 6 + ½, 0, 1)': (network, x) =>
    network.node('Mul', [x, clip(network, network.node('Add', [network.scalar(0.5), sixth(network, x)]), 1)]),
  'HardSigmoid(x) · x': (network, x) =>
    network.node('Mul', [network.floatNode('HardSigmoid', [x], { alpha: 1 / 6, beta: 0.5 }), x]),
};

const others: Record<string, Build> = {
  'a steeper gate': (network, x) =>
    network.node('Mul', [network.floatNode('HardSigmoid', [x], { alpha: 0.2, beta: 0.5 }), x]),
  'a gate of something else': (network, x) => network.node('Mul', [x, plusThree(network, network.node('Abs', [x]))]),
  'a factor that does not fit': (network, x) =>
    network.node('Div', [network.node('Mul', [x, plusThree(network, x)]), network.scalar(5)]),
  'a gate that starts above zero': (network, x) =>
    network.node('Mul', [x, network.node('Clip', [x, network.scalar(0.1), network.scalar(1)])]),
};

describe('hard-swish', () => {
  it.each(Object.entries(spellings))('takes %s for one HardSwish', async (_, build) => {
    const network = new NetworkBuilder();
    // Beyond both ends of the gate, and between.
    const x = network.node('Mul', [network.conv('x', 3, 4), network.scalar(9)]);
    const end = network.node('Relu', [build(network, x)]);
    const { result, operators, difference } = await applied(hardSwish, network, [end]);
    expect([result, operators]).toEqual([1, ['Conv', 'Mul', 'HardSwish', 'Relu']]);
    expect(difference).toBeLessThan(rounding);
  });

  it.each(Object.entries(others))('leaves %s', async (_, build) => {
    const network = new NetworkBuilder();
    const end = build(network, network.conv('x', 3, 4));
    const { result, operators, difference } = await applied(hardSwish, network, [end]);
    expect([result, difference]).toEqual([0, 0]);
    expect(operators).not.toContain('HardSwish');
  });

  it('leaves a product that others use before it is divided', async () => {
    const network = new NetworkBuilder();
    const x = network.conv('x', 3, 4);
    const product = network.node('Mul', [x, plusThree(network, x)]);
    const end = network.node('Add', [sixth(network, product), product]);
    expect(await applied(hardSwish, network, [end])).toMatchObject({ result: 0, difference: 0 });
  });

  it('declines before opset 14', async () => {
    const network = new NetworkBuilder();
    const end = spellings['HardSigmoid(x) · x']!(network, network.conv('x', 3, 4));
    expect(await applied(hardSwish, network, [end], { opset: 13 })).toMatchObject({
      result: 'HardSwish needs opset 14 but the network has 13',
      difference: 0,
    });
  });
});
