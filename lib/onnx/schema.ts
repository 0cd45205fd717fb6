import { create, createFileRegistry, type DescMessage, fromBinary, type Message, toBinary } from '@bufbuild/protobuf';
import {
  type FieldDescriptorProto,
  FieldDescriptorProtoSchema,
  FieldOptionsSchema,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
} from '@bufbuild/protobuf/wkt';

/**
 * The messages of an ONNX file as far as rewriting needs them: "number kind" a field, `*` where it repeats, `**` where it
 * is packed as well. Fields that are not listed survive reading and writing as they were.
 */
const table = {
  Model: {
    irVersion: '1 int64',
    producerName: '2 string',
    graph: '7 Graph',
    opsetImport: '8 OperatorSet*',
    metadataProps: '14 Entry*',
    trainingInfo: '20 bytes*',
    functions: '25 bytes*',
  },
  OperatorSet: { domain: '1 string', version: '2 int64' },
  Entry: { key: '1 string', value: '2 string' },
  Graph: {
    node: '1 Node*',
    name: '2 string',
    initializer: '5 Tensor*',
    input: '11 ValueInfo*',
    output: '12 ValueInfo*',
    valueInfo: '13 ValueInfo*',
    quantizationAnnotation: '14 bytes*',
    sparseInitializer: '15 bytes*',
  },
  Node: {
    input: '1 string*',
    output: '2 string*',
    name: '3 string',
    opType: '4 string',
    attribute: '5 Attribute*',
    domain: '7 string',
  },
  Attribute: {
    name: '1 string',
    f: '2 float',
    i: '3 int64',
    s: '4 bytes',
    t: '5 Tensor',
    g: '6 Graph',
    floats: '7 float*',
    ints: '8 int64*',
    strings: '9 bytes*',
    graphs: '11 Graph*',
    type: '20 int32',
  },
  Tensor: {
    dims: '1 int64*',
    dataType: '2 int32',
    floatData: '4 float**',
    int32Data: '5 int32**',
    int64Data: '7 int64**',
    name: '8 string',
    rawData: '9 bytes',
    dataLocation: '14 int32',
  },
  ValueInfo: { name: '1 string', type: '2 ValueType' },
  ValueType: { tensorType: '1 TensorType' },
  TensorType: { elemType: '1 int32', shape: '2 Shape' },
  Shape: { dim: '1 Dimension*' },
  Dimension: { dimValue: '1 int64', dimParam: '2 string' },
} as const;

type Table = typeof table;
export type Kind = keyof Table;

interface Scalars {
  bytes: Uint8Array;
  float: number;
  int32: number;
  int64: bigint;
  string: string;
}

type Value<K> = K extends keyof Scalars ? Scalars[K] : K extends Kind ? Onnx<K> : never;
/** Scalars that are absent read as zero or empty, messages as undefined. */
type Field<F> = F extends `${number} ${infer K}**`
  ? Value<K>[]
  : F extends `${number} ${infer K}*`
    ? Value<K>[]
    : F extends `${number} ${infer K}`
      ? K extends Kind
        ? Value<K> | undefined
        : Value<K>
      : never;

/** A message of the table. */
export type Onnx<K extends Kind> = { -readonly [F in keyof Table[K]]: Field<Table[K][F]> };

const types: Record<keyof Scalars, Type> = {
  bytes: Type.BYTES,
  float: Type.FLOAT,
  int32: Type.INT32,
  int64: Type.INT64,
  string: Type.STRING,
};

let descriptions: Record<Kind, DescMessage> | undefined;

function describe(kind: Kind): DescMessage {
  descriptions ??= describeAll();
  return descriptions[kind];
}

function describeAll(): Record<Kind, DescMessage> {
  const file = create(FileDescriptorProtoSchema, {
    name: 'onnx.proto',
    package: 'onnx',
    syntax: 'proto2',
    messageType: Object.entries(table).map(([name, fields]) => ({
      name,
      field: Object.entries(fields).map(([field, text]) => describeField(field, text)),
    })),
  });
  const registry = createFileRegistry(create(FileDescriptorSetSchema, { file: [file] }));
  const pairs = Object.keys(table).map((name) => [name, registry.getMessage(`onnx.${name}`)!]);
  return Object.fromEntries(pairs) as Record<Kind, DescMessage>;
}

function describeField(camelCase: string, text: string): FieldDescriptorProto {
  const [, number, kind, stars] = /^(\d+) (\w+)(\**)$/.exec(text)!;
  const type = types[kind as keyof Scalars];
  return create(FieldDescriptorProtoSchema, {
    name: camelCase.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    number: Number(number),
    label: stars ? Label.REPEATED : Label.OPTIONAL,
    ...(type === undefined ? { type: Type.MESSAGE, typeName: `.onnx.${kind}` } : { type }),
    ...(stars === '**' && { options: create(FieldOptionsSchema, { packed: true }) }),
  });
}

/** A new message; fields that are not given are absent. */
export function make<K extends Kind>(kind: K, fields: Partial<Onnx<K>>): Onnx<K> {
  return create(describe(kind), fields as Record<string, unknown>) as unknown as Onnx<K>;
}

/** Throws whatever the decoder throws where the bytes are no such message. */
export function decodeMessage<K extends Kind>(kind: K, bytes: Uint8Array): Onnx<K> {
  return fromBinary(describe(kind), bytes) as unknown as Onnx<K>;
}

export function encodeMessage<K extends Kind>(kind: K, message: Onnx<K>): Uint8Array<ArrayBuffer> {
  return toBinary(describe(kind), message as unknown as Message);
}
