/** The part of fontkit that is used here; the package brings no types. */
declare module 'fontkit' {
  export interface Box {
    minX: number;
    minY: number;
    maxX: number;
    maxY: number;
  }

  export interface Glyph {
    id: number;
    path: { commands: { command: string; args: number[] }[]; bbox: Box };
  }

  /** Where bytes stand in the file. */
  export interface Span {
    offset: number;
    length: number;
  }

  export interface Face {
    type: 'TTF' | 'WOFF' | 'WOFF2';
    fullName: string | null;
    postscriptName: string | null;
    /** Code points that have a glyph. */
    characterSet: number[];
    glyphForCodePoint(code: number): Glyph;
    getGlyph(id: number): Glyph;
    directory: { tables: Record<string, Span | undefined> };
    /** Glyph i of glyf stands between offsets i and i + 1. */
    loca?: { offsets: number[] };
    'CFF '?: { topDict: { CharStrings: Span[] } };
  }

  export interface Collection {
    type: 'TTC' | 'DFont';
    fonts: Face[];
  }

  export function create(bytes: Uint8Array): Face | Collection;
}
