import { readPickle } from './pickle.ts';
import { invalid } from './refusals.ts';
import { bytesOf, type TensorStorage } from './tensor.ts';
import { TorchWorld } from './torch-world.ts';

/** The first of the pickles, as Python writes it: what tells torch's files from other pickles. */
const magic = 0x1950a86a20f9469cfc6cn;
const protocol = 1001;

/**
 * What torch wrote before 1.6: pickles of a magic number, a protocol, the system, the value itself and the storages' keys; then
 * each storage as its count of numbers (8 bytes) and the numbers, little-endian.
 */
export function readLegacy(bytes: Uint8Array): unknown {
  const world = new TorchWorld();
  let end = 0;
  const next = (): unknown => {
    const pickle = readPickle(bytes, end, world);
    end = pickle.end;
    return pickle.value;
  };
  if (next() !== magic) throw invalid('is a pickle, but none of torch.save');
  if (next() !== protocol) throw invalid(`is of another protocol of torch than ${protocol}`);
  next();
  const value = next();
  const keys = next();
  if (!Array.isArray(keys)) throw invalid('is broken: the list of its storages is missing');
  const missing = new Map(world.storages);
  for (const key of keys) {
    const storage = missing.get(key);
    if (!storage) throw invalid('is broken: it lists a storage twice, or one that no tensor needs');
    missing.delete(key);
    end = fill(storage, bytes, end);
  }
  for (const key of missing.keys()) throw invalid(`has no bytes for the storage ${key}`);
  return value;
}

/** Gives where the storage ends. */
function fill(storage: TensorStorage, bytes: Uint8Array, start: number): number {
  const { key, count, dtype } = storage;
  const first = start + 8;
  const end = first + count * bytesOf[dtype];
  if (!(end <= bytes.length)) throw invalid(`ends within the storage ${key} of ${count} ${dtype}`);
  const stated = new DataView(bytes.buffer, bytes.byteOffset + start, 8).getBigInt64(0, true);
  if (stated !== BigInt(count)) throw invalid(`has ${stated} numbers for the storage ${key} of ${count} ${dtype}`);
  storage.bytes = bytes.subarray(first, end);
  return end;
}
