import { isPooled } from '../gates.ts';
import { makeNode } from '../graph.ts';
import type { Pass } from '../pass.ts';

export const joinGate: Pass = {
  name: 'join-gate',
  version: 1,
  about:
    'x + x · gate, where the gate has one value a channel, becomes x · (gate + 1): one walk over the map instead of two.',
  apply(graph) {
    let rewrites = 0;
    for (const product of graph.nodes.filter(({ opType }) => opType === 'Mul')) {
      const sum = graph.soleConsumer(product.output[0]!);
      if (sum?.opType !== 'Add') continue;
      const x = sum.input[sum.input[0] === product.output[0] ? 1 : 0]!;
      const gate = product.input[product.input[0] === x ? 1 : 0]!;
      if (!product.input.includes(x) || gate === x || !isPooled(graph, gate)) continue;
      const one = graph.addFloats(`${gate}.one`, [], Float32Array.of(1));
      const raised = graph.freshName(`${gate}.raised`);
      const [output] = sum.output as [string];
      graph.replace([product, sum], [makeNode('Add', [gate, one], [raised]), makeNode('Mul', [x, raised], [output])]);
      rewrites++;
    }
    graph.sweep();
    return rewrites;
  },
};
