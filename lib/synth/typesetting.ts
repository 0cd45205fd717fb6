import type { Canvas } from '@napi-rs/canvas';
import type { Point } from '../reading.ts';
import { type Lettering, writeLine } from './lettering.ts';
import type { TrueLine } from './truth.ts';

/** Breaks a paragraph into lines no wider than `width` pixels; a single longer word keeps a line of its own. */
function breakLines(canvas: Canvas, paragraph: string, lettering: Lettering, width: number): string[] {
  const context = canvas.getContext('2d');
  const lines: string[] = [];
  let line = '';
  for (const word of paragraph.split(/\s+/)) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && lettering.face.measure(context, longer, lettering.size).advance > width) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  if (line !== '') lines.push(line);
  return lines;
}

/**
 * Sets a column of paragraphs, ragged right, a half line between them.
 * @param origin the column's left edge and its first baseline
 * @param leading from baseline to baseline, pixels
 * @returns the lines, and the baseline that would come next
 */
export function setColumn(
  canvas: Canvas,
  paragraphs: readonly string[],
  origin: Point,
  width: number,
  leading: number,
  lettering: Lettering,
): { lines: TrueLine[]; next: number } {
  const lines: TrueLine[] = [];
  let y = origin[1];
  for (const paragraph of paragraphs) {
    for (const text of breakLines(canvas, paragraph, lettering, width)) {
      lines.push(writeLine(canvas, text, [origin[0], y], lettering));
      y += leading;
    }
    y += leading / 2;
  }
  return { lines, next: y };
}
