import path from 'node:path';
import { z } from 'zod';
import type { Sample, TrueLine } from '../labels.ts';
import {
  beginningWith,
  ignoredText,
  type LabeledSamples,
  type LabelPlace,
  type LabelReader,
  type LabelWriter,
  rootFor,
} from './label-format.ts';
import { type LabelLine, labelsInvalid, parseJson, pointSchema, readLabelLines, whereIs } from './label-lines.ts';
import { cannotHold, oneLine, scenesOnly, textsOnly, writeLines } from './written-lines.ts';

const sceneFileName = 'Label.txt';
const textFileName = 'rec_gt.txt';

/** Names that PPOCRLabel and PaddleOCR's training configurations give their label files. */
export const paddleOcrFileNames = [sceneFileName, textFileName, 'train_list.txt', 'val_list.txt', 'test_list.txt'];

const linesSchema = z.array(
  z.object({
    transcription: z.string(),
    points: z.array(pointSchema).min(3),
    difficult: z.boolean().optional(),
  }),
);

/** Texts that PaddleOCR does not train on or judge. */
const ignoredTexts = new Set(['*', ignoredText]);

/**
 * PaddleOCR's label files: each line a picture's path, a tab, and either a JSON list of lines (detection) or a text
 * (recognition). Paths are relative to the file's folder or, as PPOCRLabel writes them, to the one above it.
 */
export const paddleOcrReader: LabelReader = {
  async find({ folder, files, only }: LabelPlace) {
    if (only !== undefined) return beginningWith(folder, [only], /^[^\n\t]+\t/);
    return paddleOcrFileNames.filter((name) => files.includes(name)).slice(0, 1);
  },
  async read({ folder }, [file]): Promise<LabeledSamples> {
    const rows = (await readLabelLines(path.join(folder, file!))).map((line) => {
      const tab = line.text.indexOf('\t');
      if (tab < 1) throw labelsInvalid(line, 'Expected a path, a tab and a label.');
      return { line, image: line.text.slice(0, tab).replaceAll('\\', '/'), label: line.text.slice(tab + 1) };
    });
    const scenes = rows[0] !== undefined && looksLikeLines(rows[0].label);
    const samples = rows.map(({ line, image, label }) => toSample(line, image, label, scenes));
    return { root: rootFor(folder, rows[0]?.image), samples, origin: (i) => whereIs(rows[i]!.line) };
  },
};

function looksLikeLines(label: string): boolean {
  return /^\[\s*(\{|\]$)/.test(label.trim());
}

function toSample(line: LabelLine, image: string, label: string, scenes: boolean): Sample {
  if (!scenes) return { image, kind: 'crop', text: label, alternatives: [] };
  const lines = parseJson(line, linesSchema, label).map(({ transcription, points, difficult }) => {
    const ignore = difficult === true || ignoredTexts.has(transcription);
    return { polygon: points, text: ignore ? '' : transcription, ignore, alternatives: [] };
  });
  return { image, kind: 'scene', lines };
}

/** Scenes as `Label.txt` or texts as `rec_gt.txt`: one of the two. */
export const paddleOcrWriter: LabelWriter = {
  pictures: { folder: 'images', isFlat: false },
  async write(folder, samples) {
    const format = 'paddleocr';
    const rows =
      samples[0]?.kind === 'scene'
        ? scenesOnly(samples, format).map(({ image, lines }) => `${image}\t${JSON.stringify(lines.map(toRecord))}`)
        : textsOnly(samples, format).map(({ image, text }) => `${image}\t${textOf(text, image)}`);
    await writeLines(path.join(folder, samples[0]?.kind === 'scene' ? sceneFileName : textFileName), rows);
  },
};

function toRecord({ polygon, text, ignore }: TrueLine) {
  return { transcription: ignore ? ignoredText : text, points: polygon, difficult: ignore };
}

/** A first text that looks like a list would make the whole file one of scenes. */
function textOf(text: string, image: string): string {
  if (looksLikeLines(text)) throw cannotHold('paddleocr', image, 'has a text that looks like a list of lines');
  return oneLine(text, image, 'paddleocr');
}
