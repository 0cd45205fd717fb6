import type { Reading } from '../reading.ts';
import { type DocumentWriter, type OutputOptions, textDocument } from './document.ts';

/** The text alone: a line each, an empty line between blocks, a line feed at the end; empty for a picture without text. */
export function writeText(reading: Reading): string {
  return reading.text === '' ? '' : `${reading.text}\n`;
}

/** Texts one after another; of several pictures, each under a heading as `head` and `tail` write it. */
export function openText(options: OutputOptions = {}): DocumentWriter {
  return textDocument({
    page(page, index) {
      const heading = options.several ? `${index > 0 ? '\n' : ''}==> ${page.name ?? index + 1} <==\n` : '';
      return heading + writeText(page.reading);
    },
  });
}
