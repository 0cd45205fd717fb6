import { makeNode, type Node } from './graph.ts';
import type { Model } from './model-file.ts';
import { make, type Onnx } from './schema.ts';
import { elementTypes, floatTensor, integerTensor, type Tensor } from './tensor.ts';

/** Of ONNX's operators, and of its file format: what every runtime has had since 2021. */
const opset = 14n;
const irVersion = 7n;

/** An input or output of a network: f32, each side a number or the name of one that may differ from run to run. */
export interface ValueSides {
  name: string;
  sides: readonly (number | string)[];
}

export function floatValue({ name, sides }: ValueSides): Onnx<'ValueInfo'> {
  const dim = sides.map((side) =>
    make('Dimension', typeof side === 'string' ? { dimParam: side } : { dimValue: BigInt(side) }),
  );
  const tensorType = make('TensorType', { elemType: elementTypes.float, shape: make('Shape', { dim }) });
  return make('ValueInfo', { name, type: make('ValueType', { tensorType }) });
}

/** A network that is put together node by node; the same calls make the same bytes. Names are the caller's to keep apart. */
export class NetworkComposer {
  readonly nodes: Node[] = [];
  readonly constants: Tensor[] = [];

  /** Adds a node that makes the value `output`, which is returned. */
  node(
    output: string,
    opType: string,
    input: readonly string[],
    attributes: Parameters<typeof makeNode>[3] = {},
  ): string {
    this.nodes.push(makeNode(opType, input, [output], attributes));
    return output;
  }

  floats(name: string, dims: readonly number[], values: Float32Array): string {
    this.constants.push(floatTensor(name, dims, values));
    return name;
  }

  integers(name: string, values: readonly number[]): string {
    this.constants.push(integerTensor(name, [values.length], values));
    return name;
  }

  model(name: string, input: ValueSides, output: ValueSides): Model {
    const graph = make('Graph', {
      name,
      node: this.nodes,
      initializer: this.constants,
      input: [floatValue(input)],
      output: [floatValue(output)],
    });
    const opsetImport = [make('OperatorSet', { domain: '', version: opset })];
    return make('Model', { irVersion, producerName: 'placard', opsetImport, graph }) as Model;
  }
}
