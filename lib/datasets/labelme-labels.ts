import path from 'node:path';
import { z } from 'zod';
import { bounds, boxQuad } from '../geometry/quad.ts';
import type { Sample, SceneSample, TrueCharacter, TrueLine } from '../labels.ts';
import { adoptCharacters } from './character-places.ts';
import {
  beginningWith,
  candidates,
  candidatesBelow,
  ignoredText,
  type LabeledSamples,
  type LabelReader,
  type LabelWriter,
  picturesFor,
  stemOf,
} from './label-format.ts';
import { labelsInvalid, pointSchema, readLabelJson } from './label-lines.ts';
import { scenesOnly, writeText } from './written-lines.ts';

const shapeSchema = z.object({
  label: z.string(),
  points: z.array(pointSchema),
  group_id: z.number().nullish(),
  shape_type: z.string().default('polygon'),
});

const fileSchema = z.object({
  shapes: z.array(shapeSchema),
  imagePath: z.string().nullish(),
  imageWidth: z.number().nullish(),
  imageHeight: z.number().nullish(),
});

type Shape = z.infer<typeof shapeSchema>;

/** What T-Brain's group ids mean. */
const groups = {
  chineseString: 0,
  character: 1,
  alphanumericString: 2,
  mixedString: 3,
  singleCharacter: 4,
  other: 5,
  ignored: 255,
} as const;
const groupIds = new Set<number | null | undefined>(Object.values(groups));

/**
 * labelme's files, one a picture, beside the pictures or, as T-Brain has them, in `json` beside `img`. Where every shape has
 * one of T-Brain's group ids, these tell strings from characters; else each shape is a line.
 */
export const labelmeReader: LabelReader = {
  async find(place) {
    const beside = candidates(place, /\.json$/);
    const files = beside.length > 0 ? beside : await candidatesBelow(place, 'json', /\.json$/);
    // The first tells for all: a set has thousands.
    return (await beginningWith(place.folder, files.slice(0, 1), /"shapes"\s*:/)).length > 0 ? files : [];
  },
  async read({ folder }, files): Promise<LabeledSamples> {
    const { root, names } = await picturesFor(path.join(folder, path.dirname(files[0]!)));
    const samples: SceneSample[] = [];
    for (const name of files) {
      const file = path.join(folder, name);
      const { shapes, imagePath, imageWidth, imageHeight } = await readLabelJson(file, fileSchema);
      const told = imagePath && names.get(stemOf(path.posix.basename(imagePath.replaceAll('\\', '/'))));
      const image = told || names.get(stemOf(path.basename(name)));
      if (!image)
        throw labelsInvalid({ file, text: '' }, `Expected the picture ${imagePath ?? 'of the same name'} beside it.`);
      samples.push({
        image,
        kind: 'scene',
        lines: linesOf(shapes, file),
        ...(imageWidth ? { width: imageWidth } : {}),
        ...(imageHeight ? { height: imageHeight } : {}),
      });
    }
    return { root, samples, origin: (i) => path.join(folder, files[i]!) };
  },
};

function linesOf(shapes: readonly Shape[], file: string): TrueLine[] {
  const isTBrain = shapes.every(({ group_id }) => groupIds.has(group_id));
  const lines: TrueLine[] = [];
  const characters: TrueCharacter[] = [];
  for (const [index, shape] of shapes.entries()) {
    const polygon = outlineOf(shape, index, file);
    if (isTBrain && shape.group_id === groups.character) {
      characters.push({ polygon, text: shape.label });
      continue;
    }
    const ignore = shape.label === ignoredText || (isTBrain && shape.group_id === groups.ignored);
    lines.push({ polygon, text: ignore ? '' : shape.label, ignore, alternatives: [] });
  }
  return adoptCharacters(lines, characters);
}

function outlineOf({ points, shape_type }: Shape, index: number, file: string) {
  if (shape_type === 'rectangle' && points.length === 2) return boxQuad(bounds(points));
  if (shape_type === 'polygon' && points.length >= 3) return points;
  const message = `shapes[${index}]: Expected a polygon or a rectangle but received a ${shape_type} of ${points.length} points.`;
  throw labelsInvalid({ file, text: '' }, message);
}

/** One file a picture, with T-Brain's group ids; characters are group 1. */
export const labelmeWriter: LabelWriter = {
  pictures: { folder: '', isFlat: true },
  async write(folder, samples) {
    for (const sample of scenesOnly(samples, 'labelme')) {
      await writeText(
        path.join(folder, `${stemOf(sample.image)}.json`),
        `${JSON.stringify(toFile(sample), null, 2)}\n`,
      );
    }
  },
};

function toFile({ image, width, height, lines }: SceneSample & Sample) {
  const shape = (label: string, points: TrueLine['polygon'], group_id: number) => ({
    label,
    points,
    group_id,
    shape_type: 'polygon',
    flags: {},
  });
  const shapes = lines.flatMap((line) => [
    shape(line.ignore ? ignoredText : line.text, line.polygon, line.ignore ? groups.ignored : groupOf(line.text)),
    ...charactersOf(line).map(({ text, polygon }) => shape(text, polygon, groups.character)),
  ]);
  return {
    version: '5.5.0',
    flags: {},
    shapes,
    imagePath: image,
    imageData: null,
    imageHeight: height,
    imageWidth: width,
  };
}

function charactersOf({ characters, words }: TrueLine): TrueCharacter[] {
  return characters ?? words?.flatMap((word) => word.characters ?? []) ?? [];
}

function groupOf(text: string): number {
  const letters = [...text.replace(/[\p{P}\p{S}\p{Z}]/gu, '')];
  const chinese = letters.filter((letter) => /\p{Script=Han}/u.test(letter)).length;
  const latin = letters.filter((letter) => /[A-Za-z0-9]/.test(letter)).length;
  if (letters.length === 0 || chinese + latin < letters.length) return groups.other;
  if (latin === 0) return chinese === 1 ? groups.singleCharacter : groups.chineseString;
  return chinese === 0 ? groups.alphanumericString : groups.mixedString;
}
