import { makeNode } from '../graph.ts';
import { isPointwise, linearOf } from '../linear.ts';
import type { Pass } from '../pass.ts';

export const poolFirst: Pass = {
  name: 'pool-first',
  version: 1,
  about: 'The mean of a 1x1 convolution with more outputs than inputs is taken before it: the mean of the smaller map.',
  apply(graph) {
    let rewrites = 0;
    for (const node of graph.nodes.filter(({ opType }) => opType === 'GlobalAveragePool')) {
      const linear = linearOf(graph, graph.producer(node.input[0]!));
      if (!linear || !isPointwise(linear) || linear.inputs >= linear.outputs) continue;
      const [output] = node.output as [string];
      const mean = graph.freshName(`${output}.mean`);
      const convolution = makeNode('Conv', [mean, ...linear.node.input.slice(1)], [output]);
      convolution.attribute = linear.node.attribute;
      graph.replace([node], [makeNode('GlobalAveragePool', [linear.node.input[0]!], [mean]), convolution]);
      rewrites++;
    }
    graph.sweep();
    return rewrites;
  },
};
