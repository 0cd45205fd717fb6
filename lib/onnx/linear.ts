import { type Graph, integerOf, listOf, makeNode, type Node, stringOf } from './graph.ts';
import { elementTypes } from './tensor.ts';

/** A Conv or ConvTranspose with constant weights, and with a constant bias or none. */
export interface Linear {
  node: Node;
  transposed: boolean;
  /** A copy of its own at every call. */
  weights(): Float32Array<ArrayBuffer>;
  /** Outputs x inputs a group x kernel; inputs x outputs a group x kernel where transposed. */
  dims: number[];
  bias: Float32Array<ArrayBuffer> | undefined;
  group: number;
  inputs: number;
  outputs: number;
}

export function linearOf(graph: Graph, node: Node | undefined): Linear | undefined {
  if (node?.opType !== 'Conv' && node?.opType !== 'ConvTranspose') return undefined;
  const [, weightName, biasName] = node.input;
  const dims = graph.dims(weightName);
  const bias = biasName ? graph.floats(biasName) : undefined;
  const isFloat = graph.constant(weightName)?.dataType === elementTypes.float;
  if (!isFloat || !dims || dims.length < 3 || (biasName && !bias)) return undefined;
  const weights = () => graph.floats(weightName)!;
  const transposed = node.opType === 'ConvTranspose';
  const group = integerOf(node, 'group', 1);
  const [first, second] = dims as [number, number];
  const outputs = transposed ? second * group : first;
  return { node, transposed, weights, dims, bias, group, inputs: transposed ? first : second * group, outputs };
}

/** Per channel: one value for each, or one for all. */
export type Channels = ArrayLike<number>;

export interface ChannelAffine {
  scale: Channels;
  shift: Channels;
}

export const at = (channels: Channels, channel: number): number => channels[channels.length === 1 ? 0 : channel]!;

export const fits = ({ scale, shift }: ChannelAffine, channels: number): boolean =>
  [scale, shift].every(({ length }) => length === 1 || length === channels);

/** Calls back with every weight's index, output channel and input channel. */
function eachWeight(linear: Linear, visit: (index: number, output: number, input: number) => void): void {
  const [first, second, ...kernel] = linear.dims as [number, number, ...number[]];
  const taps = kernel.reduce((product, size) => product * size, 1);
  const firstPerGroup = first / linear.group;
  for (let i = 0, index = 0; i < first; i++) {
    const offset = Math.floor(i / firstPerGroup) * second;
    for (let j = offset; j < offset + second; j++) {
      const [output, input] = linear.transposed ? [j, i] : [i, j];
      for (let k = 0; k < taps; k++, index++) visit(index, output, input);
    }
  }
}

/** No values beyond the input's border take part. */
export function isUnpadded(node: Node): boolean {
  const autoPad = stringOf(node, 'auto_pad', 'NOTSET');
  if (autoPad === 'VALID') return true;
  return autoPad === 'NOTSET' && (listOf(node, 'pads') ?? []).every((pad) => pad === 0);
}

/** A convolution that looks at each pixel alone and mixes all of its channels. */
export function isPointwise({ node, dims, group, transposed }: Linear): boolean {
  const isSingle = dims.length === 4 && dims[2] === 1 && dims[3] === 1;
  const strides = listOf(node, 'strides') ?? [1, 1];
  return isSingle && !transposed && group === 1 && isUnpadded(node) && strides.every((stride) => stride === 1);
}

/** A copy of a Conv or ConvTranspose with other weights, bias, input or output. */
export function rebuilt(
  graph: Graph,
  linear: Linear,
  changes: { weights?: Float32Array; bias?: Float32Array; dims?: readonly number[]; input?: string; output?: string },
): Node {
  const { node } = linear;
  const output = changes.output ?? node.output[0]!;
  const inputs = [changes.input ?? node.input[0]!];
  inputs.push(
    changes.weights
      ? graph.addFloats(`${output}.weights`, changes.dims ?? linear.dims, changes.weights)
      : node.input[1]!,
  );
  if (changes.bias) inputs.push(graph.addFloats(`${output}.bias`, [changes.bias.length], changes.bias));
  else if (node.input[2]) inputs.push(node.input[2]);
  const copy = makeNode(node.opType, inputs, [output]);
  copy.attribute = node.attribute;
  return copy;
}

/** y = scale · f(x) + shift as one node that makes `output`. */
export function absorbAfter(graph: Graph, linear: Linear, { scale, shift }: ChannelAffine, output: string): Node {
  const weights = linear.weights();
  eachWeight(linear, (index, channel) => {
    weights[index] = weights[index]! * at(scale, channel);
  });
  const bias = Float32Array.from({ length: linear.outputs }, (_, channel) => {
    return (linear.bias?.[channel] ?? 0) * at(scale, channel) + at(shift, channel);
  });
  return rebuilt(graph, linear, { weights, bias, output });
}

/** y = f(scale · x + shift) as one node that takes `input`; a shift needs a node without padding, and no ConvTranspose. */
export function absorbBefore(graph: Graph, linear: Linear, { scale, shift }: ChannelAffine, input: string): Node {
  const weights = linear.weights();
  const sums = new Float64Array(linear.outputs);
  eachWeight(linear, (index, output, channel) => {
    sums[output]! += weights[index]! * at(shift, channel);
    weights[index] = weights[index]! * at(scale, channel);
  });
  const isShifted = sums.some((sum) => sum !== 0);
  const bias = isShifted ? Float32Array.from(sums, (sum, output) => sum + (linear.bias?.[output] ?? 0)) : undefined;
  return rebuilt(graph, linear, { weights, ...(bias && { bias }), input });
}

/** What a Mul, Add, Sub or Div with a constant a channel does to a value of this rank. */
export function channelAffineOf(
  graph: Graph,
  node: Node,
  rank: number,
): { data: string; affine: ChannelAffine } | undefined {
  const [a, b] = node.input as [string, string];
  if (!['Mul', 'Add', 'Sub', 'Div'].includes(node.opType)) return undefined;
  const right = perChannel(graph, b, rank);
  if (right) return { data: a, affine: affineOf(node.opType, right) };
  const left = perChannel(graph, a, rank);
  if (!left || node.opType === 'Div') return undefined;
  return { data: b, affine: node.opType === 'Sub' ? { scale: [-1], shift: left } : affineOf(node.opType, left) };
}

function affineOf(opType: string, values: Float32Array): ChannelAffine {
  if (opType === 'Mul') return { scale: values, shift: [0] };
  if (opType === 'Div') return { scale: Float64Array.from(values, (value) => 1 / value), shift: [0] };
  return { scale: [1], shift: opType === 'Sub' ? values.map((value) => -value) : values };
}

/** A constant's values where it differs by channel at most: [1, C, 1, 1], [C, 1, 1], [1], []. */
function perChannel(graph: Graph, value: string, rank: number): Float32Array | undefined {
  const dims = graph.dims(value);
  if (!dims || dims.length > rank || graph.floats(value)?.length === 0) return undefined;
  const channelAxis = dims.length - rank + 1;
  return dims.every((size, axis) => size === 1 || axis === channelAxis) ? graph.floats(value) : undefined;
}
