import { readFile } from 'node:fs/promises';
import { PlacardError } from '../errors.ts';

/** The first line of character files such as 360CC's: number 0, which no label has. */
const blankName = 'blank';

/** Which character each number of a label list stands for. */
export interface NumberedCharacters {
  file: string;
  /** By number; the blank, 0, is empty. */
  characters: string[];
}

/**
 * A file with one character a line, in the order of their numbers from 1; a first line `blank` is number 0. UTF-8 or, as
 * 360CC's char_std_5990.txt, GBK. FILE_UNREADABLE or LABELS_INVALID.
 */
export async function readCharacterFile(file: string): Promise<NumberedCharacters> {
  const bytes = await readFile(file).catch((cause: Error) => {
    throw new PlacardError('FILE_UNREADABLE', `${file} cannot be read.`, { cause });
  });
  const lines = decode(bytes, file)
    .replace(/\r?\n$/, '')
    .split(/\r?\n/);
  const characters = lines[0] === blankName ? ['', ...lines.slice(1)] : ['', ...lines];
  const empty = lines.indexOf('');
  if (empty >= 0) throw new PlacardError('LABELS_INVALID', `${file}:${empty + 1}: Expected a character.`);
  return { file, characters };
}

function decode(bytes: Uint8Array, file: string): string {
  for (const encoding of ['utf-8', 'gb18030']) {
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes);
    } catch {
      // The next one.
    }
  }
  throw new PlacardError('LABELS_INVALID', `${file}: Expected characters in UTF-8 or GBK.`);
}
