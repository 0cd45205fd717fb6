import { beforeEach, describe, expect, it, vi } from 'vitest';
import { boxQuad } from '../../lib/geometry/quad.ts';
import type { Recognizer } from '../../lib/models/loaded.ts';
import type { Context, LineSymbols, NativeImage } from '../../lib/native.ts';
import { type LineInput, type RecognizeOptions, recognizeCtc } from '../../lib/stages/recognize-ctc.ts';

/** What the network is asked and what it answers; the rest of the stage is real. */
const recognizeLines = vi.fn();
vi.mock('../../lib/native.ts', () => ({ native: () => ({ recognizeLines }) }));

const characters = ['', ...'abcABC1甲乙', ' '];
const space = characters.indexOf(' ');

const recognizer = {
  contract: { input: { height: 48 }, output: { values: 'probabilities', classes: characters.length } },
  network: {},
  normalization: {},
  alphabet: { characters, blank: 0, space },
} as unknown as Recognizer;

interface Seen {
  text: string;
  confidence?: number;
  begin: number;
  end: number;
  space?: number;
}

function answer(steps: number, ...lines: Seen[][]): void {
  const all = lines.flat();
  const symbols: LineSymbols = {
    counts: Int32Array.from(lines, (line) => line.length),
    steps: Int32Array.from(lines, () => steps),
    symbols: Int32Array.from(all, ({ text }) => characters.indexOf(text)),
    confidences: Float32Array.from(all, ({ confidence }) => confidence ?? 1),
    begins: Int32Array.from(all, ({ begin }) => begin),
    ends: Int32Array.from(all, ({ end }) => end),
    spaces: Float32Array.from(all, (one) => one.space ?? 0),
    paths: new Int32Array(),
    pathSteps: Int32Array.from(lines, () => 0),
  };
  recognizeLines.mockResolvedValue(symbols);
}

/** One character every ten steps, seen for two. */
const word = (text: string, spaces: Record<number, number> = {}): Seen[] =>
  Array.from(text, (one, i) => ({ text: one, begin: 10 * i + 4, end: 10 * i + 6, space: spaces[i] }));

const image = { width: 100, height: 20 } as NativeImage;
const input = (width: number, height: number): LineInput => ({
  image,
  quad: boxQuad({ left: 0, top: 0, right: width, bottom: height }),
});
const read = (lines: LineInput[], options: RecognizeOptions = {}) =>
  recognizeCtc(lines, recognizer, options, {} as Context);
const asked = () => recognizeLines.mock.calls[0]![1];

beforeEach(() => {
  recognizeLines.mockReset();
});

describe('what the network is asked', () => {
  it('is nothing for no lines', async () => {
    expect(await read([])).toEqual([]);
    expect(recognizeLines).not.toHaveBeenCalled();
  });

  it('is all lines in one crossing, each at its own width, and each picture once', async () => {
    answer(10, [], [], []);
    const other = { ...image };
    await read([input(100, 20), { ...input(33, 48), image: other }, input(10, 0)]);
    expect(recognizeLines).toHaveBeenCalledOnce();
    expect(asked()).toMatchObject({
      images: [image, other],
      imageIndices: Int32Array.of(0, 1, 0),
      widths: Int32Array.of(240, 33, 1),
      height: 48,
      blank: 0,
      space,
      logits: false,
      beam: 0,
      allowed: undefined,
    });
    expect(asked().quads).toHaveLength(24);
  });

  it('is bounded for a line of no height to speak of', async () => {
    answer(10, []);
    await read([input(1e6, 1e-3)]);
    expect(asked().widths).toEqual(Int32Array.of(3200));
  });

  /** What a line of a size becomes under a contract's rule. */
  async function widths(width: unknown, line: LineInput, more: object = {}) {
    answer(10, []);
    const contract = { ...recognizer.contract, input: { height: 32, width, ...more } } as Recognizer['contract'];
    await recognizeCtc([line], { ...recognizer, contract }, {}, {} as Context);
    const { widths, leastWidths, exact, fill } = recognizeLines.mock.lastCall![1];
    return { widths: [...widths], leastWidths: [...leastWidths], exact, fill };
  }

  it('is always as many columns where the contract fixes them', async () => {
    const fixed = { widths: [100], leastWidths: [100], exact: true, fill: undefined };
    expect(await widths({ fixed: 100 }, input(900, 32))).toEqual(fixed);
    expect(await widths({ fixed: 100 }, { ...input(3, 32), leastWidth: 320 })).toEqual(fixed);
    expect(await widths({ fixed: 100 }, input(3, 0))).toEqual(fixed);
  });

  it('is squeezed where the contract has a factor: whole columns of the aspect first, then less', async () => {
    const squeezed = async (columns: number) => (await widths({ scale: 4 / 7 }, input(columns, 32))).widths[0];
    // int(w / (280 / 160)), by the columns w at height 32.
    for (let columns = 1; columns < 900; columns++) {
      expect(await squeezed(columns), `${columns}`).toBe(Math.max(1, Math.trunc(columns / (280 / 160))));
    }
    // 100 / 3 columns are 33.
    expect((await widths({ scale: 4 / 7 }, input(100, 96))).widths).toEqual([18]);
    expect(await widths({ scale: 4 / 7 }, { ...input(280, 32), leastWidth: 320 })).toEqual({
      widths: [160],
      leastWidths: [8],
      exact: false,
      fill: undefined,
    });
  });

  it('is stretched where it is narrower than the contract wants lines', async () => {
    const wide = { scale: 1.2, stretch: 64, least: 48 };
    expect((await widths(wide, input(20, 32))).widths).toEqual([64]);
    expect((await widths(wide, input(100, 32))).widths).toEqual([120]);
    expect((await widths({ stretch: 64 }, input(101, 100))).widths).toEqual([64]);
  });

  it('is as wide as its aspect and at least what the contract says, filled up as it says', async () => {
    const easy = { fill: 'edge', height: 64 };
    expect(await widths({ least: 64 }, { ...input(101, 100), leastWidth: 320 }, easy)).toEqual({
      widths: [65],
      leastWidths: [64],
      exact: false,
      fill: 'edge',
    });
    expect((await widths(undefined, input(10, 32))).leastWidths).toEqual([48]);
  });

  it('is filled up to a multiple where the contract wants one', async () => {
    const least = async (columns: number, width?: unknown) =>
      (await widths(width, input(columns, 32), { multipleOf: 64 })).leastWidths[0];
    for (const [columns, filled] of [
      [1, 64],
      [64, 64],
      [65, 128],
      [1000, 1024],
    ] as const) {
      expect(await least(columns)).toBe(filled);
    }
    expect(await least(10, { least: 100 })).toBe(128);
    expect(await least(10, { fixed: 100 })).toBe(100);
  });

  it('says how many steps there must be', async () => {
    answer(10, []);
    const output = { ...recognizer.contract.output, steps: { per: 4, plus: 1 } };
    const contract = { ...recognizer.contract, output } as Recognizer['contract'];
    await recognizeCtc([input(9, 9)], { ...recognizer, contract }, {}, {} as Context);
    expect(asked()).toMatchObject({ stepsPer: 4, stepsPlus: 1 });
  });

  it('says which classes are allowed', async () => {
    answer(10, []);
    await read([{ ...input(9, 9), leastWidth: 320 }, input(9, 9)], { allowedCharacters: 'a甲?', beam: 5 });
    expect([...asked().allowed]).toEqual([0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0]);
    expect(asked()).toMatchObject({ beam: 5, leastWidths: Int32Array.of(320, 48) });
  });
});

describe('what is read', () => {
  const text = async (...symbols: Seen[]) => {
    answer(100, symbols);
    return (await read([input(100, 20)]))[0]!.text;
  };

  it('is each line’s own symbols', async () => {
    answer(100, word('ab'), [], word('1'));
    const lines = await read([input(9, 9), input(9, 9), input(9, 9)]);
    expect(lines.map((line) => line.text)).toEqual(['ab', '', '1']);
    expect(lines[1]).toEqual({ text: '', confidence: 0, chars: [] });
  });

  it('has spaces where they are likely enough between words', async () => {
    expect(await text(...word('ab', { 1: 0.2 }))).toBe('a b');
    expect(await text(...word('ab', { 1: 0.05 }))).toBe('ab');
    expect(await text(...word('ab', { 0: 0.9 }))).toBe('ab');
  });

  it('has no spaces between Chinese characters, nor after a capital before small letters', async () => {
    expect(await text(...word('甲乙', { 1: 0.9 }))).toBe('甲乙');
    expect(await text(...word('甲1', { 1: 0.9 }))).toBe('甲 1');
    expect(await text(...word('Ab', { 1: 0.9 }))).toBe('Ab');
    expect(await text(...word('AB', { 1: 0.9 }))).toBe('A B');
    expect(await text(...word('aB', { 1: 0.9 }))).toBe('a B');
  });

  it('has neither spaces at its ends nor two in a row', async () => {
    expect(await text(...word('  ab  a '))).toBe('ab a');
    expect(await text(...word('a b', { 1: 0.9, 2: 0.9 }))).toBe('a b');
    expect(await text(...word('  '))).toBe('');
  });

  it('is as sure as its characters, spaces aside', async () => {
    const seen = word('a b');
    seen[0]!.confidence = 0.5;
    seen[1]!.confidence = 0.1;
    answer(100, seen);
    expect((await read([input(9, 9)]))[0]!.confidence).toBeCloseTo(0.75);
  });

  it('stands where it was seen: halfway between neighbors, never far from its own steps', async () => {
    answer(100, [...word('abc'), { text: '1', begin: 94, end: 96 }]);
    const [line] = await read([input(100, 20)]);
    expect(line!.chars.map(({ text: char, from, to }) => [char, from, to])).toEqual([
      ['a', 0, expect.closeTo(0.1)],
      ['b', expect.closeTo(0.1), expect.closeTo(0.2)],
      // The usual pitch is a tenth: c ends, and 1 begins, within three quarters of it.
      ['c', expect.closeTo(0.2), expect.closeTo(0.325)],
      ['1', expect.closeTo(0.875), 1],
    ]);
  });

  it('fills the line where there is one character', async () => {
    answer(10, [{ text: 'a', begin: 4, end: 6 }]);
    expect((await read([input(9, 9)]))[0]!.chars).toEqual([{ text: 'a', confidence: 1, from: 0, to: 1 }]);
  });
});
