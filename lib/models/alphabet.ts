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

/** A file of one character a line, UTF-8, with or without a newline at the end. */
export async function readAlphabetFile(path: string): Promise<string[]> {
  const text = (await readFile(path, 'utf8')).replace(/^\uFEFF/, '').replace(/\r?\n$/, '');
  return text.split(/\r?\n/);
}

/** Lays entries out over the classes. Throws MODEL_MISMATCH naming both numbers, MODEL_INVALID for entries that repeat. */
export function layOutAlphabet(entries: readonly string[], contract: RecognizeContract): Alphabet {
  const { blank, classes, space } = contract.output;
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
  const seen = new Set<string>();
  for (const [index, character] of characters.entries()) {
    if (index === blank) continue;
    if (character === '') throw new PlacardError('MODEL_INVALID', `${contract.id}: class ${index} has no character.`);
    if (seen.has(character)) {
      throw new PlacardError(
        'MODEL_INVALID',
        `${contract.id}: ${JSON.stringify(character)} stands twice in the alphabet.`,
      );
    }
    seen.add(character);
  }
  return { characters, blank, space: characters.indexOf(' ') };
}
