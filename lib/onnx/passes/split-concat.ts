import { type Graph, integerOf, makeNode, type Node } from '../graph.ts';
import { type Linear, linearOf } from '../linear.ts';
import type { Pass } from '../pass.ts';
import { blockSize, channelsOf, comesFromConvolution } from '../shape-facts.ts';

export const splitConcat: Pass = {
  name: 'split-concat',
  version: 1,
  about:
    'A convolution of maps laid side by side becomes a sum of convolutions, where the maps do not fill whole blocks of channels.',
  apply(graph) {
    let rewrites = 0;
    for (const node of graph.nodes.filter(({ opType }) => opType === 'Concat')) {
      const linear = linearOf(graph, graph.soleConsumer(node.output[0]!));
      const parts = linear && partsOf(graph, node, linear);
      if (!parts) continue;
      graph.replace([node, linear.node], summed(graph, linear, parts));
      rewrites++;
    }
    graph.sweep();
    return rewrites;
  },
};

interface Part {
  input: string;
  channels: number;
}

/** The maps and their channels, where each comes from a convolution in blocks but together they do not make whole blocks. */
function partsOf(graph: Graph, node: Node, { transposed, group, dims, inputs }: Linear): Part[] | undefined {
  if (integerOf(node, 'axis', 0) !== 1 || transposed || group !== 1 || dims.length !== 4) return undefined;
  const parts = node.input.map((input) => ({ input, channels: channelsOf(graph, input) ?? 0 }));
  const total = parts.reduce((sum, { channels }) => sum + channels, 0);
  const isBlocked = parts.every(({ input, channels }) => channels >= blockSize && comesFromConvolution(graph, input));
  const isUneven = parts.some(({ channels }) => channels % blockSize !== 0);
  return total === inputs && isBlocked && isUneven ? parts : undefined;
}

function summed(graph: Graph, linear: Linear, parts: readonly Part[]): Node[] {
  const { node, dims, outputs, inputs } = linear;
  const weights = linear.weights();
  const taps = weights.length / (outputs * inputs);
  const [output] = node.output as [string];
  const nodes: Node[] = [];
  let [offset, sum] = [0, ''];
  for (const [i, { input, channels }] of parts.entries()) {
    const slice = new Float32Array(outputs * channels * taps);
    for (let o = 0; o < outputs; o++) {
      const from = (o * inputs + offset) * taps;
      slice.set(weights.subarray(from, from + channels * taps), o * channels * taps);
    }
    offset += channels;
    const sliceName = graph.addFloats(`${output}.weights`, [outputs, channels, ...dims.slice(2)], slice);
    const part = graph.freshName(`${output}.part`);
    const convolution = makeNode('Conv', [input, sliceName, ...(i === 0 ? node.input.slice(2) : [])], [part]);
    convolution.attribute = node.attribute;
    nodes.push(convolution);
    if (i > 0) {
      const total = i === parts.length - 1 ? output : graph.freshName(`${output}.sum`);
      nodes.push(makeNode('Add', [sum, part], [total]));
      sum = total;
    } else sum = part;
  }
  return nodes;
}
