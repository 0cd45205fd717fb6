import { isPooled } from '../gates.ts';
import { type Graph, makeNode, type Node } from '../graph.ts';
import { linearOf } from '../linear.ts';
import type { Pass } from '../pass.ts';
import { blockSize, channelsOf } from '../shape-facts.ts';

export const rejoinBlocks: Pass = {
  name: 'rejoin-blocks',
  version: 1,
  provider: 'cpu',
  about:
    'A gated map that is convolved and added to what comes of that goes through a convolution of ones first: the sum then runs inside of a convolution.',
  apply(graph) {
    let rewrites = 0;
    for (const node of graph.nodes.filter(({ opType }) => opType === 'Mul')) {
      const [gated] = node.output as [string];
      const channels = channelsOf(graph, gated);
      if (!channels || channels % blockSize !== 0 || !isRejoined(graph, node)) continue;
      const plain = graph.freshName(`${gated}.plain`);
      const ones = graph.addFloats(`${gated}.ones`, [channels, 1, 1, 1], new Float32Array(channels).fill(1));
      const attributes = { kernel_shape: [1, 1], strides: [1, 1], group: channels };
      const product = makeNode('Mul', node.input, [plain]);
      graph.replace([node], [product, makeNode('Conv', [plain, ones], [gated], attributes)]);
      rewrites++;
    }
    graph.sweep();
    return rewrites;
  },
};

/** Whether a gated map's only uses are a convolution, and a sum with what a convolution makes. */
function isRejoined(graph: Graph, product: Node): boolean {
  const [gated] = product.output as [string];
  const users = graph.consumers(gated);
  if (graph.isPinned(gated) || !product.input.some((input) => isPooled(graph, input))) return false;
  const sums = users.filter(({ opType }) => opType === 'Add');
  const convolutions = users.filter((user) => linearOf(graph, user)?.node.input[0] === gated);
  if (sums.length !== 1 || convolutions.length !== 1 || users.length !== 2) return false;
  const other = sums[0]!.input.find((input) => input !== gated);
  return other !== undefined && linearOf(graph, graph.producer(other)) !== undefined;
}
