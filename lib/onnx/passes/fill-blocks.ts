import type { Graph, Node } from '../graph.ts';
import { type Linear, linearOf, rebuilt } from '../linear.ts';
import type { Pass } from '../pass.ts';
import { blockSize, elementwise } from '../shape-facts.ts';

export const fillBlocks: Pass = {
  name: 'fill-blocks',
  version: 1,
  provider: 'cpu',
  about:
    'Channels between convolutions are rounded up to whole blocks with zeros, so that pools and convolutions between keep the layout.',
  apply(graph) {
    let rewrites = 0;
    // By name: what is rewritten as the user of one is looked at again.
    for (const name of graph.nodes.map(({ output }) => output[0]!)) {
      const linear = mixing(graph, graph.producer(name));
      const users = linear && linear.outputs % blockSize !== 0 && usersOf(graph, name);
      if (!users || users.length === 0) continue;
      const channels = Math.ceil(linear.outputs / blockSize) * blockSize;
      graph.replace([linear.node], [withOutputs(graph, linear, channels)]);
      for (const user of users) graph.replace([user], [withInputs(graph, mixing(graph, user)!, channels)]);
      rewrites++;
    }
    graph.sweep();
    return rewrites;
  },
};

function mixing(graph: Graph, node: Node | undefined): Linear | undefined {
  const linear = linearOf(graph, node);
  return linear && !linear.transposed && linear.group === 1 && linear.dims.length === 4 ? linear : undefined;
}

const pools = new Set(['AveragePool', 'GlobalAveragePool', 'MaxPool']);

/** The convolutions that a value ends in; undefined where it ends in anything else, which would see the channels added. */
function usersOf(graph: Graph, value: string): Node[] | undefined {
  if (graph.isPinned(value)) return undefined;
  const users = new Set<Node>();
  for (const node of graph.consumers(value)) {
    if (node.input.indexOf(value) !== 0 || node.input.lastIndexOf(value) !== 0) return undefined;
    if (mixing(graph, node)) users.add(node);
    else {
      const passesOn = elementwise.has(node.opType) || (pools.has(node.opType) && node.output.length === 1);
      const further = passesOn ? usersOf(graph, node.output[0]!) : undefined;
      if (!further) return undefined;
      for (const user of further) users.add(user);
    }
  }
  return [...users];
}

function withOutputs(graph: Graph, linear: Linear, channels: number): Node {
  const weights = linear.weights();
  const dims = [channels, ...linear.dims.slice(1)];
  const filled = new Float32Array((weights.length / linear.outputs) * channels);
  filled.set(weights);
  const bias = linear.bias && new Float32Array(channels);
  bias?.set(linear.bias!);
  return rebuilt(graph, linear, { weights: filled, dims, ...(bias && { bias }) });
}

function withInputs(graph: Graph, linear: Linear, channels: number): Node {
  const { dims, outputs, inputs } = linear;
  const weights = linear.weights();
  const size = weights.length / outputs;
  const filledSize = (size / inputs) * channels;
  const filled = new Float32Array(filledSize * outputs);
  for (let i = 0; i < outputs; i++) filled.set(weights.subarray(i * size, (i + 1) * size), i * filledSize);
  return rebuilt(graph, linear, { weights: filled, dims: [outputs, channels, ...dims.slice(2)] });
}
