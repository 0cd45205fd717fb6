import type { Backgrounds } from './backgrounds.ts';
import type { Effects } from './effects.ts';
import type { FontLibrary } from './fonts/font-library.ts';
import type { TextSource } from './text/text-source.ts';

/** What a picture is drawn from. */
export interface Supplies {
  fonts: FontLibrary;
  texts: TextSource;
  backgrounds: Backgrounds;
  effects: Effects;
}
