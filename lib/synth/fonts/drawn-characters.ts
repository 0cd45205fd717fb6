import type { Face, Glyph } from 'fontkit';
import { type CodeRanges, toRanges } from './code-ranges.ts';

/** Outlines of more bytes than these draw something; shorter ones are looked at. */
const surelyInked = 14;

/** Letters whose small forms no capital resembles. */
const tellingLetters = ['a', 'e', 'g', 'n', 'r'];

/** A glyph of more characters than these is a sign for “missing”: look-alikes and compatibility forms are fewer. */
const mostCharactersOfGlyph = 8;

/**
 * The characters that a face really draws: mapped, with ink (or blank where they ought to be), and not as the sign for
 * a missing character. Fonts map thousands of characters to empty outlines. Small letters that are drawn as capitals are
 * left out too, since a label with them would lie.
 * @param bytes of the file that the face was opened from
 */
export function drawnCharacters(face: Face, bytes: Buffer): CodeRanges {
  const outlines = new Outlines(face, bytes);
  const charactersOf = new Map<number, number[]>();
  const capitalsOnly = drawsCapitalsForSmall(face);
  for (const code of face.characterSet) {
    if (code > 0x10ffff) continue;
    const character = String.fromCodePoint(code);
    if (/[\p{C}\p{Zl}\p{Zp}]/u.test(character) || (capitalsOnly && /\p{Ll}/u.test(character))) continue;
    const glyph = face.glyphForCodePoint(code).id;
    if (glyph === 0) continue;
    const characters = charactersOf.get(glyph);
    if (characters) characters.push(code);
    else charactersOf.set(glyph, [code]);
  }
  const drawn: number[] = [];
  for (const [glyph, codes] of charactersOf) {
    const blanks = codes.filter((code) => /\p{Zs}/u.test(String.fromCodePoint(code)));
    if (blanks.length > 0) drawn.push(...blanks);
    else if (codes.length <= mostCharactersOfGlyph && outlines.drawn(glyph)) drawn.push(...codes);
  }
  return toRanges(drawn);
}

/** Tells which glyphs of a face leave ink, from the length of their outlines where that is enough. */
class Outlines {
  readonly #face: Face;
  readonly #bytes: Buffer;
  readonly #missing: Buffer | undefined;

  constructor(face: Face, bytes: Buffer) {
    this.#face = face;
    this.#bytes = bytes;
    const missing = this.#outline(0);
    this.#missing = missing && missing.length > 0 && this.#leavesInk(0, missing) ? missing : undefined;
  }

  drawn(glyph: number): boolean {
    const outline = this.#outline(glyph);
    return this.#leavesInk(glyph, outline) && !(this.#missing && outline?.equals(this.#missing));
  }

  #leavesInk(glyph: number, outline: Buffer | undefined): boolean {
    if (outline && outline.length > surelyInked && !this.#isComposite(outline)) return true;
    if (outline?.length === 0) return false;
    const { minX, minY, maxX, maxY } = this.#face.getGlyph(glyph).path.bbox;
    return maxX > minX && maxY > minY;
  }

  /** A glyph of glyf that is put together from others, which may be empty. */
  #isComposite(outline: Buffer): boolean {
    return this.#face.loca !== undefined && outline.readInt16BE(0) <= 0;
  }

  /** The outline's bytes; undefined where the file does not hold them as they are (WOFF, CFF2). */
  #outline(glyph: number): Buffer | undefined {
    if (this.#face.type !== 'TTF') return undefined;
    const strings = this.#face.directory.tables['CFF '] && this.#face['CFF ']?.topDict.CharStrings;
    if (strings) {
      const { offset, length } = strings[glyph]!;
      return this.#bytes.subarray(offset, offset + length);
    }
    const table = this.#face.directory.tables.glyf;
    const offsets = table && this.#face.loca?.offsets;
    return offsets && this.#bytes.subarray(table.offset + offsets[glyph]!, table.offset + offsets[glyph + 1]!);
  }
}

function drawsCapitalsForSmall(face: Face): boolean {
  const alike = tellingLetters.filter((letter) => {
    const [small, capital] = [letter, letter.toUpperCase()].map((text) => face.glyphForCodePoint(text.codePointAt(0)!));
    return small!.id !== 0 && (small!.id === capital!.id || sameShape(small!, capital!));
  });
  return alike.length > tellingLetters.length / 2;
}

/** Whether two glyphs have one outline but for its size. */
function sameShape(one: Glyph, other: Glyph): boolean {
  const [first, second] = [scaledPoints(one), scaledPoints(other)];
  return (
    first.length > 0 && first.length === second.length && first.every((value, i) => Math.abs(value - second[i]!) < 0.03)
  );
}

/** An outline's points with its box scaled to 0 … 1. */
function scaledPoints({ path }: Glyph): number[] {
  const { minX, minY, maxX, maxY } = path.bbox;
  return path.commands.flatMap(({ args }) =>
    args.map((value, i) => (i % 2 === 0 ? (value - minX) / (maxX - minX) : (value - minY) / (maxY - minY))),
  );
}
