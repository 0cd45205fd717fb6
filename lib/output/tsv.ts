import type { Point, Reading } from '../reading.ts';
import { type DocumentWriter, textDocument } from './document.ts';
import { decimal, outlineOf, pixelBoundsOf } from './frames.ts';
import { spacedWords } from './words.ts';

const columns = [
  'level',
  'page_num',
  'block_num',
  'par_num',
  'line_num',
  'word_num',
  'left',
  'top',
  'width',
  'height',
  'conf',
  'text',
];

const level = { page: 1, block: 2, paragraph: 3, line: 4, word: 5 } as const;

/**
 * Tesseract's TSV, so that what reads that reads this: a heading, then a row a page, block, paragraph, line and word
 * (levels 1 to 5). Only words have text and a confidence, 0 to 100; the others have -1. A block is one paragraph;
 * numbers count from 1 within their parent; boxes are upright, in whole pixels. Several pictures are pages 1, 2, … under one
 * heading.
 */
export function openTsv(): DocumentWriter {
  return textDocument({ open: heading, page: ({ reading }, index) => rowsOf(reading, index + 1) });
}

const heading = `${columns.join('\t')}\n`;

function rowsOf(reading: Reading, page: number): string {
  const rows: string[] = [];
  const add = (depth: number, numbers: number[], points: readonly Point[], confidence = '-1', text = '') => {
    const { left, top, right, bottom } = pixelBoundsOf(points, reading);
    const place = [...numbers, 0, 0, 0, 0].slice(0, 4);
    rows.push([depth, page, ...place, left, top, right - left, bottom - top, confidence, text].join('\t'));
  };
  add(
    level.page,
    [],
    [
      [0, 0],
      [reading.width, reading.height],
    ],
  );
  reading.blocks.forEach((block, blockIndex) => {
    add(level.block, [blockIndex + 1], block.quad);
    add(level.paragraph, [blockIndex + 1, 1], block.quad);
    block.lines.forEach((lineNumber, lineIndex) => {
      const line = reading.lines[lineNumber]!;
      add(level.line, [blockIndex + 1, 1, lineIndex + 1], outlineOf(line));
      spacedWords(line).forEach((word, wordIndex) => {
        const numbers = [blockIndex + 1, 1, lineIndex + 1, wordIndex + 1];
        add(level.word, numbers, word.quad, decimal(word.confidence * 100), oneCell(word.text));
      });
    });
  });
  return `${rows.join('\n')}\n`;
}

/** TSV has no escapes: what would end a cell or a row becomes a space. */
function oneCell(text: string): string {
  return text.replace(/[\t\r\n\u2028\u2029]/g, ' ');
}
