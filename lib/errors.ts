/**
 * Every way to fail. The native side has a part of these (native/base/status.h), docs/errors.md all of them; tests prove
 * that the three agree.
 */
export const errorTable = {
  ADDON_NOT_FOUND: 'The native addon is missing for this platform or failed to load.',
  CANCELLED: 'Native work was stopped; callers see the reason of the abort, time-out or destroy that stopped it.',
  CHECKPOINT_INVALID: 'A checkpoint is truncated, broken or in no format of torch that placard reads.',
  CHECKPOINT_MISMATCH: 'A checkpoint’s tensors are not those of the architecture that it is to be imported as.',
  CHECKPOINT_UNSAFE:
    'A checkpoint holds more than tensors: it asks for code to be run, by the name that the message has.',
  CLOSED: 'The engine is closed or closing.',
  CORPUS_INVALID: 'A word list is not UTF-8 text, or holds nothing that can be drawn.',
  DECODE_FAILED: 'The bytes look like a picture but are truncated or broken.',
  DESTROYED: 'The engine was destroyed while this waited or ran.',
  DETACHED_BUFFER: 'The buffer was transferred or detached before it was read.',
  DIGEST_MISMATCH: 'A file does not have the SHA-256 that its contract states.',
  DISPOSED: 'An image, tensor or network was used after dispose().',
  EMPTY_INPUT: 'The input has no bytes or no pixels.',
  FILE_UNREADABLE: 'A file does not exist or cannot be read.',
  IMAGE_TOO_LARGE: 'The picture has more pixels than limits.pixels allows; told from its header, before decoding.',
  INSTALL_FAILED: 'A model or provider could not be fetched, unpacked or stored.',
  INTERNAL: 'A defect in placard. Please report it with the message.',
  INVALID_ARGUMENT: 'An argument or option has the wrong type or value.',
  LABELS_INVALID: 'A data set’s label file does not follow its format.',
  MATERIALS_MISSING: 'What pictures are drawn from is not there: fonts, word lists, or the library that draws.',
  MODEL_INVALID: 'A contract is malformed, or a weight file is not a network that the runtime can load.',
  MODEL_MISMATCH: 'A network’s inputs, outputs or alphabet do not fit its contract.',
  MODEL_NOT_FOUND: 'No model or bundle of that name, or its weights are not installed.',
  OUTPUT_FAILED: 'A file cannot be written, or the disk is full.',
  OUT_OF_MEMORY: 'An allocation failed.',
  PAGE_OUT_OF_RANGE: 'The picture has fewer pages than asked for.',
  PREPARE_FAILED: 'A model could not be rewritten, verified or stored; engines run it as it came.',
  PROVIDER_UNAVAILABLE: 'The provider or precision that was asked for cannot run here, or not with these models.',
  QUEUE_FULL: 'The engine’s queue is full by count or by pixels; try again later.',
  RUNTIME_FAILED: 'The network runtime reported an error.',
  RUNTIME_NOT_FOUND: 'The ONNX Runtime library is missing or cannot be opened.',
  RUNTIME_VERSION: 'The ONNX Runtime library is older than placard needs.',
  RUN_MISMATCH: 'A folder holds the shards of another run: other options, another version or other materials.',
  SHARD_INVALID: 'A shard is missing, truncated or does not hold what its index says.',
  TIMEOUT: 'timeoutMs passed before the result was there.',
  UNSUPPORTED_FORMAT: 'The bytes are in no picture format that placard decodes.',
} as const;

export type ErrorName = keyof typeof errorTable;
export type ErrorCode = `ERR_PLACARD_${ErrorName}`;

const codePrefix = 'ERR_PLACARD_';
const brand = Symbol.for('placard.error');

/** What every rejected promise and thrown error of placard is, except an AbortSignal’s own reason. */
export class PlacardError extends Error {
  readonly code: ErrorCode;

  constructor(name: ErrorName, message: string, options?: { cause?: unknown }) {
    // An own `cause` that is undefined would be printed with the error.
    super(message, options?.cause === undefined ? undefined : options);
    this.name = 'PlacardError';
    this.code = `${codePrefix}${name}`;
    Object.defineProperty(this, brand, { value: true });
  }

  /** Also true for errors of another copy of placard in the same process. */
  static is(error: unknown): error is PlacardError {
    return typeof error === 'object' && error !== null && brand in error;
  }
}

/** The name in the table of a code such as ERR_PLACARD_TIMEOUT; undefined for anything else. */
export function codeNameOf(code: unknown): ErrorName | undefined {
  if (typeof code !== 'string' || !code.startsWith(codePrefix)) return undefined;
  const name = code.slice(codePrefix.length);
  return name in errorTable ? (name as ErrorName) : undefined;
}

/** "Expected a positive integer for limits.pixels but received -1 (number)". */
export function expected(what: string, path: string, received: unknown, cause?: unknown): PlacardError {
  return new PlacardError('INVALID_ARGUMENT', `Expected ${what} for ${path} but received ${describe(received)}.`, {
    cause,
  });
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'string')
    return `${JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value)} (string)`;
  if (typeof value === 'object') return `an instance of ${value.constructor?.name ?? 'Object'}`;
  if (typeof value === 'function') return `a function`;
  return `${String(value)} (${typeof value})`;
}
