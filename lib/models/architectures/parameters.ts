import type { StateDictionary } from '../../checkpoints/checkpoint.ts';
import { floatsOf } from '../../checkpoints/tensor.ts';
import { PlacardError } from '../../errors.ts';

/** Names that a message lists of each kind. */
const mostNamed = 5;

/** A checkpoint's tensors, as an architecture takes them one after the other. Throws CHECKPOINT_MISMATCH for what does not fit. */
export class Parameters {
  readonly #tensors: StateDictionary;
  readonly #file: string;
  readonly #taken = new Set<string>();
  readonly #missing: string[] = [];

  /** @param file the checkpoint's name, for messages */
  constructor(tensors: StateDictionary, file: string) {
    this.#tensors = tensors;
    this.#file = file;
  }

  /** The shape of a tensor that must be there, and have so many dimensions. */
  shapeOf(name: string, dimensions: number): readonly number[] {
    const shape = this.#tensors.get(name)?.shape;
    if (!shape) throw this.#mismatch(`has no tensor ${name}`);
    if (shape.length !== dimensions) {
      throw this.#mismatch(`has ${name} as [${shape.join(', ')}], and ${dimensions} dimensions are expected`);
    }
    return shape;
  }

  /** A tensor's values; none where it is missing, which `finish` reports. */
  floats(name: string, shape: readonly number[]): Float32Array<ArrayBuffer> {
    const tensor = this.#tensors.get(name);
    this.#taken.add(name);
    if (!tensor) {
      this.#missing.push(name);
      return new Float32Array();
    }
    if (tensor.shape.join() !== shape.join()) {
      throw this.#mismatch(`has ${name} as [${tensor.shape.join(', ')}], and [${shape.join(', ')}] is expected`);
    }
    const values = floatsOf(tensor);
    if (!values)
      throw this.#mismatch(`has ${name} as ${tensor.storage.dtype}, and floating-point numbers are expected`);
    if (!values.every(Number.isFinite)) throw this.#mismatch(`has numbers in ${name} that are not finite`);
    return values;
  }

  /** Throws where tensors were missing, and where others than were taken are there. */
  finish(architecture: string): void {
    const unexpected = [...this.#tensors.keys()].filter((name) => !this.#taken.has(name) && !isCounter(name));
    const findings = [
      ...(this.#missing.length > 0 ? [`lacks ${listed(this.#missing)}`] : []),
      ...(unexpected.length > 0 ? [`has ${listed(unexpected)}, which nothing needs`] : []),
    ];
    if (findings.length > 0) throw this.#mismatch(`is no ${architecture}: it ${findings.join(' and ')}`);
  }

  #mismatch(what: string): PlacardError {
    return new PlacardError('CHECKPOINT_MISMATCH', `${this.#file} ${what}.`);
  }
}

/** Batch normalizations count what they were trained with. */
const isCounter = (name: string): boolean => name.endsWith('.num_batches_tracked');

function listed(names: readonly string[]): string {
  const named = names.slice(0, mostNamed).map((name) => JSON.stringify(name.slice(0, 100)).slice(1, -1));
  const others = names.length - named.length;
  return `${named.join(', ')}${others > 0 ? ` and ${others} more` : ''}`;
}
