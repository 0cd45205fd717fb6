import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { PlacardError } from '../errors.ts';
import type { Point } from '../reading.ts';

/** One line of a label file that is not blank. */
export interface LabelLine {
  /** Path of the file and the line's number, for messages: "set/labels.jsonl:12". */
  where: string;
  text: string;
}

export const pointSchema = z.tuple([z.number(), z.number()]).transform(([x, y]): Point => [x, y]);

/** Lines of a UTF-8 file, with or without a byte order mark, ended by LF or CRLF. FILE_UNREADABLE or LABELS_INVALID. */
export async function readLabelLines(file: string): Promise<LabelLine[]> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    throw new PlacardError('FILE_UNREADABLE', `${file} cannot be read.`, { cause });
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new PlacardError('LABELS_INVALID', `${file}: Expected UTF-8 text.`, { cause });
  }
  return text
    .split(/\r?\n/)
    .map((line, i) => ({ where: `${file}:${i + 1}`, text: line }))
    .filter((line) => line.text.trim() !== '');
}

export function labelsInvalid(line: LabelLine, message: string, cause?: unknown): PlacardError {
  return new PlacardError('LABELS_INVALID', `${line.where}: ${message}`, { cause });
}

/** The line, or the part of it that is given, as JSON of a known form. */
export function parseJson<T>(line: LabelLine, schema: z.ZodType<T>, json = line.text): T {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw labelsInvalid(line, `Expected JSON but received ${JSON.stringify(json.slice(0, 60))}.`, cause);
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  const path = issue.path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  throw labelsInvalid(line, `${path.replace(/^\./, '') || 'the record'}: ${issue.message}.`, result.error);
}
