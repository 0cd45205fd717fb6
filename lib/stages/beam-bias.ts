import { expected } from '../errors.ts';
import type { CharacterModel } from '../language/character-model.ts';
import type { Alphabet } from '../models/alphabet.ts';
import { type BeamBias, type Context, type NativeCharacterModel, type NativeLexicon, native } from '../native.ts';
import { isCjk } from './scripts.ts';

/** What a reading should look like, beside what the network sees: lib/options.ts explains each. */
export interface BiasOptions {
  words?: readonly string[];
  wordsOnly?: boolean;
  wordWeight?: number;
  languageModel?: CharacterModel;
  languageWeight?: number;
  lengthBonus?: number;
}

const usualWordWeight = 1;
const usualLanguageWeight = 0.25;
const usualLengthBonus = 0.5;

/** What the beam search is told. */
export interface Bias extends BeamBias {
  /** All that can be read with `wordsOnly`: what others are is not worth looking at. */
  characters?: ReadonlySet<string>;
}

export function isBiased({ words, wordsOnly, languageModel }: BiasOptions): boolean {
  return words !== undefined || wordsOnly === true || languageModel !== undefined;
}

/** Of options that bias the search. */
export async function biasOf(options: BiasOptions, alphabet: Alphabet, context: Context): Promise<Bias> {
  const { words, wordsOnly = false, languageModel } = options;
  if (wordsOnly && !words) throw expected('an array of words', 'options.words', words);
  const list = words && (await wordLists(words, alphabet, context));
  return {
    lexicon: list?.lexicon,
    wordsOnly,
    wordWeight: options.wordWeight ?? (wordsOnly ? 0 : usualWordWeight),
    characterModel: languageModel && (await characterModels(languageModel, alphabet, context)),
    modelWeight: options.languageWeight ?? usualLanguageWeight,
    lengthBonus: languageModel ? (options.lengthBonus ?? usualLengthBonus) : 0,
    characters: wordsOnly ? list?.characters : undefined,
  };
}

const wordLists = oncePerAlphabet(openWords);
const characterModels = oncePerAlphabet(openCharacterModel);

/** Keeps what was made of an object for an alphabet as long as both live. A failure is not kept. */
function oncePerAlphabet<From extends object, To>(
  make: (from: From, alphabet: Alphabet, context: Context) => Promise<To>,
): typeof make {
  const made = new WeakMap<From, WeakMap<Alphabet, Promise<To>>>();
  return (from, alphabet, context) => {
    const ofAlphabets = made.get(from) ?? new WeakMap<Alphabet, Promise<To>>();
    made.set(from, ofAlphabets);
    const known = ofAlphabets.get(alphabet);
    if (known) return known;
    // Others may wait for it who were not cancelled.
    const making = make(from, alphabet, { ...context, cancel: new (native().CancelToken)() });
    ofAlphabets.set(alphabet, making);
    making.catch(() => ofAlphabets.delete(alphabet));
    return making;
  };
}

/** Capital and small letters are one: the picture tells which it is. */
const letterOf = (character: string): string => character.toLowerCase();
const separator = /^[^\p{L}\p{M}\p{N}]/u;
const isSeparator = (character: string): boolean => separator.test(character);

interface WordList {
  lexicon: NativeLexicon;
  /** Of the words, in any case, and separators. */
  characters: ReadonlySet<string>;
}

async function openWords(
  words: readonly string[],
  { characters, blank }: Alphabet,
  context: Context,
): Promise<WordList> {
  for (const [i, word] of words.entries()) {
    if (typeof word !== 'string' || word === '') throw expected('a word', `options.words[${i}]`, word);
  }
  const known = new Set(characters.filter((_, index) => index !== blank).map(letterOf));
  const letters = words.map((word) => Array.from(word.normalize(), letterOf));
  const spelled = letters.filter((word) => word.every((letter) => known.has(letter)));
  if (spelled.length === 0) {
    throw expected('at least one word that the model’s alphabet can spell', 'options.words', words);
  }
  const numbers = new Map([...new Set(spelled.flat())].map((letter, number) => [letter, number]));
  const lexicon = await native().openLexicon(context, {
    letters: Int32Array.from(characters, (character) => numbers.get(letterOf(character)) ?? -1),
    kinds: Uint8Array.from(characters, (character) => kindOf(letterOf(character))),
    words: Int32Array.from(spelled.flat(), (letter) => numbers.get(letter)!),
    lengths: Int32Array.from(spelled, (word) => word.length),
  });
  const readable = (one: string) => isSeparator(one) || numbers.has(letterOf(one));
  return { lexicon, characters: new Set(characters.filter(readable)) };
}

/** Separator, letter or ideograph, as the native side counts them. */
function kindOf(letter: string): 0 | 1 | 2 {
  if (isSeparator(letter)) return 0;
  return isCjk(letter) ? 2 : 1;
}

async function openCharacterModel(
  model: CharacterModel,
  alphabet: Alphabet,
  context: Context,
): Promise<NativeCharacterModel> {
  const numbers = new Map(model.characters.map((character, number) => [character, number]));
  const { firsts, entries, scores, next, shorter, backoffs, start, unknown } = model;
  return native().openCharacterModel(context, {
    // A character that the text does not have counts as its small letter; 0 is the line's end.
    letters: Int32Array.from(alphabet.characters, (one) => numbers.get(one) || numbers.get(letterOf(one)) || -1),
    firsts,
    characters: entries,
    scores,
    next,
    shorter,
    backoffs,
    start,
    unknown,
  });
}
