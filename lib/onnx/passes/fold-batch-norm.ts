import { floatOf, type Graph, integerOf, type Node } from '../graph.ts';
import { absorbAfter, absorbBefore, type ChannelAffine, fits, isUnpadded, linearOf } from '../linear.ts';
import type { Pass } from '../pass.ts';

export const foldBatchNorm: Pass = {
  name: 'fold-batch-norm',
  version: 1,
  about: 'A batch normalization beside a convolution goes into its weights and bias.',
  apply(graph) {
    let rewrites = 0;
    for (const node of graph.nodes.filter(({ opType }) => opType === 'BatchNormalization')) {
      const affine = affineOf(graph, node);
      if (affine && (foldAfter(graph, node, affine) || foldBefore(graph, node, affine))) rewrites++;
    }
    graph.sweep();
    return rewrites;
  },
};

/** y = scale · (x − mean) / √(variance + ε) + shift. */
function affineOf(graph: Graph, node: Node): ChannelAffine | undefined {
  const [scale, shift, mean, variance] = node.input.slice(1).map((name) => graph.floats(name));
  const isUsedTwice = node.output.slice(1).some((name) => graph.consumers(name).length > 0 || graph.isPinned(name));
  if (!scale || !shift || !mean || !variance || isUsedTwice || integerOf(node, 'training_mode', 0) !== 0)
    return undefined;
  const epsilon = floatOf(node, 'epsilon', 1e-5);
  const factor = Float64Array.from(scale, (value, i) => value / Math.sqrt(variance[i]! + epsilon));
  return { scale: factor, shift: Float64Array.from(shift, (value, i) => value - mean[i]! * factor[i]!) };
}

function foldAfter(graph: Graph, node: Node, affine: ChannelAffine): boolean {
  const [data] = node.input as [string];
  const linear = linearOf(graph, graph.producer(data));
  if (!linear || graph.soleConsumer(data) !== node || !fits(affine, linear.outputs)) return false;
  graph.replace([linear.node, node], [absorbAfter(graph, linear, affine, node.output[0]!)]);
  return true;
}

function foldBefore(graph: Graph, node: Node, affine: ChannelAffine): boolean {
  const linear = linearOf(graph, graph.soleConsumer(node.output[0]!));
  if (!linear || linear.transposed || !isUnpadded(linear.node) || !fits(affine, linear.inputs)) return false;
  graph.replace([node, linear.node], [absorbBefore(graph, linear, affine, node.input[0]!)]);
  return true;
}
