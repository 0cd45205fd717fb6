import type { ErrorCode } from '../errors.ts';
import type { Reading } from '../reading.ts';

/** What a serializer yields: text, or the bytes of a binary format. */
export type Chunk = string | Uint8Array;

/** One picture and what was read in it. */
export interface Page {
  reading: Reading;
  /** What the output calls the picture, as a rule its path. */
  name?: string;
  /** The encoded picture (JPEG, PNG, …) that was read; formats with `needsImage` cannot do without. */
  image?: Uint8Array;
  /** Which page of a multi-page picture was read, from 0. */
  imagePage?: number;
}

/** A picture that could not be read. */
export interface PageFailure {
  name: string;
  code: ErrorCode | string;
  message: string;
}

export interface OutputOptions {
  /** The program and version that hOCR, ALTO and PDF name as their maker, as "placard 0.1.0". */
  generator?: string;
  /**
   * True where the document is of several pictures: `text` sets a heading over each, `json` writes an array. Formats
   * that number their pages (tsv, hocr, alto, pdf) need no such hint.
   */
  several?: boolean;
  /** Pixels per inch at which `pdf` lays out its pages; by default what the picture's file states. */
  resolution?: number;
}

/**
 * A document written page by page. What `add` and `end` give is to be written out in that order; formats that can only
 * be written as a whole (pdf) give everything at the end.
 */
export interface DocumentWriter {
  add(page: Page): Promise<Chunk>;
  /** What stands in the document for a picture that could not be read; empty where the format has no place for it. */
  addFailure(failure: PageFailure): Chunk;
  end(): Promise<Chunk>;
}

/** A writer of a text format, from what opens the document, writes its pages and closes it. */
export function textDocument(parts: {
  open?: string;
  page(page: Page, index: number): string;
  failure?(failure: PageFailure, index: number): string;
  close?: string;
}): DocumentWriter {
  let entries = 0;
  const lead = () => (entries === 0 ? (parts.open ?? '') : '');
  return {
    async add(page) {
      const text = lead() + parts.page(page, entries);
      entries += 1;
      return text;
    },
    addFailure(failure) {
      if (!parts.failure) return '';
      const text = lead() + parts.failure(failure, entries);
      entries += 1;
      return text;
    },
    async end() {
      return lead() + (parts.close ?? '');
    },
  };
}
