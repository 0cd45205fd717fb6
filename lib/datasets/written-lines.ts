import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PlacardError } from '../errors.ts';
import { minAreaRectangle } from '../geometry/min-area-rectangle.ts';
import { bounds, boxQuad, distance } from '../geometry/quad.ts';
import type { CropSample, PageSample, Sample, SceneSample, TrueLine, TrueWord } from '../labels.ts';
import type { Polygon, Quad } from '../reading.ts';
import { outputFailed } from './replace-file.ts';

/** Characters that are collected for one write: a file of millions of lines fits into no string. */
const chunkLength = 1 << 20;

/** Writes lines to a file, each with a line end. OUTPUT_FAILED. */
export function writeLines(file: string, lines: Iterable<string>): Promise<void> {
  return writeText(file, inChunks(lines));
}

/** Writes a label file; what makes its folder whole is no matter of its own. OUTPUT_FAILED. */
export async function writeText(file: string, text: string | Iterable<string>): Promise<void> {
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  } catch (error) {
    throw outputFailed(file, error);
  }
}

function* inChunks(lines: Iterable<string>): Generator<string> {
  let chunk = '';
  for (const line of lines) {
    chunk += `${line}\n`;
    if (chunk.length < chunkLength) continue;
    yield chunk;
    chunk = '';
  }
  yield chunk;
}

/** Samples as the scenes that a format holds. INVALID_ARGUMENT names one that is none. */
export function scenesOnly(samples: readonly Sample[], format: string): SceneSample[] {
  return samples.map((sample) => {
    if (sample.kind === 'scene') return sample;
    throw cannotHold(format, sample.image, `is no scene with lines but a ${sample.kind}`);
  });
}

/** Samples as the texts that a format holds. INVALID_ARGUMENT names one that has none. */
export function textsOnly(samples: readonly Sample[], format: string): (CropSample | PageSample)[] {
  return samples.map((sample) => {
    if (sample.kind !== 'scene') return sample;
    throw cannotHold(format, sample.image, 'is a scene with lines');
  });
}

/** The text, where it is one line. INVALID_ARGUMENT else. */
export function oneLine(text: string, image: string, format: string): string {
  if (!/[\r\n]/.test(text)) return text;
  throw cannotHold(format, image, `has a line break in ${JSON.stringify(text.slice(0, 60))}`);
}

export function cannotHold(format: string, image: string, reason: string): PlacardError {
  return new PlacardError('INVALID_ARGUMENT', `Labels of ${image} cannot be written as ${format}: it ${reason}.`);
}

/** What formats of words label: a line's words, or the line where they are not known. */
export function wordsOf(line: TrueLine): (TrueLine | TrueWord)[] {
  return line.words ?? [line];
}

/** Four corners around a polygon that start at its first one: its own, where it has four. */
export function quadAround(polygon: Polygon): Quad {
  if (polygon.length === 4) return polygon as Quad;
  const quad = minAreaRectangle(polygon) ?? boxQuad(bounds(polygon));
  const distances = quad.map((corner) => distance(corner, polygon[0]!));
  const first = distances.indexOf(Math.min(...distances));
  return [0, 1, 2, 3].map((i) => quad[(first + i) % 4]!) as Quad;
}
