import { describe, expect, it } from 'vitest';
import { boxQuad, flatten } from '../../lib/geometry/quad.ts';
import { native } from '../../lib/native.ts';
import type { Quad } from '../../lib/reading.ts';
import type { TrueCharacter } from '../../lib/synth/truth.ts';
import { truthMaps } from '../../lib/synth/truth-maps.ts';
import { charactersByWord } from '../../lib/synth/words.ts';
import { newContext } from './native-context.ts';

const context = newContext();
const box = (left: number, top: number, right: number, bottom: number) => boxQuad({ left, top, right, bottom });

/** Letters of 20 x 30 pixels in a row, 24 apart. */
function letters(text: string): TrueCharacter[] {
  return [...text].flatMap((letter, i) =>
    letter === ' ' ? [] : [{ text: letter, quad: box(10 + 24 * i, 10, 30 + 24 * i, 40) }],
  );
}

const spelled = (words: TrueCharacter[][]) => words.map((word) => word.map(({ text }) => text).join(''));

describe('charactersByWord', () => {
  it('parts words at blanks', () => {
    expect(spelled(charactersByWord({ text: ' to  be\u3000or', characters: letters('tobeor') }))).toEqual([
      'to',
      'be',
      'or',
    ]);
  });

  it('takes characters of several code units', () => {
    const characters = ['क्षि', '👍', 'x'].map((text) => ({ text, quad: box(0, 0, 1, 1) }));
    expect(spelled(charactersByWord({ text: 'क्षि👍 x', characters }))).toEqual(['क्षि👍', 'x']);
  });

  it('gives what there is', () => {
    expect(charactersByWord({ text: 'ab c' })).toEqual([[], []]);
    expect(spelled(charactersByWord({ text: 'ab c', characters: letters('ab') }))).toEqual(['ab', '']);
  });
});

describe('truthMaps', () => {
  const draw = (text: string, options = {}) =>
    truthMaps([{ text, characters: letters(text) }], 161, 50, options, context);

  it('draws characters, and links within words', async () => {
    const { region, affinity, width, height } = await draw('ab cd');
    expect([width, height]).toEqual([81, 25]);
    expect(region).toHaveLength(81 * 25);
    // A point of the picture is a pixel's center at half its coordinates.
    const at = (map: Uint8Array, x: number, y: number) => map[(y / 2) * 81 + x / 2]!;
    for (const center of [20, 44, 92, 116]) expect(at(region, center, 24)).toBeGreaterThan(245);
    expect(at(region, 68, 24)).toBeLessThan(40);
    expect(at(affinity, 32, 24)).toBeGreaterThan(245);
    expect(at(affinity, 104, 24)).toBeGreaterThan(245);
    expect(at(affinity, 68, 24)).toBe(0);
  });

  it('has other presets and scales', async () => {
    const [own, brooklyn] = await Promise.all([draw('abcde'), draw('abcde', { preset: 'brooklyn', scale: 1 })]);
    expect([brooklyn.width, brooklyn.height]).toEqual([161, 50]);
    expect(brooklyn.region[25 * 161 + 20]).toBeGreaterThan(245);
    // Ends at the quads.
    expect(brooklyn.region[5 * 161 + 20]).toBe(0);
    expect(own.region[2 * 81 + 10]).toBeGreaterThan(10);
  });

  it('is empty without characters', async () => {
    const { region, affinity } = await truthMaps([{ text: 'ab' }], 9, 7, {}, context);
    expect(region).toEqual(new Uint8Array(20));
    expect(affinity).toEqual(new Uint8Array(20));
  });
});

describe('gaussianMap and splitWord', () => {
  it('find what they drew', async () => {
    const quads: Quad[] = [box(4, 6, 16, 26), box(20, 6, 30, 26), box(34, 8, 50, 26)];
    const size = { width: 56, height: 32 };
    for (const [preset, split] of [
      ['paper', 'thresholds'],
      ['brooklyn', 'otsu'],
    ] as const) {
      const levels = await native().gaussianMap(context, { quads: flatten(quads), ...size, preset });
      const image = await native().imageFromPixels(context, { data: levels, ...size, channels: 1 });
      const normalization = {
        scale: new Float32Array(3).fill(1 / 255),
        offset: new Float32Array(3),
        reverseChannels: false,
      };
      const maps = await native().imageTensor(context, { image, ...size, ...normalization });
      const found = await native().splitWord(context, { maps, ...size, preset: split });
      expect(found).toHaveLength(24);
      quads.forEach(([[left], , [right]], i) => {
        const center = [0, 2, 4, 6].reduce((sum, k) => sum + found[8 * i + k]!, 0) / 4;
        expect(Math.abs(center - (left + right) / 2)).toBeLessThan(1.5);
      });
    }
  });

  it('draw the same bytes again', async () => {
    const args = { quads: flatten([box(3, 4, 20, 18)]), width: 30, height: 24, preset: 'backtime' } as const;
    const [first, second] = [await native().gaussianMap(context, args), await native().gaussianMap(context, args)];
    expect(first).toEqual(second);
    expect(await native().gaussianMap(context, { ...args, kind: 'affinity' })).not.toEqual(first);
  });

  it('refuse what they cannot draw', () => {
    const args = { quads: new Float32Array(8), width: 4, height: 4, preset: 'paper' } as const;
    for (const [change, message] of [
      [{ quads: new Float32Array(7) }, /a multiple of 8 numbers for gaussianMap\.quads/],
      [{ quads: new Float32Array(8).fill(Number.NaN) }, /finite coordinates for gaussianMap\.quads/],
      [{ width: 0 }, /\[1, 16384\] for gaussianMap\.width/],
      [{ preset: 'clova' as never }, /'paper' or 'brooklyn' or 'backtime' or 'backtime-craft' for gaussianMap\.preset/],
      [{ kind: 'word' as never }, /'region' or 'affinity' for gaussianMap\.kind/],
    ] as const) {
      expect(() => native().gaussianMap(context, { ...args, ...change })).toThrow(message);
    }
  });
});
