import { type Context, native } from '../native.ts';
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
  context: Context;
}

/** A lane of one thread: samples are drawn side by side, not each of them by many threads. */
export function drawingContext(): Context {
  const { Lane, CancelToken } = native();
  return { lane: new Lane(1), cancel: new CancelToken(), priority: 0 };
}
