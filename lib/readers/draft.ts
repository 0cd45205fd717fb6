import { sliceBent } from '../geometry/bent.ts';
import { bounds, boxQuad, slice, turnBack } from '../geometry/quad.ts';
import type { Char, Line, Polygon, Quad, Rotation, Word } from '../reading.ts';
import { orderLines, textOf } from '../stages/order.ts';
import type { ReadChar } from '../stages/recognize-ctc.ts';
import type { FoundLine } from './lines.ts';
import type { Draft } from './reader.ts';

/** Lines in reading order and in blocks, in the coordinates of the picture before it was turned by `rotation`. */
export function toDraft(
  lines: readonly FoundLine[],
  rotation: Rotation,
  { width, height }: { width: number; height: number },
): Draft {
  const blocks = orderLines(lines);
  const ordered = blocks.flat();
  const index = new Map(ordered.map((line, i) => [line, i]));
  const back = <T extends Polygon>(points: T): T => turnBack(points, rotation, width, height);
  return {
    text: textOf(blocks),
    rotation,
    lines: ordered.map((line) => toLine(line, back)),
    blocks: blocks.map((block) => ({
      quad: back(boxQuad(bounds(block.flatMap((line) => line.quad)))),
      lines: block.map((line) => index.get(line)!),
    })),
  };
}

/** A draft of a part of a picture in the whole picture's coordinates. */
export function moveDraft(draft: Draft, left: number, top: number): Draft {
  const move = (quad: Quad): Quad => quad.map(([x, y]) => [x + left, y + top]) as Quad;
  return {
    text: draft.text,
    rotation: draft.rotation,
    blocks: draft.blocks.map((block) => ({ ...block, quad: move(block.quad) })),
    lines: draft.lines.map((line) => ({
      ...line,
      quad: move(line.quad),
      ...(line.polygon && { polygon: line.polygon.map(([x, y]): [number, number] => [x + left, y + top]) }),
      words: line.words.map((word) => ({ ...word, quad: move(word.quad) })),
      chars: line.chars.map((char) => ({ ...char, quad: move(char.quad) })),
    })),
  };
}

/** A found line as the Reading shows it: characters and words with their own quads, in the picture's coordinates. */
export function toLine(found: FoundLine, back: <T extends Polygon>(points: T) => T): Line {
  const place = (from: number, to: number): Quad => {
    if (found.isBent && found.polygon) return back(sliceBent(found.polygon, from, to));
    const part = slice(found.run, from, to);
    return back(found.direction === 'ttb' ? upright(part) : part);
  };
  const line: Line = {
    text: found.text,
    confidence: found.confidence,
    quad: back(found.quad),
    direction: found.direction,
    ...(found.raw !== undefined && { raw: found.raw }),
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

function words(chars: readonly ReadChar[], place: Place): Word[] {
  return cutAtSpaces(chars).map((run) => toWord(run, place));
}

/** The characters of each word; a run of CJK characters is one. */
export function cutAtSpaces(chars: readonly ReadChar[]): ReadChar[][] {
  const runs: ReadChar[][] = [[]];
  for (const char of chars) {
    if (char.text === ' ') runs.push([]);
    else runs.at(-1)!.push(char);
  }
  return runs.filter((run) => run.length > 0);
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
