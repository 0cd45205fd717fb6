import { slice } from '../geometry/quad.ts';
import type { Char, Line, Polygon, Quad, Word } from '../reading.ts';
import type { ReadChar } from '../stages/recognize-ctc.ts';
import type { FoundLine } from './lines.ts';

/** A found line as the Reading shows it: characters and words with their own quads, in the picture's coordinates. */
export function toLine(found: FoundLine, back: <T extends Polygon>(points: T) => T): Line {
  const place = (from: number, to: number): Quad => {
    const part = slice(found.run, from, to);
    return back(found.direction === 'ttb' ? upright(part) : part);
  };
  const line: Line = {
    text: found.text,
    confidence: found.confidence,
    quad: back(found.quad),
    direction: found.direction,
    words: words(found.chars, place),
    chars: found.chars.filter(({ text }) => text !== ' ').map((char) => toChar(char, place)),
  };
  if (found.polygon) line.polygon = back(found.polygon);
  return line;
}

/** The part of a column that runs down from its upper right corner, with the upper left corner first. */
function upright([topRight, bottomRight, bottomLeft, topLeft]: Quad): Quad {
  return [topLeft, topRight, bottomRight, bottomLeft];
}

type Place = (from: number, to: number) => Quad;

function toChar({ text, confidence, from, to }: ReadChar, place: Place): Char {
  return { text, confidence, quad: place(from, to) };
}

/** Cuts at spaces; a run of CJK characters is one word. */
function words(chars: readonly ReadChar[], place: Place): Word[] {
  const result: Word[] = [];
  let run: ReadChar[] = [];
  const close = () => {
    if (run.length > 0) result.push(toWord(run, place));
    run = [];
  };
  for (const char of chars) {
    if (char.text === ' ') close();
    else run.push(char);
  }
  close();
  return result;
}

function toWord(run: readonly ReadChar[], place: Place): Word {
  const from = Math.min(...run.map((char) => char.from));
  const to = Math.max(...run.map((char) => char.to));
  return {
    text: run.map((char) => char.text).join(''),
    confidence: run.reduce((sum, char) => sum + char.confidence, 0) / run.length,
    quad: place(from, to),
  };
}
