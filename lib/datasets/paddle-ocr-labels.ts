import { existsSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { Dataset, Sample } from '../labels.ts';
import { type LabelLine, labelsInvalid, parseJson, pointSchema, readLabelLines } from './label-lines.ts';

/** Names that PPOCRLabel and PaddleOCR's training configurations give their label files. */
export const paddleOcrFileNames = ['Label.txt', 'rec_gt.txt', 'train_list.txt', 'val_list.txt', 'test_list.txt'];

const linesSchema = z.array(
  z.object({
    transcription: z.string(),
    points: z.array(pointSchema).min(3),
    difficult: z.boolean().optional(),
  }),
);

/** Texts that PaddleOCR does not train on or judge. */
const ignoredTexts = new Set(['*', '###']);

/**
 * Reads a PaddleOCR label file: each line a picture's path, a tab, and either a JSON list of lines (detection) or a text
 * (recognition). Paths are relative to the file's folder or, as PPOCRLabel writes them, to the one above it.
 */
export async function readPaddleOcrLabels(file: string): Promise<Dataset> {
  const folder = path.dirname(path.resolve(file));
  const rows = (await readLabelLines(file)).map((line) => {
    const tab = line.text.indexOf('\t');
    if (tab < 1) throw labelsInvalid(line, 'Expected a path, a tab and a label.');
    return { line, image: line.text.slice(0, tab).replaceAll('\\', '/'), label: line.text.slice(tab + 1) };
  });
  const root = rows[0] ? rootOf(folder, rows[0].image) : folder;
  const scenes = rows[0] !== undefined && looksLikeLines(rows[0].label);
  const samples = rows.map(({ line, image, label }) => toSample(line, image, label, scenes));
  return { name: path.basename(folder), root, samples };
}

function rootOf(folder: string, image: string): string {
  const above = path.dirname(folder);
  return !existsSync(path.join(folder, image)) && existsSync(path.join(above, image)) ? above : folder;
}

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
