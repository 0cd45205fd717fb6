import {
  decodePDFRawStream,
  PDFArray,
  PDFDict,
  PDFDocument,
  PDFName,
  PDFNumber,
  type PDFRawStream,
} from '@cantoo/pdf-lib';
import type { Point, Quad } from '../../lib/reading.ts';

/** One run of text as a reader of the PDF sees it. */
export interface ShownText {
  text: string;
  font: string;
  /** Clockwise from the glyphs' top-left, in points, y up; without the white space that follows. */
  quad: Quad;
}

export interface ReadPdf {
  document: PDFDocument;
  pages: {
    width: number;
    height: number;
    rotation: number;
    shown: ShownText[];
    pictureMatrix: number[];
    operators: string;
  }[];
  images: PDFRawStream[];
}

/** Reads a PDF back by its own fonts: codes by ToUnicode, advances by W and DW, places by Tm, Tf and Tz. */
export async function readPdf(bytes: Uint8Array): Promise<ReadPdf> {
  const document = await PDFDocument.load(bytes, { updateMetadata: false });
  const { context } = document;
  const images = context
    .enumerateIndirectObjects()
    .map(([, object]) => object as PDFRawStream)
    .filter((object) => object.dict?.get(PDFName.of('Subtype')) === PDFName.of('Image'));
  const pages = document.getPages().map((page) => {
    const operators = text(context.lookup(page.node.get(PDFName.of('Contents'))) as PDFRawStream);
    const fonts = page.node.Resources()!.lookup(PDFName.of('Font'), PDFDict);
    const readers = new Map(fonts.keys().map((name) => [name.decodeText(), fontReader(fonts.lookup(name, PDFDict))]));
    return {
      width: page.getWidth(),
      height: page.getHeight(),
      rotation: page.getRotation().angle,
      shown: showing(operators, readers),
      pictureMatrix: /q ([-\d. ]+) cm \/Picture Do Q/.exec(operators)![1]!.split(' ').map(Number),
      operators,
    };
  });
  return { document, pages, images };
}

/** A stream's contents, decompressed. */
export function contents(stream: PDFRawStream): Uint8Array {
  return decodePDFRawStream(stream).decode();
}

interface FontReader {
  encoding: string;
  decode(hex: string): { characters: string[]; advances: number[] };
}

function text(stream: PDFRawStream): string {
  return Buffer.from(contents(stream)).toString('latin1');
}

function fontReader(font: PDFDict): FontReader {
  const unicode = new Map<number, string>();
  for (const [, code, value] of text(font.lookup(PDFName.of('ToUnicode')) as PDFRawStream).matchAll(
    /<(\w{4})> <(\w+)>\n/g,
  )) {
    const units = value!.match(/.{4}/g)!.map((unit) => Number.parseInt(unit, 16));
    unicode.set(Number.parseInt(code!, 16), String.fromCharCode(...units));
  }
  const descendant = font.lookup(PDFName.of('DescendantFonts'), PDFArray).lookup(0, PDFDict);
  const ranges = descendant
    .lookup(PDFName.of('W'), PDFArray)
    .asArray()
    .map((value) => (value as PDFNumber).asNumber());
  const standard = descendant.lookup(PDFName.of('DW'), PDFNumber).asNumber();
  const widthOf = (code: number) => {
    for (let index = 0; index < ranges.length; index += 3) {
      if (code >= ranges[index]! && code <= ranges[index + 1]!) return ranges[index + 2]!;
    }
    return standard;
  };
  return {
    encoding: font.get(PDFName.of('Encoding'))!.toString(),
    decode(hex) {
      const codes = hex.match(/.{4}/g)!.map((unit) => Number.parseInt(unit, 16));
      return {
        characters: codes.map((code) => unicode.get(code)!),
        advances: codes.map((code) => widthOf(code) / 1000),
      };
    },
  };
}

function showing(operators: string, fonts: Map<string, FontReader>): ShownText[] {
  const operator = /\/(\w+) ([-\d.]+) Tf ([-\d.]+) Tz ([-\d. ]+) Tm <(\w+)> Tj/g;
  return [...operators.matchAll(operator)].map(([, name, size, stretch, matrix, hex]) => {
    const font = fonts.get(name!)!;
    const { characters, advances } = font.decode(hex!);
    const ink = characters.at(-1) === ' ' ? characters.length - 1 : characters.length;
    const length = advances.slice(0, ink).reduce((sum, advance) => sum + advance, 0);
    const [a, b, c, d, e, f] = matrix!.split(' ').map(Number) as [number, number, number, number, number, number];
    const scale = (Number(size) * Number(stretch)) / 100;
    // A vertical font's origin is the top center of its cells; both fonts' boxes reach from -0.2 to 0.8 em.
    const isVertical = font.encoding === '/Identity-V';
    const [left, right, top, bottom] = isVertical
      ? [-0.5 * Number(size), 0.5 * Number(size), 0, -ink * Number(size)]
      : [0, length * scale, 0.8 * Number(size), -0.2 * Number(size)];
    const at = (x: number, y: number): Point => [a * x + c * y + e, b * x + d * y + f];
    return {
      text: characters.join(''),
      font: font.encoding.slice(1),
      quad: [at(left, top), at(right, top), at(right, bottom), at(left, bottom)],
    };
  });
}
