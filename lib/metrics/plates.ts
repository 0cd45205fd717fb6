import type { Prediction, SceneSample } from '../labels.ts';
import { textSimilarity } from './edit-distance.ts';
import { normalizeText } from './text-normalization.ts';

/** Letter O and digit 0 look the same on many plates. */
export function withoutLetterO(normalized: string): string {
  return normalized.replaceAll('o', '0');
}

/**
 * Scenes in which only one of the plates is labeled, so that other lines are no errors: `plate_eq`, the share of plates that
 * some line equals; `plate_in`, that some line contains; `plate_in_o0`, the same with O = 0; `ned`, mean 1-NED of the best line.
 */
export class OnePlateScores {
  #plates = 0;
  #equal = 0;
  #contained = 0;
  #containedO0 = 0;
  #similarity = 0;

  add(sample: SceneSample, prediction: Prediction): void {
    const texts = prediction.lines.filter((line) => line.text.trim() !== '').map((line) => normalizeText(line.text));
    for (const line of sample.lines) {
      const plate = normalizeText(line.text);
      if (line.ignore || plate === '') continue;
      this.#plates++;
      this.#equal += Number(texts.includes(plate));
      this.#contained += Number(texts.some((text) => text.includes(plate)));
      this.#containedO0 += Number(texts.some((text) => withoutLetterO(text).includes(withoutLetterO(plate))));
      this.#similarity += Math.max(0, ...texts.map((text) => textSimilarity(plate, text)));
    }
  }

  figures(): Record<string, number> {
    const plates = Math.max(this.#plates, 1);
    return {
      n: this.#plates,
      plate_eq: this.#equal / plates,
      plate_in: this.#contained / plates,
      plate_in_o0: this.#containedO0 / plates,
      ned: this.#similarity / plates,
    };
  }
}
