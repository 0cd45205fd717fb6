import { beforeAll, describe, expect, it } from 'vitest';
import {
  findMixedScripts,
  isRespelled,
  loadScriptVariants,
  type ScriptVariants,
} from '../../lib/language/script-variants.ts';

let variants: ScriptVariants;

beforeAll(async () => {
  variants = await loadScriptVariants();
});

describe('the spellings', () => {
  it('have no character that both ways of writing use', () => {
    for (const shared of '后里面台只干') {
      expect(variants.traditionalOf.has(shared), shared).toBe(false);
      expect(variants.traditional.has(shared), shared).toBe(false);
    }
    for (const character of variants.traditional) expect(variants.traditionalOf.has(character), character).toBe(false);
  });

  it('have every traditional spelling of a simplified character', () => {
    expect(variants.traditionalOf.get('饮')).toBe('飲');
    expect([...variants.traditionalOf.get('锈')!]).toEqual(expect.arrayContaining(['鏽', '銹']));
    expect([...variants.traditionalOf.get('为')!]).toEqual(expect.arrayContaining(['爲', '為']));
  });
});

describe('findMixedScripts', () => {
  const mixed = (...lines: string[]) => findMixedScripts(lines, variants).mixed;

  it.each([
    ['one simplified character in a traditional line', ['不锈鋼製品'], [true]],
    ['as many of both', ['汽車百货'], [true]],
    ['a single one in a traditional picture', ['食品饮料', '塑膠製品', '汽車百貨'], [true, false, false]],
    ['one that Japanese shares, where the picture has what Japanese has not', ['内行人的選擇'], [true]],
  ])('finds %s', (_, lines, expected) => {
    expect(mixed(...lines)).toEqual(expected);
  });

  it.each([
    ['traditional text', ['精緻涮涮鍋', '南無阿彌陀佛']],
    ['simplified text', ['精致涮涮锅', '饮料', '汽车百货']],
    ['simplified text with a traditional character', ['为什么这樣']],
    ['a simplified line beside a traditional one', ['简体中文网页', '繁體中文網頁']],
    ['a single simplified character among as many traditional ones', ['食品饮料', '鍋貼']],
    ['Japanese by its kana', ['会議の資料', '饮']],
    ['what may be Japanese', ['会議資料']],
    ['Latin letters', ['Ramen']],
    ['nothing', ['']],
  ])('finds none in %s', (_, lines) => {
    expect(mixed(...lines)).toEqual(lines.map(() => false));
  });
});

describe('isRespelled', () => {
  it.each([
    ['不锈鋼製品', '不銹鋼製品', true],
    ['不锈鋼製品', '不锈鋼製品', true],
    ['不锈鋼製品', '不誘鋼製品', false],
    ['不锈鋼製品', '銹鋼製品', false],
    ['不锈鋼製品', '木銹鋼製品', false],
    ['銹', '锈', false],
  ])('%s → %s: %s', (before, text, expected) => {
    expect(isRespelled(before, text, variants)).toBe(expected);
  });
});
