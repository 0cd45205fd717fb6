import type { Direction, Point, Reading } from '../reading.ts';
import { decimal, descentShare, type Frame, frameOf } from './frames.ts';
import { fontNames, type InvisibleFont } from './pdf-font.ts';
import { charactersOf, isRightToLeftScript, spacedWords } from './words.ts';

/** Words smaller than this in points, as degenerate quads give, are set at this size. */
const smallestSize = 0.1;

/**
 * Content operators that set a reading's words, invisibly (text rendering mode 3), each stretched and turned onto its
 * quad, in reading order.
 * @param pixel the size of a pixel in points
 */
export function textOperators(reading: Reading, font: InvisibleFont, pixel: number): string {
  const operators: string[] = [];
  for (const block of reading.blocks) {
    for (const index of block.lines) {
      const line = reading.lines[index]!;
      const words = spacedWords(line);
      words.forEach((word, position) => {
        // Some readers (PDFium) do not see where a line ends; a space keeps its last word apart from what follows.
        const isLast = position === words.length - 1;
        const text = word.spaceAfter || isLast ? `${word.text} ` : word.text;
        const frame = scaled(frameOf(word.quad), reading.height, pixel);
        operators.push(wordOperators(line.direction, frame, text, word.text, font));
      });
    }
  }
  return operators.length === 0 ? '' : `BT\n3 Tr\n${operators.join('')}ET\n`;
}

/** @param inked what of `text` the frame holds: all but the space that follows it */
function wordOperators(direction: Direction, frame: Frame, text: string, inked: string, font: InvisibleFont): string {
  if (direction === 'ttb') return verticalOperators(frame, text, inked, font);
  if (direction === 'rtl') return rightToLeftOperators(frame, text, inked, font);
  return horizontalOperators(frame, text, inked, font);
}

function horizontalOperators(frame: Frame, text: string, inked: string, font: InvisibleFont): string {
  const { advance } = font.encode(inked);
  const stretch = (100 * frame.width) / (advance * frame.height);
  const origin = pointIn(frame, -frame.width / 2, frame.height * (0.5 - descentShare));
  return show(fontNames.horizontal, frame.height, stretch, frame, 1, origin, font.encode(text).hex);
}

/**
 * Signs that set Chinese from right to left: readers that sort text by place would turn it round, were it set in place
 * from left to right; text that stands on its head runs from right to left. Scripts that are written so are put
 * in the order in which they are seen, which readers expect of them.
 */
function rightToLeftOperators(frame: Frame, text: string, inked: string, font: InvisibleFont): string {
  if (!isRightToLeftScript(inked)) {
    const along: Point = [-frame.along[0], -frame.along[1]];
    const down: Point = [-frame.down[0], -frame.down[1]];
    return horizontalOperators({ ...frame, along, down }, text, inked, font);
  }
  const seen = charactersOf(inked).reverse().join('');
  return horizontalOperators(frame, text === inked ? seen : `${seen} `, seen, font);
}

/** A column: the vertical font's origin is the top center of a character's cell, 0.88 em above its baseline. */
function verticalOperators(frame: Frame, text: string, inked: string, font: InvisibleFont): string {
  const cell = frame.height / font.encodeVertical(inked).length;
  const origin = pointIn(frame, 0, -frame.height / 2);
  return show(fontNames.vertical, cell, 100, frame, frame.width / cell, origin, font.encodeVertical(text).hex);
}

function show(
  name: string,
  size: number,
  stretch: number,
  { along, down }: Frame,
  widen: number,
  origin: Point,
  hex: string,
): string {
  const matrix = [along[0] * widen, along[1] * widen, -down[0], -down[1]].map((value) => decimal(value, 5));
  const place = origin.map((value) => decimal(value, 3));
  return `/${name} ${decimal(size, 3)} Tf ${decimal(stretch, 3)} Tz ${matrix.join(' ')} ${place.join(' ')} Tm <${hex}> Tj\n`;
}

/** A frame in PDF's space: points, y up. */
function scaled(frame: Frame, pageHeight: number, pixel: number): Frame {
  return {
    center: [frame.center[0] * pixel, (pageHeight - frame.center[1]) * pixel],
    along: [frame.along[0], -frame.along[1]],
    down: [frame.down[0], -frame.down[1]],
    width: Math.max(frame.width * pixel, smallestSize),
    height: Math.max(frame.height * pixel, smallestSize),
  };
}

function pointIn({ center, along, down }: Frame, x: number, y: number): Point {
  return [center[0] + along[0] * x + down[0] * y, center[1] + along[1] * x + down[1] * y];
}
