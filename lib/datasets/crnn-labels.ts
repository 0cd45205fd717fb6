import path from 'node:path';
import type { CropSample } from '../labels.ts';
import { type NumberedCharacters, readCharacterFile } from './character-file.ts';
import {
  beginningWith,
  candidates,
  joined,
  type LabeledSamples,
  type LabelReader,
  type LabelWriter,
  rootFor,
  stemOf,
} from './label-format.ts';
import { type LabelLine, labelsInvalid, readLabelLines, whereIs } from './label-lines.ts';
import { cannotHold, oneLine, textsOnly, writeLines } from './written-lines.ts';

const characterFile = /^char_std.*\.txt$/;
const listLine = /^\S+\.(?:jpe?g|png|webp|tiff?|bmp|gif) \S/i;
const numbers = /^\s*\d+(?:\s+\d+)*\s*$/;

/**
 * Label lists of CRNN's trainers: `name.jpg text`, or `name.jpg 12 7 345` with the numbers of a character file, which
 * `alphabet` names or which lies there as 360CC's does (`char_std_5990.txt`).
 */
export const crnnReader: LabelReader = {
  find: (place) =>
    beginningWith(
      place.folder,
      candidates(place, /\.txt$/).filter((name) => !characterFile.test(name)),
      listLine,
    ),
  async read({ folder, files: names }, files, { alphabet }): Promise<LabeledSamples> {
    const beside = names.find((name) => characterFile.test(name));
    const file = alphabet ?? (beside && path.join(folder, beside));
    const characters = file === undefined ? undefined : await readCharacterFile(file);
    const parts: { split: string; set: LabeledSamples }[] = [];
    for (const name of files) {
      parts.push({ split: stemOf(name), set: await readList(folder, name, characters) });
    }
    return joined(parts.length === 1 ? parts[0]!.set.root : folder, parts);
  },
};

async function readList(folder: string, name: string, characters?: NumberedCharacters): Promise<LabeledSamples> {
  const lines = await readLabelLines(path.join(folder, name));
  const rows = lines.map(splitLine);
  if (!characters && rows.every(({ label }) => numbers.test(label) && /\d\s+\d/.test(label)) && lines[0]) {
    throw labelsInvalid(lines[0], 'These are numbers of characters: --alphabet has to name the file that tells which.');
  }
  const samples = rows.map(({ image, label }, i): CropSample => {
    const text = characters ? spelled(label, characters, lines[i]!) : label;
    return { image, kind: 'crop', text, alternatives: [] };
  });
  return { root: rootFor(folder, samples[0]?.image), samples, origin: (i) => whereIs(lines[i]!) };
}

function splitLine(line: LabelLine): { image: string; label: string } {
  const match = /^(\S+)[ \t](.*)$/.exec(line.text);
  if (!match?.[2]) throw labelsInvalid(line, 'Expected the name of a picture, a blank and a label.');
  return { image: match[1]!.replaceAll('\\', '/'), label: match[2] };
}

function spelled(label: string, { file, characters }: NumberedCharacters, line: LabelLine): string {
  if (!numbers.test(label)) throw labelsInvalid(line, `Expected numbers of ${file} with blanks between.`);
  const text = label
    .trim()
    .split(/\s+/)
    .map((number) => {
      const character = characters[Number(number)];
      if (character) return character;
      throw labelsInvalid(line, `The number ${number} is not in ${file}, which has 1 to ${characters.length - 1}.`);
    });
  return text.join('');
}

/** A list `labels.txt`: of texts or, where `alphabet` names a character file, of its numbers. */
export const crnnWriter: LabelWriter = {
  pictures: { folder: 'images', isFlat: false },
  async write(folder, samples, { alphabet }) {
    const known = alphabet === undefined ? undefined : numbersOf(await readCharacterFile(alphabet));
    const rows = textsOnly(samples, 'crnn').map(({ image, text }) => {
      if (text.trim() === '') throw cannotHold('crnn', image, 'has an empty text');
      return `${image} ${known ? numbered(text, known, image) : oneLine(text, image, 'crnn')}`;
    });
    await writeLines(path.join(folder, 'labels.txt'), rows);
  },
};

/** Numbers by characters; the first of a character that stands twice. */
function numbersOf({ characters }: NumberedCharacters): Map<string, number> {
  const entries = characters.map((character, number): [string, number] => [character, number]);
  return new Map(entries.slice(1).reverse());
}

function numbered(text: string, known: ReadonlyMap<string, number>, image: string): string {
  const codes = [...text].map((character) => {
    const number = known.get(character);
    if (number !== undefined) return number;
    throw cannotHold('crnn', image, `has ${JSON.stringify(character)}, which the alphabet lacks`);
  });
  return codes.join(' ');
}
