import path from 'node:path';
import { PlacardError } from '../errors.ts';
import type { SceneSample, TrueCharacter, TrueLine } from '../labels.ts';
import type { Point } from '../reading.ts';
import { candidates, type LabeledSamples, type LabelReader } from './label-format.ts';
import { type MatValue, matInvalid, readMatFile } from './mat-file.ts';

type Cells = Extract<MatValue, { kind: 'cells' }>;
type Numbers = Extract<MatValue, { kind: 'numbers' }>;

/** Boxes of one picture: x and y × four corners, clockwise from the top-left × boxes. */
const numbersPerBox = 8;

/**
 * SynthText's `gt.mat` beside its pictures: `imnames`, `wordBB`, `charBB`, `txt`. Each word is a line with its characters. Lines
 * are made when they are asked for: the whole set has 29 million characters.
 */
export const synthTextReader: LabelReader = {
  find: async (place) => candidates(place, place.only === undefined ? /^gt\.mat$/ : /\.mat$/),
  async read({ folder }, [name]): Promise<LabeledSamples> {
    const file = path.join(folder, name!);
    const variables = await readMatFile(file);
    const [images, wordBoxes, characterBoxes, texts] = ['imnames', 'wordBB', 'charBB', 'txt'].map((variable) =>
      cellsOf(variables, variable, file),
    ) as [Cells, Cells, Cells, Cells];
    for (const { count } of [wordBoxes, characterBoxes, texts]) {
      if (count !== images.count)
        throw invalid(file, `Expected ${images.count} cells in each variable but one has ${count}.`);
    }
    const origin = (i: number) => `${file}: ${nameOf(images.cell(i))} (number ${i + 1})`;
    const linesAt = (i: number): (() => TrueLine[]) => {
      const words = wordsOf(texts.cell(i));
      const wordQuads = boxesOf(wordBoxes.cell(i), words.length, `${origin(i)}: words`);
      const letters = words.reduce((sum, word) => sum + [...word].length, 0);
      const letterQuads = boxesOf(characterBoxes.cell(i), letters, `${origin(i)}: characters`);
      return () => linesOf(words, wordQuads.values(), letterQuads.values());
    };
    const sampleAt = (i: number): SceneSample => {
      // Refuses what does not fit, but keeps nothing of it.
      linesAt(i);
      return {
        image: nameOf(images.cell(i)),
        kind: 'scene',
        get lines() {
          return linesAt(i)();
        },
      };
    };
    try {
      const samples = Array.from({ length: images.count }, (_, i) => sampleAt(i));
      return { root: folder, samples, origin };
    } catch (cause) {
      throw PlacardError.is(cause) ? cause : matInvalid(file, cause);
    }
  },
};

function cellsOf(variables: ReadonlyMap<string, MatValue>, name: string, file: string): Cells {
  const value = variables.get(name);
  if (value?.kind === 'cells') return value;
  throw invalid(file, `Expected a cell array ${name}.`);
}

function nameOf(value: MatValue): string {
  return (value.kind === 'text' ? (value.rows[0] ?? '') : '').trimEnd().replaceAll('\\', '/');
}

/** The words of a picture: of each of its texts those of each of its lines. */
function wordsOf(value: MatValue): string[] {
  if (value.kind !== 'text') return [];
  return value.rows.flatMap((row) => row.split(/\s+/).filter((word) => word !== ''));
}

/** The boxes of a picture; a single one has lost its third dimension. LABELS_INVALID where there are more or fewer. */
function boxesOf(value: MatValue, count: number, where: string): Numbers {
  const [, , boxes = 1, more] = value.kind === 'numbers' ? value.dimensions : [];
  const isBoxes =
    value.kind === 'numbers' && value.dimensions[0] === 2 && value.dimensions[1] === 4 && more === undefined;
  if (isBoxes && boxes === count) return value;
  if (value.kind === 'text' && value.rows.length === 0 && count === 0) {
    return { kind: 'numbers', dimensions: [2, 4, 0], values: () => new Float64Array() };
  }
  const found = isBoxes ? `${boxes} boxes` : 'something else';
  throw new PlacardError('LABELS_INVALID', `${where}: Expected a box for each of ${count} but found ${found}.`);
}

function linesOf(words: readonly string[], wordValues: Float64Array, letterValues: Float64Array): TrueLine[] {
  let letter = 0;
  return words.map((text, i) => {
    const characters = [...text].map((of): TrueCharacter => ({ polygon: quadAt(letterValues, letter++), text: of }));
    return { polygon: quadAt(wordValues, i), text, ignore: false, alternatives: [], characters };
  });
}

function quadAt(values: Float64Array, index: number): Point[] {
  const at = index * numbersPerBox;
  return [0, 2, 4, 6].map((i): Point => [values[at + i]!, values[at + i + 1]!]);
}

function invalid(file: string, message: string): PlacardError {
  return new PlacardError('LABELS_INVALID', `${file}: ${message}`);
}
