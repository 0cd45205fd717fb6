import type { Random } from '../random.ts';
import { isUnspaced, type Language } from './languages.ts';
import { trades } from './trades.ts';

/** As it is, Begun with a capital, Each Word So, or ALL CAPITALS. */
export function cased(random: Random, text: string, { locale }: Language): string {
  const style = random.next();
  if (style < 0.3) return text;
  if (style < 0.55) return capitalized(text, locale);
  if (style < 0.75) return titled(text, locale);
  return text.toLocaleUpperCase(locale);
}

function capitalized(word: string, locale: string): string {
  const [first = '', ...rest] = word;
  return first.toLocaleUpperCase(locale) + rest.join('');
}

function titled(text: string, locale: string): string {
  return text
    .split(' ')
    .map((word) => capitalized(word, locale))
    .join(' ');
}

const marks = {
  spaced: {
    within: [', ', '. ', ' - ', ' & ', ' / ', ': ', '; ', ' + ', ' – '],
    after: ['.', '!', '?', ':', '…', '!!', ','],
    pairs: ['()', '""', '“”', "''", '«»', '[]', '„“', '--', '**'],
    lists: ['/', ' / ', ' · ', ', ', ' & ', ' • ', ' - ', ' | '],
    labels: [': ', ':', ' : ', ' ', ' = ', ' - '],
  },
  unspaced: {
    within: ['、', '，', '·', '。', '：', ' ', '/', '-', ' '],
    after: ['。', '！', '？', '：', '…', '!', '?'],
    pairs: ['（）', '「」', '()', '《》', '【】', '“”', '『』'],
    lists: ['/', '、', '·', ' ', '．', '•', '|'],
    labels: ['：', ':', ' ', '', ''],
  },
};

function marksOf({ script }: Language) {
  return isUnspaced(script) ? marks.unspaced : marks.spaced;
}

/** Words as one text: with blanks where the language has them, and a mark here and there. */
export function sentence(random: Random, words: readonly string[], language: Language): string {
  const { within, after, pairs } = marksOf(language);
  const blank = isUnspaced(language.script) ? '' : ' ';
  let text = words[0]!;
  for (const word of words.slice(1)) text += (random.chance(0.12) ? random.pick(within) : blank) + word;
  if (random.chance(0.1)) text += random.pick(after);
  if (random.chance(0.04)) {
    const pair = random.pick(pairs);
    return pair[0]! + text + pair[1]!;
  }
  return text;
}

/** "TOTAL: 15.30", "電話：02-…", "12/03/2018 14:31". */
export function labeled(random: Random, label: string, value: string, language: Language): string {
  return `${cased(random, label, language)}${random.pick(marksOf(language).labels)}${value}`;
}

/** "幼兒/民族/芭蕾", "Tea & Cakes". */
export function listing(random: Random, entries: readonly string[], language: Language): string {
  return cased(random, entries.join(random.pick(marksOf(language).lists)), language);
}

/** What stands over a shop, a name and a trade, or on its door; undefined for languages whose trades are not known. */
export function shopSign(random: Random, name: string, language: Language): string | undefined {
  const known = trades[language.id];
  if (!known) return undefined;
  const trade = random.pick(known);
  const style = random.next();
  if (style < 0.2) return cased(random, trade, language);
  if (style < 0.35)
    return listing(random, [trade, random.pick(known), random.pick(known)].slice(0, random.integer(2, 3)), language);
  if (isUnspaced(language.script)) return `${name}${trade}`;
  const proper = titled(name, language.locale);
  return cased(random, random.chance(0.6) ? `${proper} ${trade}` : `${trade} ${proper}`, language);
}
