import { type Graph, makeNode, type Node } from '../graph.ts';
import { at, type ChannelAffine, type Channels, channelAffineOf, linearOf } from '../linear.ts';
import type { Pass } from '../pass.ts';
import { blockSize, channelsOf, comesFromConvolution } from '../shape-facts.ts';

export const affineToConvolution: Pass = {
  name: 'affine-to-convolution',
  version: 1,
  about:
    'A constant factor or term between convolutions that no fold can take becomes a 1x1 convolution, channel by channel.',
  apply(graph) {
    let rewrites = 0;
    for (let chain = findChain(graph); chain; chain = findChain(graph)) {
      graph.replace(chain.nodes, [convolution(graph, chain)]);
      rewrites++;
    }
    graph.sweep();
    return rewrites;
  },
};

/** Constant factors and terms in a row, and what they do together. */
interface Chain {
  nodes: Node[];
  data: string;
  output: string;
  affine: ChannelAffine;
  channels: number;
}

function findChain(graph: Graph): Chain | undefined {
  for (const node of graph.nodes) {
    const [output] = node.output as [string];
    if (!graph.consumers(output).some((next) => linearOf(graph, next))) continue;
    const chain = chainTo(graph, node, output);
    if (chain && comesFromConvolution(graph, chain.data)) return chain;
  }
  return undefined;
}

function chainTo(graph: Graph, last: Node, output: string): Chain | undefined {
  const channels = channelsOf(graph, output);
  if (!channels || channels % blockSize !== 0) return undefined;
  const chain: Chain = { nodes: [], data: output, output, affine: { scale: [1], shift: [0] }, channels };
  for (let node: Node | undefined = last; node; ) {
    const found = channelAffineOf(graph, node, 4);
    if (!found || graph.constant(found.data) || channelsOf(graph, found.data) !== channels) break;
    chain.affine = composed(chain.affine, found.affine, channels);
    chain.nodes.unshift(node);
    chain.data = found.data;
    node = graph.soleConsumer(found.data) ? graph.producer(found.data) : undefined;
  }
  return chain.nodes.length > 0 ? chain : undefined;
}

/** What comes of `first` and then `then`. */
function composed(then: ChannelAffine, first: ChannelAffine, channels: number): ChannelAffine {
  const scale = new Float64Array(channels);
  const shift = new Float64Array(channels);
  for (let i = 0; i < channels; i++) {
    scale[i] = at(first.scale, i) * at(then.scale, i);
    shift[i] = at(first.shift, i) * at(then.scale, i) + at(then.shift, i);
  }
  return { scale, shift };
}

function convolution(graph: Graph, { data, output, affine, channels }: Chain): Node {
  const each = (values: Channels) => Float32Array.from({ length: channels }, (_, channel) => at(values, channel));
  const weights = graph.addFloats(`${output}.weights`, [channels, 1, 1, 1], each(affine.scale));
  const bias = graph.addFloats(`${output}.bias`, [channels], each(affine.shift));
  return makeNode('Conv', [data, weights, bias], [output], { kernel_shape: [1, 1], strides: [1, 1], group: channels });
}
