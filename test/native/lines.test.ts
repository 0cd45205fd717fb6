import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { boxQuad } from '../../lib/geometry/quad.ts';
import { buildCharacterModel } from '../../lib/language/character-model.ts';
import type { Recognizer } from '../../lib/models/loaded.ts';
import { native } from '../../lib/native.ts';
import { type RecognizeOptions, recognizeCtc } from '../../lib/stages/recognize-ctc.ts';
import { modelsFolder } from '../unit/models-folder.ts';
import { NetworkBuilder } from '../unit/onnx-network.ts';
import { newContext, runtimeLibrary } from './native-context.ts';

/**
 * A recognizer that says of each column how bright its rows are: row i is the probability of class i, so that pictures can be
 * drawn for any reading.
 */
const characters = ['', ...'abctqu台北車站A', ' ', '.'];
const context = newContext(1);
const builder = new NetworkBuilder();
const rows = builder.node('Squeeze', ['x', builder.integers([1])]);
builder.node('Transpose', [rows], { perm: [0, 2, 1] });
const weights = join(modelsFolder({ 'rows.onnx': builder.bytes(['transpose1'], 14, 3, 1) }), 'rows.onnx');
const network = await native().openNetwork(context, { runtime: runtimeLibrary(), weights, threads: 1 });

const alphabet = { characters, blank: 0, space: characters.indexOf(' ') };
const input = { height: characters.length, width: { least: 8 } };
const output = { values: 'probabilities', classes: characters.length };
const normalization = { scale: Float32Array.of(1 / 255), offset: Float32Array.of(0), reverseChannels: false };
const recognizer = { contract: { input, output }, network, normalization, alphabet } as unknown as Recognizer;

type Step = Record<string, number>;

/** A step that is sure of a character; of the blank for ''. */
const sure = (character: string): Step => ({ [character]: 0.8 });
const word = (text: string): Step[] => Array.from(text).flatMap((character) => [sure(character), sure('')]);

async function read(steps: readonly Step[], options: RecognizeOptions = {}, more: object = {}) {
  const [width, height] = [steps.length, characters.length];
  const data = new Uint8Array(width * height);
  steps.forEach((step, x) => {
    for (const [character, probability] of Object.entries(step)) {
      data[characters.indexOf(character) * width + x] = Math.round(255 * probability);
    }
  });
  const image = await native().imageFromPixels(context, { data, width, height, channels: 1 });
  const quad = boxQuad({ left: 0, top: 0, right: width, bottom: height });
  const contract = { ...recognizer.contract, input: { ...input, ...more } } as Recognizer['contract'];
  const [line] = await recognizeCtc([{ image, quad }], { ...recognizer, contract }, options, context);
  image.dispose();
  return line!;
}

describe('a line', () => {
  it('is read from its luma, as the columns say', async () => {
    const line = await read(word('cat'));
    expect(line.text).toBe('cat');
    expect(line.chars.map(({ confidence }) => confidence)).toEqual([0.8, 0.8, 0.8].map((p) => expect.closeTo(p, 4)));
  });

  it('shows what the network saw of it, what it was filled up with included', async () => {
    const steps = [sure('a'), sure('a'), sure(''), sure('台'), sure('')];
    expect((await read(steps, { raw: true })).raw).toBe('aa-台----');
    expect((await read(steps)).raw).toBeUndefined();
    const edge = { width: { least: 9 }, fill: 'edge' };
    expect((await read([...steps, sure('b')], { raw: true }, edge)).raw).toBe('aa-台-bbbb');
    expect((await read([...steps, sure('b')], { raw: true }, { width: { least: 9 } })).raw).toBe('aa-台-b---');
    expect((await read(steps, { raw: true }, { width: { fixed: 10 } })).raw).toHaveLength(10);
    expect((await read(steps, { raw: true, allowedCharacters: 'b台' })).raw).toBe('---台----');
  });
});

/** Reads "cot" where there is no o: a t that might be an a. */
const doubtful = [sure('c'), { t: 0.5, a: 0.3 }, sure(''), sure('t'), sure('')];

describe('words', () => {
  it('are preferred where the network doubts', async () => {
    expect((await read(doubtful)).text).toBe('ctt');
    expect((await read(doubtful, { beam: 8 })).text).toBe('ctt');
    const line = await read(doubtful, { words: ['cat', 'tact'] });
    expect(line.text).toBe('cat');
    // What the network says of them stays.
    expect(line.chars.map(({ confidence }) => confidence)).toEqual([0.8, 0.3, 0.8].map((p) => expect.closeTo(p, 2)));
    expect((await read(doubtful, { words: ['cat'], wordWeight: 0.01 })).text).toBe('ctt');
    expect((await read(word('tub'), { words: ['cat'] })).text).toBe('tub');
  });

  it('count whole', async () => {
    // Of "cats" and "catalog" no part is a word.
    expect((await read(doubtful, { words: ['catab'] })).text).toBe('ctt');
    expect((await read([...doubtful, ...word('ab')], { words: ['cat'] })).text).toBe('cttab');
    expect((await read([...doubtful, ...word('.ab')], { words: ['cat'] })).text).toBe('cat.ab');
  });

  it('may be all that is read, with spaces and punctuation between', async () => {
    const only = { words: ['cat', 'cub'], wordsOnly: true };
    expect((await read(doubtful, only)).text).toBe('cat');
    const two = [...word('cub'), ...word(' '), ...doubtful, ...word('.')];
    expect((await read(two, only)).text).toBe('cub cat.');
    expect((await read(two, { ...only, allowedCharacters: 'cubat' })).text).toMatch(/^(cub|cat)$/);
    // A word that the network holds for impossible is none; the words' letters alone are looked at.
    expect((await read(word('tq'), only)).text).toBe('');
  });

  it('are known in any case: the picture tells which', async () => {
    const capital = [{ A: 0.6, a: 0.2 }, sure(''), { b: 0.4, c: 0.5 }, sure('')];
    expect((await read(capital, { words: ['ab'] })).text).toBe('Ab');
    expect((await read(capital, { words: ['AB'], wordsOnly: true })).text).toBe('Ab');
  });

  it('of Chinese stand beside one another', async () => {
    const station = [...word('台'), { 北: 0.4, 車: 0.5 }, sure(''), ...word('車站')];
    expect((await read(station)).text).toBe('台車車站');
    expect((await read(station, { words: ['車站', '台北'] })).text).toBe('台北車站');
    expect((await read(station, { words: ['車站', '台北', '北車'], wordsOnly: true })).text).toBe('台北車站');
    expect((await read(station, { words: ['車站', '北車', '台'], wordsOnly: true })).text).toMatch(/^台?(北車|車站)?$/);
  });

  it('are worked out while the picture may go', async () => {
    const before = native().state().liveBytes;
    const data = new Uint8Array(8 * characters.length).fill(255, 8, 16);
    const image = await native().imageFromPixels(context, { data, width: 8, height: characters.length, channels: 1 });
    const quad = boxQuad({ left: 0, top: 0, right: 8, bottom: characters.length });
    const reading = recognizeCtc(
      [
        { image, quad },
        { image, quad },
      ],
      recognizer,
      { words: ['a'] },
      context,
    );
    image.dispose();
    expect((await reading).map(({ text }) => text)).toEqual(['a', 'a']);
    expect(native().state().liveBytes).toBe(before);
  });

  it('are worked out once for each alphabet', async () => {
    const opened = vi.spyOn(native(), 'openLexicon');
    const words = ['cat'];
    await Promise.all([read(doubtful, { words }), read(doubtful, { words })]);
    await read(doubtful, { words });
    expect(opened).toHaveBeenCalledTimes(1);
    await read(doubtful, { words: [...words] });
    expect(opened).toHaveBeenCalledTimes(2);
    opened.mockRestore();
  });

  it.each([
    ['none', { words: [] }, /at least one word that the model’s alphabet can spell/],
    ['none that can be spelled', { words: ['xyz'] }, /at least one word/],
    ['an empty one', { words: ['cat', ''] }, /a word for options\.words\[1\]/],
    ['one that is no text', { words: ['cat', 5 as never] }, /a word for options\.words\[1\] but received 5/],
    ['them alone but no list', { wordsOnly: true }, /an array of words for options\.words but received undefined/],
    ['a weight under zero', { words: ['cat'], wordWeight: -1 }, /a number in \[0, 100\] for recognize\.wordWeight/],
  ])('are refused: %s', async (_, options, message) => {
    await expect(read(doubtful, options)).rejects.toMatchObject({
      code: 'ERR_PLACARD_INVALID_ARGUMENT',
      message: expect.stringMatching(message),
    });
  });

  it('that cannot all be spelled are those that can', async () => {
    expect((await read(doubtful, { words: ['cät', 'cat'] })).text).toBe('cat');
  });
});

describe('a language model', () => {
  const languageModel = buildCharacterModel('quab\nquat\nqu\ncab', { order: 3 });
  const afterQ = [sure('q'), { a: 0.5, u: 0.3 }, sure('')];

  it('prefers what usually follows', async () => {
    expect((await read(afterQ, { beam: 8 })).text).toBe('qa');
    const line = await read(afterQ, { languageModel });
    expect(line.text).toBe('qu');
    expect(line.chars.map(({ confidence }) => confidence)).toEqual([0.8, 0.3].map((p) => expect.closeTo(p, 2)));
    expect((await read(afterQ, { languageModel, languageWeight: 0 })).text).toBe('qa');
  });

  it('counts a character that it does not have as its small letter', async () => {
    const capital = [sure('q'), { u: 0.7 }, sure(''), { A: 0.5, c: 0.45 }, sure('')];
    expect((await read(capital, { languageModel })).text).toBe('quA');
  });

  it('goes together with words', async () => {
    expect((await read(afterQ, { languageModel, words: ['qa'], wordWeight: 5 })).text).toBe('qa');
    expect((await read(afterQ, { languageModel, words: ['qa', 'qu'], wordsOnly: true })).text).toBe('qu');
  });

  it('is refused where it is none', async () => {
    for (const [wrong, message] of [
      [{ ...languageModel, next: languageModel.next.map(() => 1e6) }, /the table of a character model/],
      [{ ...languageModel, scores: [] }, /a Float32Array for characterModel\.scores/],
    ] as const) {
      await expect(read(afterQ, { languageModel: wrong as never })).rejects.toMatchObject({
        code: 'ERR_PLACARD_INVALID_ARGUMENT',
        message: expect.stringMatching(message),
      });
    }
  });
});
