import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { PlacardError } from '../errors.ts';
import type { Point } from '../reading.ts';

/** One line of a label file that is not blank, or all of a file that holds one label. */
export interface LabelLine {
  file: string;
  /** From 1; absent where the text is the whole file. */
  number?: number;
  text: string;
}

export const pointSchema = z.tuple([z.number(), z.number()]).transform(([x, y]): Point => [x, y]);

/** Lines of a UTF-8 file, with or without a byte order mark, ended by LF or CRLF. FILE_UNREADABLE or LABELS_INVALID. */
export async function readLabelLines(file: string): Promise<LabelLine[]> {
  return (await readLabelText(file))
    .split(/\r?\n/)
    .map((text, i) => ({ file, number: i + 1, text }))
    .filter((line) => line.text.trim() !== '');
}

/** A JSON file of a known form. FILE_UNREADABLE or LABELS_INVALID. */
export async function readLabelJson<T>(file: string, schema: z.ZodType<T>): Promise<T> {
  return parseJson({ file, text: await readLabelText(file) }, schema);
}

async function readLabelText(file: string): Promise<string> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    throw new PlacardError('FILE_UNREADABLE', `${file} cannot be read.`, { cause });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    const line = { file, number: firstLineOfOtherBytes(bytes), text: '' };
    throw labelsInvalid(line, `Expected UTF-8 text. ${encodingRemedy(bytes)}`, cause);
  }
}

function firstLineOfOtherBytes(bytes: Uint8Array): number {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let number = 1;
  for (let start = 0; start < bytes.length; number++) {
    const end = bytes.indexOf(0x0a, start);
    try {
      decoder.decode(bytes.subarray(start, end < 0 ? undefined : end));
    } catch {
      return number;
    }
    if (end < 0) break;
    start = end + 1;
  }
  return number;
}

function encodingRemedy([first, second]: Uint8Array): string {
  const isUtf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  return isUtf16
    ? 'This is UTF-16: iconv -f UTF-16 -t UTF-8.'
    : 'If it is GBK, as many Chinese files are: iconv -f GBK -t UTF-8.';
}

/** "set/labels.jsonl:12", for messages. */
export function whereIs({ file, number }: LabelLine): string {
  return number === undefined ? file : `${file}:${number}`;
}

export function labelsInvalid(line: LabelLine, message: string, cause?: unknown): PlacardError {
  return new PlacardError('LABELS_INVALID', `${whereIs(line)}: ${message}`, { cause });
}

/** The line, or the part of it that is given, as JSON of a known form. */
export function parseJson<T>(line: LabelLine, schema: z.ZodType<T>, json = line.text): T {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    const at = line.number === undefined ? { ...line, number: lineOfFault(json, cause) } : line;
    throw labelsInvalid(at, `Expected JSON but received ${JSON.stringify(json.slice(0, 60))}.`, cause);
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  const path = issue.path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  throw labelsInvalid(line, `${path.replace(/^\./, '') || 'the record'}: ${issue.message}.`, result.error);
}

/** What V8 says of the place, as a line; where it says none the text ended too early. */
function lineOfFault(json: string, fault: unknown): number {
  const position = /position (\d+)/.exec((fault as Error).message)?.[1];
  return json.slice(0, position === undefined ? undefined : Number(position)).split('\n').length;
}
