import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formats } from '../../lib/output/formats.ts';
import { spacedWords } from '../../lib/output/words.ts';
import { emptyReading, lineOf, lines, quadAt, reading, written } from './output-sample.ts';

describe('words of a line', () => {
  it('have spaces only where the text has them', () => {
    const words = spacedWords(lines[6]!);
    expect(words.map(({ text, spaceAfter }) => text + (spaceAfter ? '_' : ''))).toEqual(['混合', '文字_', '2024']);
  });

  it('are the whole line where it was not cut, and none where it is empty', () => {
    expect(spacedWords(lines[8]!)).toMatchObject([{ text: 'no words 👩‍🍳', quad: lines[8]!.quad, spaceAfter: false }]);
    expect(spacedWords({ ...lines[8]!, text: ' ' })).toEqual([]);
  });

  it('give the text back, for any words and spaces', () => {
    const word = fc.stringMatching(/^[a-c混文]{1,4}$/);
    const cut = fc.array(fc.tuple(word, fc.boolean()), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(cut, (parts) => {
        const text = parts
          .map(([part, isSpaced], index) => part + (isSpaced && index < parts.length - 1 ? ' ' : ''))
          .join('');
        const words = parts.map(([part]) => ({ text: part, confidence: 1, quad: quadAt([0, 0], 1, 1) }));
        const line = { ...lineOf(text, quadAt([0, 0], 1, 1)), words };
        expect(
          spacedWords(line)
            .map((item) => item.text + (item.spaceAfter ? ' ' : ''))
            .join(''),
        ).toBe(text);
      }),
    );
  });
});

describe('text', () => {
  it('ends with a line feed, and is nothing for a picture without text', async () => {
    expect(await written('text', reading)).toBe(`${reading.text}\n`);
    expect(await written('text', emptyReading)).toBe('');
  });

  it('has headings only over several pictures', async () => {
    const document = formats.text.open({ several: true });
    const chunks = [
      await document.add({ reading: { ...reading, text: 'one' }, name: 'a.png' }),
      document.addFailure({ name: 'bad.png', code: 'X', message: 'y' }),
      await document.add({ reading: { ...reading, text: 'two' }, name: 'b.png' }),
      await document.end(),
    ];
    expect(chunks.join('')).toBe('==> a.png <==\none\n\n==> b.png <==\ntwo\n');
    expect(await formats.text.serialize({ reading, name: 'a.png' })).toBe(`${reading.text}\n`);
  });
});

describe('json', () => {
  it('has every field of the reading, numbers rounded', async () => {
    const parsed = JSON.parse(await written('json', { reading, name: 'x.png' }));
    const { image, ...rest } = parsed;
    expect(image).toBe('x.png');
    expect(Object.keys(rest)).toEqual(Object.keys(reading));
    expect(rest.lines.map((line: { text: string }) => line.text)).toEqual(lines.map((line) => line.text));
    expect(rest.lines[5].polygon).toEqual(lines[5]!.polygon);
    expect(rest.timings.decode).toBe(1.235);
    const [x, y] = lines[0]!.quad[0];
    expect(rest.lines[0].quad[0]).toEqual([Number(x.toFixed(2)), Number(y.toFixed(2))]);
    expect(await written('json', reading)).not.toContain('"image"');
  });

  it('keeps text that looks like its own layout, and points on one line', async () => {
    const text = '[\n  1,\n  2\n] [ 3, 4 ] {"a": [\n 5 ]}';
    const json = await written('json', { ...reading, text });
    expect(JSON.parse(json).text).toBe(text);
    expect(json).toMatch(/^ {6}"quad": \[\[[-\d., [\]]+\]\],$/m);
  });

  it('is one object for one picture and an array for several, failures among them', async () => {
    const document = formats.json.open({ several: true });
    const chunks = [
      await document.add({ reading, name: 'a' }),
      document.addFailure({ name: 'b', code: 'ERR_PLACARD_EMPTY_INPUT', message: 'no bytes' }),
      await document.end(),
    ];
    const parsed = JSON.parse(chunks.join(''));
    expect(parsed).toHaveLength(2);
    expect(parsed[1]).toEqual({ image: 'b', error: { code: 'ERR_PLACARD_EMPTY_INPUT', message: 'no bytes' } });
    const none = formats.json.open({ several: true });
    expect(JSON.parse((await none.end()) as string)).toEqual([]);
    expect(JSON.parse((await formats.json.serialize({ reading })) as string).width).toBe(640);
  });
});

describe('jsonl', () => {
  it('is one line in the documented shape', async () => {
    const line = await written('jsonl', { reading, name: 'dir/x.png' });
    expect(line.indexOf('\n')).toBe(line.length - 1);
    const parsed = JSON.parse(line);
    expect(parsed).toMatchObject({ image: 'dir/x.png', width: 640, height: 480, text: reading.text, rotation: 0 });
    expect(parsed.timings.total).toBe(52.36);
    expect(parsed.lines).toHaveLength(lines.length);
    expect(parsed.lines[0]).toMatchObject({ text: lines[0]!.text, confidence: 0.875, direction: 'ltr' });
    expect(parsed.lines[0].polygon).toHaveLength(4);
    expect(parsed.lines[0].words[0].polygon).toHaveLength(4);
    expect(parsed.lines[5].polygon).toEqual(lines[5]!.polygon);
    expect(parsed.lines[0]).not.toHaveProperty('chars');
  });

  it('says of a bad picture what was wrong', () => {
    const failure = { name: 'bad.png', code: 'ERR_PLACARD_DECODE_FAILED', message: 'two\nlines' };
    const line = formats.jsonl.open().addFailure(failure) as string;
    expect(line.endsWith('}\n')).toBe(true);
    expect(JSON.parse(line)).toEqual({
      image: 'bad.png',
      error: { code: 'ERR_PLACARD_DECODE_FAILED', message: 'two\nlines' },
    });
  });
});

describe('tsv', async () => {
  const rows = (await written('tsv', reading))
    .trimEnd()
    .split('\n')
    .map((row) => row.split('\t'));

  it("has Tesseract's columns in every row", () => {
    expect(rows[0]!.join(' ')).toBe(
      'level page_num block_num par_num line_num word_num left top width height conf text',
    );
    expect(rows.every((row) => row.length === 12)).toBe(true);
  });

  it('has all words in order, with boxes inside the page and confidences to 100', () => {
    const words = rows.slice(1).filter(([level]) => level === '5');
    expect(words.map((row) => row[11])).toEqual(lines.flatMap((line) => spacedWords(line).map(({ text }) => text)));
    for (const row of words) {
      const [left, top, width, height] = row.slice(6, 10).map(Number) as [number, number, number, number];
      expect(Math.min(left, top)).toBeGreaterThanOrEqual(0);
      expect(left + width).toBeLessThanOrEqual(640);
      expect(top + height).toBeLessThanOrEqual(480);
      expect(Number(row[10])).toBeGreaterThan(1);
    }
    expect(rows[1]).toEqual(['1', '1', '0', '0', '0', '0', '0', '0', '640', '480', '-1', '']);
  });

  it('numbers parts from 1 within their parents and pages through a document', async () => {
    const second = rows.filter(([level, , block]) => level === '4' && block === '1').map((row) => row[4]);
    expect(second).toEqual(['1', '2']);
    const document = formats.tsv.open();
    const chunks = [
      await document.add({ reading }),
      await document.add({ reading: emptyReading }),
      await document.end(),
    ];
    const pages = chunks
      .join('')
      .trimEnd()
      .split('\n')
      .filter((row) => row.startsWith('1\t'));
    expect(pages.map((row) => row.split('\t')[1])).toEqual(['1', '2']);
    expect(chunks.join('').match(/level/g)).toHaveLength(1);
  });

  it('keeps its rows whatever the text holds', async () => {
    const line = { ...lineOf('x', quadAt([50, 50], 20, 10)), words: [] };
    const odd = { ...reading, lines: [{ ...line, text: 'a\tb\nc' }], blocks: [{ quad: line.quad, lines: [0] }] };
    expect((await written('tsv', odd)).trimEnd().split('\n').at(-1)!.split('\t')[11]).toBe('a b c');
  });
});
