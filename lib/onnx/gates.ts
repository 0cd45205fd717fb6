import { type Graph, integerOf, listOf, type Node } from './graph.ts';
import { isPointwise, type Linear, linearOf } from './linear.ts';
import { elementwise } from './shape-facts.ts';

const mostGateDepth = 12;

/** Whether a value comes from a pooling over all pixels by nodes that leave it that small. */
export function isPooled(graph: Graph, value: string): boolean {
  let node: Node | undefined = graph.producer(value);
  for (let depth = 0; node && depth < mostGateDepth; depth++) {
    if (node.opType === 'GlobalAveragePool' || isMeanOfPixels(node)) return true;
    const isSmall = node.opType === 'Conv' || elementwise.has(node.opType) || hasConstantOperand(graph, node);
    node = isSmall ? graph.producer(dataInput(graph, node)) : undefined;
  }
  return false;
}

function isMeanOfPixels(node: Node): boolean {
  const [first, second, ...others] = listOf(node, 'axes') ?? [];
  const keepsRank = integerOf(node, 'keepdims', 1) === 1;
  return node.opType === 'ReduceMean' && first === 2 && second === 3 && others.length === 0 && keepsRank;
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

/** What a product is made of, where one factor is a gate and the other a map that few channels were widened to, with no term. */
export function gatedOf(graph: Graph, product: Node): { gate: string; widening: Linear } | undefined {
  for (const [map, gate] of [product.input, [...product.input].reverse()] as [string, string][]) {
    const widening = linearOf(graph, graph.producer(map));
    if (!widening || !isPointwise(widening) || widening.bias || graph.soleConsumer(map) !== product) continue;
    if (widening.inputs * 2 <= widening.outputs && isPooled(graph, gate)) return { gate, widening };
  }
  return undefined;
}
