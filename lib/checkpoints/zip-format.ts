import { unzipSync } from 'fflate';
import { readPickle } from './pickle.ts';
import { invalid, Refusal } from './refusals.ts';
import { bytesOf, type TensorStorage } from './tensor.ts';
import { TorchWorld } from './torch-world.ts';

/** Weights do not pack tightly: entries that unpack to more than so many times the file's size are a bomb. */
const mostExpansion = 8;
const mostEntries = 100_000;

/** What torch has written since 1.6: `data.pkl`, and each storage as `data/KEY`, in one folder of a zip archive. */
export function readZip(bytes: Uint8Array): unknown {
  const entries = unpacked(bytes);
  const pickle = entries.get('data.pkl');
  if (!pickle) throw invalid('is a zip archive without data.pkl: no file of torch.save');
  if (entries.has('constants.pkl')) throw invalid('is a TorchScript archive: save its state_dict() instead');
  const world = new TorchWorld();
  const { value } = readPickle(pickle, 0, world);
  const isSwapped = isBigEndian(entries.get('byteorder'));
  for (const storage of world.storages.values()) fill(storage, entries.get(`data/${storage.key}`), isSwapped);
  return value;
}

function isBigEndian(entry: Uint8Array | undefined): boolean {
  const order = entry ? Buffer.from(entry).toString('latin1').trim() : 'little';
  if (order !== 'little' && order !== 'big') throw invalid(`has the unknown byte order ${JSON.stringify(order)}`);
  return order === 'big';
}

function fill(storage: TensorStorage, entry: Uint8Array | undefined, isSwapped: boolean): void {
  const { key, count, dtype } = storage;
  const length = count * bytesOf[dtype];
  if (entry?.length !== length) {
    throw invalid(`has ${entry?.length ?? 'no'} bytes for the storage ${key} of ${count} ${dtype}`);
  }
  const numbers = Buffer.from(entry.buffer, entry.byteOffset, entry.length);
  const swaps = { 1: () => {}, 2: () => numbers.swap16(), 4: () => numbers.swap32(), 8: () => numbers.swap64() };
  if (isSwapped) swaps[bytesOf[dtype] as keyof typeof swaps]();
  storage.bytes = entry;
}

/** The entries that a state dictionary is made of, by their names inside of the archive's folder. */
function unpacked(bytes: Uint8Array): Map<string, Uint8Array> {
  const most = mostExpansion * bytes.length;
  let [total, seen] = [0, 0];
  try {
    const entries = unzipSync(bytes, {
      filter({ name, size, originalSize }) {
        if (++seen > mostEntries) throw invalid(`has more than ${mostEntries} entries`);
        if (!/^[^/]*\/(data\.pkl|constants\.pkl|byteorder|data\/[^/]+)$/.test(name)) return false;
        total += Math.max(size, originalSize);
        if (!(total <= most)) throw invalid(`unpacks to more than ${mostExpansion} times its size`);
        return true;
      },
    });
    return new Map(Object.entries(entries).map(([name, entry]) => [name.slice(name.indexOf('/') + 1), entry]));
  } catch (cause) {
    if (cause instanceof Refusal) throw cause;
    throw invalid(`is no whole zip archive: ${(cause as Error).message}`, cause);
  }
}
