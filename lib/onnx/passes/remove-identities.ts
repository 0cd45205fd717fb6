import { type Graph, integerOf, type Node } from '../graph.ts';
import type { Pass } from '../pass.ts';
import { elementTypes, floatsOf } from '../tensor.ts';

/** Operators that give back their first input when a network is not being trained. */
const copies = new Set(['Identity', 'Dropout']);

export const removeIdentities: Pass = {
  name: 'remove-identities',
  version: 1,
  about: 'Constant nodes become initializers; Identity, Dropout, multiplications by one and casts of constants go.',
  apply(graph) {
    const before = graph.nodes.length;
    inlineConstants(graph);
    for (const node of [...graph.nodes]) {
      const source = sourceOf(graph, node);
      if (source !== undefined) bypass(graph, node, source);
    }
    graph.sweep();
    return before - graph.nodes.length;
  },
};

function inlineConstants(graph: Graph): void {
  const held = graph.nodes.filter(({ opType, output }) => {
    return opType === 'Constant' && graph.constant(output[0]) && !graph.isPinned(output[0]!);
  });
  const tensors = held.map(({ output }) => Object.assign(graph.constant(output[0])!, { name: output[0]! }));
  graph.remove(held);
  for (const tensor of tensors) graph.addTensor(tensor);
}

/** The value that a node gives back unchanged. */
function sourceOf(graph: Graph, node: Node): string | undefined {
  const [first, second] = node.input as [string, string];
  if (copies.has(node.opType)) return isTraining(graph, node) ? undefined : first;
  if (node.opType === 'Cast') return castsNothing(graph, node) ? first : undefined;
  if (node.opType !== 'Mul' && node.opType !== 'Div') return undefined;
  if (isOne(graph, second)) return first;
  return node.opType === 'Mul' && isOne(graph, first) ? second : undefined;
}

function isTraining(graph: Graph, { opType, input, output }: Node): boolean {
  if (opType !== 'Dropout') return false;
  // A second output is the mask; a third input says whether this is training.
  return output.slice(1).some((name) => graph.consumers(name).length > 0 || graph.isPinned(name)) || Boolean(input[2]);
}

/** A constant that has the wanted type already. */
function castsNothing(graph: Graph, node: Node): boolean {
  return graph.constant(node.input[0])?.dataType === integerOf(node, 'to', 0);
}

/** A float of rank 0, which lifts no other operand's rank. */
function isOne(graph: Graph, value: string): boolean {
  const tensor = graph.constant(value);
  if (tensor?.dataType !== elementTypes.float || tensor.dims.length > 0) return false;
  return floatsOf(tensor)?.[0] === 1;
}

function bypass(graph: Graph, node: Node, source: string): void {
  const [output] = node.output as [string];
  // A graph's output keeps its name, and what a graph inside of a node uses as well.
  if (graph.isPinned(output)) return;
  graph.remove([node]);
  graph.redirect(output, source);
}
