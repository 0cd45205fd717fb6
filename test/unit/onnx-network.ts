import { floatValue } from '../../lib/onnx/composer.ts';
import { makeNode, type Node } from '../../lib/onnx/graph.ts';
import { type Model, writeModel } from '../../lib/onnx/model-file.ts';
import { make } from '../../lib/onnx/schema.ts';
import { floatTensor, integerTensor, type Tensor } from '../../lib/onnx/tensor.ts';
import { Random } from '../../lib/synth/random.ts';

type Attributes = Parameters<typeof makeNode>[3];

/** A small network that is put together node by node: from `x`, batch x 3 (or other) channels x height x width, to what is named last. */
export class NetworkBuilder {
  readonly #nodes: Node[] = [];
  readonly #constants: Tensor[] = [];
  readonly #random = new Random('network');

  /** Adds a node and gives the name of its output. */
  node(opType: string, input: readonly string[], attributes: Attributes = {}, count = 1): string {
    const name = `${opType.toLowerCase()}${this.#nodes.length}`;
    const output = [name, ...Array.from({ length: count - 1 }, (_, i) => `${name}.${i + 1}`)];
    this.#nodes.push(makeNode(opType, input, output, attributes));
    return name;
  }

  /** A node with float attributes, which `makeNode` needs nowhere in lib/. */
  floatNode(opType: string, input: readonly string[], attributes: Record<string, number>): string {
    const output = this.node(opType, input);
    this.#nodes.at(-1)!.attribute = Object.entries(attributes).map(([name, f]) =>
      make('Attribute', { name, f, type: 1 }),
    );
    return output;
  }

  floats(dims: readonly number[], values: readonly number[]): string {
    return this.#add(floatTensor(`held${this.#constants.length}`, dims, Float32Array.from(values)));
  }

  integers(values: readonly number[]): string {
    return this.#add(integerTensor(`held${this.#constants.length}`, [values.length], values));
  }

  scalar(value: number): string {
    return this.floats([], [value]);
  }

  /** Evenly drawn from -0.5 … 0.5, or from what is given. */
  weights(dims: readonly number[], least = -0.5, most = 0.5): string {
    const count = dims.reduce((product, size) => product * size, 1);
    const values = Array.from({ length: count }, () => this.#random.between(least, most));
    return this.floats(dims, values);
  }

  /** A Constant node. */
  constantNode(tensor: Tensor): string {
    const name = this.node('Constant', []);
    this.#nodes.at(-1)!.attribute = [make('Attribute', { name: 'value', t: tensor, type: 4 })];
    return name;
  }

  /** A convolution of random weights, with a bias unless told otherwise. */
  conv(
    input: string,
    from: number,
    to: number,
    { kernel = 1, pad = 0, group = 1, bias = true, stride = 1 } = {},
  ): string {
    const operands = [input, this.weights([to, from / group, kernel, kernel])];
    if (bias) operands.push(this.weights([to]));
    const strides = [stride, stride];
    return this.node('Conv', operands, { kernel_shape: [kernel, kernel], pads: [pad, pad, pad, pad], group, strides });
  }

  model(outputs: readonly string[], opset = 14, rank = 4, channels = 3): Model {
    const output = outputs.map((name) =>
      floatValue({ name, sides: Array.from({ length: rank }, (_, i) => `side${i}`) }),
    );
    const input = [floatValue({ name: 'x', sides: ['batch', channels, 'height', 'width'] })];
    const graph = make('Graph', { name: 'test', node: this.#nodes, initializer: this.#constants, input, output });
    const opsetImport = [make('OperatorSet', { domain: '', version: BigInt(opset) })];
    return make('Model', { irVersion: 8n, opsetImport, graph }) as Model;
  }

  bytes(outputs: readonly string[], opset = 14, rank = 4, channels = 3): Uint8Array {
    return writeModel(this.model(outputs, opset, rank, channels));
  }

  #add(tensor: Tensor): string {
    this.#constants.push(tensor);
    return tensor.name;
  }
}
