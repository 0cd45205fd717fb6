import { type Graph, integerOf, listOf, makeNode, type Node, stringOf } from './graph.ts';
import type { Linear } from './linear.ts';

/** A map whose pixels are repeated in squares: [1, 1, scale, scale] times its size. */
export interface Upsampled {
  node: Node;
  source: string;
  scale: number;
}

/** What a Resize makes, where it repeats pixels a whole number of times, the same both ways. */
export function upsampledOf(graph: Graph, value: string): Upsampled | undefined {
  const node = graph.producer(value);
  if (node?.opType !== 'Resize' || node.input.length !== 3 || !isRepeating(node)) return undefined;
  const scales = graph.floats(node.input[2]);
  const [batch, channels, scale, width] = scales ?? [];
  const isSquare = scales?.length === 4 && batch === 1 && channels === 1 && scale === width;
  return isSquare && Number.isInteger(scale) && scale! > 1
    ? { node, source: node.input[0]!, scale: scale! }
    : undefined;
}

function isRepeating(node: Node): boolean {
  return (
    stringOf(node, 'mode', 'nearest') === 'nearest' &&
    stringOf(node, 'coordinate_transformation_mode', 'half_pixel') === 'asymmetric' &&
    stringOf(node, 'nearest_mode', 'round_prefer_floor') === 'floor'
  );
}

/** Repeats each pixel `scale` times both ways, as `upsampledOf` reads it. */
export function upsampling(graph: Graph, input: string, scale: number, output: string): Node {
  const region = graph.addFloats(`${output}.region`, [0], new Float32Array());
  const scales = graph.addFloats(`${output}.scales`, [4], Float32Array.of(1, 1, scale, scale));
  const attributes = { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' };
  return makeNode('Resize', [input, region, scales], [output], attributes);
}

/** A convolution of 3 x 3 that makes a map as large as its input, all of whose channels it mixes. */
export function isNeighborhood({ node, dims, group, transposed }: Linear): boolean {
  const [, , height, width] = dims;
  const isOne = (list: number[] | undefined) => (list ?? []).every((value) => value === 1);
  const isPadded = stringOf(node, 'auto_pad', 'NOTSET') === 'NOTSET' && listOf(node, 'pads')?.length === 4;
  return (
    dims.length === 4 &&
    height === 3 &&
    width === 3 &&
    group === 1 &&
    integerOf(node, 'group', 1) === 1 &&
    !transposed &&
    isPadded &&
    isOne(listOf(node, 'pads')) &&
    isOne(listOf(node, 'strides')) &&
    isOne(listOf(node, 'dilations'))
  );
}

interface Neighborhood {
  /** outputs x inputs x 3 x 3 */
  weights: Float32Array;
  outputs: number;
  inputs: number;
  bias?: Float32Array | undefined;
}

/**
 * A convolution of 3 x 3 on a map upsampled by 2, done on the map itself; makes `output`. Rows 2i - 1 and 2i of the result look
 * at rows i - 1 and i of the map only, and likewise columns: one convolution of 2 x 2 on a grid that is a row and a column
 * larger makes four pixels each, and the outermost of them are cut off. Zeros beyond the border stay zeros.
 */
export function convolvedBeforeUpsampling(
  graph: Graph,
  input: string,
  { weights, outputs, inputs, bias }: Neighborhood,
  output: string,
): Node[] {
  const [deep, grid] = [graph.freshName(`${output}.deep`), graph.freshName(`${output}.grid`)];
  const phases = graph.addFloats(
    `${output}.phases`,
    [outputs * 4, inputs, 2, 2],
    phaseWeights(weights, outputs, inputs),
  );
  const operands = [input, phases];
  if (bias) {
    const repeated = Float32Array.from({ length: outputs * 4 }, (_, phase) => bias[phase >> 2]!);
    operands.push(graph.addFloats(`${output}.bias`, [outputs * 4], repeated));
  }
  const cut = [
    [1, 1],
    [-1, -1],
    [2, 3],
  ].map((list) => graph.addIntegers(`${output}.cut`, [2], list));
  return [
    makeNode('Conv', operands, [deep], { kernel_shape: [2, 2], pads: [1, 1, 1, 1], strides: [1, 1], group: 1 }),
    makeNode('DepthToSpace', [deep], [grid], { blocksize: 2, mode: 'CRD' }),
    makeNode('Slice', [grid, ...cut], [output]),
  ];
}

/** For the first and the second row of a pair: which row of the map each of three rows of weights looks at. */
const rowOfTap = [
  [0, 0, 1],
  [0, 1, 1],
] as const;

function phaseWeights(weights: Float32Array, outputs: number, inputs: number): Float32Array {
  const phases = new Float32Array(outputs * 4 * inputs * 4);
  for (let output = 0; output < outputs; output++) {
    for (let phase = 0; phase < 4; phase++) {
      const [rows, columns] = [rowOfTap[phase >> 1]!, rowOfTap[phase & 1]!];
      for (let input = 0; input < inputs; input++) {
        const [from, to] = [(output * inputs + input) * 9, ((output * 4 + phase) * inputs + input) * 4];
        for (let tap = 0; tap < 9; tap++) {
          const target = to + rows[Math.floor(tap / 3)]! * 2 + columns[tap % 3]!;
          phases[target] = phases[target]! + weights[from + tap]!;
        }
      }
    }
  }
  return phases;
}

/** The weights of some of a convolution's inputs. */
export function weightsOfInputs(
  { dims, outputs, inputs }: Linear,
  weights: Float32Array,
  first: number,
  count: number,
): Float32Array<ArrayBuffer> {
  const taps = dims.slice(2).reduce((product, size) => product * size, 1);
  const slice = new Float32Array(outputs * count * taps);
  for (let output = 0; output < outputs; output++) {
    const from = (output * inputs + first) * taps;
    slice.set(weights.subarray(from, from + count * taps), output * count * taps);
  }
  return slice;
}
