import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Random } from '../../lib/synth/random.ts';
import { commonCharacters } from '../../lib/synth/text/characters.ts';
import { languageIds, languageOf, type Script } from '../../lib/synth/text/languages.ts';
import { date, expression, phone, price, quantity, time } from '../../lib/synth/text/numbers.ts';
import { TextSource } from '../../lib/synth/text/text-source.ts';
import { parseList, readWordLists, WordList } from '../../lib/synth/text/word-lists.ts';
import { cased, labeled, listing, sentence, shopSign } from '../../lib/synth/text/wording.ts';

/** What may stand in texts of a script beside its own letters: units, currencies and marks are Latin everywhere. */
const scripts: Record<Script, RegExp> = {
  Latn: /\p{Script=Latin}|º/u,
  Grek: /\p{Script=Latin}|\p{Script=Greek}|º/u,
  Cyrl: /\p{Script=Latin}|\p{Script=Cyrillic}|º/u,
  Hebr: /\p{Script=Latin}|\p{Script=Hebrew}|º/u,
  Arab: /\p{Script=Latin}|\p{Script=Arabic}|º/u,
  Hans: /\p{Script=Latin}|\p{Script=Han}|º/u,
  Hant: /\p{Script=Latin}|\p{Script=Han}|º/u,
  Jpan: /\p{Script=Latin}|\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|ー|º/u,
  Kore: /\p{Script=Latin}|\p{Script=Hangul}|º/u,
};

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'placard-words-'));
  await mkdir(join(folder, 'words'));
  await mkdir(join(folder, 'phrases'));
  await writeFile(join(folder, 'words', 'en.txt'), 'the\t90000\nbakery\t100\nquay\t4\nopen\t2500\n');
  await writeFile(join(folder, 'phrases', 'en.txt'), 'Mill Lane 4\t2\nDr. Anna Bell\t1\n');
  await writeFile(join(folder, 'words', 'zh-Hant.txt'), '牛肉\t5000\n麵店\t900\n鼎泰\t3\n');
  await writeFile(join(folder, 'words', 'ru.txt'), Buffer.from('хлеб\t5\nсыр\t4\n', 'utf16le'));
  await writeFile(join(folder, 'words', 'de.txt'), Buffer.from('Brot\t5\nK\xe4se\t4\n', 'latin1'));
  await writeFile(join(folder, 'words', 'fr.txt'), 'pain\t5\nfromage 4\n');
  await writeFile(join(folder, 'words', 'es.txt'), '');
});

afterAll(() => rm(folder, { recursive: true }));

function draw(source: TextSource, count: number, most = 20): ReturnType<TextSource['line']>[] {
  return Array.from({ length: count }, (_, i) => source.line(new Random(`line/${i}`), { most }));
}

describe('word lists', () => {
  test('are read with their phrases, and drawn by the root of their counts', async () => {
    const en = (await readWordLists(folder, ['en'])).get('en')!;
    expect(Array.from({ length: en.words.size }, (_, i) => en.words.at(i))).toEqual(['the', 'bakery', 'quay', 'open']);
    expect(en.phrases?.at(1)).toBe('Dr. Anna Bell');
    const counts = new Map<string, number>();
    const random = new Random('flat');
    for (let i = 0; i < 3620; i++) {
      const word = en.words.pick(random);
      counts.set(word, (counts.get(word) ?? 0) + 1);
    }
    // Roots of 90000, 2500, 100 and 4: 300, 50, 10 and 2 of 362.
    expect(Math.abs(counts.get('the')! - 3000)).toBeLessThan(120);
    expect(Math.abs(counts.get('open')! - 500)).toBeLessThan(100);
    expect(counts.get('quay')).toBeGreaterThan(0);
  });

  test('find a word for a character, and tell which characters they hold', () => {
    const list = new WordList(['牛肉', '麵店', '𠮷野家'], [5, 4, 1]);
    const random = new Random('holds');
    for (const [character, word] of [
      ['店', '麵店'],
      ['牛', '牛肉'],
      ['𠮷', '𠮷野家'],
    ] as const) {
      for (let i = 0; i < 8; i++) expect(list.pickWith(random, character)).toBe(word);
    }
    expect(list.pickWith(random, '魚')).toBeUndefined();
    expect(new Set(list.characters())).toEqual(new Set('牛肉麵店𠮷野家'));
    expect(new WordList(['aab', 'ac'], [1, 1]).characters(2)).toEqual(['a']);
    expect(list.filter((word) => word !== '麵店').pickWith(random, '店')).toBeUndefined();
  });

  test.each([
    ['ru', /ru\.txt:1: this is UTF-16/],
    ['de', /de\.txt:2: this is not UTF-8/],
    ['fr', /fr\.txt:2: expected "word<TAB>count" but found "fromage 4"/],
    ['es', /es\.txt:1: the list is empty/],
  ])('of %s, which are broken, are refused with file and line', async (language, message) => {
    await expect(readWordLists(folder, [language])).rejects.toMatchObject({
      code: 'ERR_PLACARD_CORPUS_INVALID',
      message: expect.stringMatching(message),
    });
  });

  test('refuse counts that are none and characters that cannot be drawn', () => {
    for (const row of ['word\t-1', 'word\tmany', ' word\t3', '\t3', 'wo\u0007rd\t3', 'wo\ufffdrd\t3']) {
      expect(() => parseList(Buffer.from(`good\t1\n${row}\n`), 'list')).toThrow(/^list:2: /);
    }
    expect(parseList(Buffer.from('\ufeffgood\t1\r\n'), 'list').at(0)).toBe('good');
  });

  test('that are missing are named with what makes them', async () => {
    await expect(readWordLists(folder, ['it'])).rejects.toMatchObject({
      code: 'ERR_PLACARD_MATERIALS_MISSING',
      message: expect.stringMatching(/words\/it\.txt.*npm run materials/),
    });
    await expect(readWordLists(folder, ['xx'])).rejects.toMatchObject({ code: 'ERR_PLACARD_INVALID_ARGUMENT' });
  });
});

describe('texts', () => {
  test('are the same for the same random numbers, tidy and no longer than asked', async () => {
    const corpora = await readWordLists(folder, ['en', 'zh-Hant']);
    const make = () => draw(new TextSource({ languages: ['en', 'zh-Hant', 'he'], corpora }), 600, 12);
    const lines = make();
    expect(make()).toEqual(lines);
    for (const { text } of lines) {
      expect([...text].length).toBeLessThanOrEqual(12);
      expect(text).toMatch(/^\S+( \S+)*$/u);
      expect(text).toBe(text.normalize('NFC'));
    }
    const known = ['the', 'bakery', 'quay', 'open'];
    const words = lines.flatMap(({ text, language }) => (language === 'en' ? text.toLowerCase().split(' ') : []));
    for (const word of known) expect(words).toContain(word);
    expect(lines.some(({ text }) => text === 'Mill Lane 4')).toBe(true);
    expect(lines.find(({ language }) => language === 'he')).toMatchObject({
      script: 'Hebr',
      direction: 'right-to-left',
    });
    expect(lines.find(({ language }) => language === 'en')).toMatchObject({ script: 'Latn', direction: 'row' });
  });

  test('have words as often as the language has them, where asked', async () => {
    const corpora = await readWordLists(folder, ['en']);
    const shareOf = (options: { alphabet?: string }) => {
      const source = new TextSource({ languages: ['en'], corpora, frequencies: 'natural', ...options });
      const random = new Random('natural');
      const words = Array.from({ length: 2000 }, () => source.word(random).text.toLowerCase());
      return words.filter((word) => word === 'the').length / words.length;
    };
    // 90,000 of 92,604.
    expect(Math.abs(shareOf({}) - 0.972)).toBeLessThan(0.015);
    // And of 90,100, where the letters of "open" and of "quay" may not be drawn.
    expect(shareOf({ alphabet: 'theTHEbakeryBAKERY' })).toBeGreaterThan(0.99);
  });

  test.each(languageIds)('of %s are made without any list', (language) => {
    const source = new TextSource({ languages: [language] });
    const { script } = languageOf(language);
    const own = new Set(commonCharacters(script).flatMap((letter) => [letter, letter.toUpperCase()]));
    const lines = draw(source, 200);
    expect(lines.every((line) => line.script === script && line.text.length > 0)).toBe(true);
    expect(lines.filter(({ text }) => [...text].some((character) => own.has(character))).length).toBeGreaterThan(80);
    expect(new Set(lines.map(({ text }) => text)).size).toBeGreaterThan(150);
    const foreign = lines
      .flatMap(({ text }) => [...text])
      .filter((letter) => /\p{L}/u.test(letter) && !own.has(letter));
    expect(foreign.filter((letter) => !scripts[script].test(letter))).toEqual([]);
    expect([...source.word(new Random(language)).text].length).toBeGreaterThan(0);
  });

  test('keep to an alphabet, and draw all of it, those too that no word holds', async () => {
    const corpora = await readWordLists(folder, ['en', 'zh-Hant']);
    const alphabet = '0123456789abcdefghijklmnopqrstuvwxyz牛肉麵店魚Ж';
    const source = new TextSource({ languages: ['en', 'zh-Hant'], corpora, alphabet });
    const seen = new Set(draw(source, 4000).flatMap(({ text }) => [...text]));
    expect([...seen].sort()).toEqual([...alphabet].sort());
    const small = new TextSource({ languages: ['en'], corpora, alphabet: '#7' });
    expect(draw(small, 60).every(({ text }) => /^[#7]+$/.test(text))).toBe(true);
    const shouted = new TextSource({ languages: ['en'], corpora, alphabet: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ' });
    expect(draw(shouted, 200).map(({ text }) => text)).toContain('BAKERY');
  });

  test('give rare ideographs their share', () => {
    const words = ['大人', ...Array.from({ length: 99 }, (_, i) => String.fromCodePoint(0x6000 + i, 0x7000 + i))];
    const list = new WordList(words, [1e9, ...words.slice(1).map(() => 1)]);
    const source = new TextSource({
      languages: ['zh-Hant'],
      corpora: new Map([['zh-Hant', { words: list }]]),
      alphabet: words.join(''),
    });
    const texts = draw(source, 3000, 2).map(({ text }) => text);
    const rare = texts.filter((text) => words.indexOf(text) > 0).length;
    // By frequency alone it would be 99 in 31,721.
    expect(rare / texts.length).toBeGreaterThan(0.25);
    expect(texts.filter((text) => text === '大人').length / texts.length).toBeGreaterThan(0.2);
  });

  test('of one script only, where it is asked for', () => {
    const source = new TextSource({ languages: ['en', 'ru', 'el'] });
    const random = new Random('script');
    for (let i = 0; i < 30; i++) expect(source.line(random, { most: 9, script: 'Grek' }).language).toBe('el');
    expect(() => source.line(random, { most: 9, script: 'Hant' })).toThrow(/a script of Latn, Cyrl, Grek/);
  });

  test('refuse what cannot be', () => {
    expect(() => new TextSource({ languages: [] })).toThrow(/languages/);
    expect(() => new TextSource({ languages: ['tlh'] })).toThrow(/tlh/);
    expect(() => new TextSource({ languages: ['en'], alphabet: ' ' })).toThrow(/alphabet/);
    expect(() => new TextSource({ languages: ['en'] }).line(new Random(1), { most: 0 })).toThrow(/most/);
  });
});

describe('wording', () => {
  const random = (i: number) => new Random(`wording/${i}`);
  const some = (make: (random: Random) => string | undefined) => Array.from({ length: 200 }, (_, i) => make(random(i)));

  test('is that of shops, forms and lists', () => {
    const signs = some((seed) => shopSign(seed, '建仁堂', languageOf('zh-Hant')));
    expect(signs.some((sign) => /^建仁堂\p{L}{2,}$/u.test(sign!))).toBe(true);
    expect(signs.some((sign) => /^\p{L}+([/、·．•| ]\p{L}+)+$/u.test(sign!))).toBe(true);
    expect(some((seed) => shopSign(seed, 'anna', languageOf('de'))).some((sign) => /^Anna \p{L}+$/u.test(sign!))).toBe(
      true,
    );
    expect(shopSign(random(0), 'anna', languageOf('fi'))).toBeUndefined();
    expect(some((seed) => labeled(seed, 'total', '15.30', languageOf('en')))).toContain('TOTAL: 15.30');
    expect(some((seed) => labeled(seed, '電話', '02-2345-6789', languageOf('zh-Hant')))).toContain(
      '電話：02-2345-6789',
    );
    expect(some((seed) => listing(seed, ['tea', 'cakes'], languageOf('en')))).toContain('Tea & Cakes');
    expect(some((seed) => sentence(seed, ['牛肉', '麵'], languageOf('zh-Hant')))).toContain('牛肉麵');
    expect(some((seed) => sentence(seed, ['beef', 'noodles'], languageOf('en')))).toContain('beef noodles');
  });

  test('has the capitals of its language', () => {
    expect(some((seed) => cased(seed, 'istanbul', languageOf('tr')))).toContain('İSTANBUL');
    expect(some((seed) => cased(seed, 'weiße ware', languageOf('de')))).toEqual(
      expect.arrayContaining(['weiße ware', 'Weiße ware', 'Weiße Ware', 'WEISSE WARE']),
    );
  });
});

describe('numbers', () => {
  const made = (make: typeof price, language: string, count = 400) =>
    Array.from({ length: count }, (_, i) => make(new Random(`number/${i}`), languageOf(language)));

  test('are written as each country writes them', () => {
    expect(made(price, 'en').some((text) => /^\$\d[\d,]*\.\d\d$/.test(text))).toBe(true);
    expect(made(price, 'de').some((text) => /^\d[\d.]*,\d\d €$/.test(text))).toBe(true);
    expect(made(price, 'zh-Hant').some((text) => /^\d+元$/.test(text))).toBe(true);
    expect(made(date, 'zh-Hant').some((text) => /^民國\d+年\d+月\d+日$/.test(text))).toBe(true);
    expect(made(date, 'fr').some((text) => /^\d+ (janvier|mars|juillet)/.test(text))).toBe(true);
    expect(made(phone, 'zh-Hant').some((text) => /^02-[2-9]\d{3}-\d{4}$/.test(text))).toBe(true);
    expect(made(time, 'en').some((text) => /^1?\d:[0-5]\d [AP]M$/.test(text))).toBe(true);
    expect(made(expression, 'en').some((text) => /^\d+(\.\d+)? ?[+×x*-] ?\d+(\.\d+)?( ?=)?$/.test(text))).toBe(true);
    expect(made(quantity, 'pl').some((text) => /^-\d+ ?%$/.test(text))).toBe(true);
  });

  test('hold no blank but the plain one, and no mark without ink', () => {
    for (const language of languageIds) {
      for (const make of [price, date, time, phone, quantity]) {
        for (const text of made(make, language, 60))
          expect(text).not.toMatch(/[\u00a0\u2000-\u200f\u202f\u061c\ufffd]/);
      }
    }
  });
});

describe('characters of everyday use', () => {
  test('are those that the national standards put first', () => {
    // GB 2312 level 1, Big5 level 1, JIS X 0208 level 1, KS X 1001 hangul.
    const counts = (['Hans', 'Hant', 'Jpan', 'Kore'] as const).map((script) => new Set(commonCharacters(script)).size);
    expect(counts).toEqual([3755, 5401, 2965, 2350]);
    expect(commonCharacters('Hans')).toContain('饭');
    expect(commonCharacters('Hant')).toContain('飯');
    expect(commonCharacters('Kore').every((character) => /^[가-힣]$/.test(character))).toBe(true);
  });
});
