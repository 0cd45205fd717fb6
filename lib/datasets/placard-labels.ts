import path from 'node:path';
import { z } from 'zod';
import type { Sample, TrueCharacter, TrueLine, TrueWord } from '../labels.ts';
import { candidates, type LabeledSamples, type LabelReader, type LabelWriter } from './label-format.ts';
import { type LabelLine, labelsInvalid, parseJson, pointSchema, readLabelLines, whereIs } from './label-lines.ts';
import { writeLines } from './written-lines.ts';

export const labelFileName = 'labels.jsonl';

const polygonSchema = z.array(pointSchema).min(3);
const charactersSchema = z.array(z.object({ poly: polygonSchema, text: z.string() })).optional();

const lineSchema = z.object({
  poly: polygonSchema,
  text: z.string(),
  ignore: z.boolean().optional(),
  alt: z.array(z.string()).optional(),
  vertical: z.boolean().optional(),
  rtl: z.boolean().optional(),
  words: z.array(z.object({ poly: polygonSchema, text: z.string(), characters: charactersSchema })).optional(),
  characters: charactersSchema,
});

const recordSchema = z.looseObject({
  image: z.string().min(1),
  kind: z.enum(['scene', 'crop', 'page']).optional(),
  width: z.number().optional(),
  height: z.number().optional(),
  group: z.string().optional(),
  lines: z.array(lineSchema).optional(),
  text: z.string().optional(),
  alt: z.array(z.string()).optional(),
});

type LabelRecord = z.infer<typeof recordSchema>;
type TextKind = 'crop' | 'page';

/** `labels.jsonl` (docs/labels.md); its folder is the data set's root. */
export const placardReader: LabelReader = {
  async find(place) {
    return candidates(place, place.only === undefined ? /^labels\.jsonl$/ : /\.jsonl$/);
  },
  async read({ folder }, [file]): Promise<LabeledSamples> {
    const lines = await readLabelLines(path.join(folder, file!));
    const records = lines.map((line) => parseJson(line, recordSchema));
    const textKind = records.some((record) => record.text?.includes('\n')) ? 'page' : 'crop';
    const samples = records.map((record, i) => sampleOf(record, textKind, lines[i]!));
    return { root: folder, samples, origin: (i) => whereIs(lines[i]!) };
  },
};

/** One record as a sample. LABELS_INVALID names the line. */
export function parseRecord(line: LabelLine): Sample {
  const record = parseJson(line, recordSchema);
  return sampleOf(record, record.text?.includes('\n') ? 'page' : 'crop', line);
}

function sampleOf(record: LabelRecord, textKind: TextKind, line: LabelLine): Sample {
  const sample = toSample(record, textKind);
  if (sample) return sample;
  throw labelsInvalid(line, `Expected lines of a scene or the text of a crop or page for ${record.image}.`);
}

function toSample(record: LabelRecord, textKind: TextKind): Sample | undefined {
  const { image, kind, width, height, group, lines, text, alt, ...others } = record;
  const picture = {
    image: image.replaceAll('\\', '/'),
    ...(width === undefined ? {} : { width }),
    ...(height === undefined ? {} : { height }),
    ...(group === undefined ? {} : { group }),
    ...(Object.keys(others).length === 0 ? {} : { attributes: others }),
  };
  switch (kind ?? (lines ? 'scene' : textKind)) {
    case 'scene':
      return lines && { ...picture, kind: 'scene', lines: lines.map(toLine) };
    case 'page':
      return text === undefined ? undefined : { ...picture, kind: 'page', text };
    default:
      return text === undefined ? undefined : { ...picture, kind: 'crop', text, alternatives: alt ?? [] };
  }
}

type LineRecord = z.infer<typeof lineSchema>;

function toLine({ poly, text, ignore, alt, vertical, rtl, words, characters }: LineRecord): TrueLine {
  return {
    polygon: poly,
    text,
    ignore: ignore ?? false,
    alternatives: alt ?? [],
    ...(vertical === undefined ? {} : { vertical }),
    ...(rtl === undefined ? {} : { rightToLeft: rtl }),
    ...(words === undefined ? {} : { words: words.map((word): TrueWord => withCharacters(word)) }),
    ...(characters === undefined ? {} : { characters: characters.map(toCharacter) }),
  };
}

function withCharacters({ poly, text, characters }: NonNullable<LineRecord['words']>[number]): TrueWord {
  return { polygon: poly, text, ...(characters === undefined ? {} : { characters: characters.map(toCharacter) }) };
}

function toCharacter({ poly, text }: NonNullable<LineRecord['characters']>[number]): TrueCharacter {
  return { polygon: poly, text };
}

/** `labels.jsonl`; reading it gives the same samples. */
export const placardWriter: LabelWriter = {
  pictures: { folder: 'images', isFlat: false },
  write: (folder, samples) => writeLines(path.join(folder, labelFileName), recordsOf(samples)),
};

function* recordsOf(samples: readonly Sample[]): Generator<string> {
  for (const sample of samples) yield writeRecord(sample);
}

/** A sample as one record, which `parseRecord` reads. */
export function writeRecord(sample: Sample): string {
  return JSON.stringify(toRecord(sample));
}

function toRecord(sample: Sample): LabelRecord {
  const { image, kind, width, height, group, attributes } = sample;
  const picture = { image, kind, width, height };
  const others = { ...attributes, group };
  if (sample.kind === 'scene') return { ...picture, lines: sample.lines.map(toLineRecord), ...others };
  if (sample.kind === 'page') return { ...picture, text: sample.text, ...others };
  return { ...picture, text: sample.text, alt: nonEmpty(sample.alternatives), ...others };
}

function toLineRecord(line: TrueLine): LineRecord {
  return {
    poly: line.polygon,
    text: line.text,
    ignore: line.ignore || undefined,
    alt: nonEmpty(line.alternatives),
    vertical: line.vertical,
    rtl: line.rightToLeft,
    words: line.words?.map(({ polygon, text, characters }) => ({
      poly: polygon,
      text,
      characters: characters?.map(toCharacterRecord),
    })),
    characters: line.characters?.map(toCharacterRecord),
  };
}

function toCharacterRecord({ polygon, text }: TrueCharacter) {
  return { poly: polygon, text };
}

function nonEmpty(texts: string[]): string[] | undefined {
  return texts.length > 0 ? texts : undefined;
}
