import {
  floatOf,
  type Graph,
  integerAttribute,
  integerOf,
  listOf,
  type Node,
  stringAttribute,
  stringOf,
  withoutAttributes,
} from '../graph.ts';
import type { Pass } from '../pass.ts';
import { rankOf } from '../shape-facts.ts';

const target = 14;
const least = 9;

export const raiseOpset: Pass = {
  name: 'raise-opset',
  version: 1,
  about: `Operators are said in the words of opset ${target}, which has HardSwish.`,
  apply(graph) {
    const { opset } = graph;
    if (opset >= target) return 0;
    if (opset < least) return `opset ${opset} is older than ${least}`;
    const foreign = graph.model.graph.node.find((node) => !['', 'ai.onnx'].includes(node.domain));
    if (foreign) return `${foreign.domain}.${foreign.opType} is no operator of ONNX`;
    const changes: (() => void)[] = [];
    for (const node of graph.nodes) {
      const change = conversionOf(graph, node, opset);
      if (typeof change === 'string') return change;
      if (change) changes.push(change);
    }
    for (const change of changes) change();
    graph.setOpset(target);
    // Since version 7 a file may have opset 14.
    if (graph.model.irVersion < 7n) graph.model.irVersion = 7n;
    return changes.length;
  },
};

/** Operators that mean the same from opset 9 to 14; many only took more types. */
const unchanged = new Set(
  `Abs Add And ArgMax ArgMin AveragePool BatchNormalization Cast Ceil Concat Constant ConstantOfShape Conv ConvTranspose Cos
  DepthToSpace Div Elu Equal Erf Exp Expand Flatten Floor GRU Gather Gemm GlobalAveragePool GlobalMaxPool Greater HardSigmoid
  Identity InstanceNormalization LRN LSTM LeakyRelu Less Log LpNormalization MatMul Max MaxPool Min Mul Neg Not Or PRelu Pow
  Range Reciprocal ReduceL2 ReduceMax ReduceMean ReduceMin ReduceProd Relu Reshape Round Selu Shape Sigmoid Sign Sin Softplus
  Softsign SpaceToDepth Sqrt Sub Sum Tanh Tile Transpose Where Xor`.split(/\s+/),
);

/** What makes a node mean the same in the target opset: nothing, a change to it, or why that is not known. */
function conversionOf(graph: Graph, node: Node, opset: number): (() => void) | string | undefined {
  if (node.attribute.some(({ g, graphs }) => g || graphs.length > 0)) return `${node.opType} holds a graph`;
  if (node.opType === 'BatchNormalization' && node.output.length > 1) return 'BatchNormalization is being trained';
  if (unchanged.has(node.opType)) return undefined;
  switch (node.opType) {
    case 'Clip':
      return opset < 11 ? () => moveBounds(graph, node) : undefined;
    case 'Squeeze':
    case 'Unsqueeze':
    case 'ReduceSum':
      return opset < 13 ? () => moveLists(graph, node, ['axes']) : undefined;
    case 'Split':
      return opset < 13 ? () => moveLists(graph, node, ['split']) : undefined;
    case 'Slice':
      return opset < 10 ? () => moveSlice(graph, node) : undefined;
    case 'Dropout':
      return opset < 12 ? () => dropRatio(graph, node) : undefined;
    case 'Softmax':
    case 'LogSoftmax':
      return opset < 13 ? lastAxis(graph, node) : undefined;
    case 'Resize':
      return opset < 11 ? resizeFrom10(graph, node) : undefined;
    default:
      return `the change of ${node.opType} from opset ${opset} to ${target} is not known`;
  }
}

/** Clip's bounds were attributes. */
function moveBounds(graph: Graph, node: Node): void {
  const bounds = (['min', 'max'] as const).map((name) => {
    const isGiven = node.attribute.some((attribute) => attribute.name === name);
    const value = Float32Array.of(floatOf(node, name, 0));
    return isGiven ? graph.addFloats(`${node.output[0]}.${name}`, [], value) : '';
  });
  node.attribute = withoutAttributes(node, 'min', 'max');
  graph.setInputs(node, [node.input[0]!, ...bounds]);
}

/** Lists that were attributes follow the node's inputs. */
function moveLists(graph: Graph, node: Node, names: readonly string[]): void {
  const lists = names.flatMap((name) => {
    const values = listOf(node, name);
    return values ? [graph.addIntegers(`${node.output[0]}.${name}`, [values.length], values)] : [];
  });
  node.attribute = withoutAttributes(node, ...names);
  graph.setInputs(node, [...node.input, ...lists]);
}

function moveSlice(graph: Graph, node: Node): void {
  moveLists(graph, node, ['starts', 'ends', 'axes']);
}

/** Inference copies: the ratio says nothing. */
function dropRatio(graph: Graph, node: Node): void {
  node.attribute = withoutAttributes(node, 'ratio');
  graph.setInputs(node, [node.input[0]!]);
}

/** Softmax went over all dimensions from its axis on, taken as one; now over the axis alone, which is the same for the last. */
function lastAxis(graph: Graph, node: Node): (() => void) | string | undefined {
  const axis = integerOf(node, 'axis', 1);
  const rank = axis === -1 ? undefined : rankOf(graph, node.output[0]!);
  if (axis !== -1 && axis + 1 !== rank) {
    return `${node.opType} over axis ${axis} of ${rank ?? 'an unknown number of'} dimensions means something else`;
  }
  return () => {
    node.attribute = [...withoutAttributes(node, 'axis'), integerAttribute('axis', -1)];
  };
}

/** Resize took coordinates as asymmetric ones, and the sample at or before them. */
function resizeFrom10(graph: Graph, node: Node): (() => void) | string {
  const mode = stringOf(node, 'mode', 'nearest');
  if (mode !== 'nearest' && mode !== 'linear') return `Resize with mode ${mode} is not known`;
  return () => {
    node.attribute.push(
      stringAttribute('coordinate_transformation_mode', 'asymmetric'),
      stringAttribute('nearest_mode', 'floor'),
    );
    graph.setInputs(node, [node.input[0]!, '', node.input[1]!]);
  };
}
