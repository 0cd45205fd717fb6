import path from 'node:path';
import type { CropSample } from '../labels.ts';
import { beginningWith, candidates, joined, type LabeledSamples, type LabelReader, stemOf } from './label-format.ts';
import { type LabelLine, labelsInvalid, readLabelLines, whereIs } from './label-lines.ts';

const lexiconName = 'lexicon.txt';
/** `./2425/1/115_Lube_45484.jpg 45484`: the text as it is drawn, and its place in the lexicon. */
const listBeginning = /^\S{0,400}?\d+_[^/\s]{1,100}_\d+\.jpe?g \d+[ \t]*(?:\r?\n|$)/;
const pictureName = /^\d+_(.+)_\d+\.jpe?g$/;

/**
 * MJSynth's lists (`annotation_train.txt` and so on). A picture's text is in its name, upper case and all; the place in
 * `lexicon.txt`, where that lies beside, has to agree.
 */
export const mjsynthReader: LabelReader = {
  async find(place) {
    const names = candidates(place, place.only === undefined ? /^annotation.*\.txt$/ : /\.txt$/);
    const lists = await beginningWith(place.folder, names, listBeginning);
    // All splits together lie beside the splits.
    return lists.length > 1 ? lists.filter((name) => name !== 'annotation.txt') : lists;
  },
  async read({ folder, files: names }, files): Promise<LabeledSamples> {
    const lexicon = names.includes(lexiconName) ? await readLabelLines(path.join(folder, lexiconName)) : undefined;
    const parts: { split: string; set: LabeledSamples }[] = [];
    for (const name of files) {
      const lines = await readLabelLines(path.join(folder, name));
      const samples = lines.map((line) => toSample(line, lexicon));
      const set = { root: folder, samples, origin: (i: number) => whereIs(lines[i]!) };
      parts.push({ split: stemOf(name).replace('annotation_', ''), set });
    }
    return joined(folder, parts);
  },
};

function toSample(line: LabelLine, lexicon: readonly LabelLine[] | undefined): CropSample {
  const [image = '', number, ...more] = line.text.trim().replaceAll('\\', '/').split(/\s+/);
  const text = pictureName.exec(path.posix.basename(image))?.[1];
  if (text === undefined || more.length > 0 || (number !== undefined && !/^\d+$/.test(number))) {
    throw labelsInvalid(line, 'Expected the path of a picture such as 2425/1/115_Lube_45484.jpg and a number.');
  }
  const word = number === undefined ? undefined : lexicon?.[Number(number)]?.text;
  if (lexicon && number !== undefined && word?.toLowerCase() !== text.toLowerCase()) {
    const said = word === undefined ? `has only ${lexicon.length} words` : `has ${JSON.stringify(word)} there`;
    throw labelsInvalid(line, `Expected ${JSON.stringify(text)} as number ${number} of ${lexiconName}, which ${said}.`);
  }
  return { image: image.replace(/^\.\//, ''), kind: 'crop', text, alternatives: [] };
}
