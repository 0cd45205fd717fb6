import { type Graph, integerOf, makeNode, type Node, stringOf } from '../graph.ts';
import { isPointwise, type Linear, linearOf, rebuilt } from '../linear.ts';
import type { Pass } from '../pass.ts';
import { elementwise } from '../shape-facts.ts';

export const deferDepthToSpace: Pass = {
  name: 'defer-depth-to-space',
  version: 1,
  about: 'What follows DepthToSpace and looks at each pixel alone runs before it, on the smaller map.',
  apply(graph) {
    let rewrites = 0;
    for (let found = true; found; ) {
      found = graph.nodes.some((node) => blockOf(node) !== undefined && deferred(graph, node));
      if (found) rewrites++;
    }
    graph.sweep();
    return rewrites;
  },
};

/** The side of the blocks that a DepthToSpace lays out, channel by channel. */
function blockOf(node: Node | undefined): number | undefined {
  if (node?.opType !== 'DepthToSpace' || stringOf(node, 'mode', 'DCR') !== 'CRD') return undefined;
  return integerOf(node, 'blocksize', 1);
}

function deferred(graph: Graph, node: Node): boolean {
  const next = graph.soleConsumer(node.output[0]!);
  if (!next || next.input[0] !== node.output[0]) return false;
  if (elementwise.has(next.opType)) return swap(graph, node, next, rename);
  if (blockOf(next) !== undefined) return merge(graph, node, next);
  const linear = linearOf(graph, next);
  if (!linear || !isPointwise(linear) || linear.outputs * blockOf(node)! ** 2 > mostChannels) return false;
  return swap(graph, node, next, (input, output) => spread(graph, linear, blockOf(node)!, input, output));
}

/** A convolution before the blocks are laid out does the work of all pixels of a block; many channels would make it slower. */
const mostChannels = 64;

type Rebuild = (input: string, output: string, node: Node) => Node;

const rename: Rebuild = (input, output, node) => {
  const copy = makeNode(node.opType, [input, ...node.input.slice(1)], [output]);
  copy.attribute = node.attribute;
  return copy;
};

function swap(graph: Graph, node: Node, next: Node, rebuild: Rebuild): boolean {
  const early = graph.freshName(`${next.output[0]}.early`);
  const moved = rebuild(node.input[0]!, early, next);
  graph.replace([node, next], [moved, rename(early, next.output[0]!, node)]);
  return true;
}

/** The same for every pixel of a block, each of which has channels of its own. */
function spread(graph: Graph, linear: Linear, block: number, input: string, output: string): Node {
  const { bias, inputs, outputs } = linear;
  const weights = linear.weights();
  const taps = block * block;
  const wide = new Float32Array(weights.length * taps * taps);
  for (let o = 0; o < outputs; o++) {
    for (let i = 0; i < inputs; i++) {
      for (let tap = 0; tap < taps; tap++) {
        wide[(o * taps + tap) * inputs * taps + i * taps + tap] = weights[o * inputs + i]!;
      }
    }
  }
  const repeated = bias && Float32Array.from({ length: outputs * taps }, (_, k) => bias[Math.floor(k / taps)]!);
  const dims = [outputs * taps, inputs * taps, 1, 1];
  return rebuilt(graph, linear, { weights: wide, dims, ...(repeated && { bias: repeated }), input, output });
}

/** Two in a row lay out blocks of blocks: one does both, if the convolution before them puts out its channels in that order. */
function merge(graph: Graph, node: Node, next: Node): boolean {
  const [coarse, fine] = [blockOf(node)!, blockOf(next)!];
  const linear = convolutionBefore(graph, node.input[0]!);
  if (!linear) return false;
  const side = coarse * fine;
  const order = Array.from({ length: linear.outputs }, (_, target) => {
    const channel = Math.floor(target / side ** 2);
    const [row, column] = [Math.floor(target / side) % side, target % side];
    const inner = (row % fine) * fine + (column % fine);
    const outer = Math.floor(row / fine) * coarse + Math.floor(column / fine);
    return (channel * fine ** 2 + inner) * coarse ** 2 + outer;
  });
  const original = linear.weights();
  const size = original.length / linear.outputs;
  const weights = new Float32Array(original.length);
  for (const [target, source] of order.entries()) {
    weights.set(original.subarray(source * size, (source + 1) * size), target * size);
  }
  const bias = linear.bias && Float32Array.from(order, (source) => linear.bias![source]!);
  graph.replace([linear.node], [rebuilt(graph, linear, { weights, ...(bias && { bias }) })]);
  const both = makeNode('DepthToSpace', [node.input[0]!], [next.output[0]!], { blocksize: side, mode: 'CRD' });
  graph.replace([node, next], [both]);
  return true;
}

/** The convolution that a value comes from, with nothing between that mixes channels and nothing else that uses it. */
function convolutionBefore(graph: Graph, value: string): Linear | undefined {
  for (let name = value; graph.soleConsumer(name); ) {
    const node = graph.producer(name);
    if (!node) return undefined;
    if (node.opType === 'Conv') return linearOf(graph, node);
    if (!elementwise.has(node.opType)) return undefined;
    name = node.input[0]!;
  }
  return undefined;
}
