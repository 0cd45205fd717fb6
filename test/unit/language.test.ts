import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readingDirection, reverseLine } from '../../lib/language/reading-direction.ts';
import { decodeWordModel, loadWordModel } from '../../lib/language/word-model.ts';
import { packagedModels } from '../../lib/package-files.ts';

const listPath = join(packagedModels(), 'lexicon-zh', 'words.bin.gz');
const reversed = (text: string) => reverseLine(Array.from(text)).chars.join('');

describe('the word model', () => {
  test('is read once and is smaller than 500 kB', async () => {
    expect(loadWordModel()).toBe(loadWordModel());
    expect((await readFile(listPath)).length).toBeLessThan(500_000);
  });

  test('decodes within 100 ms and rates a line of 30 characters within 1 ms', async () => {
    const packed = await readFile(listPath);
    const fastest = await fastestOf(5, async () => void (await decodeWordModel(packed)));
    expect(fastest).toBeLessThan(100);
    const model = await loadWordModel();
    const line = '中华人民共和国上海市徐汇区漕溪北路三百三十一号中金国际广场';
    expect(await fastestOf(5, () => void model.logProbability(line))).toBeLessThan(1);
  });

  test('gives one figure for both spellings', async () => {
    const model = await loadWordModel();
    for (const [traditional, simplified] of [
      ['臺灣銀行', '台湾银行'],
      ['營業時間', '营业时间'],
      ['機車停車場', '机车停车场'],
      ['麵包店', '面包店'],
    ] as const) {
      expect(model.logProbability(traditional)).toBe(model.logProbability(simplified));
    }
  });

  test('prefers words to the same characters out of order', async () => {
    const model = await loadWordModel();
    expect(model.logProbability('銀行')).toBeGreaterThan(model.logProbability('行銀') + 4);
    expect(model.logProbability('股份有限公司')).toBeGreaterThan(model.logProbability('司公限有份股') + 8);
  });

  test('knows the words that only Taiwan has', async () => {
    const model = await loadWordModel();
    expect(model.logProbability('義大利')).toBe(model.logProbability('意大利'));
  });

  test('takes the best split, not the longest first word', async () => {
    const model = await loadWordModel();
    const whole = model.logProbability('研究生命起源');
    const split = ['研究', '生命', '起源'].reduce((sum, word) => sum + model.logProbability(word), 0);
    expect(whole).toBeGreaterThanOrEqual(split);
    expect(whole).toBeGreaterThan(['研究生', '命', '起源'].reduce((sum, word) => sum + model.logProbability(word), 0));
  });

  test('counts nothing for what is not Han, and the same for every unknown Han character', async () => {
    const model = await loadWordModel();
    expect(model.logProbability('')).toBe(0);
    expect(model.logProbability('Open 24 h, 😀 ひらがな')).toBe(0);
    expect(model.logProbability('A銀行1')).toBe(model.logProbability('銀行'));
    expect(model.logProbability('鿿')).toBeLessThan(-17);
    expect(model.logProbability('鿿鿾')).toBe(2 * model.logProbability('鿿'));
  });

  test('is additive at most: joining two texts never makes them less likely', async () => {
    const model = await loadWordModel();
    const han = fc
      .array(fc.constantFrom(...'中國銀行大賣場不銹鋼製品食飲料電器'), { maxLength: 12 })
      .map((c) => c.join(''));
    fc.assert(
      fc.property(han, han, (a, b) => {
        const parts = model.logProbability(a) + model.logProbability(b);
        expect(model.logProbability(a + b)).toBeGreaterThanOrEqual(parts);
      }),
    );
  });

  test('refuses bytes that are no word list', async () => {
    const whole = await promisify(gunzip)(await readFile(listPath));
    const tooManyChildren = Buffer.from(whole);
    tooManyChildren[whole.length - 2 * whole.readUInt32LE(4)]! += 1;
    for (const bytes of [Buffer.alloc(0), Buffer.from('PLZH'), whole.subarray(0, -1), tooManyChildren]) {
      const packed = await promisify(gzip)(bytes);
      await expect(decodeWordModel(packed)).rejects.toMatchObject({ code: 'ERR_PLACARD_MODEL_INVALID' });
    }
    await expect(decodeWordModel(whole.subarray(0, 99))).rejects.toMatchObject({ code: 'ERR_PLACARD_MODEL_INVALID' });
  });
});

describe('the reading direction', () => {
  const signs = [
    '大賣場',
    '中國農業銀行',
    '不銹鋼製品',
    '台灣銀行',
    '營業時間',
    '國立臺灣大學',
    '火車站',
    '天后宮',
    '電話(02)2331-1234 有限公司',
  ];

  test('of signs written from right to left is found, and of their truths left alone', async () => {
    const model = await loadWordModel();
    for (const sign of signs) {
      expect(readingDirection(sign, model).direction, sign).toBe('ltr');
      expect(readingDirection(reversed(sign), model).direction, `${sign} reversed`).toBe('rtl');
    }
  });

  test('gains as much as the reverse loses', async () => {
    const model = await loadWordModel();
    for (const sign of signs) {
      expect(readingDirection(sign, model).gain).toBe(-readingDirection(reversed(sign), model).gain);
    }
  });

  test('of text without Chinese is left to right', async () => {
    const model = await loadWordModel();
    for (const text of ['', 'GROCERY', '0952-625-027', 'ひらがな', '租']) {
      expect(readingDirection(text, model)).toEqual({ direction: 'ltr', gain: 0 });
    }
  });

  test('of words that read both ways is left to right', async () => {
    const model = await loadWordModel();
    for (const word of ['牛奶', '奶牛', '蜂蜜', '港香蘭', '薑母鴨']) {
      expect(readingDirection(word, model).direction, word).toBe('ltr');
    }
  });
});

describe('a line turned round', () => {
  test('keeps Latin words, numbers and what joins them, and mirrors brackets', () => {
    expect(reversed('號9-12段二路義信')).toBe('信義路二段9-12號');
    expect(reversed('館書K')).toBe('K書館');
    expect(reversed('7-ELEVEN Open 24 h 店商')).toBe('商店 7-ELEVEN Open 24 h');
    expect(reversed('（限有）司公')).toBe('公司（有限）');
    expect(reversed('3.5%')).toBe('3.5%');
  });

  test('says where each character stood', () => {
    const { order, chars } = reverseLine(Array.from('店24商'));
    expect(chars).toEqual(['商', '2', '4', '店']);
    expect(order).toEqual([3, 1, 2, 0]);
  });

  test('twice is the line itself, and never loses a character', () => {
    const char = fc.constantFrom(...'中國銀行AZ09é .,:-/%$（）()「」[]“”‘’年');
    fc.assert(
      fc.property(fc.array(char, { maxLength: 20 }), (chars) => {
        const once = reverseLine(chars);
        expect([...once.order].sort((a, b) => a - b)).toEqual(chars.map((_, index) => index));
        expect(reverseLine(once.chars).chars).toEqual(chars);
      }),
    );
  });
});

async function fastestOf(times: number, work: () => void | Promise<void>): Promise<number> {
  let fastest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < times; i++) {
    const start = performance.now();
    await work();
    fastest = Math.min(fastest, performance.now() - start);
  }
  return fastest;
}
