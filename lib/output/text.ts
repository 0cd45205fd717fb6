import { type DocumentWriter, type OutputOptions, textDocument } from './document.ts';

/**
 * The text alone: a line each, an empty line between blocks, a line feed at the end; empty for a picture without text. Of
 * several pictures, each stands under a heading as `head` and `tail` write it.
 */
export function openText(options: OutputOptions = {}): DocumentWriter {
  return textDocument({
    page({ reading, name }, index) {
      const heading = options.several ? `${index > 0 ? '\n' : ''}==> ${name ?? index + 1} <==\n` : '';
      return heading + (reading.text === '' ? '' : `${reading.text}\n`);
    },
  });
}
