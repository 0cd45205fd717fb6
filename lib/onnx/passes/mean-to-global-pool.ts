import { type Graph, integerOf, listOf, makeNode, type Node } from '../graph.ts';
import type { Pass } from '../pass.ts';
import { rankOf } from '../shape-facts.ts';

export const meanToGlobalPool: Pass = {
  name: 'mean-to-global-pool',
  version: 1,
  about: 'A mean over height and width becomes GlobalAveragePool, which takes the layout that convolutions leave.',
  apply(graph) {
    const means = graph.nodes.filter((node) => node.opType === 'ReduceMean' && isOverPixels(graph, node));
    for (const node of means) {
      graph.replace([node], [makeNode('GlobalAveragePool', [node.input[0]!], [node.output[0]!])]);
    }
    return means.length;
  },
};

function isOverPixels(graph: Graph, node: Node): boolean {
  const axes = (listOf(node, 'axes') ?? graph.integers(node.input[1]))?.map((axis) => (axis < 0 ? axis + 4 : axis));
  if (integerOf(node, 'keepdims', 1) !== 1 || rankOf(graph, node.input[0]!) !== 4) return false;
  return axes?.length === 2 && axes.includes(2) && axes.includes(3);
}
