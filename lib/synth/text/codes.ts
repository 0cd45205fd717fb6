import type { Random } from '../random.ts';
import { fillPattern } from './numbers.ts';

const capitals = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const smalls = 'abcdefghijklmnopqrstuvwxyz';

/** Marks that stand in texts and codes, those of the keyboard first. */
export const punctuation = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';

/** `A` any capital, `a` any small letter, `#` any digit. */
const platePatterns = [
  'AAA-###',
  'AAA-####',
  'AA-####',
  '###-AAA',
  'AA ### AA',
  'AA-###-AA',
  'AA## AAA',
  'A ### AA',
  'A###AA ##',
  'AAA ####',
  'AAA#A##',
  '#AA ####',
  'AA ## ####',
  '# A## ####',
  '##-AA-##',
  'AA#### AA',
  'A-AA ####',
  'A AAA ###',
  '#A#-####',
  'AAA ###',
];
const productPatterns = [
  'AA-####',
  'A####',
  '###-####-##',
  'AAA####A',
  '##A###',
  'A#-A##',
  '####-AA',
  '# ###### ######',
  '#############',
  'AA######',
  '##.##.###',
  '#########',
  '####A',
  'A.##.##',
  '##/##',
  'AA##aa###',
  '#:##',
  'a###',
  '(##)#####',
  '#-##-######-#',
];

const prefixes = [...Array<string>(12).fill(''), 'SN', 'LOT ', 'No.', 'REF: ', 'Art. ', 'ID '];

const mailHosts = ['gmail.com', 'outlook.com', 'yahoo.com', 'mail.com', 'icloud.com'];
const domains = [
  'com',
  'net',
  'org',
  'de',
  'fr',
  'it',
  'es',
  'co.uk',
  'com.tw',
  'cn',
  'jp',
  'kr',
  'ru',
  'com.ua',
  'pl',
  'cz',
  'eu',
  'io',
];
const paths = ['', '', '', '/shop', '/menu', '/en', '/info', '/contact', '/2026', '/index.html', '/?q=', '/sale'];

/** A plate's number of any country's make. */
export function plateCode(random: Random): string {
  return fillLetters(random, random.pick(platePatterns));
}

/** An article, serial or batch number. */
export function productCode(random: Random): string {
  return `${random.pick(prefixes)}${fillLetters(random, random.pick(productPatterns))}`;
}

/** Characters of a list, each as likely as any other: what no word can help to read. */
export function randomString(random: Random, characters: readonly string[], length: number): string {
  return Array.from({ length }, () => random.pick(characters)).join('');
}

/** An address of the web or of mail, or a tag. @param names two words to make it of; all but ASCII letters are dropped */
export function webAddress(random: Random, names: readonly [string, string]): string {
  const [first, second] = names.map((name) => asciiOf(name) || randomString(random, [...smalls], 5)) as [
    string,
    string,
  ];
  const joined = random.pick([
    first,
    `${first}${second}`,
    `${first}-${second}`,
    `${first}${fillPattern(random, '##')}`,
  ]);
  const domain = random.pick(domains);
  switch (random.integer(0, 5)) {
    case 0:
      return `${random.pick(['info', first, `${first}.${second}`, `${first}_${second}`])}@${second}.${domain}`;
    case 1:
      return `${joined}@${random.pick(mailHosts)}`;
    case 2:
      return `${random.pick(['https://', 'http://'])}${joined}.${domain}${random.pick(paths)}`;
    case 3:
      return `${random.pick(['@', '#'])}${joined.replace('-', '_')}`;
    default:
      return `${random.chance(0.7) ? 'www.' : ''}${joined}.${domain}`;
  }
}

function fillLetters(random: Random, pattern: string): string {
  const letters = { A: capitals, a: smalls };
  return fillPattern(random, pattern).replace(/[Aa]/g, (mark) => random.pick([...letters[mark as 'A' | 'a']]));
}

function asciiOf(word: string): string {
  return word
    .normalize('NFD')
    .replace(/[^A-Za-z]/g, '')
    .toLowerCase();
}
