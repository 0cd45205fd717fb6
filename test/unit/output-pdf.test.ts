import { PDFArray, PDFDict, PDFName, type PDFRawStream } from '@cantoo/pdf-lib';
import sharp, { type Sharp } from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildBlankFont } from '../../lib/output/blank-font.ts';
import type { OutputOptions, Page } from '../../lib/output/document.ts';
import { formats } from '../../lib/output/formats.ts';
import { charactersOf, spacedWords } from '../../lib/output/words.ts';
import type { Point, Quad, Reading } from '../../lib/reading.ts';
import { contents, type ReadPdf, readPdf } from './output-pdf-parts.ts';
import { drawPicture, emptyReading, lines, reading } from './output-sample.ts';

const writePdf = async (reading: Reading, image: Uint8Array, page: Partial<Page> = {}, options: OutputOptions = {}) =>
  (await formats.pdf.serialize({ reading, image, ...page }, options)) as Uint8Array;

/** Pixels per inch of pictures that do not say. */
const points = 72 / 150;

let jpeg: Buffer;
let pdf: ReadPdf;

beforeAll(async () => {
  jpeg = await drawPicture().jpeg().toBuffer();
  pdf = await readPdf(await writePdf(reading, jpeg, { name: '招牌 <1>.jpg' }, { generator: 'placard 1.2.3' }));
});

const entry = (stream: PDFRawStream, name: string) => stream.dict.get(PDFName.of(name))?.toString();

function expectNear(actual: Quad, wanted: readonly Point[], tolerance: number): void {
  actual.forEach(([x, y], index) => {
    expect(Math.hypot(x - wanted[index]![0], y - wanted[index]![1]), `corner ${index}`).toBeLessThan(tolerance);
  });
}

const onPage = (quad: Quad): Point[] => quad.map(([x, y]) => [x * points, (reading.height - y) * points]);

describe('the text of a searchable PDF', () => {
  it('is every word in reading order, with spaces where the text has them and at line ends', () => {
    const shown = pdf.pages[0]!.shown.map(({ text }) => text);
    const expected = lines.flatMap((line) => {
      const words = spacedWords(line);
      return words.map(({ text, spaceAfter }, index) => {
        const written = /[\u0590-\u05ff]/.test(text) ? [...text].reverse().join('') : text;
        return spaceAfter || index === words.length - 1 ? `${written} ` : written;
      });
    });
    expect(shown).toEqual(expected);
    expect(shown.join('')).toContain('混合文字 2024 ');
    expect(shown.join('')).toContain('no words 👩‍🍳 ');
  });

  it('is invisible', () => {
    const { operators } = pdf.pages[0]!;
    expect(operators.match(/\bTr\b/g)).toEqual(['Tr']);
    expect(operators.indexOf('3 Tr')).toBeLessThan(operators.indexOf('Tj'));
  });

  it('covers each word’s quad: turned, stretched, vertical', () => {
    const words = lines.flatMap((line) => spacedWords(line).map((word) => ({ ...word, line })));
    pdf.pages[0]!.shown.forEach((shown, index) => {
      const { quad, line, text } = words[index]!;
      const [a, b, c, d] = onPage(quad) as Quad;
      // Chinese from right to left stands on its head, so that it runs from right to left.
      const isFlipped = line.direction === 'rtl' && !/[\u0590-\u05ff]/.test(text);
      expectNear(shown.quad, isFlipped ? [c, d, a, b] : [a, b, c, d], 0.05);
      expect(shown.font).toBe(line.direction === 'ttb' ? 'Identity-V' : 'Identity-H');
    });
  });

  it('survives quads without extent', async () => {
    const point: Quad = [
      [5, 5],
      [5, 5],
      [5, 5],
      [5, 5],
    ];
    const line = { ...lines[1]!, quad: point, words: [{ text: 'dot', confidence: 1, quad: point }] };
    const written = await readPdf(
      await writePdf({ ...reading, lines: [line], blocks: [{ quad: point, lines: [0] }] }, jpeg),
    );
    const [shown] = written.pages[0]!.shown;
    expect(shown!.text).toBe('dot ');
    expect(shown!.quad.flat().every(Number.isFinite)).toBe(true);
  });

  it('may be none', async () => {
    const written = await readPdf(await writePdf(emptyReading, jpeg));
    expect(written.pages[0]!.shown).toEqual([]);
    expect(written.pages[0]!.operators).not.toContain('BT');
  });
});

describe('the font of a searchable PDF', () => {
  it('is a TrueType file with sound checksums and a table directory in order', () => {
    const font = buildBlankFont();
    const view = new DataView(font.buffer, font.byteOffset, font.byteLength);
    const sum = (from: number, to: number) => {
      let total = 0;
      for (let offset = from; offset < to; offset += 4) total = (total + view.getUint32(offset)) >>> 0;
      return total;
    };
    expect(font.length % 4).toBe(0);
    expect(sum(0, font.length)).toBe(0xb1b0afba);
    const tables = Array.from({ length: view.getUint16(4) }, (_, index) => 12 + 16 * index).map((record) => ({
      tag: Buffer.from(font.subarray(record, record + 4)).toString('latin1'),
      checksum: view.getUint32(record + 4),
      offset: view.getUint32(record + 8),
      length: view.getUint32(record + 12),
    }));
    expect(tables.map(({ tag }) => tag)).toEqual(['glyf', 'head', 'hhea', 'hmtx', 'loca', 'maxp']);
    for (const { tag, checksum, offset, length } of tables) {
      expect(offset % 4).toBe(0);
      // The whole file's adjustment, at 8 in head, counts as zero.
      const adjustment = tag === 'head' ? view.getUint32(offset + 8) : 0;
      expect((sum(offset, offset + ((length + 3) & ~3)) - adjustment) >>> 0, tag).toBe(checksum);
    }
  });

  it('maps every code to a glyph of the width that the PDF states', () => {
    const { context } = pdf.document;
    const dictionaries = context.enumerateIndirectObjects().filter(([, object]) => object instanceof PDFDict);
    const descendant = dictionaries.map(([, object]) => object as PDFDict).find((dict) => dict.has(PDFName.of('DW2')))!;
    const glyphs = contents(descendant.lookup(PDFName.of('CIDToGIDMap')) as PDFRawStream);
    const wide = new Set<number>();
    const ranges = descendant.lookup(PDFName.of('W'), PDFArray).asArray().map(Number);
    for (let index = 0; index < ranges.length; index += 3) {
      expect(ranges[index + 2]).toBe(1000);
      for (let code = ranges[index]!; code <= ranges[index + 1]!; code += 1) wide.add(code);
    }
    const characters = new Set(pdf.pages[0]!.shown.flatMap(({ text }) => charactersOf(text)));
    expect(glyphs.length).toBe(2 * (characters.size + 1));
    expect([...glyphs.subarray(0, 2)]).toEqual([0, 0]);
    for (let code = 1; code <= characters.size; code += 1) {
      expect([glyphs[2 * code], glyphs[2 * code + 1]]).toEqual([0, wide.has(code) ? 2 : 1]);
    }
    expect(wide.size).toBe([...characters].filter((character) => /\p{Script=Han}/u.test(character)).length);
  });
});

describe('the picture of a searchable PDF', () => {
  const withPicture = async (image: Uint8Array, changed: Partial<Reading> = {}) =>
    readPdf(await writePdf({ ...emptyReading, ...changed }, image));

  it('is the JPEG as it was, less its metadata', async () => {
    const tagged = await drawPicture()
      .withExif({ IFD0: { Copyright: 'somebody' } })
      .jpeg()
      .toBuffer();
    expect(tagged.includes('somebody')).toBe(true);
    const { images } = await withPicture(tagged);
    expect(entry(images[0]!, 'Filter')).toBe('/DCTDecode');
    const data = Buffer.from(images[0]!.contents);
    expect(data.includes('somebody')).toBe(false);
    const scan = tagged.indexOf(Buffer.from([0xff, 0xda]));
    expect(data.subarray(data.indexOf(Buffer.from([0xff, 0xda]))).equals(tagged.subarray(scan))).toBe(true);
    expect((await sharp(data).raw().toBuffer()).equals(await sharp(tagged).raw().toBuffer())).toBe(true);
  });

  it.each([
    ['gray', (picture: Sharp) => picture.toColourspace('b-w'), '/DeviceGray'],
    ['progressive', (picture: Sharp) => picture.jpeg({ progressive: true }), '/DeviceRGB'],
  ])('is a %s JPEG untouched', async (_, change, space) => {
    const { images } = await withPicture(
      await change(drawPicture())
        .jpeg({ progressive: _ === 'progressive' })
        .toBuffer(),
    );
    expect(entry(images[0]!, 'Filter')).toBe('/DCTDecode');
    expect(entry(images[0]!, 'ColorSpace')).toBe(space);
  });

  it.each([
    ['RGB', (picture: Sharp) => picture.png(), '/DeviceRGB', 8],
    ['gray', (picture: Sharp) => picture.toColourspace('b-w').png(), '/DeviceGray', 8],
    ['palette', (picture: Sharp) => picture.png({ palette: true }), 'Indexed', undefined],
    ['16-bit', (picture: Sharp) => picture.toColorspace('rgb16').png(), '/DeviceRGB', 16],
  ])('is a %s PNG’s own compressed rows', async (_, change, space, bits) => {
    const png = await change(drawPicture()).toBuffer();
    const { images } = await withPicture(png);
    expect(entry(images[0]!, 'ColorSpace')).toContain(space);
    if (bits) expect(entry(images[0]!, 'BitsPerComponent')).toBe(String(bits));
    expect(png.includes(Buffer.from(images[0]!.contents.subarray(0, 1000)))).toBe(true);
    expect(entry(images[0]!, 'DecodeParms')).toContain('/Predictor 15');
  });

  it.each([
    ['PNG with transparency', (picture: Sharp) => picture.ensureAlpha(0.5).png(), '/FlateDecode'],
    ['WebP', (picture: Sharp) => picture.webp(), '/DCTDecode'],
    ['TIFF', (picture: Sharp) => picture.tiff(), '/FlateDecode'],
    ['GIF', (picture: Sharp) => picture.gif(), '/FlateDecode'],
    ['CMYK JPEG', (picture: Sharp) => picture.toColorspace('cmyk').jpeg(), '/DCTDecode'],
  ])('is decoded for %s, on white', async (kind, change, filter) => {
    const { images } = await withPicture(await change(drawPicture()).toBuffer());
    expect(entry(images[0]!, 'Filter')).toBe(filter);
    expect(entry(images[0]!, 'ColorSpace')).toBe('/DeviceRGB');
    expect([entry(images[0]!, 'Width'), entry(images[0]!, 'Height')]).toEqual(['640', '480']);
    if (filter === '/FlateDecode') {
      // Filtered rows: a filter byte and 640 pixels each; the first pixel of a row stands as it is under any filter but Up.
      expect(contents(images[0]!).length).toBe(480 * (1 + 3 * 640));
    } else {
      const [red, green, blue] = await sharp(Buffer.from(images[0]!.contents))
        .extract({ left: 100, top: 300, width: 1, height: 1 })
        .raw()
        .toBuffer();
      expect([red! > 200, green! < 90, blue! < 90], kind).toEqual([true, true, true]);
    }
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('stands upright with EXIF orientation %i', async (orientation) => {
    const stored = orientation > 4 ? { width: 480, height: 640 } : { width: 640, height: 480 };
    const image = await drawPicture(stored).withMetadata({ orientation }).jpeg().toBuffer();
    const { pages, images } = await withPicture(image);
    expect(entry(images[0]!, 'Width')).toBe(String(stored.width));
    const [a, b, c, d, e, f] = pages[0]!.pictureMatrix as [number, number, number, number, number, number];
    // Colors of the stored picture, placed by the matrix, are those of the upright one.
    const upright = await sharp(image).autoOrient().raw().toBuffer();
    const original = await sharp(image).raw().toBuffer();
    for (const [u, v] of [
      [0.1, 0.02],
      [0.9, 0.02],
      [0.1, 0.7],
      [0.9, 0.7],
    ] as const) {
      const [x, y] = [a * u + c * (1 - v) + e, b * u + d * (1 - v) + f];
      const column = Math.floor(x / points);
      const row = Math.floor(480 - y / points);
      const from = (Math.floor(v * stored.height) * stored.width + Math.floor(u * stored.width)) * 3;
      const to = (row * 640 + column) * 3;
      expect([...upright.subarray(to, to + 3)]).toEqual([...original.subarray(from, from + 3)]);
    }
  });

  it('keeps a color profile that fits', async () => {
    const { images } = await withPicture(await drawPicture().withIccProfile('p3').jpeg().toBuffer());
    expect(entry(images[0]!, 'ColorSpace')).toContain('/ICCBased');
  });

  it('must be of the reading’s size, and a picture', async () => {
    const small = await drawPicture({ width: 64, height: 48 }).png().toBuffer();
    await expect(writePdf(reading, small)).rejects.toMatchObject({
      code: 'ERR_PLACARD_INVALID_ARGUMENT',
      message: expect.stringContaining('64 × 48'),
    });
    await expect(writePdf(reading, Buffer.from('no picture'))).rejects.toMatchObject({
      code: 'ERR_PLACARD_DECODE_FAILED',
    });
    await expect(writePdf(reading, jpeg.subarray(0, 200))).rejects.toMatchObject({ code: 'ERR_PLACARD_DECODE_FAILED' });
    await expect(formats.pdf.serialize({ reading })).rejects.toMatchObject({ code: 'ERR_PLACARD_INVALID_ARGUMENT' });
  });
});

describe('the pages of a searchable PDF', () => {
  it('have the picture’s stated resolution, the one asked for, or 150', async () => {
    const stated = await drawPicture().withDensity(300).jpeg().toBuffer();
    const width = async (image: Uint8Array, resolution?: number) =>
      (await readPdf(await writePdf(emptyReading, image, {}, { resolution }))).pages[0]!.width;
    expect(await width(stated)).toBeCloseTo((640 * 72) / 300);
    expect(await width(stated, 100)).toBeCloseTo((640 * 72) / 100);
    expect(await width(jpeg)).toBeCloseTo(640 * points);
  });

  it('are no longer than PDF allows', async () => {
    const strip = await drawPicture({ width: 16_000, height: 20 }).png().toBuffer();
    const { pages } = await readPdf(
      await writePdf({ ...emptyReading, width: 16_000, height: 20 }, strip, {}, { resolution: 50 }),
    );
    expect(pages[0]!.width).toBeCloseTo(14_400);
    expect(pages[0]!.height).toBeCloseTo(18);
  });

  it.each([
    [0, 0],
    [90, 270],
    [180, 180],
    [270, 90],
  ] as const)('show content turned by %i upright', async (rotation, turn) => {
    const { pages } = await readPdf(await writePdf({ ...emptyReading, rotation }, jpeg));
    expect(pages[0]!.rotation).toBe(turn);
  });

  it('are as many as there are pictures, with one font between them', async () => {
    const document = formats.pdf.open();
    for (const name of ['a.jpg', 'b.jpg', 'c.jpg']) expect(await document.add({ reading, image: jpeg, name })).toBe('');
    const several = await readPdf((await document.end()) as Uint8Array);
    expect(several.pages).toHaveLength(3);
    expect(several.pages[2]!.shown.map(({ text }) => text)).toEqual(pdf.pages[0]!.shown.map(({ text }) => text));
    expect(several.document.getTitle()).toBe('a.jpg and 2 more');
    const files = several.document.context
      .enumerateIndirectObjects()
      .filter(([, object]) => (object as PDFRawStream).dict?.get(PDFName.of('Length1')));
    expect(files).toHaveLength(1);
  });

  it('take the page of a picture that was read', async () => {
    const one = await drawPicture().grayscale().toBuffer();
    const tiff = await sharp([one, await drawPicture().png().toBuffer()], { join: { animated: true } })
      .tiff()
      .toBuffer();
    const { images } = await readPdf(await writePdf(emptyReading, tiff, { imagePage: 1 }));
    expect(entry(images[0]!, 'Height')).toBe('480');
    await expect(writePdf(emptyReading, tiff, { imagePage: 2 })).rejects.toMatchObject({
      code: 'ERR_PLACARD_DECODE_FAILED',
    });
  });

  it('name picture and program, and are the same each time', async () => {
    expect(pdf.document.getTitle()).toBe('招牌 <1>.jpg');
    expect(pdf.document.getProducer()).toBe('placard 1.2.3');
    const [first, second] = [await writePdf(reading, jpeg), await writePdf(reading, jpeg)];
    expect(Buffer.from(first).equals(Buffer.from(second))).toBe(true);
  });
});
