import { PlacardError } from '../errors.ts';
import { readLegacy } from './legacy-format.ts';
import { invalid, Refusal } from './refusals.ts';
import type { StoredTensor } from './tensor.ts';
import { PickledTensor } from './torch-world.ts';
import { readZip } from './zip-format.ts';

/** Tensors by their names. */
export type StateDictionary = ReadonlyMap<string, StoredTensor>;

/** Under which training scripts put the tensors, beside counters and optimizers. */
const wrappers = ['state_dict', 'model_state_dict', 'model'];
/** What torch's DataParallel puts before each name. */
const parallelPrefix = 'module.';

/**
 * Reads the tensors of a file that torch.save wrote, in its zip format (since 1.6) or the one before. Nothing of the file is
 * run: it can make numbers, texts, lists, dictionaries and tensors, and memory is bounded by its size.
 * Throws CHECKPOINT_UNSAFE where it asks for more, by name, and CHECKPOINT_INVALID where it is broken or something else.
 * @param name of the file, for messages
 */
export function readCheckpoint(bytes: Uint8Array, name: string): StateDictionary {
  try {
    return tensorsOf(unpickled(bytes));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const remedy =
      error.error === 'CHECKPOINT_UNSAFE'
        ? ', and code of checkpoints is never run. What holds tensors alone can be read: torch.save(model.state_dict(), file)'
        : '';
    throw new PlacardError(error.error, `${name} ${error.message}${remedy}.`, { cause: error.cause });
  }
}

function unpickled(bytes: Uint8Array): unknown {
  const begins = (text: string, at = 0) =>
    Buffer.from(bytes.subarray(at, at + text.length)).toString('latin1') === text;
  if (begins('PK\x03\x04')) return readZip(bytes);
  if (begins('\x80')) return readLegacy(bytes);
  if (begins('ustar', 257))
    throw invalid('is a tar archive, as the first versions of torch wrote them: save it anew with a newer one');
  throw invalid('is neither a zip archive nor a pickle: no file of torch.save');
}

function tensorsOf(value: unknown): StateDictionary {
  if (!(value instanceof Map)) throw invalid('holds no dictionary of tensors');
  const wrapped = wrappers.map((key) => value.get(key)).find((inner) => inner instanceof Map);
  const own = tensorsIn(value);
  const tensors = own.length > 0 || !wrapped ? own : tensorsIn(wrapped);
  if (tensors.length === 0) throw invalid('holds no dictionary of tensors');
  const isParallel = tensors.every(([key]) => key.startsWith(parallelPrefix));
  return new Map(isParallel ? tensors.map(([key, tensor]) => [key.slice(parallelPrefix.length), tensor]) : tensors);
}

function tensorsIn(value: Map<unknown, unknown>): [string, StoredTensor][] {
  return [...value].filter(
    (entry): entry is [string, PickledTensor] => typeof entry[0] === 'string' && entry[1] instanceof PickledTensor,
  );
}
