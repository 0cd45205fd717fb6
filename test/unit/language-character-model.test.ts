import { describe, expect, it } from 'vitest';
import { buildCharacterModel, type CharacterModel } from '../../lib/language/character-model.ts';

/** Log probability of a character in a context, and the context after it, as the table defines them. */
function step(model: CharacterModel, context: number, character: number): { score: number; next: number } {
  let score = 0;
  for (let at = context; ; at = model.shorter[at]!) {
    for (let entry = model.firsts[at]!; entry < model.firsts[at + 1]!; entry++) {
      if (model.entries[entry] === character) return { score: score + model.scores[entry]!, next: model.next[entry]! };
    }
    if (at === 0) return { score: score + model.unknown, next: 0 };
    score += model.backoffs[at]!;
  }
}

/** The context after the beginning of a line. */
function contextAfter(model: CharacterModel, beginning: string): number {
  let context = model.start;
  for (const character of beginning) context = step(model, context, model.characters.indexOf(character)).next;
  return context;
}

function probability(model: CharacterModel, beginning: string, character: string): number {
  return Math.exp(step(model, contextAfter(model, beginning), model.characters.indexOf(character)).score);
}

describe('a character model', () => {
  it('is Witten and Bell’s estimate', () => {
    // "ab" twice: 6 symbols with the ends; 3 different ones, and one more that is unknown.
    const model = buildCharacterModel('ab\nab\r\n\n', { order: 2 });
    expect(model.characters).toEqual(['', 'a', 'b']);
    const empty = (2 + 3 / 4) / (6 + 3);
    expect(probability(model, '', 'a')).toBeCloseTo((2 + empty) / (2 + 1), 6);
    expect(probability(model, 'a', 'b')).toBeCloseTo((2 + empty) / (2 + 1), 6);
    expect(probability(model, 'ab', '')).toBeCloseTo((2 + empty) / (2 + 1), 6);
    // Never seen after a: what backs off counts one in three.
    expect(probability(model, 'a', 'a')).toBeCloseTo(empty / 3, 6);
    expect(probability(model, 'a', 'z')).toBeCloseTo((1 / 3) * (3 / 9 / 4), 6);
  });

  it.each([1, 2, 3, 5])('of order %i has probabilities that sum up to one in every context', (order) => {
    const model = buildCharacterModel('the cat sat\non the mat\n甲乙 甲丙\n𠮷野家', { order });
    for (let context = 0; context < model.shorter.length; context++) {
      const all = [...model.characters.keys(), -1].map((character) => Math.exp(step(model, context, character).score));
      expect(all.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 5);
      // Back-off ends.
      if (context > 0) expect(model.shorter[context]).toBeLessThan(context);
    }
    expect(model.characters).toContain('𠮷');
  });

  it('knows a line’s beginning and looks no further back than its order', () => {
    const model = buildCharacterModel('abc\nxbd\nxbd\nxbd', { order: 3 });
    expect(probability(model, '', 'x')).toBeGreaterThan(probability(model, '', 'b'));
    expect(probability(model, 'ab', 'c')).toBeGreaterThan(probability(model, 'ab', 'd'));
    const short = buildCharacterModel('abc\nxbd\nxbd\nxbd', { order: 2 });
    expect(probability(short, 'ab', 'd')).toBeGreaterThan(probability(short, 'ab', 'c'));
    expect(contextAfter(model, 'xb')).toBe(contextAfter(model, 'axb'));
    expect(contextAfter(model, 'zb')).toBe(contextAfter(model, 'qzb'));
  });

  it('is data that can be kept', () => {
    const model = buildCharacterModel('some text');
    expect(structuredClone(model)).toEqual(model);
    expect(model.order).toBe(5);
  });

  it.each([
    ['no text', '', {}, /a text that is not empty for text/],
    ['blanks', ' \n \n', {}, /a text that is not empty/],
    ['no string', 5 as never, {}, /a text that is not empty for text but received 5/],
    ['an order of zero', 'a', { order: 0 }, /an integer in 1 … 10 for options\.order/],
    ['half an order', 'a', { order: 1.5 }, /an integer in 1 … 10/],
  ])('refuses %s', (_, text, options, message) => {
    expect(() => buildCharacterModel(text, options)).toThrow(
      expect.objectContaining({ code: 'ERR_PLACARD_INVALID_ARGUMENT', message: expect.stringMatching(message) }),
    );
  });
});
