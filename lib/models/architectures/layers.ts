import type { NetworkComposer } from '../../onnx/composer.ts';
import type { Parameters } from './parameters.ts';

/** A network that is being written, and the checkpoint that its numbers come from. Layers are named by the checkpoint's keys. */
export interface Draft {
  network: NetworkComposer;
  parameters: Parameters;
}

export interface ConvolutionShape {
  inputs: number;
  outputs: number;
  kernel: number;
  padding?: number;
  dilation?: number;
  bias?: boolean;
  /** What the value is called, where it is not by the layer. */
  output?: string;
}

export function convolution(draft: Draft, key: string, input: string, shape: ConvolutionShape): string {
  const { inputs, outputs, kernel, padding = 0, dilation = 1, bias = true, output = key } = shape;
  const operands = [input, weights(draft, `${key}.weight`, [outputs, inputs, kernel, kernel])];
  if (bias) operands.push(weights(draft, `${key}.bias`, [outputs]));
  return draft.network.node(output, 'Conv', operands, {
    kernel_shape: [kernel, kernel],
    pads: [padding, padding, padding, padding],
    dilations: [dilation, dilation],
  });
}

/** As it is when a network is not being trained; torch's ε is ONNX's too. */
export function batchNorm(draft: Draft, key: string, input: string, channels: number): string {
  const names = ['weight', 'bias', 'running_mean', 'running_var'];
  const operands = names.map((name) => weights(draft, `${key}.${name}`, [channels]));
  return draft.network.node(key, 'BatchNormalization', [input, ...operands]);
}

export function relu({ network }: Draft, input: string, output = `${input}.relu`): string {
  return network.node(output, 'Relu', [input]);
}

/** Sides of what a layer looks at, down and across. */
type Sides = readonly [number, number];

/** Maxima of windows. */
export function maxPool(
  { network }: Draft,
  input: string,
  kernel: Sides,
  stride: Sides = kernel,
  padding: Sides = [0, 0],
): string {
  const attributes = { kernel_shape: kernel, strides: stride, pads: [...padding, ...padding] };
  return network.node(`${input}.pool`, 'MaxPool', [input], attributes);
}

/** Of the last dimension. */
export function linear(draft: Draft, key: string, input: string, inputs: number, outputs: number): string {
  const { network, parameters } = draft;
  const stored = parameters.floats(`${key}.weight`, [outputs, inputs]);
  const factors = network.floats(`${key}.weight`, [inputs, outputs], transposed(stored, outputs, inputs));
  const product = network.node(`${key}.product`, 'MatMul', [input, factors]);
  return network.node(key, 'Add', [product, weights(draft, `${key}.bias`, [outputs])]);
}

/** torch has a layer's gates as input, forget, cell, output; ONNX as input, output, forget, cell. */
const gateOrder = [0, 3, 1, 2];

/**
 * An LSTM that reads a sequence from both ends, as the one operator that the runtime has fused.
 * @param input steps x batch x inputs
 * @returns steps x batch x 2 · hidden
 */
export function bidirectionalLstm(
  { network, parameters }: Draft,
  key: string,
  input: string,
  inputs: number,
  hidden: number,
): string {
  const ways = ['', '_reverse'];
  const gates = (name: string, rows: number[]) =>
    ways.map((way) => inGateOrder(parameters.floats(`${key}.${name}_l0${way}`, rows)));
  const [forward, backward] = gates('weight_ih', [4 * hidden, inputs]) as [Float32Array, Float32Array];
  const operands = [
    network.floats(`${key}.weight_ih`, [2, 4 * hidden, inputs], joined([forward, backward])),
    network.floats(`${key}.weight_hh`, [2, 4 * hidden, hidden], joined(gates('weight_hh', [4 * hidden, hidden]))),
  ];
  const biases = [gates('bias_ih', [4 * hidden]), gates('bias_hh', [4 * hidden])];
  const byWay = ways.flatMap((_, way) => biases.map((bias) => bias[way]!));
  operands.push(network.floats(`${key}.bias`, [2, 8 * hidden], joined(byWay)));
  const attributes = { direction: 'bidirectional', hidden_size: hidden };
  const both = network.node(`${key}.both`, 'LSTM', [input, ...operands], attributes);
  // Steps x ways x batch x hidden.
  const beside = network.node(`${key}.beside`, 'Transpose', [both], { perm: [0, 2, 1, 3] });
  return network.node(key, 'Reshape', [beside, network.integers(`${key}.sides`, [0, 0, 2 * hidden])]);
}

function weights({ network, parameters }: Draft, name: string, dims: readonly number[]): string {
  return network.floats(name, dims, parameters.floats(name, dims));
}

function transposed(values: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) result[(i % columns) * rows + Math.floor(i / columns)] = values[i]!;
  return result;
}

function inGateOrder(values: Float32Array): Float32Array {
  const size = values.length / gateOrder.length;
  return joined(gateOrder.map((gate) => values.subarray(gate * size, (gate + 1) * size)));
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const result = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}
