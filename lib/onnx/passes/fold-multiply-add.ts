import type { Graph, Node } from '../graph.ts';
import { absorbAfter, absorbBefore, channelAffineOf, fits, isUnpadded, linearOf } from '../linear.ts';
import type { Pass } from '../pass.ts';

export const foldMultiplyAdd: Pass = {
  name: 'fold-multiply-add',
  version: 1,
  about:
    'A constant that multiplies or is added channel by channel beside a convolution goes into its weights and bias.',
  apply(graph) {
    const kept = geluParts(graph);
    let rewrites = 0;
    for (let before = -1; before !== rewrites; ) {
      before = rewrites;
      for (const node of [...graph.nodes]) {
        if (kept.has(node) || !graph.has(node)) continue;
        if (foldAfter(graph, node) || foldBefore(graph, node)) rewrites++;
      }
    }
    graph.sweep();
    return rewrites;
  },
};

function foldAfter(graph: Graph, node: Node): boolean {
  for (const data of node.input) {
    if (graph.soleConsumer(data) !== node) continue;
    const linear = linearOf(graph, graph.producer(data));
    const found = linear && channelAffineOf(graph, node, linear.dims.length);
    if (!linear || found?.data !== data || !fits(found.affine, linear.outputs)) continue;
    graph.replace([linear.node, node], [absorbAfter(graph, linear, found.affine, node.output[0]!)]);
    return true;
  }
  return false;
}

/** Zeros beyond the border stay zeros when multiplied, but not when something is added. */
function foldBefore(graph: Graph, node: Node): boolean {
  const linear = linearOf(graph, graph.soleConsumer(node.output[0]!));
  if (!linear || linear.node.input[0] !== node.output[0]) return false;
  const found = channelAffineOf(graph, node, linear.dims.length);
  if (!found || !fits(found.affine, linear.inputs)) return false;
  const isShift = Array.from(found.affine.shift).some((shift) => shift !== 0);
  if (isShift && (linear.transposed || !isUnpadded(linear.node))) return false;
  graph.replace([node, linear.node], [absorbBefore(graph, linear, found.affine, found.data)]);
  return true;
}

/** The constants' nodes of x · ½ · (1 + erf(x / √2)): ONNX Runtime makes one node of the whole only if it finds them all. */
function geluParts(graph: Graph): Set<Node> {
  const parts = new Set<Node>();
  for (const erf of graph.nodes.filter(({ opType }) => opType === 'Erf')) {
    const inside = graph.producer(erf.input[0]!);
    const plusOne = graph.soleConsumer(erf.output[0]!);
    const product = plusOne && graph.soleConsumer(plusOne.output[0]!);
    for (const node of [inside, plusOne, product]) if (node) parts.add(node);
    if (!product) continue;
    const factors = [...product.input.map((input) => graph.producer(input)), graph.soleConsumer(product.output[0]!)];
    for (const node of factors) if (node?.opType === 'Mul') parts.add(node);
  }
  return parts;
}
