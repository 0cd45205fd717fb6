import { type Graph, listOf, type Node } from './graph.ts';

/** Operators that work on each value by itself. */
export const elementwise: ReadonlySet<string> = new Set([
  'Clip',
  'Elu',
  'HardSigmoid',
  'HardSwish',
  'LeakyRelu',
  'Relu',
  'Sigmoid',
  'Tanh',
]);

/** Channels that ONNX Runtime's convolutions keep side by side in memory. */
export const blockSize = 16;

const broadcasting = new Set(['Add', 'Sub', 'Mul', 'Div']);
const pools = new Set(['AveragePool', 'MaxPool']);
const channelKeeping = new Set([...pools, 'GlobalAveragePool', 'GlobalMaxPool', 'BatchNormalization']);

const mostDepth = 100;

/** The rank of a value, as far as the file and the nodes before it tell. */
export function rankOf(graph: Graph, value: string, depth = 0): number | undefined {
  const stated = graph.dims(value)?.length ?? graph.statedRank(value);
  const node = graph.producer(value);
  if (stated !== undefined || !node || depth > mostDepth) return stated;
  const [first, second] = node.input;
  switch (node.opType) {
    case 'Conv':
    case 'ConvTranspose':
      return graph.dims(second)?.length;
    case 'Transpose':
      return listOf(node, 'perm')?.length;
    case 'Reshape':
      return graph.integers(second)?.length;
    case 'Squeeze': {
      const rank = rankOf(graph, first!, depth + 1);
      const axes = listOf(node, 'axes') ?? graph.integers(second);
      return rank === undefined || !axes ? undefined : rank - axes.length;
    }
    case 'Resize':
    case 'Slice':
    case 'Split':
    case 'Softmax':
      return rankOf(graph, first!, depth + 1);
  }
  if (isTransparent(node)) return rankOf(graph, first!, depth + 1);
  if (node.opType !== 'MatMul' && !broadcasting.has(node.opType)) return undefined;
  const ranks = node.input.map((input) => rankOf(graph, input, depth + 1));
  return ranks.every((rank) => rank !== undefined) ? Math.max(...ranks) : undefined;
}

/** The number of channels of a value, as far as convolutions before it tell. */
export function channelsOf(graph: Graph, value: string, depth = 0): number | undefined {
  const node = graph.producer(value);
  if (!node || depth > mostDepth) return undefined;
  if (node.opType === 'Conv') return graph.dims(node.input[1])?.[0];
  if (isTransparent(node)) return channelsOf(graph, node.input[0]!, depth + 1);
  if (node.opType === 'Resize') {
    const scales = graph.floats(node.input[2]);
    return scales?.[1] === 1 ? channelsOf(graph, node.input[0]!, depth + 1) : undefined;
  }
  if (!broadcasting.has(node.opType)) return undefined;
  const known = node.input.map((input) => channelsOf(graph, input, depth + 1) ?? constantChannels(graph, input));
  return known.every((channels) => channels !== undefined) ? Math.max(...known) : undefined;
}

/** Of a constant that takes part in an operation on values of rank 4. */
function constantChannels(graph: Graph, value: string): number | undefined {
  const dims = graph.dims(value);
  return dims && dims.length <= 4 ? (dims[dims.length - 3] ?? 1) : undefined;
}

function isTransparent({ opType }: Node): boolean {
  return elementwise.has(opType) || channelKeeping.has(opType);
}

/** Whether a value is a convolution's output, or comes from one by nodes that keep its blocks of channels. */
export function comesFromConvolution(graph: Graph, value: string): boolean {
  const node = graph.producer(value);
  if (node && (elementwise.has(node.opType) || pools.has(node.opType))) {
    return comesFromConvolution(graph, node.input[0]!);
  }
  return node?.opType === 'Conv';
}
