import { readdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { PDFDocument } from '@cantoo/pdf-lib';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { folderWith, pictureSize, placard } from './cli-harness.ts';

const png = () =>
  sharp({ create: { ...pictureSize, channels: 3, background: '#abc' } })
    .png()
    .toBuffer();

const jsonl = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('placard read', () => {
  it('prints the text of one picture and a summary beside it', async () => {
    const folder = await folderWith({ 'a.png': 'STOP' });
    const { exitCode, text, stderr, engine } = await placard(folder, ['read', 'a.png']);
    expect([exitCode, text]).toEqual([0, 'STOP\n']);
    expect(stderr).toMatch(/^1 picture in \d+\.\d\d s\n$/);
    expect(engine!.isClosed).toBe(true);
  });

  it('says nothing on standard error with --quiet', async () => {
    const folder = await folderWith({ 'a.png': 'STOP', 'b.png': 'GO' });
    expect((await placard(folder, ['read', 'a.png', 'b.png', '-q'])).stderr).toBe('');
  });

  it('sets a heading over each of several pictures', async () => {
    const folder = await folderWith({ 'a.png': 'one', 'b.png': 'two' });
    const { text } = await placard(folder, ['read', 'b.png', 'a.png']);
    expect(text).toBe('==> b.png <==\ntwo\n\n==> a.png <==\none\n');
  });

  it.each([false, true])(
    'keeps the order of the inputs (results last first: %s) with several in flight',
    async (isReversed) => {
      const folder = await folderWith({
        '1.png': 'slow one',
        '2.png': 'two',
        '3.png': 'bad',
        '4.png': 'four',
        '5.png': 'five',
      });
      const args = ['read', '1.png', '2.png', '3.png', 'missing.png', '4.png', '5.png', '-f', 'jsonl'];
      const { exitCode, text, engine } = await placard(folder, args, { isReversed });
      expect(jsonl(text).map(({ image }) => image)).toEqual(args.slice(1, 7));
      expect(engine!.mostAtOnce).toBeGreaterThan(1);
      expect(exitCode).toBe(1);
    },
  );

  it('goes on past bad pictures, names them and exits with 1', async () => {
    const folder = await folderWith({ 'a.png': 'fine', 'b.png': 'bad bytes', 'c.png': '', 'd.png': 'good' });
    const { exitCode, text, stderr } = await placard(folder, [
      'read',
      'a.png',
      'b.png',
      'c.png',
      'd.png',
      'e.png',
      '-f',
      'jsonl',
    ]);
    expect(exitCode).toBe(1);
    const lines = jsonl(text);
    expect(lines.map((line) => line.text ?? line.error.code)).toEqual([
      'fine',
      'ERR_PLACARD_DECODE_FAILED',
      'ERR_PLACARD_EMPTY_INPUT',
      'good',
      'ERR_PLACARD_FILE_UNREADABLE',
    ]);
    expect(lines[1]).toEqual({
      image: 'b.png',
      error: { code: 'ERR_PLACARD_DECODE_FAILED', message: 'The bytes are broken.' },
    });
    expect(stderr).toContain('placard: b.png: The bytes are broken. (ERR_PLACARD_DECODE_FAILED)\n');
    expect(stderr).toMatch(/5 pictures, 3 failed in /);
  });

  it('writes the documented shape of JSONL', async () => {
    const folder = await folderWith({ 'in/a.png': 'STOP' });
    const [line] = jsonl((await placard(folder, ['read', 'in/a.png', '-f', 'jsonl'])).text);
    expect(line).toMatchObject({
      image: 'in/a.png',
      width: 64,
      height: 32,
      text: 'STOP',
      lines: [
        {
          text: 'STOP',
          confidence: 0.9,
          polygon: [
            [4, 4],
            [60, 4],
            [60, 28],
            [4, 28],
          ],
        },
      ],
      timings: { total: 10 },
    });
  });

  it('writes JSON as an object for a named picture, as an array where there may be several', async () => {
    const folder = await folderWith({ 'in/a.png': 'STOP' });
    expect(JSON.parse((await placard(folder, ['read', 'in/a.png', '-f', 'json'])).text)).toMatchObject({
      image: 'in/a.png',
      text: 'STOP',
    });
    for (const operand of ['in', 'in/*.png']) {
      expect(JSON.parse((await placard(folder, ['read', operand, '-f', 'json'])).text)).toMatchObject([
        { image: 'in/a.png' },
      ]);
    }
    const { text } = await placard(folder, ['read', 'in/a.png', 'nothing.png', '-f', 'json']);
    expect(JSON.parse(text)).toMatchObject([
      { text: 'STOP' },
      { image: 'nothing.png', error: { code: 'ERR_PLACARD_FILE_UNREADABLE' } },
    ]);
  });

  it('makes one PDF with a page for each picture', async () => {
    const folder = await folderWith({ 'a.png': await png(), 'b.png': await png(), 'c.png': 'bad' });
    const { exitCode, stdout } = await placard(folder, ['read', 'a.png', 'c.png', 'b.png', '-f', 'pdf']);
    expect((await PDFDocument.load(stdout)).getPageCount()).toBe(2);
    expect(exitCode).toBe(1);
  });

  it('counts a picture that cannot be drawn on as failed and goes on', async () => {
    const folder = await folderWith({ 'a.png': 'no picture at all', 'b.png': await png() });
    const { exitCode, stdout, stderr } = await placard(folder, ['read', 'a.png', 'b.png', '-f', 'pdf']);
    expect((await PDFDocument.load(stdout)).getPageCount()).toBe(1);
    expect(stderr).toContain('placard: a.png: The picture cannot be decoded');
    expect(exitCode).toBe(1);
  });

  it("writes the detector's maps of each picture beside what was read, on request", async () => {
    const folder = await folderWith({ 'in/a.jpg': 'STOP', 'in/a.png': 'GO', 'in/bad.png': 'bad' });
    const args = ['read', 'in', '--maps', 'maps', '--low-text', '0.3', '--page', '2'];
    const { exitCode, text, engine } = await placard(folder, args);
    expect([exitCode, text.includes('STOP')]).toEqual([1, true]);
    expect((await readdir(join(folder, 'maps'))).sort()).toEqual(['a-2.text.png', 'a.text.png']);
    expect(engine!.mapped).toMatchObject([{ lowText: 0.3, page: 1 }, { lowText: 0.3 }]);
    const refused = await placard(folder, ['read', 'in/a.jpg', '--maps', 'in/a.png']);
    expect([refused.exitCode, refused.stderr]).toEqual([2, expect.stringContaining('--maps')]);
  });

  it('passes on what the options say', async () => {
    const folder = await folderWith({ 'a.png': 'STOP' });
    const args = ['--model', 'pp-ocrv6-small', '--threads', '3', '--models-folder', 'm', '--provider', 'cpu'];
    const reading = ['--reader', 'general', '--layout', 'line', '--page', '2', '--min-confidence', '0.25'];
    const { engine } = await placard(folder, ['read', 'a.png', ...args, ...reading]);
    expect(engine!.options).toEqual({
      models: 'pp-ocrv6-small',
      threads: 3,
      modelsFolder: 'm',
      provider: 'cpu',
      mode: 'latency',
    });
    expect(engine!.asked).toMatchObject([{ reader: 'general', layout: 'line', page: 1, minConfidence: 0.25 }]);
    const pair = await placard(folder, ['read', 'a.png', '--detector', 'd1', '--recognizer', 'r2']);
    expect(pair.engine!.options.models).toEqual({ detector: 'd1', recognizer: 'r2' });
    expect(pair.engine!.asked).toEqual([{}]);
    const one = await placard(folder, ['read', 'a.png', '--detector', 'd1']);
    expect(one.engine!.options.models).toEqual({ detector: 'd1' });
  });

  it('hands on granularity, the thresholds of the detector, and words', async () => {
    const folder = await folderWith({ 'a.png': 'STOP', 'words.txt': 'stop\r\n\n go \n' });
    const thresholds = ['--text-threshold', '0.6', '--low-text', '0.3', '--link-threshold', '0.5'];
    const sizes = ['--canvas-size', '960', '--mag-ratio', '2'];
    const scene = ['--reader', 'scene', '--granularity', 'line', '--beam', '8', '--words', 'words.txt', '--words-only'];
    const { engine } = await placard(folder, ['read', 'a.png', ...scene, ...thresholds, ...sizes]);
    const detection = { textThreshold: 0.6, lowText: 0.3, linkThreshold: 0.5, canvasSize: 960, magRatio: 2 };
    const beam = { beam: 8, words: ['stop', 'go'], wordsOnly: true };
    expect(engine!.asked).toMatchObject([{ reader: 'scene', granularity: 'line', detection, ...beam }]);
    const lost = await placard(folder, ['read', 'a.png', '--words', 'nothing.txt']);
    expect([lost.exitCode, lost.stderr]).toEqual([1, expect.stringMatching(/Cannot read .*nothing\.txt/)]);
  });

  it('reads one picture at a time in latency mode, and several otherwise', async () => {
    const folder = await folderWith({ 'a.png': 'slow a', 'b.png': 'slow b', 'c.png': 'slow c' });
    const alone = await placard(folder, ['read', '.', '--mode', 'latency']);
    expect([alone.engine!.mostAtOnce, alone.engine!.lookAhead]).toEqual([1, 1]);
    const together = await placard(folder, ['read', '.']);
    expect(together.engine!.options.mode).toBe('throughput');
    expect(together.engine!.mostAtOnce).toBe(3);
  });
});

describe('inputs', () => {
  it('are all pictures below a folder, by name with numbers by value', async () => {
    const folder = await folderWith({
      'in/page10.png': 'ten',
      'in/page2.JPG': 'two',
      'in/sub/x.webp': 'x',
      'in/notes.txt': 'no',
      'in/.hidden.png': 'no',
    });
    const { text } = await placard(folder, ['read', 'in', '-f', 'jsonl']);
    expect(jsonl(text).map(({ image }) => image)).toEqual(['in/page2.JPG', 'in/page10.png', 'in/sub/x.webp']);
  });

  it('are what patterns match, once each, and pictures alone where no extension is named', async () => {
    const folder = await folderWith({ 'a.png': 'a', 'b.png': 'b', 'c.dat': 'c', 'sub/d.png': 'd', 'n.txt': 'no' });
    const images = async (...operands: string[]) =>
      jsonl((await placard(folder, ['read', ...operands, '-f', 'jsonl'])).text).map(({ image }) => image);
    expect(await images('*.png')).toEqual(['a.png', 'b.png']);
    expect(await images('**/*')).toEqual(['a.png', 'b.png', 'sub/d.png']);
    expect(await images('*.dat')).toEqual(['c.dat']);
    expect(await images('b.png', '*.png')).toEqual(['b.png', 'a.png']);
    expect(await images('b.png', 'b.png')).toEqual(['b.png', 'b.png']);
    expect(await images(join(folder, '*.png'))).toEqual([join(folder, 'a.png'), join(folder, 'b.png')]);
  });

  it('may have names that look like patterns', async () => {
    const folder = await folderWith({ 'a[1].png': 'brackets', 'a1.png': 'none' });
    expect((await placard(folder, ['read', 'a[1].png'])).text).toBe('brackets\n');
  });

  it('that lead to nothing fail, without an engine where nothing is left', async () => {
    const folder = await folderWith({ 'empty/notes.txt': 'no', 'a.png': 'a' });
    const { exitCode, text, engine } = await placard(folder, ['read', 'empty', '*.gif', '-f', 'jsonl']);
    expect(jsonl(text).map(({ image, error }) => [image, error.code])).toEqual([
      ['empty', 'ERR_PLACARD_FILE_UNREADABLE'],
      ['*.gif', 'ERR_PLACARD_FILE_UNREADABLE'],
    ]);
    expect([exitCode, engine]).toEqual([1, undefined]);
    expect((await placard(folder, ['read', 'empty', 'a.png'])).text).toBe('==> a.png <==\na\n');
  });

  it('may come from standard input, among others', async () => {
    const folder = await folderWith({ 'a.png': 'a' });
    expect((await placard(folder, ['read', '-'], { stdin: 'piped' })).text).toBe('piped\n');
    const both = await placard(folder, ['read', 'a.png', '-', '-f', 'jsonl'], { stdin: 'piped' });
    expect(jsonl(both.text).map(({ image, text }) => [image, text])).toEqual([
      ['a.png', 'a'],
      ['-', 'piped'],
    ]);
    const pdf = await placard(folder, ['read', '-', '-f', 'pdf'], { stdin: await png() });
    expect((await PDFDocument.load(pdf.stdout)).getPageCount()).toBe(1);
  });

  it('from standard input may be bad', async () => {
    const folder = await folderWith({});
    const { exitCode, stderr } = await placard(folder, ['read', '-'], { stdin: '' });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('placard: -: The input has no bytes. (ERR_PLACARD_EMPTY_INPUT)');
  });
});

describe('--out', () => {
  it('writes a file for each picture that could be read, and nothing to standard output', async () => {
    const folder = await folderWith({ 'in/a.png': 'one', 'in/b.jpg': 'bad', 'in/c.webp': 'three' });
    const { exitCode, text } = await placard(folder, ['read', 'in', '--out', 'new/out']);
    expect([exitCode, text]).toEqual([1, '']);
    expect((await readdir(join(folder, 'new/out'))).sort()).toEqual(['a.txt', 'c.txt']);
    expect(await readFile(join(folder, 'new/out/a.txt'), 'utf8')).toBe('one\n');
  });

  it('numbers names that come again, in the order of the inputs', async () => {
    const folder = await folderWith({ 'x/a.png': '1', 'y/a.jpg': '2', 'z/A.gif': '3', 'z/a-2.png': '4' });
    await placard(folder, ['read', 'x/a.png', 'y/a.jpg', 'z/A.gif', 'z/a-2.png', '-', '-o', 'out'], { stdin: '5' });
    const written = Object.fromEntries(
      await Promise.all(
        (await readdir(join(folder, 'out'))).map(async (name) => [
          name,
          await readFile(join(folder, 'out', name), 'utf8'),
        ]),
      ),
    );
    expect(written).toEqual({
      'a.txt': '1\n',
      'a-2.txt': '2\n',
      'A-3.txt': '3\n',
      'a-2-2.txt': '4\n',
      'stdin.txt': '5\n',
    });
  });

  it('never replaces a picture that is read, under whatever name, but its own earlier output', async () => {
    const picture = await png();
    const folder = await folderWith({ 'a.png': picture, 'deep/b.png': picture });
    await symlink(join(folder, 'deep'), join(folder, 'link'));
    for (let round = 0; round < 2; round += 1) {
      const { exitCode } = await placard(folder, ['read', 'a.png', 'deep/b.png', '-f', 'overlay', '-o', 'link']);
      expect(exitCode).toBe(0);
    }
    expect((await readFile(join(folder, 'a.png'))).equals(picture)).toBe(true);
    expect((await readFile(join(folder, 'deep/b.png'))).equals(picture)).toBe(true);
    expect((await readdir(join(folder, 'deep'))).sort()).toEqual(['a.png', 'b-2.png', 'b.png']);
  });

  it('counts a file that cannot be written as a failure and goes on', async () => {
    const folder = await folderWith({ 'a.png': 'a', 'b.png': 'b', 'out/a.txt/in-the-way': '' });
    const { exitCode, stderr } = await placard(folder, ['read', 'a.png', 'b.png', '-o', 'out']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('cannot be written');
    expect((await readdir(join(folder, 'out'))).sort()).toEqual(['a.txt', 'b.txt']);
  });
});

describe('progress', () => {
  it('is a bar on a terminal, with failures as lines of their own', async () => {
    const folder = await folderWith({ 'a.png': 'slow a', 'b.png': 'bad', 'c.png': 'slow c' });
    const { stderr } = await placard(folder, ['read', '.'], { stderrIsTerminal: true });
    expect(stderr).toContain('░');
    expect(stderr).toContain('\r\u001b[Kplacard: b.png: The bytes are broken');
    expect(stderr).toMatch(/3 pictures, 1 failed in /);
  });

  it('is not there in a pipe, for one picture, or where the text goes to the same terminal', async () => {
    const folder = await folderWith({ 'a.png': 'a', 'b.png': 'b' });
    const runs = [
      await placard(folder, ['read', '.']),
      await placard(folder, ['read', 'a.png'], { stderrIsTerminal: true }),
      await placard(folder, ['read', '.'], { stderrIsTerminal: true, stdoutIsTerminal: true }),
      await placard(folder, ['read', '.', '-q', '-o', 'out'], { stderrIsTerminal: true }),
    ];
    for (const { stderr } of runs) expect(stderr).not.toMatch(/[░█]/);
    const shown = await placard(folder, ['read', '.', '-o', 'out'], { stderrIsTerminal: true, stdoutIsTerminal: true });
    expect(shown.stderr).toMatch(/[░█]/);
  });
});
