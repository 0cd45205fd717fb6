import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PlacardError } from '../../errors.ts';
import type { Random } from '../random.ts';
import { languageOf } from './languages.ts';

/** Frequencies to this power: 1 would draw "the" most of the time, 0 all words alike. */
const flattening = 0.5;

/** Texts of one language, drawn by how common they are, kept as one string: a hundred thousand cost two megabytes. */
export class WordList {
  readonly #text: string;
  /** Word i is text[ends[i - 1] … ends[i]). */
  readonly #ends: Uint32Array;
  /** Sums of the flattened counts up to and with each word. */
  readonly #sums: Float64Array;
  readonly #power: number;

  /** @param power counts are raised to it */
  constructor(words: readonly string[], counts: ArrayLike<number>, power = flattening) {
    this.#power = power;
    this.#text = words.join('');
    this.#ends = new Uint32Array(words.length);
    this.#sums = new Float64Array(words.length);
    let end = 0;
    let sum = 0;
    words.forEach((word, index) => {
      this.#ends[index] = end += word.length;
      this.#sums[index] = sum += counts[index]! ** power;
    });
  }

  get size(): number {
    return this.#ends.length;
  }

  at(index: number): string {
    return this.#text.slice(index === 0 ? 0 : this.#ends[index - 1]!, this.#ends[index]!);
  }

  /** A word by its flattened frequency. The list must not be empty. */
  pick(random: Random): string {
    return this.at(firstAbove(this.#sums, random.next() * this.#sums[this.size - 1]!));
  }

  /** A word that holds a character, from anywhere in the list, or undefined where none does. */
  pickWith(random: Random, character: string): string | undefined {
    const after = this.#text.indexOf(character, Math.floor(random.next() * this.#text.length));
    const found = after >= 0 ? after : this.#text.indexOf(character);
    return found >= 0 ? this.at(firstAbove(this.#ends, found)) : undefined;
  }

  /** The characters that stand in the words at least so many times, by code point. */
  characters(least = 1): string[] {
    const counts = new Uint32Array(0x110000);
    let highest = -1;
    for (let i = 0; i < this.#text.length; i++) {
      const code = this.#text.codePointAt(i)!;
      counts[code]! += 1;
      highest = Math.max(highest, code);
      if (code > 0xffff) i++;
    }
    const characters: string[] = [];
    for (let code = 0; code <= highest; code++) {
      if (counts[code]! >= Math.max(least, 1)) characters.push(String.fromCodePoint(code));
    }
    return characters;
  }

  /** The words that a predicate admits, with their frequencies, raised to a power. */
  filter(admits: (word: string) => boolean, power = this.#power): WordList {
    const words: string[] = [];
    const counts: number[] = [];
    for (let i = 0; i < this.size; i++) {
      const word = this.at(i);
      if (!admits(word)) continue;
      words.push(word);
      counts.push((this.#sums[i]! - (i === 0 ? 0 : this.#sums[i - 1]!)) ** (1 / this.#power));
    }
    return new WordList(words, counts, power);
  }
}

/** The index of the first of some ascending numbers that is greater than a value, at most the last. */
function firstAbove(ascending: Uint32Array | Float64Array, value: number): number {
  let low = 0;
  let high = ascending.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** What a materials folder has of a language. */
export interface Corpus {
  words: WordList;
  /** Names, companies, places and addresses; undefined where the folder has none. */
  phrases?: WordList;
}

/**
 * Reads words/<language>.txt, and phrases/<language>.txt where there is one: UTF-8, a row `text<TAB>count`.
 *
 * Throws ERR_PLACARD_MATERIALS_MISSING where a language's words are not there, ERR_PLACARD_CORPUS_INVALID with file and line
 * where a row is not UTF-8 or not of that form, and for an empty list.
 */
export async function readWordLists(folder: string, languages: readonly string[]): Promise<Map<string, Corpus>> {
  const corpora = new Map<string, Corpus>();
  for (const language of new Set(languages)) {
    languageOf(language);
    const words = await readList(join(folder, 'words', `${language}.txt`));
    if (!words) {
      throw new PlacardError(
        'MATERIALS_MISSING',
        `${folder} has no words/${language}.txt. Make the lists with "npm run materials -- ${folder}".`,
      );
    }
    const phrases = await readList(join(folder, 'phrases', `${language}.txt`));
    corpora.set(language, phrases ? { words, phrases } : { words });
  }
  return corpora;
}

async function readList(path: string): Promise<WordList | undefined> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new PlacardError('FILE_UNREADABLE', `Cannot read ${path}: ${error.message}`, { cause: error });
  });
  return bytes && parseList(bytes, path);
}

/** What must not stand in a word: control characters, and what stands for undecodable bytes. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const unprintable = /[\u0000-\u0009\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffd]/;

/** @param path for messages */
export function parseList(bytes: Uint8Array, path: string): WordList {
  if (bytes.includes(0)) throw invalid(path, 1, 'this is UTF-16 or no text at all, not UTF-8');
  if (!isUtf8(bytes)) throw notUtf8(bytes, path);
  const text = new TextDecoder().decode(bytes).normalize('NFC');
  const words: string[] = [];
  const counts: number[] = [];
  for (let start = 0; start < text.length; ) {
    const feed = text.indexOf('\n', start);
    const end = feed < 0 ? text.length : feed;
    const row = text.slice(start, end);
    const tab = row.indexOf('\t');
    const word = row.slice(0, Math.max(tab, 0));
    const count = Number(row.slice(tab + 1));
    if (word === '' || word !== word.trim() || !(count > 0 && count < Infinity) || unprintable.test(word)) {
      throw invalid(path, words.length + 1, `expected "word<TAB>count" but found ${JSON.stringify(row.slice(0, 60))}`);
    }
    words.push(word);
    counts.push(count);
    start = end + 1;
  }
  if (words.length === 0) throw invalid(path, 1, 'the list is empty');
  return new WordList(words, counts);
}

function notUtf8(bytes: Uint8Array, path: string): PlacardError {
  let start = 0;
  for (let line = 1; ; line++) {
    const end = bytes.indexOf(0x0a, start);
    const row = bytes.subarray(start, end < 0 ? bytes.length : end);
    if (!isUtf8(row) || end < 0) return invalid(path, line, 'this is not UTF-8 text');
    start = end + 1;
  }
}

function invalid(path: string, line: number, what: string): PlacardError {
  return new PlacardError('CORPUS_INVALID', `${path}:${line}: ${what}.`);
}
