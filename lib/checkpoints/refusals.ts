const mostCharacters = 400;

/** Why a checkpoint is not taken, said of the file whose name goes before. */
export class Refusal extends Error {
  readonly error: 'CHECKPOINT_INVALID' | 'CHECKPOINT_UNSAFE';

  constructor(error: Refusal['error'], what: string, cause?: unknown) {
    // What a file calls its things may be long, and may be meant for a terminal.
    super(what.slice(0, mostCharacters).replace(/\p{C}/gu, '?'), { cause });
    this.error = error;
  }
}

/** For bytes that are no checkpoint, or a broken one. */
export function invalid(what: string, cause?: unknown): Refusal {
  return new Refusal('CHECKPOINT_INVALID', what, cause);
}

/** For what only running code could answer. */
export function unsafe(what: string): Refusal {
  return new Refusal('CHECKPOINT_UNSAFE', `asks for ${what}`);
}
