import { expected } from '../../errors.ts';
import type { Random } from '../random.ts';
import { commonCharacters, lettersOf } from './characters.ts';
import { plateCode, productCode, punctuation, randomString, webAddress } from './codes.ts';
import {
  isIdeographic,
  isRightToLeft,
  isUnspaced,
  type Language,
  languageIds,
  languageOf,
  type Script,
} from './languages.ts';
import { date, expression, phone, price, quantity, time } from './numbers.ts';
import { type Corpus, WordList } from './word-lists.ts';
import { cased, labeled, listing, sentence, shopSign } from './wording.ts';

/** A text to draw on one line. */
export interface TextLine {
  /** NFC; no blank at either end, never two together. */
  text: string;
  language: string;
  script: Script;
  /** As the language is written; columns and signs from the right are the drawing's choice. */
  direction: 'row' | 'right-to-left';
}

export interface TextSourceOptions {
  /** Of `languageIds`; each is as likely as any other, one that is named twice twice as likely. */
  languages: readonly string[];
  /** What readWordLists gives; languages without lists get made-up words. */
  corpora?: ReadonlyMap<string, Corpus>;
  /** The only characters to draw; all by default. A blank in it allows several words. */
  alphabet?: Iterable<string>;
  /** How often words are drawn; flattened by default. */
  frequencies?: WordFrequencies;
}

/**
 * `natural`: as often as the language has them; `flattened`: rare ones more often than that, and some for the sake of a
 * character, each of which is as likely as any other.
 */
export type WordFrequencies = 'flattened' | 'natural';

/** One language and what it is written from. */
interface Voice {
  language: Language;
  words: WordList;
  phrases: WordList;
  /** What random strings are made of. */
  letters: readonly string[];
  digits: readonly string[];
  marks: readonly string[];
}

/** How often, where frequencies are flattened, a word is picked for one of its characters and not for its own frequency. */
const rareShare = { ideographic: 0.5, alphabetic: 0.1 };

/** Attempts at a text that fits, before a random string has to do. */
const mostAttempts = 24;

const emptyList = new WordList([], []);

/** Makes texts as signs, labels, receipts and pages carry them, in several languages. */
export class TextSource {
  readonly #voices: readonly Voice[];
  readonly #alphabet: ReadonlySet<string> | undefined;
  readonly #isNatural: boolean;

  /** Throws ERR_PLACARD_INVALID_ARGUMENT for unknown languages and an alphabet without a character. */
  constructor({ languages, corpora, alphabet, frequencies = 'flattened' }: TextSourceOptions) {
    if (languages.length === 0) throw expected(`some of ${languageIds.join(', ')}`, 'languages', '');
    this.#isNatural = frequencies === 'natural';
    this.#alphabet = alphabet && new Set(alphabet);
    if (this.#alphabet && [...this.#alphabet].every(isBlank)) throw expected('a character', 'alphabet', '');
    const own = new Map(
      [...new Set(languages)].map((id) => [id, this.#voiceOf(languageOf(id), corpora?.get(id))] as const),
    );
    const covered = new Set(
      [...own.values()].flatMap(({ letters, digits, marks }) => [...letters, ...digits, ...marks]),
    );
    // Letters that no language has for its own are drawn all the same, in any language's random strings.
    const others = [...(this.#alphabet ?? [])].filter((character) => !isBlank(character) && !covered.has(character));
    this.#voices = languages.map((id) => {
      const voice = own.get(id)!;
      return { ...voice, letters: [...voice.letters, ...others] };
    });
  }

  /**
   * A text of one to `most` characters.
   *
   * Throws ERR_PLACARD_INVALID_ARGUMENT for a script that none of the languages has.
   */
  line(random: Random, { most, script }: { most: number; script?: Script }): TextLine {
    if (!(most >= 1)) throw expected('a positive number', 'most', most);
    const voices = script ? this.#voices.filter(({ language }) => language.script === script) : this.#voices;
    if (voices.length === 0) throw expected(`a script of ${this.#scripts().join(', ')}`, 'script', script);
    const voice = random.pick(voices);
    return this.#lineOf(this.#text(random, voice, most), voice);
  }

  /** One word of one of the languages. */
  word(random: Random): TextLine {
    const voice = random.pick(this.#voices);
    const word = this.#fitting(cased(random, this.#word(random, voice), voice.language), 64);
    return this.#lineOf(word ?? this.#randomString(random, voice, 12), voice);
  }

  #lineOf(text: string, { language: { id, script } }: Voice): TextLine {
    return { text, language: id, script, direction: isRightToLeft(script) ? 'right-to-left' : 'row' };
  }

  #scripts(): Script[] {
    return [...new Set(this.#voices.map(({ language }) => language.script))];
  }

  #voiceOf(language: Language, corpus: Corpus | undefined): Voice {
    const spelled = (word: string) => this.#spelled(word) !== undefined;
    const keep = (list = emptyList) => {
      if (this.#isNatural) return list.filter(spelled, 1);
      return this.#alphabet ? list.filter(spelled) : list;
    };
    const words = keep(corpus?.words);
    // Loanwords do not make their letters the language's own, nor dictionaries' curiosities their characters everyday ones.
    const least = isIdeographic(language.script) ? 3 : words.size / 1000;
    const letters = [...new Set([...words.characters(least), ...commonCharacters(language.script)])];
    const drawable = (characters: readonly string[]) => characters.filter((c) => this.#alphabet?.has(c) ?? true);
    return {
      language,
      words,
      phrases: keep(corpus?.phrases),
      letters: drawable(letters.filter((letter) => !isBlank(letter) && !punctuation.includes(letter))),
      digits: drawable([...'0123456789']),
      marks: drawable([...punctuation]),
    };
  }

  #text(random: Random, voice: Voice, most: number): string {
    for (let attempt = 0; attempt < mostAttempts; attempt++) {
      const text = this.#fitting(this.#attempt(random, voice, most), most);
      if (text !== undefined) return text;
    }
    return this.#randomString(random, voice, most);
  }

  /** A text of some kind, as often as such texts are met, which may be too long or hold what may not be drawn. */
  #attempt(random: Random, voice: Voice, most: number): string {
    const { language, phrases } = voice;
    const word = () => this.#word(random, voice);
    const words = () => cased(random, this.#words(random, voice, most), language);
    const kind = random.next();
    if (kind < 0.5) return words();
    if (kind < 0.58) return phrases.size > 0 ? phrases.pick(random) : words();
    if (kind < 0.64) return shopSign(random, word(), language) ?? words();
    if (kind < 0.7) return labeled(random, word(), this.#value(random, language), language);
    if (kind < 0.73) return listing(random, Array.from({ length: random.integer(2, 4) }, word), language);
    if (kind < 0.87) return this.#value(random, language);
    if (kind < 0.89) return expression(random);
    if (kind < 0.92) return webAddress(random, [word(), word()]);
    if (kind < 0.94) return plateCode(random);
    return this.#randomString(random, voice, most);
  }

  /** A price, a date or whatever else a form or a bill holds. */
  #value(random: Random, language: Language): string {
    return random.pick([price, price, price, date, time, phone, quantity, quantity, productCode])(random, language);
  }

  /** Words that make a line together, numbers and foreign words among them. */
  #words(random: Random, voice: Voice, most: number): string {
    const { language } = voice;
    // Half of the lines are one word, a few are long.
    const count = random.chance(0.5) ? 1 : random.chance(0.7) ? random.integer(2, 3) : random.integer(4, 12);
    const words: string[] = [];
    let length = 0;
    // A lone ideograph is seldom all that stands on a sign.
    const enough = () => words.length >= count && (length > 1 || !isIdeographic(language.script) || random.chance(0.2));
    while (!enough()) {
      const word = count > 1 && random.chance(0.08) ? this.#foreign(random, language) : this.#word(random, voice);
      length += [...word].length + (isUnspaced(language.script) || length === 0 ? 0 : 1);
      if (words.length > 0 && length > most - 1) break;
      words.push(word);
    }
    return sentence(random, words, language);
  }

  /** What stands among words: a number, or between other letters a Latin word. */
  #foreign(random: Random, language: Language): string {
    const latin = this.#voices.find((voice) => voice.language.script === 'Latn');
    if (language.script === 'Latn' || random.chance(0.5)) return quantity(random, language);
    return latin ? cased(random, this.#word(random, latin), latin.language) : productCode(random);
  }

  #word(random: Random, { words, language, letters }: Voice): string {
    const share = isIdeographic(language.script) ? rareShare.ideographic : rareShare.alphabetic;
    if (!this.#isNatural && random.chance(share) && letters.length > 0) {
      const character = random.pick(letters);
      const word = words.pickWith(random, character);
      if (word) return word;
      // No word holds it: it stands alone, as ideographs may, beside a word.
      if (isIdeographic(language.script)) return words.size > 0 ? `${character}${words.pick(random)}` : character;
    }
    return words.size > 0 ? words.pick(random) : this.#madeUp(random, language);
  }

  /** A word that could be one: consonants and vowels in turn, or some characters of everyday use. */
  #madeUp(random: Random, { script }: Language): string {
    const letters = lettersOf(script);
    if (!letters) return randomString(random, commonCharacters(script), random.integer(1, 4));
    const first = random.integer(0, 1);
    const length = random.integer(2, 9);
    return Array.from({ length }, (_, i) => random.pick([...letters[(first + i) % 2]!])).join('');
  }

  #randomString(random: Random, { letters, digits, marks, language }: Voice, most: number): string {
    const length = random.integer(1, Math.min(most, isIdeographic(language.script) ? 8 : 14));
    const style = random.next();
    const kinds =
      style < 0.4 ? [letters] : style < 0.7 ? [letters, digits] : style < 0.85 ? [digits] : [letters, digits, marks];
    const some = kinds.filter((kind) => kind.length > 0);
    const choices = some.length > 0 ? some : [letters, digits, marks].filter((kind) => kind.length > 0);
    const text = Array.from({ length }, () => random.pick(random.pick(choices))).join('');
    return this.#fitting(cased(random, text, language), most) ?? text;
  }

  /** The text without blanks that do not show, if it is short enough, of the alphabet alone, and not empty. */
  #fitting(text: string, most: number): string | undefined {
    const tidy = text.normalize('NFC').replace(/\s+/g, ' ').trim();
    const spelled = tidy === '' ? undefined : this.#spelled(tidy);
    return spelled !== undefined && [...spelled].length <= most ? spelled : undefined;
  }

  /** The text, or else all of it as capitals or as small letters, whichever is of the alphabet alone. */
  #spelled(text: string): string | undefined {
    const alphabet = this.#alphabet;
    if (!alphabet || consistsOf(text, alphabet)) return text;
    return [text.toUpperCase(), text.toLowerCase()].find((spelling) => consistsOf(spelling, alphabet));
  }
}

function consistsOf(text: string, alphabet: ReadonlySet<string>): boolean {
  for (const character of text) if (!alphabet.has(character)) return false;
  return true;
}

function isBlank(character: string): boolean {
  return character.trim() === '';
}
