import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { PlacardError } from '../errors.ts';
import type { CropSample, Dataset, SceneSample, TrueLine } from '../labels.ts';
import type { Point } from '../reading.ts';
import { type LabelLine, labelsInvalid, readLabelLines } from './label-lines.ts';

const sceneFile = /^gt_(.+)\.txt$/;
export const wordsFileName = 'gt.txt';
const pictureEnding = /\.(jpe?g|png|webp|tiff?|bmp|gif|avif)$/i;

/** Illegible text, which the competition does not judge. */
const ignoredText = '###';

export function isIcdarSceneFile(name: string): boolean {
  return sceneFile.test(name);
}

/**
 * Reads a folder of ICDAR 2015 scenes: `gt_NAME.txt` beside `NAME.jpg` (or another picture), each line
 * `x1,y1,x2,y2,x3,y3,x4,y4,text` with any commas the text has.
 */
export async function readIcdarScenes(folder: string): Promise<Dataset> {
  const names = await namesIn(folder);
  const pictures = new Map(names.filter((n) => pictureEnding.test(n)).map((n) => [n.replace(pictureEnding, ''), n]));
  const files = names.filter(isIcdarSceneFile).sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const samples = await Promise.all(
    files.map(async (name): Promise<SceneSample> => {
      const file = path.join(folder, name);
      const image = pictures.get(sceneFile.exec(name)![1]!);
      if (!image) throw new PlacardError('LABELS_INVALID', `${file}: Expected a picture of the same name beside it.`);
      return { image, kind: 'scene', lines: (await readLabelLines(file)).map(parseSceneLine) };
    }),
  );
  return { name: path.basename(path.resolve(folder)), root: path.resolve(folder), samples };
}

/** Reads ICDAR word crops: `gt.txt`, each line `word_1.png, "text"`, a quote within the text as `\"`. */
export async function readIcdarWords(folder: string): Promise<Dataset> {
  const lines = await readLabelLines(path.join(folder, wordsFileName));
  const samples = lines.map((line): CropSample => {
    const match = /^\s*([^,\s][^,]*),\s*"(.*)"\s*$/.exec(line.text);
    if (!match) throw labelsInvalid(line, 'Expected a file name, a comma and a text in quotes.');
    return {
      image: match[1]!.trim().replaceAll('\\', '/'),
      kind: 'crop',
      text: match[2]!.replaceAll('\\"', '"'),
      alternatives: [],
    };
  });
  return { name: path.basename(path.resolve(folder)), root: path.resolve(folder), samples };
}

function parseSceneLine(line: LabelLine): TrueLine {
  const parts = line.text.split(',');
  const numbers = parts.slice(0, 8).map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (parts.length < 9 || !numbers.every(Number.isFinite)) {
    throw labelsInvalid(line, 'Expected eight coordinates and a text, with commas between.');
  }
  const text = parts.slice(8).join(',');
  const polygon = [0, 2, 4, 6].map((i): Point => [numbers[i]!, numbers[i + 1]!]);
  const ignore = text === ignoredText;
  return { polygon, text: ignore ? '' : text, ignore, alternatives: [] };
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (cause) {
    throw new PlacardError('FILE_UNREADABLE', `${folder} is not a folder that can be read.`, { cause });
  }
}
