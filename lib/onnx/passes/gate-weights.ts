import { gatedOf } from '../gates.ts';
import { type Graph, makeNode, type Node } from '../graph.ts';
import { type Linear, linearOf } from '../linear.ts';
import type { Pass } from '../pass.ts';
import { convolvedBeforeUpsampling, isNeighborhood, type Upsampled, upsampledOf } from '../upsampling.ts';

export const gateWeights: Pass = {
  name: 'gate-weights',
  version: 1,
  about:
    'Few channels widened, gated, added to an upsampled map and convolved: gate and widening go into weights made at each run, and the wide map is never made.',
  apply(graph, { batch }) {
    const sums = graph.nodes.flatMap((node) => {
      const level = node.opType === 'Add' ? levelOf(graph, node) : undefined;
      return level ? [level] : [];
    });
    if (sums.length > 0 && batch !== 1) return 'each picture of a batch would need weights of its own';
    for (const level of sums) {
      const { sum, product, widening, convolution, upsampled } = level;
      graph.replace([upsampled.node, widening.node, product, sum, convolution.node], rewritten(graph, level));
    }
    graph.sweep();
    return sums.length;
  },
};

/** conv(gate · widen(x) + upsample(y)), which is conv'(x) + conv(upsample(y)). */
interface Level {
  sum: Node;
  product: Node;
  gate: string;
  widening: Linear;
  upsampled: Upsampled;
  convolution: Linear;
}

function levelOf(graph: Graph, sum: Node): Level | undefined {
  const convolution = linearOf(graph, graph.soleConsumer(sum.output[0]!));
  if (!convolution || !isNeighborhood(convolution)) return undefined;
  for (const [gated, other] of [sum.input, [...sum.input].reverse()] as [string, string][]) {
    const upsampled = upsampledOf(graph, other);
    const product = graph.producer(gated);
    if (upsampled?.scale !== 2 || product?.opType !== 'Mul') continue;
    const found = gatedOf(graph, product);
    const areUsedOnce = [gated, other].every((value) => graph.soleConsumer(value) === sum);
    if (found && areUsedOnce) return { sum, product, upsampled, convolution, ...found };
  }
  return undefined;
}

function rewritten(graph: Graph, { gate, widening, upsampled, convolution }: Level): Node[] {
  const { outputs, inputs, node } = convolution;
  const [output] = node.output as [string];
  const [row, gatedTaps, narrow, ordered, weights, fine, coarse] = (
    ['row', 'gated', 'narrow', 'ordered', 'weights', 'fine', 'coarse'] as const
  ).map((name) => graph.freshName(`${output}.${name}`)) as [string, string, string, string, string, string, string];
  const taps = graph.addFloats(`${output}.taps`, [outputs * 9, inputs], channelsLast(convolution));
  const wide = graph.addFloats(`${output}.wide`, [inputs, widening.inputs], widening.weights());
  const asRow = graph.addIntegers(`${output}.one`, [2], [1, inputs]);
  const asTaps = graph.addIntegers(`${output}.sides`, [4], [outputs, 3, 3, widening.inputs]);
  const narrowConvolution = makeNode('Conv', [widening.node.input[0]!, weights, ...node.input.slice(2)], [fine]);
  narrowConvolution.attribute = node.attribute;
  const full = { weights: convolution.weights(), outputs, inputs };
  return [
    makeNode('Reshape', [gate, asRow], [row]),
    makeNode('Mul', [taps, row], [gatedTaps]),
    makeNode('MatMul', [gatedTaps, wide], [narrow]),
    makeNode('Reshape', [narrow, asTaps], [ordered]),
    makeNode('Transpose', [ordered], [weights], { perm: [0, 3, 1, 2] }),
    narrowConvolution,
    ...convolvedBeforeUpsampling(graph, upsampled.source, full, coarse),
    makeNode('Add', [fine, coarse], [output]),
  ];
}

/** Weights as outputs x kernel x inputs. */
function channelsLast({ inputs, weights }: Linear): Float32Array {
  const values = weights();
  return Float32Array.from(values, (_, target) => {
    const [output, tap] = [Math.floor(target / (9 * inputs)), Math.floor(target / inputs) % 9];
    return values[(output * inputs + (target % inputs)) * 9 + tap]!;
  });
}
