import type { Char, Line, Point, Quad, Timings, Word } from '../reading.ts';
import { type DocumentWriter, type OutputOptions, type Page, type PageFailure, textDocument } from './document.ts';
import { outlineOf, round } from './frames.ts';

/**
 * Readings as indented JSON, every field of them, after `image` where a name is given: one object for one picture; an array,
 * with an entry for bad pictures too, for several.
 */
export function openJson(options: OutputOptions = {}): DocumentWriter {
  if (!options.several) {
    return textDocument({
      page: (page) => `${indented(fullRecord(page))}\n`,
      failure: (failure) => `${indented(failureRecord(failure))}\n`,
    });
  }
  const entry = (record: object, index: number) => `${index > 0 ? ',\n' : ''}${indented(record).replace(/^/gm, '  ')}`;
  return textDocument({
    open: '[\n',
    page: (page, index) => entry(fullRecord(page), index),
    failure: (failure, index) => entry(failureRecord(failure), index),
    close: '\n]\n',
  });
}

/**
 * Readings as one line of JSON each, for files of many pictures. Left out against `openJson` are the single characters; a
 * line's or word's place is one `polygon`: the curve's points or the quad's, clockwise from the start of reading.
 */
export function openJsonl(): DocumentWriter {
  return textDocument({
    page: (page) => `${JSON.stringify(shortRecord(page))}\n`,
    failure: (failure) => `${JSON.stringify(failureRecord(failure))}\n`,
  });
}

function fullRecord({ reading, name }: Page): object {
  return {
    ...(name === undefined ? {} : { image: name }),
    ...reading,
    lines: reading.lines.map((line) => ({
      ...placed(line),
      ...(line.polygon ? { polygon: points(line.polygon) } : {}),
      words: line.words.map(placed),
      chars: line.chars.map(placed),
    })),
    blocks: reading.blocks.map((block) => ({ ...block, quad: points(block.quad) })),
    timings: milliseconds(reading.timings),
  };
}

function shortRecord({ reading, name }: Page): object {
  const { width, height, rotation, text, reader, models, provider, precision } = reading;
  return {
    ...(name === undefined ? {} : { image: name }),
    width,
    height,
    rotation,
    text,
    lines: reading.lines.map((line) => ({
      text: line.text,
      confidence: round(line.confidence, 4),
      polygon: points(outlineOf(line)),
      direction: line.direction,
      words: line.words.map((word) => ({
        text: word.text,
        confidence: round(word.confidence, 4),
        polygon: points(word.quad),
      })),
    })),
    blocks: reading.blocks.map((block) => ({ polygon: points(block.quad), lines: block.lines })),
    timings: milliseconds(reading.timings),
    reader,
    models,
    provider,
    precision,
  };
}

function failureRecord({ name, code, message }: PageFailure): object {
  return { image: name, error: { code, message } };
}

function placed<T extends Line | Word | Char>(item: T): T {
  return { ...item, confidence: round(item.confidence, 4), quad: points(item.quad) as Quad };
}

/** Hundredths of a pixel are more than any network resolves. */
function points(polygon: readonly Point[]): Point[] {
  return polygon.map(([x, y]) => [round(x, 2), round(y, 2)]);
}

function milliseconds(timings: Timings): Timings {
  return Object.fromEntries(Object.entries(timings).map(([stage, ms]) => [stage, round(ms, 3)])) as unknown as Timings;
}

/**
 * JSON with two spaces of indentation, lists of numbers and of points on one line each. Raw line feeds occur in
 * `JSON.stringify`'s output only between tokens, so text is never touched.
 */
function indented(value: object): string {
  const onOneLine = (list: string) => list.replace(/\n\s*/g, ' ').replace('[ ', '[').replace(/ \]$/, ']');
  return JSON.stringify(value, null, 2)
    .replace(/\[\n\s*-?\d[^[\]{}"]*\]/g, onOneLine)
    .replace(/\[\n\s*\[[-\d., e+]+\](?:,\n\s*\[[-\d., e+]+\])*\n\s*\]/g, onOneLine);
}
