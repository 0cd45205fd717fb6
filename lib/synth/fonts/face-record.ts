import type { CodeRanges } from './code-ranges.ts';

export const fontStyles = [
  'sans',
  'condensed',
  'round',
  'serif',
  'song',
  'kai',
  'brush',
  'handwriting',
  'display',
  'stencil',
  'typewriter',
  'led',
  'blackletter',
] as const;

export type FontStyle = (typeof fontStyles)[number];

/** A font file, and the characters that it draws with ink (or blank, as a space). */
export interface FontSlice {
  path: string;
  ranges: CodeRanges;
}

/** A typeface that was found on this machine; plain data, so that it goes to worker threads. */
export interface FaceRecord {
  /** The same on every machine that has the same fonts. */
  id: string;
  name: string;
  style: FontStyle;
  /** The Debian or npm package that brought it, and its license there. */
  package?: string;
  license?: string;
  /** Whose shapes of shared Han characters it draws (BCP 47), for faces of Chinese, Japanese and Korean. */
  language?: string;
  /** Several for an `@fontsource` package, which cuts a face into files by character; the first that has a character draws it. */
  slices: FontSlice[];
}
