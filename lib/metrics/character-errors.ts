import { editDistance } from './edit-distance.ts';
import { codePoints, withoutWhiteSpace, withSingleSpaces } from './text-normalization.ts';

/** Character error rates over many texts: all errors over all true characters, case and punctuation kept. */
export class CharacterErrors {
  #spaced = { errors: 0, length: 0 };
  #unspaced = { errors: 0, length: 0 };

  add(truth: string, predicted: string): void {
    count(this.#spaced, withSingleSpaces(truth), withSingleSpaces(predicted));
    count(this.#unspaced, withoutWhiteSpace(truth), withoutWhiteSpace(predicted));
  }

  /** Spaces count as characters, each run as one; 0 where nothing was to be read, above 1 where far too much was. */
  get withSpaces(): number {
    return this.#spaced.errors / Math.max(this.#spaced.length, 1);
  }

  /** White space left out on both sides. */
  get withoutSpaces(): number {
    return this.#unspaced.errors / Math.max(this.#unspaced.length, 1);
  }
}

function count(total: { errors: number; length: number }, truth: string, predicted: string): void {
  total.errors += editDistance(truth, predicted);
  total.length += codePoints(truth).length;
}
