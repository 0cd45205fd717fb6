import type { Model } from './model-file.ts';
import { make, type Onnx } from './schema.ts';
import { floatsOf, floatTensor, integersOf, integerTensor, isExternal, type Tensor } from './tensor.ts';

export type Node = Onnx<'Node'>;

interface Index {
  producers: Map<string, Node>;
  consumers: Map<string, Node[]>;
  constants: Map<string, Tensor>;
  /** Graph outputs, and values that graphs inside of nodes use. */
  pinned: Set<string>;
  names: Set<string>;
}

/** A model's graph as passes see and change it. Nodes stay in an order in which every value is made before its use. */
export class Graph {
  readonly model: Model;
  #index: Index | undefined;

  constructor(model: Model) {
    this.model = model;
  }

  get nodes(): readonly Node[] {
    return this.model.graph.node;
  }

  /** Of ONNX's own operators. */
  get opset(): number {
    return Number(this.model.opsetImport.find(({ domain }) => domain === '' || domain === 'ai.onnx')?.version ?? 0n);
  }

  get inputs(): readonly string[] {
    const { constants } = this.#indexed();
    return this.model.graph.input.map(({ name }) => name).filter((name) => !constants.has(name));
  }

  get outputs(): readonly string[] {
    return this.model.graph.output.map(({ name }) => name);
  }

  /** Of an input or output of the graph that states its shape. */
  statedRank(value: string): number | undefined {
    const { input, output } = this.model.graph;
    return [...input, ...output].find(({ name }) => name === value)?.type?.tensorType?.shape?.dim.length;
  }

  /** Whether a node is still part of the graph. */
  has(node: Node): boolean {
    return this.#indexed().producers.get(node.output[0]!) === node;
  }

  producer(value: string): Node | undefined {
    return this.#indexed().producers.get(value);
  }

  consumers(value: string): readonly Node[] {
    return this.#indexed().consumers.get(value) ?? [];
  }

  /** True for graph outputs and for values that graphs inside of nodes use: they must keep their names. */
  isPinned(value: string): boolean {
    return this.#indexed().pinned.has(value);
  }

  /** The one node that uses a value once, and nothing else does. */
  soleConsumer(value: string): Node | undefined {
    const consumers = this.consumers(value);
    return consumers.length === 1 && !this.isPinned(value) ? consumers[0] : undefined;
  }

  /** An initializer, or what a Constant node holds. */
  constant(value: string | undefined): Tensor | undefined {
    return value ? this.#indexed().constants.get(value) : undefined;
  }

  floats(value: string | undefined): Float32Array<ArrayBuffer> | undefined {
    const tensor = this.constant(value);
    return tensor && floatsOf(tensor);
  }

  integers(value: string | undefined): number[] | undefined {
    const tensor = this.constant(value);
    return tensor && integersOf(tensor);
  }

  /** The value of a float constant of one element. */
  scalar(value: string | undefined): number | undefined {
    const values = this.floats(value);
    return values?.length === 1 ? values[0] : undefined;
  }

  dims(value: string | undefined): number[] | undefined {
    return this.constant(value)?.dims.map(Number);
  }

  /** Adds an initializer under a name of its own, which is returned. */
  addFloats(base: string, dims: readonly number[], values: Float32Array): string {
    return this.#add(floatTensor(this.freshName(base), dims, values));
  }

  addIntegers(base: string, dims: readonly number[], values: readonly number[]): string {
    return this.#add(integerTensor(this.freshName(base), dims, values));
  }

  addTensor(tensor: Tensor): void {
    this.#add(tensor);
  }

  freshName(base: string): string {
    const { names } = this.#indexed();
    let name = base;
    for (let i = 1; names.has(name); i++) name = `${base}.${i}`;
    names.add(name);
    return name;
  }

  /** Puts nodes where the last of the removed ones stood: what they use must be made before that, what they make is used after. */
  replace(removed: readonly Node[], added: readonly Node[]): void {
    const { node } = this.model.graph;
    const last = Math.max(...removed.map((gone) => node.indexOf(gone)));
    node.splice(last, 1, ...added);
    for (const gone of removed) this.#unlink(gone);
    for (const gone of removed) if (node.includes(gone)) node.splice(node.indexOf(gone), 1);
    for (const fresh of added) this.#link(fresh);
  }

  remove(nodes: Iterable<Node>): void {
    const gone = new Set(nodes);
    for (const node of gone) this.#unlink(node);
    this.model.graph.node = this.model.graph.node.filter((node) => !gone.has(node));
  }

  setInputs(node: Node, inputs: readonly string[]): void {
    this.#unlink(node);
    node.input = [...inputs];
    this.#link(node);
  }

  setOpset(version: number): void {
    const own = this.model.opsetImport.find(({ domain }) => domain === '' || domain === 'ai.onnx');
    if (own) own.version = BigInt(version);
  }

  /** Makes every node use another value instead. */
  redirect(from: string, to: string): void {
    for (const node of new Set(this.consumers(from))) {
      this.setInputs(
        node,
        node.input.map((input) => (input === from ? to : input)),
      );
    }
  }

  /** Takes away nodes and initializers that nothing needs any longer. */
  sweep(): void {
    const needed = new Set(this.#indexed().pinned);
    const { graph } = this.model;
    const kept: Node[] = [];
    for (const node of [...graph.node].reverse()) {
      if (!node.output.some((output) => needed.has(output))) continue;
      for (const input of node.input) needed.add(input);
      kept.push(node);
    }
    graph.node = kept.reverse();
    graph.initializer = graph.initializer.filter(({ name }) => needed.has(name));
    this.#index = undefined;
  }

  #add(tensor: Tensor): string {
    this.model.graph.initializer.push(tensor);
    this.#index?.constants.set(tensor.name, tensor);
    this.#index?.names.add(tensor.name);
    return tensor.name;
  }

  #link(node: Node): void {
    if (this.#index) enter(this.#index, node);
  }

  #unlink(node: Node): void {
    if (this.#index) leave(this.#index, node);
  }

  #indexed(): Index {
    this.#index ??= indexOf(this.model);
    return this.#index;
  }
}

function indexOf({ graph }: Model): Index {
  const index: Index = {
    producers: new Map(),
    consumers: new Map(),
    constants: new Map(),
    pinned: new Set(graph.output.map(({ name }) => name)),
    names: new Set([...graph.input, ...graph.initializer].map(({ name }) => name)),
  };
  for (const tensor of graph.initializer) if (!isExternal(tensor)) index.constants.set(tensor.name, tensor);
  for (const node of graph.node) enter(index, node);
  return index;
}

function enter(index: Index, node: Node): void {
  for (const output of node.output) {
    index.producers.set(output, node);
    index.names.add(output);
  }
  for (const input of node.input) {
    const users = index.consumers.get(input);
    if (users) users.push(node);
    else index.consumers.set(input, [node]);
  }
  for (const name of innerGraphs(node).flatMap(namesIn)) {
    index.pinned.add(name);
    index.names.add(name);
  }
  const held = node.opType === 'Constant' ? node.attribute.find(({ name }) => name === 'value')?.t : undefined;
  if (held && !isExternal(held)) index.constants.set(node.output[0]!, held);
}

function leave(index: Index, node: Node): void {
  for (const output of node.output) {
    if (index.producers.get(output) === node) index.producers.delete(output);
    if (node.opType === 'Constant') index.constants.delete(output);
  }
  for (const input of node.input) {
    const users = index.consumers.get(input);
    if (users?.includes(node)) users.splice(users.indexOf(node), 1);
  }
}

function innerGraphs({ attribute }: Node): Onnx<'Graph'>[] {
  return attribute.flatMap(({ g, graphs }) => (g ? [g, ...graphs] : graphs));
}

/** Every value that a graph inside of a node, or one inside of that, makes or uses. */
function namesIn(graph: Onnx<'Graph'>): string[] {
  const outputs = graph.output.map(({ name }) => name);
  return [
    ...outputs,
    ...graph.node.flatMap((node) => [...node.input, ...node.output, ...innerGraphs(node).flatMap(namesIn)]),
  ];
}

const attributeTypes = { int: 2, string: 3, ints: 7 } as const;

export function integerAttribute(name: string, value: number): Onnx<'Attribute'> {
  return make('Attribute', { name, type: attributeTypes.int, i: BigInt(value) });
}

export function stringAttribute(name: string, value: string): Onnx<'Attribute'> {
  return make('Attribute', { name, type: attributeTypes.string, s: new TextEncoder().encode(value) });
}

export function makeNode(
  opType: string,
  input: readonly string[],
  output: readonly string[],
  attributes: Readonly<Record<string, number | string | readonly number[]>> = {},
): Node {
  const attribute = Object.entries(attributes).map(([name, value]) => {
    if (typeof value === 'string') return stringAttribute(name, value);
    if (typeof value === 'number') return integerAttribute(name, value);
    return make('Attribute', { name, type: attributeTypes.ints, ints: value.map(BigInt) });
  });
  return make('Node', { opType, name: output[0] ?? '', input: [...input], output: [...output], attribute });
}

function find(node: Node, name: string): Onnx<'Attribute'> | undefined {
  return node.attribute.find((attribute) => attribute.name === name);
}

export function integerOf(node: Node, name: string, absent: number): number {
  const found = find(node, name);
  return found ? Number(found.i) : absent;
}

export function listOf(node: Node, name: string): number[] | undefined {
  return find(node, name)?.ints.map(Number);
}

export function floatOf(node: Node, name: string, absent: number): number {
  return find(node, name)?.f ?? absent;
}

export function stringOf(node: Node, name: string, absent: string): string {
  const found = find(node, name);
  return found ? new TextDecoder().decode(found.s) : absent;
}

export function withoutAttributes(node: Node, ...names: string[]): Onnx<'Attribute'>[] {
  return node.attribute.filter(({ name }) => !names.includes(name));
}
