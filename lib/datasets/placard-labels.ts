import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { PlacardError } from '../errors.ts';
import type { Dataset, Sample, TrueLine } from '../labels.ts';
import { labelsInvalid, parseJson, pointSchema, readLabelLines } from './label-lines.ts';

export const labelFileName = 'labels.jsonl';

const lineSchema = z.object({
  poly: z.array(pointSchema).min(3),
  text: z.string(),
  ignore: z.boolean().optional(),
  alt: z.array(z.string()).optional(),
  vertical: z.boolean().optional(),
  rtl: z.boolean().optional(),
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

/** Reads `labels.jsonl` (docs/labels.md); its folder is the data set's root and gives it its name. */
export async function readPlacardLabels(file: string): Promise<Dataset> {
  const root = path.dirname(path.resolve(file));
  const records = (await readLabelLines(file)).map((line) => ({ line, record: parseJson(line, recordSchema) }));
  const textKind = records.some(({ record }) => record.text?.includes('\n')) ? 'page' : 'crop';
  const samples = records.map(({ line, record }): Sample => {
    const sample = toSample(record, textKind);
    if (!sample)
      throw labelsInvalid(line, `Expected lines of a scene or the text of a crop or page for ${record.image}.`);
    return sample;
  });
  return { name: path.basename(root), root, samples };
}

function toSample(record: LabelRecord, textKind: 'crop' | 'page'): Sample | undefined {
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

function toLine({ poly, text, ignore, alt, vertical, rtl }: z.infer<typeof lineSchema>): TrueLine {
  return {
    polygon: poly,
    text,
    ignore: ignore ?? false,
    alternatives: alt ?? [],
    ...(vertical === undefined ? {} : { vertical }),
    ...(rtl === undefined ? {} : { rightToLeft: rtl }),
  };
}

/** Writes a data set's labels to `labels.jsonl` in `folder`; its pictures must lie there under the samples' paths. */
export async function writePlacardLabels(dataset: Dataset, folder: string): Promise<void> {
  const file = path.join(folder, labelFileName);
  const text = dataset.samples.map((sample) => `${JSON.stringify(toRecord(sample))}\n`).join('');
  try {
    await writeFile(file, text);
  } catch (cause) {
    throw new PlacardError('FILE_UNREADABLE', `${file} cannot be written.`, { cause });
  }
}

/** A sample as one record; reading it back gives the same sample. */
function toRecord(sample: Sample): LabelRecord {
  const { image, kind, width, height, group, attributes } = sample;
  const picture = { image, kind, width, height };
  const others = { ...attributes, group };
  if (sample.kind === 'scene') return { ...picture, lines: sample.lines.map(toLineRecord), ...others };
  if (sample.kind === 'page') return { ...picture, text: sample.text, ...others };
  return { ...picture, text: sample.text, alt: nonEmpty(sample.alternatives), ...others };
}

function toLineRecord(line: TrueLine): z.infer<typeof lineSchema> {
  return {
    poly: line.polygon,
    text: line.text,
    ignore: line.ignore || undefined,
    alt: nonEmpty(line.alternatives),
    vertical: line.vertical,
    rtl: line.rightToLeft,
  };
}

function nonEmpty(texts: string[]): string[] | undefined {
  return texts.length > 0 ? texts : undefined;
}
