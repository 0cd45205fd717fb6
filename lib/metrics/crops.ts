import type { CropSample, PageSample, Prediction } from '../labels.ts';
import { CharacterErrors } from './character-errors.ts';
import { textSimilarity } from './edit-distance.ts';
import { withoutLetterO } from './plates.ts';
import { normalizeText } from './text-normalization.ts';

/**
 * Crops of one text: all lines joined in the engine's order, against the label and its accepted readings. `exact`, the share
 * that is right; `exact_o0`, the same with O = 0; `ned`, mean 1-NED; `cer` and `cer_nospace`, character error rates.
 */
export class CropScores {
  #bestLine: boolean;
  #crops = 0;
  #exact = 0;
  #exactO0 = 0;
  #similarity = 0;
  #errors = new CharacterErrors();

  /** @param bestLine whether a single line may be right in place of the join, as on plates with slogans around the number */
  constructor(bestLine: boolean) {
    this.#bestLine = bestLine;
  }

  add(sample: CropSample | PageSample, prediction: Prediction): void {
    const accepted = [sample.text, ...(sample.kind === 'crop' ? sample.alternatives : [])];
    const truths = accepted.map(normalizeText);
    const lines = prediction.lines.map((line) => line.text);
    const texts = [normalizeText(lines.join(''))];
    if (this.#bestLine) texts.push(...lines.map(normalizeText));
    const anyPair = (same: (truth: string, text: string) => boolean) =>
      truths.some((a) => texts.some((b) => same(a, b)));
    this.#crops++;
    this.#exact += Number(anyPair((a, b) => a === b));
    this.#exactO0 += Number(anyPair((a, b) => withoutLetterO(a) === withoutLetterO(b)));
    this.#similarity += Math.max(...truths.flatMap((a) => texts.map((b) => textSimilarity(a, b))));
    const read = lines.join(' ');
    const right = truths.indexOf(normalizeText(read));
    this.#errors.add(accepted[Math.max(right, 0)]!, read);
  }

  figures(): Record<string, number> {
    const crops = Math.max(this.#crops, 1);
    return {
      n: this.#crops,
      exact: this.#exact / crops,
      exact_o0: this.#exactO0 / crops,
      ned: this.#similarity / crops,
      cer: this.#errors.withSpaces,
      cer_nospace: this.#errors.withoutSpaces,
    };
  }
}
