import { Global, keyOf, type PickleWorld, Tuple } from './pickle.ts';
import { invalid, unsafe } from './refusals.ts';
import { checkTensor, type Dtype, mostDimensions, type StoredTensor, type TensorStorage } from './tensor.ts';

const storageTypes: Readonly<Record<string, Dtype>> = {
  DoubleStorage: 'f64',
  FloatStorage: 'f32',
  HalfStorage: 'f16',
  BFloat16Storage: 'bf16',
  LongStorage: 'i64',
  IntStorage: 'i32',
  ShortStorage: 'i16',
  CharStorage: 'i8',
  ByteStorage: 'u8',
  BoolStorage: 'bool',
};

/** A tensor of a pickle. */
export class PickledTensor implements StoredTensor {
  readonly storage: TensorStorage;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];

  constructor([storage, offset, shape, strides]: readonly unknown[]) {
    if (!isStorage(storage) || typeof offset !== 'number' || !isNumbers(shape) || !isNumbers(strides)) {
      throw invalid(
        'is broken: it makes a tensor of something else than a storage, an offset, a shape and strides of at most eight numbers',
      );
    }
    this.storage = storage;
    this.offset = offset;
    this.shape = shape.items;
    this.strides = strides.items;
    checkTensor(this);
  }
}

class PickledStorage implements TensorStorage {
  readonly key: string;
  readonly dtype: Dtype;
  readonly count: number;
  bytes = new Uint8Array();

  constructor(key: string, dtype: Dtype, count: number) {
    this.key = key;
    this.dtype = dtype;
    this.count = count;
  }
}

const isStorage = (value: unknown): value is PickledStorage => value instanceof PickledStorage;

const isNumbers = (value: unknown): value is Tuple & { items: readonly number[] } =>
  value instanceof Tuple &&
  value.items.length <= mostDimensions &&
  value.items.every((item) => typeof item === 'number');

const globals: ReadonlyMap<string, Global> = new Map([
  ['collections OrderedDict', new Global('collections.OrderedDict', orderedDict)],
  ...['_rebuild_tensor', '_rebuild_tensor_v2'].map((name): [string, Global] => [
    `torch._utils ${name}`,
    new Global(`torch._utils.${name}`, (args) => new PickledTensor(args)),
  ]),
  ['torch._utils _rebuild_parameter', new Global('torch._utils._rebuild_parameter', parameter)],
  ...Object.keys(storageTypes).map((name): [string, Global] => [`torch ${name}`, new Global(`torch.${name}`)]),
]);

/** Python 3 makes an empty one and sets its items; Python 2 gives them as a list of pairs. */
function orderedDict(args: readonly unknown[]): Map<unknown, unknown> {
  const [pairs = []] = args;
  if (args.length > 1 || !Array.isArray(pairs))
    throw invalid('is broken: it makes a dictionary of something else than pairs');
  return new Map(
    pairs.map((pair) => {
      const items = pair instanceof Tuple ? pair.items : pair;
      if (!Array.isArray(items) || items.length !== 2)
        throw invalid('is broken: a dictionary has an item that is no pair');
      return [keyOf(items[0]), items[1]];
    }),
  );
}

function parameter([tensor]: readonly unknown[]): PickledTensor {
  if (!(tensor instanceof PickledTensor)) throw invalid('is broken: it makes a parameter of what is no tensor');
  return tensor;
}

/** What torch's pickles may reach: tensors, ordered dictionaries, and storages, which are collected by their keys. */
export class TorchWorld implements PickleWorld {
  readonly globals = globals;
  readonly storages = new Map<string, TensorStorage>();

  /** ("storage", type, key, device, count), with a view of another storage in old files. */
  persistent(id: unknown): TensorStorage {
    const [kind, type, key, , count, view] = id instanceof Tuple ? id.items : [];
    if (kind === 'module') throw unsafe('a whole module with its source code');
    const dtype = type instanceof Global ? storageTypes[type.name.replace('torch.', '')] : undefined;
    const isCount = typeof count === 'number' && Number.isSafeInteger(count) && count >= 0;
    if (kind !== 'storage' || !dtype || typeof key !== 'string' || !isCount) {
      throw invalid('is broken: it names something else than a storage as one');
    }
    if (view) throw invalid('has a storage that is a view of another, as torch wrote them before 0.4');
    const known = this.storages.get(key);
    if (known && (known.dtype !== dtype || known.count !== count)) {
      throw invalid(`has the storage ${key} as ${known.count} ${known.dtype} and as ${count} ${dtype}`);
    }
    const storage = known ?? new PickledStorage(key, dtype, count);
    this.storages.set(key, storage);
    return storage;
  }
}
