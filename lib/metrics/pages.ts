import type { CropSample, PageSample, Prediction } from '../labels.ts';
import { CharacterErrors } from './character-errors.ts';
import { editDistance } from './edit-distance.ts';
import { codePoints, normalizedWords, withoutWhiteSpace } from './text-normalization.ts';

/**
 * Whole pages, in the engine's order: `char_acc`, mean of 1 - errors / true characters without white space, case kept, not
 * below 0; `char_acc_pooled`, the same over all pages' characters together; `word_recall`, the mean share of true words that
 * the page's text has, in any order; `cer` and `cer_nospace`, pooled character error rates.
 */
export class PageScores {
  #pages = 0;
  #accuracy = 0;
  #wordRecall = 0;
  #errors = new CharacterErrors();

  add(sample: PageSample | CropSample, prediction: Prediction): void {
    const text = prediction.text || prediction.lines.map((line) => line.text).join(' ');
    const truth = withoutWhiteSpace(sample.text);
    const errors = editDistance(truth, withoutWhiteSpace(text));
    this.#pages++;
    this.#accuracy += Math.max(0, 1 - errors / Math.max(codePoints(truth).length, 1));
    this.#wordRecall += sharedWords(normalizedWords(sample.text), normalizedWords(text));
    this.#errors.add(sample.text, text);
  }

  figures(): Record<string, number> {
    const pages = Math.max(this.#pages, 1);
    return {
      n: this.#pages,
      char_acc: this.#accuracy / pages,
      char_acc_pooled: Math.max(0, 1 - this.#errors.withoutSpaces),
      word_recall: this.#wordRecall / pages,
      cer: this.#errors.withSpaces,
      cer_nospace: this.#errors.withoutSpaces,
    };
  }
}

/** Share of the true words that are among the others, each as often as it is there. */
function sharedWords(truths: readonly string[], words: readonly string[]): number {
  const left = new Map<string, number>();
  for (const word of words) left.set(word, (left.get(word) ?? 0) + 1);
  let shared = 0;
  for (const word of truths) {
    const count = left.get(word) ?? 0;
    if (count === 0) continue;
    left.set(word, count - 1);
    shared++;
  }
  return shared / Math.max(truths.length, 1);
}
