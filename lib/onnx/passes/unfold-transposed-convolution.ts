import { type Graph, integerOf, listOf, makeNode, type Node } from '../graph.ts';
import { isUnpadded, type Linear, linearOf } from '../linear.ts';
import type { Pass } from '../pass.ts';

export const unfoldTransposedConvolution: Pass = {
  name: 'unfold-transposed-convolution',
  version: 1,
  about: 'A transposed convolution whose steps do not overlap becomes a 1x1 convolution and DepthToSpace.',
  apply(graph) {
    let rewrites = 0;
    for (const node of graph.nodes.filter(({ opType }) => opType === 'ConvTranspose')) {
      const linear = linearOf(graph, node);
      if (!linear || !isTiling(linear)) continue;
      graph.replace([node], unfolded(graph, linear));
      rewrites++;
    }
    graph.sweep();
    return rewrites;
  },
};

/** Every input pixel makes a square block of output pixels of its own. */
function isTiling({ node, dims, group }: Linear): boolean {
  const [, , height, width] = dims;
  const isPlain = ['output_padding', 'output_shape'].every((name) => (listOf(node, name) ?? []).every((v) => v === 0));
  const strides = listOf(node, 'strides') ?? [1, 1];
  return (
    dims.length === 4 &&
    group === 1 &&
    height === width &&
    strides.every((stride) => stride === height) &&
    (listOf(node, 'dilations') ?? []).every((dilation) => dilation === 1) &&
    integerOf(node, 'group', 1) === 1 &&
    isPlain &&
    isUnpadded(node)
  );
}

/** Output channel o at row a and column b of a block is channel (o · k + a) · k + b of the convolution. */
function unfolded(graph: Graph, linear: Linear): Node[] {
  const { node, dims, bias, inputs, outputs } = linear;
  const weights = linear.weights();
  const block = dims[2]!;
  const taps = block * block;
  const unfoldedWeights = new Float32Array(weights.length);
  for (let input = 0; input < inputs; input++) {
    for (let k = 0; k < outputs * taps; k++) unfoldedWeights[k * inputs + input] = weights[input * outputs * taps + k]!;
  }
  const [output] = node.output as [string];
  const operands = [
    node.input[0]!,
    graph.addFloats(`${output}.weights`, [outputs * taps, inputs, 1, 1], unfoldedWeights),
  ];
  if (bias) {
    const repeated = Float32Array.from({ length: outputs * taps }, (_, k) => bias[Math.floor(k / taps)]!);
    operands.push(graph.addFloats(`${output}.bias`, [outputs * taps], repeated));
  }
  const deep = graph.freshName(`${output}.deep`);
  return [
    makeNode('Conv', operands, [deep], { kernel_shape: [1, 1], strides: [1, 1], group: 1 }),
    makeNode('DepthToSpace', [deep], [output], { blocksize: block, mode: 'CRD' }),
  ];
}
