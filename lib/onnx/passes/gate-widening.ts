import { gatedOf } from '../gates.ts';
import { type Graph, makeNode, type Node } from '../graph.ts';
import type { Pass } from '../pass.ts';
import { upsampledOf } from '../upsampling.ts';

export const gateWidening: Pass = {
  name: 'gate-widening',
  version: 1,
  provider: 'cpu',
  about:
    'Few channels widened, gated and added to an upsampled map are widened with weights that are gated at each run: one walk over the wide map less.',
  apply(graph, { batch }) {
    const products = graph.nodes.filter((node) => node.opType === 'Mul' && isAddedToUpsampled(graph, node));
    const found = products.flatMap((product) => {
      const parts = gatedOf(graph, product);
      return parts ? [{ product, ...parts }] : [];
    });
    if (found.length > 0 && batch !== 1) return 'each picture of a batch would need weights of its own';
    for (const { product, gate, widening } of found) {
      const [output] = product.output as [string];
      const [column, weights] = [graph.freshName(`${output}.column`), graph.freshName(`${output}.weights`)];
      const shape = graph.addIntegers(`${output}.shape`, [4], [widening.outputs, 1, 1, 1]);
      const [input, wide] = widening.node.input as [string, string];
      const convolution = makeNode('Conv', [input, weights], [output]);
      convolution.attribute = widening.node.attribute;
      graph.replace(
        [widening.node, product],
        [makeNode('Reshape', [gate, shape], [column]), makeNode('Mul', [wide, column], [weights]), convolution],
      );
    }
    graph.sweep();
    return found.length;
  },
};

/** There the wide map leaves its blocks anyway. */
function isAddedToUpsampled(graph: Graph, product: Node): boolean {
  const [gated] = product.output as [string];
  const sum = graph.soleConsumer(gated);
  return sum?.opType === 'Add' && sum.input.some((input) => upsampledOf(graph, input));
}
