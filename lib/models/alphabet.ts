import { readFile } from 'node:fs/promises';
import { PlacardError } from '../errors.ts';
import type { RecognizeContract } from './contract.ts';

/** Which character each class of a CTC recognizer stands for. */
export interface Alphabet {
  /** By class; the blank's is empty. */
  characters: string[];
  blank: number;
  /** The class of U+0020, or −1. */
  space: number;
}

/**
 * The lines of a file in UTF-8, with or without a byte order mark, carriage returns and a newline at the end. Throws
 * FILE_UNREADABLE, or MODEL_INVALID for another encoding.
 */
export async function readAlphabetFile(path: string): Promise<string[]> {
  const bytes = await readFile(path).catch((cause: Error) => {
    throw new PlacardError('FILE_UNREADABLE', `Cannot read the alphabet ${path}: ${cause.message}`, { cause });
  });
  const text = decodeUtf8(bytes, path);
  return text.replace(/\r?\n$/, '').split(/\r?\n/);
}

function decodeUtf8(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    const remedy = 'If it is GBK, as many Chinese ones are: iconv -f GBK -t UTF-8.';
    throw new PlacardError('MODEL_INVALID', `The alphabet ${path} is not UTF-8. ${remedy}`, { cause });
  }
}

/**
 * Lays entries, one a line, out over the classes. Throws MODEL_MISMATCH naming both numbers, MODEL_INVALID naming the lines for
 * one that is not one character and for a character that stands twice.
 */
export function layOutAlphabet(entries: readonly string[], contract: RecognizeContract): Alphabet {
  const { blank, classes, space } = contract.output;
  checkEntries(entries, contract);
  const characters = [...entries, ...(space === 'last' ? [' '] : [])];
  if (blank > characters.length) {
    throw new PlacardError('MODEL_MISMATCH', `${contract.id}: the blank is class ${blank} but there are ${classes}.`);
  }
  characters.splice(blank, 0, '');
  if (characters.length !== classes) {
    throw new PlacardError(
      'MODEL_MISMATCH',
      `${contract.id}: the alphabet makes ${characters.length} classes with the blank${space === 'last' ? ' and the space' : ''} but the contract says ${classes}.`,
    );
  }
  return { characters, blank, space: characters.indexOf(' ') };
}

function checkEntries(entries: readonly string[], { id, output: { space } }: RecognizeContract): void {
  const lines = new Map<string, string>(space === 'last' ? [[' ', 'as the last class']] : []);
  for (const [index, character] of entries.entries()) {
    const line = `line ${index + 1}`;
    if (!isOneCharacter(character)) {
      throw new PlacardError(
        'MODEL_INVALID',
        `${id}: expected one character in ${line} of the alphabet but received ${JSON.stringify(character)}.`,
      );
    }
    const before = lines.get(character);
    if (before !== undefined) {
      throw new PlacardError(
        'MODEL_INVALID',
        `${id}: ${JSON.stringify(character)} stands twice in the alphabet, ${before} and in ${line}.`,
      );
    }
    lines.set(character, `in ${line}`);
  }
}

const graphemes = new Intl.Segmenter();

/** What a reader takes for one: a code point, or several that are drawn as one. */
function isOneCharacter(text: string): boolean {
  return text.length === 1 || graphemes.segment(text).containing(0)?.segment === text;
}
