import { type Graph, makeNode, type Node } from '../graph.ts';
import type { Pass } from '../pass.ts';
import { elementwise } from '../shape-facts.ts';

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

const mostDepth = 12;

/** Whether a value comes from a pooling over all pixels by nodes that leave it that small. */
function isPooled(graph: Graph, value: string): boolean {
  let node: Node | undefined = graph.producer(value);
  for (let depth = 0; node && depth < mostDepth; depth++) {
    if (node.opType === 'GlobalAveragePool') return true;
    const isSmall = node.opType === 'Conv' || elementwise.has(node.opType) || hasConstantOperand(graph, node);
    node = isSmall ? graph.producer(dataInput(graph, node)) : undefined;
  }
  return false;
}

/** One value a channel at most is added or multiplied. */
function hasConstantOperand(graph: Graph, node: Node): boolean {
  if (!['Add', 'Mul', 'Sub', 'Div'].includes(node.opType)) return false;
  return node.input.some((input) =>
    graph.dims(input)?.every((size, axis, all) => size === 1 || axis === all.length - 3),
  );
}

function dataInput(graph: Graph, node: Node): string {
  return node.input.find((input) => !graph.constant(input)) ?? '';
}
