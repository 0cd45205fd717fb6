import { openAlto } from './alto.ts';
import type { Chunk, DocumentWriter, OutputOptions, Page } from './document.ts';
import { openHocr } from './hocr.ts';
import { openJson, openJsonl } from './json.ts';
import { openText } from './text.ts';
import { openTsv } from './tsv.ts';

export interface Format {
  /** Of files, without a dot. */
  extension: string;
  mediaType: string;
  /** What `--help` says of it. */
  summary: string;
  /** Whether pages must come with the picture that was read. */
  needsImage: boolean;
  /** Whether chunks are bytes that no terminal should get. */
  isBinary: boolean;
  /** Whether one document holds several pictures. */
  holdsSeveral: boolean;
  /** One picture as a whole document: a string, or the bytes of a binary format. */
  serialize(page: Page, options?: OutputOptions): Promise<Chunk>;
  /** A document to write page by page. */
  open(options?: OutputOptions): DocumentWriter;
}

/** Everything a reading can be written as: the one table that the command line and servers choose from. */
export const formats = {
  text: format('txt', 'text/plain; charset=utf-8', 'the text alone', openText),
  json: format('json', 'application/json', 'everything, down to single characters', openJson),
  jsonl: format('jsonl', 'application/jsonl', 'one line of JSON a picture', openJsonl),
  tsv: format('tsv', 'text/tab-separated-values; charset=utf-8', "Tesseract's table of words", openTsv),
  hocr: format('hocr', 'text/html; charset=utf-8', 'hOCR 1.2', openHocr),
  alto: format('xml', 'application/xml', 'ALTO 4.4', openAlto),
  pdf: format(
    'pdf',
    'application/pdf',
    'searchable PDF',
    later(async () => (await import('./pdf.ts')).openPdf),
    { needsImage: true, isBinary: true },
  ),
  overlay: format(
    'png',
    'image/png',
    'PNG with outlines and text drawn on the picture',
    later(async () => (await import('./overlay.ts')).openOverlay),
    {
      needsImage: true,
      isBinary: true,
      holdsSeveral: false,
    },
  ),
} as const satisfies Record<string, Format>;

export type FormatName = keyof typeof formats;

/** A writer whose module is loaded when it is first used: libraries for one format slow no other's start down. */
function later(load: () => Promise<Format['open']>): Format['open'] {
  return (options) => {
    let opened: Promise<DocumentWriter> | undefined;
    const writer = () => {
      opened ??= load().then((open) => open(options));
      return opened;
    };
    return {
      add: async (page) => (await writer()).add(page),
      // Binary formats have no place for pictures that failed.
      addFailure: () => '',
      end: async () => (await writer()).end(),
    };
  };
}

/** One page as a whole document. */
async function serialize(document: DocumentWriter, page: Page): Promise<Chunk> {
  const chunks = [await document.add(page), await document.end()];
  const texts = chunks.filter((chunk) => typeof chunk === 'string');
  return texts.length === chunks.length ? texts.join('') : Buffer.concat(chunks.map((chunk) => Buffer.from(chunk)));
}

function format(
  extension: string,
  mediaType: string,
  summary: string,
  open: (options?: OutputOptions) => DocumentWriter,
  traits: Partial<Pick<Format, 'needsImage' | 'isBinary' | 'holdsSeveral'>> = {},
): Format {
  return {
    open,
    serialize: (page, options) => serialize(open(options), page),
    extension,
    mediaType,
    summary,
    needsImage: false,
    isBinary: false,
    holdsSeveral: true,
    ...traits,
  };
}
