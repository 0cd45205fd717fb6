import { PlacardError } from '../errors.ts';
import { make, type Onnx } from './schema.ts';

export type Tensor = Onnx<'Tensor'>;

/** Element types of ONNX that rewriting reads; others pass through. */
export const elementTypes = { float: 1, int32: 6, int64: 7 } as const;

const elementBytes: Readonly<Record<number, number>> = {
  1: 4, // float
  2: 1, // uint8
  3: 1, // int8
  4: 2, // uint16
  5: 2, // int16
  6: 4, // int32
  7: 8, // int64
  9: 1, // bool
  10: 2, // float16
  11: 8, // double
  12: 4, // uint32
  13: 8, // uint64
  16: 2, // bfloat16
};

function elementCount(dims: readonly bigint[]): number {
  return dims.reduce((product, dim) => product * Number(dim), 1);
}

/** Whether the values lie in another file. */
export function isExternal(tensor: Tensor): boolean {
  return tensor.dataLocation === 1;
}

/** Throws MODEL_INVALID where a tensor holds more or fewer values than its shape says. */
export function checkTensor(tensor: Tensor): void {
  if (isExternal(tensor)) return;
  const count = elementCount(tensor.dims);
  if (!Number.isSafeInteger(count) || tensor.dims.some((dim) => dim < 0n)) {
    throw invalid(tensor, `a shape of [${tensor.dims.join(', ')}]`);
  }
  const bytes = elementBytes[tensor.dataType];
  if (tensor.rawData.length > 0 && bytes !== undefined && tensor.rawData.length !== count * bytes) {
    throw invalid(tensor, `${tensor.rawData.length} bytes for ${count} values`);
  }
  const listed = listedValues(tensor);
  if (listed && tensor.rawData.length === 0 && listed.length !== count) {
    throw invalid(tensor, `${listed.length} values for a shape of ${count}`);
  }
}

function listedValues(tensor: Tensor): readonly unknown[] | undefined {
  if (tensor.dataType === elementTypes.float) return tensor.floatData;
  if (tensor.dataType === elementTypes.int32) return tensor.int32Data;
  if (tensor.dataType === elementTypes.int64) return tensor.int64Data;
  return undefined;
}

function invalid(tensor: Tensor, what: string): PlacardError {
  return new PlacardError('MODEL_INVALID', `The tensor ${JSON.stringify(tensor.name)} has ${what}.`);
}

/** A copy of the values of a float tensor, or undefined for other types and for values in other files. */
export function floatsOf(tensor: Tensor): Float32Array<ArrayBuffer> | undefined {
  if (tensor.dataType !== elementTypes.float || isExternal(tensor)) return undefined;
  if (tensor.rawData.length === 0) return Float32Array.from(tensor.floatData);
  return new Float32Array(copyOf(tensor.rawData));
}

/** The values of an int32 or int64 tensor, or undefined for others. */
export function integersOf(tensor: Tensor): number[] | undefined {
  if (isExternal(tensor)) return undefined;
  const isRaw = tensor.rawData.length > 0;
  if (tensor.dataType === elementTypes.int32) {
    return isRaw ? [...new Int32Array(copyOf(tensor.rawData))] : [...tensor.int32Data];
  }
  if (tensor.dataType !== elementTypes.int64) return undefined;
  return Array.from(isRaw ? new BigInt64Array(copyOf(tensor.rawData)) : tensor.int64Data, Number);
}

// Little-endian, as the format and every platform that placard runs on.
function copyOf(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}

export function floatTensor(name: string, dims: readonly number[], values: Float32Array): Tensor {
  const rawData = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return make('Tensor', { name, dims: dims.map(BigInt), dataType: elementTypes.float, rawData });
}

export function integerTensor(name: string, dims: readonly number[], values: readonly number[]): Tensor {
  const rawData = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
  return make('Tensor', { name, dims: dims.map(BigInt), dataType: elementTypes.int64, rawData });
}
