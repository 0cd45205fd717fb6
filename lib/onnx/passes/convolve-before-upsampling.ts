import { type Graph, integerOf, makeNode, type Node } from '../graph.ts';
import { type Linear, linearOf } from '../linear.ts';
import type { Pass } from '../pass.ts';
import { channelsOf } from '../shape-facts.ts';
import {
  convolvedBeforeUpsampling,
  isNeighborhood,
  type Upsampled,
  upsampledOf,
  upsampling,
  weightsOfInputs,
} from '../upsampling.ts';

export const convolveBeforeUpsampling: Pass = {
  name: 'convolve-before-upsampling',
  version: 1,
  about:
    'A 3x3 convolution of maps laid side by side, of which some were upsampled, takes those at half their size: four ninths of the work.',
  apply(graph) {
    let rewrites = 0;
    for (const node of graph.nodes.filter(({ opType }) => opType === 'Concat')) {
      const linear = linearOf(graph, graph.soleConsumer(node.output[0]!));
      const parts = linear && partsOf(graph, node, linear);
      if (!parts) continue;
      graph.replace([node, linear.node], separated(graph, linear, parts));
      rewrites++;
    }
    graph.sweep();
    return rewrites;
  },
};

interface Part {
  value: string;
  channels: number;
  upsampled: Upsampled | undefined;
}

/** The maps side by side, where each was upsampled an even number of times but for some at the end. */
function partsOf(graph: Graph, node: Node, linear: Linear): Part[] | undefined {
  if (integerOf(node, 'axis', 0) !== 1 || !isNeighborhood(linear)) return undefined;
  const parts: Part[] = [];
  for (const value of node.input) {
    const channels = channelsOf(graph, value);
    if (channels === undefined) return undefined;
    const found = upsampledOf(graph, value);
    parts.push({ value, channels, upsampled: found && found.scale % 2 === 0 ? found : undefined });
  }
  const small = parts.filter(({ upsampled }) => upsampled).length;
  const isOrdered = parts.every(({ upsampled }, i) => (upsampled !== undefined) === i < small);
  const total = parts.reduce((sum, { channels }) => sum + channels, 0);
  return total === linear.inputs && small > 0 && isOrdered ? parts : undefined;
}

/** What comes of the upsampled maps, at half their size, and of the others, added. */
function separated(graph: Graph, linear: Linear, parts: readonly Part[]): Node[] {
  const { node, outputs } = linear;
  const [output] = node.output as [string];
  const small = parts.filter(({ upsampled }) => upsampled);
  const halves = joined(graph, small, output);
  const weights = linear.weights();
  const neighborhood = { weights: weightsOfInputs(linear, weights, 0, halves.channels), outputs, bias: linear.bias };
  const inputs = halves.channels;
  const nodes = (name: string) => [
    ...halves.nodes,
    ...convolvedBeforeUpsampling(graph, halves.value, { ...neighborhood, inputs }, name),
  ];
  if (small.length === parts.length) return nodes(output);
  const rest = joined(graph, parts.slice(small.length), output);
  const dims = [outputs, rest.channels, 3, 3];
  const own = graph.addFloats(`${output}.weights`, dims, weightsOfInputs(linear, weights, inputs, rest.channels));
  const [coarse, fine] = [graph.freshName(`${output}.coarse`), graph.freshName(`${output}.fine`)];
  const convolution = makeNode('Conv', [rest.value, own], [fine]);
  convolution.attribute = node.attribute;
  return [...nodes(coarse), ...rest.nodes, convolution, makeNode('Add', [fine, coarse], [output])];
}

/** Maps side by side, those that were upsampled at half their size. */
function joined(
  graph: Graph,
  parts: readonly Part[],
  base: string,
): { nodes: Node[]; value: string; channels: number } {
  const nodes: Node[] = [];
  const values = parts.map(({ value, upsampled }) => {
    if (!upsampled) return value;
    if (upsampled.scale === 2) return upsampled.source;
    const half = graph.freshName(`${value}.half`);
    nodes.push(upsampling(graph, upsampled.source, upsampled.scale / 2, half));
    return half;
  });
  const channels = parts.reduce((sum, part) => sum + part.channels, 0);
  if (values.length === 1) return { nodes, value: values[0]!, channels };
  const side = graph.freshName(`${base}.joined`);
  return { nodes: [...nodes, makeNode('Concat', values, [side], { axis: 1 })], value: side, channels };
}
