import { invalid, unsafe } from './refusals.ts';

/** A tuple, which unlike a list cannot be added to. */
export class Tuple {
  readonly items: readonly unknown[];

  constructor(items: readonly unknown[]) {
    this.items = items;
  }
}

/** A class or function that a pickle names. */
export class Global {
  readonly name: string;
  /** What calling it gives; a class that only stands for itself has none. */
  readonly call: ((args: readonly unknown[]) => unknown) | undefined;

  constructor(name: string, call?: (args: readonly unknown[]) => unknown) {
    this.name = name;
    this.call = call;
  }
}

/** What a pickle may reach outside of itself: nothing but this. */
export interface PickleWorld {
  /** By "module name"; what is not here is refused by its name. */
  globals: ReadonlyMap<string, Global>;
  /** What stands outside of the pickle under an id, such as a storage. */
  persistent(id: unknown): unknown;
}

/** Opcodes, and values that calls look at: bounds time and memory, and no state dictionary comes near. Nesting costs nothing. */
const mostSteps = 1_000_000;
const mostTextBytes = 2 ** 20;
const highestProtocol = 5;

/**
 * Reads one pickle of protocol 2 to 5, as far as torch writes them: None, booleans, numbers (beyond 2⁵³ as bigint), texts,
 * lists (arrays), tuples, dictionaries (maps), and what the world's globals make of those. Anything else is
 * CHECKPOINT_UNSAFE by the name of the opcode or global; what is broken is CHECKPOINT_INVALID.
 * @returns the value, and where the pickle ends
 */
export function readPickle(bytes: Uint8Array, start: number, world: PickleWorld): { value: unknown; end: number } {
  const machine = new Machine(bytes, start, world);
  for (;;) {
    machine.spend(1);
    const code = machine.byte();
    if (code === stop) return { value: machine.pop(), end: machine.position };
    const opcode = opcodes.get(code);
    if (!opcode) throw invalid(`is broken: ${hexadecimal(code)} is no opcode of pickle`);
    if (!opcode.run) throw unsafe(`the opcode ${opcode.name} (${hexadecimal(code)})`);
    opcode.run(machine);
  }
}

const hexadecimal = (code: number): string => `0x${code.toString(16).padStart(2, '0')}`;

/** The stack machine that a pickle is a program for. */
class Machine {
  position: number;
  #steps = 0;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #world: PickleWorld;
  readonly #stack: unknown[] = [];
  readonly #marks: number[] = [];
  readonly #memo = new Map<number, unknown>();

  constructor(bytes: Uint8Array, start: number, world: PickleWorld) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.position = start;
    this.#world = world;
  }

  spend(steps: number): void {
    this.#steps += steps;
    if (this.#steps > mostSteps) throw invalid(`has a pickle of more than ${mostSteps} steps`);
  }

  #take(count: number): number {
    const at = this.position;
    if (!(count <= this.#bytes.length - at)) throw invalid('ends within a pickle');
    this.position += count;
    return at;
  }

  byte = (): number => this.#view.getUint8(this.#take(1));
  uint16 = (): number => this.#view.getUint16(this.#take(2), true);
  int32 = (): number => this.#view.getInt32(this.#take(4), true);
  uint32 = (): number => this.#view.getUint32(this.#take(4), true);
  uint64 = (): number => Number(this.#view.getBigUint64(this.#take(8), true));
  /** Python writes floats with the highest byte first. */
  float64 = (): number => this.#view.getFloat64(this.#take(8), false);

  /** An integer of so many bytes, in two's complement. */
  integer(length: number): number | bigint {
    const at = this.#take(length);
    let value = 0n;
    for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(this.#bytes[at + i]!);
    const signed = BigInt.asIntN(length * 8, value);
    return Number.isSafeInteger(Number(signed)) ? Number(signed) : signed;
  }

  text(length: number, encoding: 'utf-8' | 'latin1'): string {
    if (!(length <= mostTextBytes)) throw invalid(`has a text of ${length} bytes, more than ${mostTextBytes}`);
    const at = this.#take(length);
    return Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset + at, length).toString(encoding);
  }

  line(): string {
    const end = this.#bytes.indexOf(0x0a, this.position);
    if (end < 0) throw invalid('ends within a pickle');
    const text = this.text(end - this.position, 'utf-8');
    this.byte();
    return text;
  }

  push(value: unknown): void {
    this.#stack.push(value);
  }

  pop(): unknown {
    // What stands before a mark belongs to whoever set it.
    if (this.#stack.length <= (this.#marks.at(-1) ?? 0)) throw invalid('is broken: a pickle takes more than it made');
    return this.#stack.pop();
  }

  top(): unknown {
    const value = this.pop();
    this.#stack.push(value);
    return value;
  }

  mark(): void {
    this.#marks.push(this.#stack.length);
  }

  popToMark(): unknown[] {
    const mark = this.#marks.pop();
    if (mark === undefined) throw invalid('is broken: a pickle goes back to a mark that it did not set');
    return this.#stack.splice(mark);
  }

  popTuple(length: number): void {
    const items = Array.from({ length }, () => this.pop()).reverse();
    this.push(new Tuple(items));
  }

  store(index: number): void {
    this.#memo.set(index, this.top());
  }

  memoize(): void {
    this.store(this.#memo.size);
  }

  recall(index: number): void {
    if (!this.#memo.has(index)) throw invalid(`is broken: a pickle recalls value ${index}, which it did not keep`);
    this.push(this.#memo.get(index));
  }

  append(values: readonly unknown[]): void {
    const list = this.top();
    if (!Array.isArray(list)) throw invalid('is broken: a pickle appends to what is no list');
    for (const value of values) list.push(value);
  }

  setItems(pairs: readonly unknown[]): void {
    const map = this.top();
    if (!(map instanceof Map) || pairs.length % 2 !== 0) {
      throw invalid('is broken: a pickle sets items of what is no dictionary');
    }
    for (let i = 0; i < pairs.length; i += 2) map.set(keyOf(pairs[i]), pairs[i + 1]);
  }

  findGlobal(module: unknown, name: unknown): void {
    if (typeof module !== 'string' || typeof name !== 'string') throw invalid('is broken: a global has no name');
    const global = this.#world.globals.get(`${module} ${name}`);
    if (!global) throw unsafe(`the global ${module}.${name}`);
    this.push(global);
  }

  findStackedGlobal(): void {
    const name = this.pop();
    this.findGlobal(this.pop(), name);
  }

  callGlobal(): void {
    const [args, callee] = [this.pop(), this.pop()];
    if (!(args instanceof Tuple) || !(callee instanceof Global)) throw unsafe('a call of what is no function');
    if (!callee.call) throw unsafe(`a call of ${callee.name}`);
    // The same arguments may be recalled for many calls.
    this.spend(args.items.length);
    for (const item of args.items) if (Array.isArray(item)) this.spend(item.length);
    this.push(callee.call(args.items));
  }

  /** A dictionary's attributes, such as the `_metadata` of a state dictionary, say nothing of its tensors. */
  setState(): void {
    this.pop();
    if (!(this.top() instanceof Map)) throw unsafe('the opcode BUILD on what is no dictionary');
  }

  findPersistent(): void {
    this.push(this.#world.persistent(this.pop()));
  }
}

/** A dictionary's key as a Map has it. */
export function keyOf(key: unknown): unknown {
  if (typeof key === 'object' && key !== null)
    throw invalid('has a dictionary with a key that is neither text nor number');
  return key;
}

const stop = 0x2e;

interface Opcode {
  name: string;
  /** Opcodes without it are refused. */
  run?: (machine: Machine) => void;
}

const opcodes: ReadonlyMap<number, Opcode> = new Map<number, Opcode>([
  [0x80, { name: 'PROTO', run: checkProtocol }],
  [0x95, { name: 'FRAME', run: (m) => void m.uint64() }],
  [0x28, { name: 'MARK', run: (m) => m.mark() }],
  [0x30, { name: 'POP', run: (m) => void m.pop() }],
  [0x31, { name: 'POP_MARK', run: (m) => void m.popToMark() }],
  [0x4e, { name: 'NONE', run: (m) => m.push(null) }],
  [0x88, { name: 'NEWTRUE', run: (m) => m.push(true) }],
  [0x89, { name: 'NEWFALSE', run: (m) => m.push(false) }],
  [0x4a, { name: 'BININT', run: (m) => m.push(m.int32()) }],
  [0x4b, { name: 'BININT1', run: (m) => m.push(m.byte()) }],
  [0x4d, { name: 'BININT2', run: (m) => m.push(m.uint16()) }],
  [0x8a, { name: 'LONG1', run: (m) => m.push(m.integer(m.byte())) }],
  [0x47, { name: 'BINFLOAT', run: (m) => m.push(m.float64()) }],
  [0x8c, { name: 'SHORT_BINUNICODE', run: (m) => m.push(m.text(m.byte(), 'utf-8')) }],
  [0x58, { name: 'BINUNICODE', run: (m) => m.push(m.text(m.uint32(), 'utf-8')) }],
  [0x8d, { name: 'BINUNICODE8', run: (m) => m.push(m.text(m.uint64(), 'utf-8')) }],
  // Texts of Python 2.
  [0x55, { name: 'SHORT_BINSTRING', run: (m) => m.push(m.text(m.byte(), 'latin1')) }],
  [0x54, { name: 'BINSTRING', run: (m) => m.push(m.text(m.uint32(), 'latin1')) }],
  [0x29, { name: 'EMPTY_TUPLE', run: (m) => m.popTuple(0) }],
  [0x85, { name: 'TUPLE1', run: (m) => m.popTuple(1) }],
  [0x86, { name: 'TUPLE2', run: (m) => m.popTuple(2) }],
  [0x87, { name: 'TUPLE3', run: (m) => m.popTuple(3) }],
  [0x74, { name: 'TUPLE', run: (m) => m.push(new Tuple(m.popToMark())) }],
  [0x5d, { name: 'EMPTY_LIST', run: (m) => m.push([]) }],
  [0x61, { name: 'APPEND', run: (m) => m.append([m.pop()]) }],
  [0x65, { name: 'APPENDS', run: (m) => m.append(m.popToMark()) }],
  [0x7d, { name: 'EMPTY_DICT', run: (m) => m.push(new Map()) }],
  [0x73, { name: 'SETITEM', run: (m) => m.setItems([m.pop(), m.pop()].reverse()) }],
  [0x75, { name: 'SETITEMS', run: (m) => m.setItems(m.popToMark()) }],
  [0x71, { name: 'BINPUT', run: (m) => m.store(m.byte()) }],
  [0x72, { name: 'LONG_BINPUT', run: (m) => m.store(m.uint32()) }],
  [0x94, { name: 'MEMOIZE', run: (m) => m.memoize() }],
  [0x68, { name: 'BINGET', run: (m) => m.recall(m.byte()) }],
  [0x6a, { name: 'LONG_BINGET', run: (m) => m.recall(m.uint32()) }],
  [0x63, { name: 'GLOBAL', run: (m) => m.findGlobal(m.line(), m.line()) }],
  [0x93, { name: 'STACK_GLOBAL', run: (m) => m.findStackedGlobal() }],
  [0x52, { name: 'REDUCE', run: (m) => m.callGlobal() }],
  [0x62, { name: 'BUILD', run: (m) => m.setState() }],
  [0x51, { name: 'BINPERSID', run: (m) => m.findPersistent() }],
  ...Object.entries({
    INT: 'I',
    LONG: 'L',
    LONG4: '\x8b',
    FLOAT: 'F',
    STRING: 'S',
    UNICODE: 'V',
    BINBYTES: 'B',
    SHORT_BINBYTES: 'C',
    BINBYTES8: '\x8e',
    BYTEARRAY8: '\x96',
    NEXT_BUFFER: '\x97',
    READONLY_BUFFER: '\x98',
    LIST: 'l',
    DICT: 'd',
    DUP: '2',
    EMPTY_SET: '\x8f',
    ADDITEMS: '\x90',
    FROZENSET: '\x91',
    GET: 'g',
    PUT: 'p',
    PERSID: 'P',
    INST: 'i',
    OBJ: 'o',
    NEWOBJ: '\x81',
    NEWOBJ_EX: '\x92',
    EXT1: '\x82',
    EXT2: '\x83',
    EXT4: '\x84',
  }).map(([name, code]): [number, Opcode] => [code.charCodeAt(0), { name }]),
]);

function checkProtocol(machine: Machine): void {
  const protocol = machine.byte();
  if (protocol > highestProtocol) throw invalid(`has a pickle of protocol ${protocol}, newer than ${highestProtocol}`);
}
