import type { Backgrounds } from './backgrounds.ts';
import type { Effects } from './effects.ts';
import type { FontLibrary } from './fonts/font-library.ts';
import type { Random } from './random.ts';
import type { TextLine, TextSource } from './text/text-source.ts';

/** What a picture is drawn from. */
export interface Supplies {
  fonts: FontLibrary;
  texts: TextSource;
  backgrounds: Backgrounds;
  effects: Effects;
}

/** Texts that are tried before one that no face draws is given, whose drawing then tells what is missing. */
const mostTexts = 20;

/** A text that some face draws. */
export function drawableLine(
  random: Random,
  { fonts, texts }: Supplies,
  wish: Parameters<TextSource['line']>[1],
): TextLine {
  let line = texts.line(random, wish);
  for (let tried = 1; tried < mostTexts && !fonts.draws(line.text); tried++) line = texts.line(random, wish);
  return line;
}
