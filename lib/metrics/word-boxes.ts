import { minAreaRectangle } from '../geometry/min-area-rectangle.ts';
import { distance } from '../geometry/quad.ts';
import type { Point, Polygon, Quad } from '../reading.ts';
import { textWidth } from './character-width.ts';
import { splitWords } from './text-normalization.ts';

export interface WordBox {
  polygon: Polygon;
  text: string;
}

/**
 * A line cut at its spaces, its box in proportion to the widths of the characters along the longer pair of sides.
 * A polygon that is no quad is cut as the smallest rectangle around it; one without area, or a single word, stays whole.
 */
export function splitIntoWords(polygon: Polygon, text: string): WordBox[] {
  if (polygon.length === 0) return [];
  const words = splitWords(text);
  if (words.length < 2) return [{ polygon, text }];
  const quad = polygon.length === 4 ? (polygon as Quad) : minAreaRectangle(polygon);
  if (!quad) return [{ polygon, text }];
  const [start0, end0, start1, end1] = longSides(quad);
  const total = textWidth(words.join(' '));
  let x = 0;
  return words.map((word) => {
    const from = x / total;
    const to = (x + textWidth(word)) / total;
    x += textWidth(word) + 1;
    const box = [
      along(start0, end0, from),
      along(start0, end0, to),
      along(start1, end1, to),
      along(start1, end1, from),
    ];
    return { polygon: box, text: word };
  });
}

/** Start and end of both sides that the text runs along: the upper and lower ones, or of a tall quad the right and left ones. */
function longSides([p0, p1, p2, p3]: Quad): [Point, Point, Point, Point] {
  return distance(p0, p1) >= distance(p0, p3) ? [p0, p1, p3, p2] : [p1, p2, p0, p3];
}

function along(a: Point, b: Point, share: number): Point {
  return [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share];
}
