import path from 'node:path';
import { bounds, boxQuad } from '../geometry/quad.ts';
import type { CropSample, SceneSample, TrueLine } from '../labels.ts';
import type { Point, Polygon } from '../reading.ts';
import {
  beginningWith,
  candidates,
  ignoredText,
  type LabeledSamples,
  type LabelReader,
  type LabelWriter,
  picturesFor,
  rootFor,
  stemOf,
} from './label-format.ts';
import { type LabelLine, labelsInvalid, readLabelLines, whereIs } from './label-lines.ts';
import { oneLine, quadAround, scenesOnly, textsOnly, wordsOf, writeLines } from './written-lines.ts';

const sceneFile = /^gt_(.+)\.txt$/;
const wordsFileName = 'gt.txt';

type Parser = (line: LabelLine) => TrueLine;

const competitions: Record<'2013' | '2015' | '2017', Parser> = {
  /** `x1 y1 x2 y2 "word"`, with blanks, commas or both between. */
  '2013': parseUpright,
  /** `x1,y1,x2,y2,x3,y3,x4,y4,text` with any commas the text has. */
  '2015': (line) => parseQuad(line, 8),
  /** `x1,y1,x2,y2,x3,y3,x4,y4,script,text`. */
  '2017': (line) => parseQuad(line, 9),
};

const uprightLine = /^\s*((?:-?\d+(?:\.\d+)?[\s,]+){4})"(.*)"\s*$/;
const scriptOfLine = /^(?:[^,]*,){8}(?:Arabic|Latin|Chinese|Japanese|Korean|Bangla|Hindi|Symbols|Mixed|None),/;

/**
 * ICDAR's scenes: `gt_NAME.txt` for `NAME.jpg` (or another picture), a word a line.
 * @param competition where it is not told, the lines tell it
 */
export function icdarScenesReader(competition?: keyof typeof competitions): LabelReader {
  return {
    find: async (place) => candidates(place, sceneFile),
    async read(place, files): Promise<LabeledSamples> {
      const { root, names } = await picturesFor(place.folder);
      const scenes: { image: string; lines: LabelLine[] }[] = [];
      for (const name of files) {
        const file = path.join(place.folder, name);
        const image = names.get(sceneFile.exec(name)?.[1] ?? stemOf(name));
        if (!image) throw labelsInvalid({ file, text: '' }, 'Expected a picture of the same name beside it.');
        scenes.push({ image, lines: await readLabelLines(file) });
      }
      const parse = competitions[competition ?? competitionOf(scenes.flatMap(({ lines }) => lines))];
      const samples = scenes.map(
        ({ image, lines }): SceneSample => ({ image, kind: 'scene', lines: lines.map(parse) }),
      );
      return { root, samples, origin: (i) => path.join(place.folder, files[i]!) };
    },
  };
}

function competitionOf(lines: readonly LabelLine[]): keyof typeof competitions {
  if (lines[0] && uprightLine.test(lines[0].text)) return '2013';
  return lines.length > 0 && lines.every(({ text }) => scriptOfLine.test(text)) ? '2017' : '2015';
}

function parseUpright(line: LabelLine): TrueLine {
  const match = uprightLine.exec(line.text);
  if (!match) throw labelsInvalid(line, 'Expected four coordinates and a text in quotes.');
  const [left, top, right, bottom] = match[1]!
    .trim()
    .split(/[\s,]+/)
    .map(Number) as [number, number, number, number];
  return trueLine(boxQuad({ left, top, right, bottom }), unquoted(match[2]!));
}

function parseQuad(line: LabelLine, fields: number): TrueLine {
  const parts = line.text.split(',');
  const numbers = parts.slice(0, 8).map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (parts.length <= fields || !numbers.every(Number.isFinite)) {
    const script = fields === 8 ? '' : ', a script';
    throw labelsInvalid(line, `Expected eight coordinates${script} and a text, with commas between.`);
  }
  const polygon = [0, 2, 4, 6].map((i): Point => [numbers[i]!, numbers[i + 1]!]);
  return trueLine(polygon, parts.slice(fields).join(','));
}

function trueLine(polygon: Polygon, text: string): TrueLine {
  const ignore = text === ignoredText;
  return { polygon, text: ignore ? '' : text, ignore, alternatives: [] };
}

/** ICDAR's word crops: `gt.txt`, each line `word_1.png, "text"`, a quote within the text as `\"`. */
export const icdarWordsReader: LabelReader = {
  find: async (place) => {
    const files = candidates(place, place.only === undefined ? /^gt\.txt$/ : /\.txt$/);
    return place.only === undefined ? files : beginningWith(place.folder, files, beginsWithWord);
  },
  async read({ folder }, [file]): Promise<LabeledSamples> {
    const lines = await readLabelLines(path.join(folder, file!));
    const samples = lines.map((line): CropSample => {
      const match = wordLine.exec(line.text);
      if (!match) throw labelsInvalid(line, 'Expected a file name, a comma and a text in quotes.');
      const image = match[1]!.trim().replaceAll('\\', '/');
      return { image, kind: 'crop', text: unquoted(match[2]!), alternatives: [] };
    });
    return { root: rootFor(folder, samples[0]?.image), samples, origin: (i) => whereIs(lines[i]!) };
  },
};

const wordLine = /^\s*([^,\s][^,]*),\s*"(.*)"\s*$/;
const beginsWithWord = /^[^,\s][^,\n]*,[ \t]*"[^\n]*"\s*(?:\n|$)/;

function unquoted(text: string): string {
  return text.replaceAll('\\"', '"');
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '\\"')}"`;
}

/** Words of scenes as upright rectangles in whole pixels. */
export const icdar2013Writer = sceneWriter('icdar2013', (polygon, text) => {
  const { left, top, right, bottom } = bounds(polygon);
  return `${[left, top, right, bottom].map(Math.round).join(' ')} ${quoted(text)}`;
});

/** Words of scenes as quads in whole pixels. */
export const icdar2015Writer = sceneWriter('icdar2015', (polygon, text) =>
  [...quadAround(polygon).flat().map(Math.round), text].join(','),
);

function sceneWriter(format: string, toLine: (polygon: Polygon, text: string) => string): LabelWriter {
  return {
    pictures: { folder: '', isFlat: true },
    async write(folder, samples) {
      for (const { image, lines } of scenesOnly(samples, format)) {
        const words = lines.flatMap((line) => (line.ignore ? [{ ...line, text: ignoredText }] : wordsOf(line)));
        const rows = words.map(({ polygon, text }) => toLine(polygon, oneLine(text, image, format)));
        await writeLines(path.join(folder, `gt_${stemOf(image)}.txt`), rows);
      }
    },
  };
}

/** Crops as `gt.txt`. */
export const icdarWordsWriter: LabelWriter = {
  pictures: { folder: '', isFlat: true },
  async write(folder, samples) {
    const format = 'icdar-words';
    const rows = textsOnly(samples, format).map(
      ({ image, text }) => `${image}, ${quoted(oneLine(text, image, format))}`,
    );
    await writeLines(path.join(folder, wordsFileName), rows);
  },
};
