import { invalid } from './refusals.ts';

/** Types of numbers that torch stores. */
export type Dtype = 'f64' | 'f32' | 'f16' | 'bf16' | 'i64' | 'i32' | 'i16' | 'i8' | 'u8' | 'bool';

export const bytesOf: Readonly<Record<Dtype, number>> = {
  f64: 8,
  f32: 4,
  f16: 2,
  bf16: 2,
  i64: 8,
  i32: 4,
  i16: 2,
  i8: 1,
  u8: 1,
  bool: 1,
};

/** Numbers one after the other, which tensors are views of. */
export interface TensorStorage {
  key: string;
  dtype: Dtype;
  /** Of numbers. */
  count: number;
  /** Little-endian; known once the whole file was read. */
  bytes: Uint8Array;
}

/** A view of a storage: element [i, j, …] is number offset + i · strides[0] + j · strides[1] + … of it. */
export interface StoredTensor {
  storage: TensorStorage;
  offset: number;
  shape: readonly number[];
  strides: readonly number[];
}

export const mostDimensions = 8;

/** Throws CHECKPOINT_INVALID where a tensor reaches beyond its storage, or has more elements than that has numbers. */
export function checkTensor({ storage, offset, shape, strides }: StoredTensor): void {
  const numbers = [offset, ...shape, ...strides];
  const isWhole = numbers.every((value) => Number.isSafeInteger(value) && value >= 0);
  if (!isWhole || shape.length !== strides.length) {
    throw invalid(`has a tensor of shape [${shape}], strides [${strides}] and offset ${offset}`);
  }
  const elements = elementsOf(shape);
  if (elements > 0 && (offset + spanOf(shape, strides) > storage.count || elements > storage.count)) {
    throw invalid(
      `has a tensor of shape [${shape}], strides [${strides}] and offset ${offset} in a storage of ${storage.count} numbers`,
    );
  }
}

const elementsOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/** Numbers from the first element to the last. */
function spanOf(shape: readonly number[], strides: readonly number[]): number {
  return shape.reduce((sum, size, axis) => sum + (size - 1) * strides[axis]!, 1);
}

/** Elements in row-major order; undefined where they are no floating-point numbers. Those of f64 are rounded. */
export function floatsOf({ storage, offset, shape, strides }: StoredTensor): Float32Array<ArrayBuffer> | undefined {
  const elements = elementsOf(shape);
  const numbers = storedFloats(storage, offset, elements === 0 ? 0 : spanOf(shape, strides));
  if (!numbers || isContiguous(shape, strides)) return numbers;
  const values = new Float32Array(elements);
  const index = new Array<number>(shape.length).fill(0);
  for (let i = 0, at = 0; i < elements; i++) {
    values[i] = numbers[at]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      at -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return values;
}

function isContiguous(shape: readonly number[], strides: readonly number[]): boolean {
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== step) return false;
    step *= shape[axis]!;
  }
  return true;
}

function storedFloats({ dtype, bytes }: TensorStorage, first: number, count: number) {
  const size = bytesOf[dtype];
  // A copy begins where typed arrays may.
  const { buffer } = new Uint8Array(bytes.subarray(first * size, (first + count) * size));
  switch (dtype) {
    case 'f32':
      return new Float32Array(buffer);
    case 'f64':
      return Float32Array.from(new Float64Array(buffer));
    case 'f16':
      return Float32Array.from(new Uint16Array(buffer), halfOf);
    case 'bf16':
      return new Float32Array(Uint32Array.from(new Uint16Array(buffer), (bits) => bits << 16).buffer);
    default:
      return undefined;
  }
}

/** IEEE 754 binary16: a sign, five bits of exponent, ten of fraction. */
function halfOf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const [exponent, fraction] = [(bits >> 10) & 0x1f, bits & 0x3ff];
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : Number.NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (fraction + 1024) * 2 ** (exponent - 25));
}
