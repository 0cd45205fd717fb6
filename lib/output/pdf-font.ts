import { type PDFContext, PDFHexString, PDFName, type PDFRef, PDFString } from '@cantoo/pdf-lib';
import { PlacardError } from '../errors.ts';
import { buildBlankFont, glyphs, metrics } from './blank-font.ts';
import { advanceOf, charactersOf } from './words.ts';

/** The names under which a page's resources have the two fonts. */
export const fontNames = { horizontal: 'FH', vertical: 'FV' } as const;

/**
 * The invisible font of a searchable PDF: it numbers the characters as they come and tells readers by ToUnicode what
 * they are, so that any script works without a font file. Full-width characters advance by 1 em, others by half.
 */
export class InvisibleFont {
  readonly #numbers = new Map<string, number>();
  #usesVertical = false;

  /** A text's character numbers as PDF's hexadecimal string, and its advance in em. */
  encode(text: string): { hex: string; advance: number; length: number } {
    const characters = charactersOf(text);
    const hex = characters.map((character) => hexadecimal(this.#numberOf(character))).join('');
    return {
      hex,
      advance: characters.reduce((sum, character) => sum + advanceOf(character), 0),
      length: characters.length,
    };
  }

  /** The same for top-to-bottom setting, where each character advances by 1 em. */
  encodeVertical(text: string): { hex: string; length: number } {
    this.#usesVertical = true;
    return this.encode(text);
  }

  /** Writes the fonts' objects, to be called when all text is encoded, and returns the Font resources of every page. */
  embed(context: PDFContext): Record<string, PDFRef> {
    const descendant = this.#embedDescendant(context);
    const toUnicode = context.register(context.flateStream(toUnicodeMap([...this.#numbers.keys()])));
    const font = (encoding: string) =>
      context.register(
        context.obj({
          Type: 'Font',
          Subtype: 'Type0',
          BaseFont: fontName,
          Encoding: encoding,
          DescendantFonts: [descendant],
          ToUnicode: toUnicode,
        }),
      );
    return {
      [fontNames.horizontal]: font('Identity-H'),
      ...(this.#usesVertical ? { [fontNames.vertical]: font('Identity-V') } : {}),
    };
  }

  #numberOf(character: string): number {
    let number = this.#numbers.get(character);
    if (number === undefined) {
      number = this.#numbers.size + 1;
      if (number > 0xffff) throw new PlacardError('INTERNAL', 'A PDF cannot have over 65535 different characters.');
      this.#numbers.set(character, number);
    }
    return number;
  }

  #embedDescendant(context: PDFContext): PDFRef {
    const program = buildBlankFont();
    const file = context.register(context.flateStream(program, { Length1: program.length }));
    const descriptor = context.register(
      context.obj({
        Type: 'FontDescriptor',
        FontName: fontName,
        Flags: 5, // fixed pitch, symbolic
        FontBBox: [0, metrics.descent, metrics.unitsPerEm, metrics.ascent],
        ItalicAngle: 0,
        Ascent: metrics.ascent,
        Descent: metrics.descent,
        CapHeight: metrics.ascent,
        StemV: 80,
        FontFile2: file,
      }),
    );
    const glyphOf = (character: string) => (advanceOf(character) === 1 ? glyphs.full : glyphs.half);
    const glyphMap = Uint8Array.from([
      0,
      0,
      ...[...this.#numbers.keys()].flatMap((character) => [0, glyphOf(character)]),
    ]);
    return context.register(
      context.obj({
        Type: 'Font',
        Subtype: 'CIDFontType2',
        BaseFont: fontName,
        CIDSystemInfo: { Registry: PDFString.of('Adobe'), Ordering: PDFString.of('Identity'), Supplement: 0 },
        FontDescriptor: descriptor,
        DW: metrics.unitsPerEm / 2,
        W: this.#wideRanges(),
        DW2: [880, -metrics.unitsPerEm],
        CIDToGIDMap: context.register(context.flateStream(glyphMap)),
      }),
    );
  }

  /** PDF's W array: first number, last number, width, for runs of full-width characters. */
  #wideRanges(): number[] {
    const ranges: [first: number, last: number][] = [];
    for (const [character, number] of this.#numbers) {
      if (advanceOf(character) !== 1) continue;
      const latest = ranges.at(-1);
      if (latest && latest[1] === number - 1) latest[1] = number;
      else ranges.push([number, number]);
    }
    return ranges.flatMap(([first, last]) => [first, last, metrics.unitsPerEm]);
  }
}

const fontName = PDFName.of('Blank');

/** The CMap that maps the numbers 1, 2, … to characters (ISO 32000-1, 9.10.3); at most 100 mappings a section. */
function toUnicodeMap(characters: string[]): string {
  const rows = characters.map((character, index) => `<${hexadecimal(index + 1)}> <${utf16(character)}>`);
  const sections: string[] = [];
  for (let start = 0; start < rows.length; start += 100) {
    const section = rows.slice(start, start + 100);
    sections.push(`${section.length} beginbfchar\n${section.join('\n')}\nendbfchar\n`);
  }
  return `/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
${sections.join('')}endcmap
CMapName currentdict /CMap defineresource pop
end
end
`;
}

function utf16(text: string): string {
  return Array.from({ length: text.length }, (_, index) => hexadecimal(text.charCodeAt(index))).join('');
}

function hexadecimal(value: number): string {
  return value.toString(16).toUpperCase().padStart(4, '0');
}

/** A text string outside content streams (titles, producers), in UTF-16 so that any script survives. */
export function pdfText(text: string): PDFHexString {
  return PDFHexString.fromText(text);
}
