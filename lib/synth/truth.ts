import type { Canvas } from '@napi-rs/canvas';
import type { Point, Polygon, Quad } from '../reading.ts';

/** One character where it stands; blanks have none. */
export interface TrueCharacter {
  text: string;
  /** Around its ink, clockwise from the top-left of the reading direction. */
  quad: Quad;
}

/** A line of text whose place and spelling are known. */
export interface TrueLine {
  text: string;
  /** Around the ink, clockwise from the top-left of the reading direction. */
  poly: Quad;
  /** The outline of bent text, clockwise from the start of the reading direction. */
  polygon?: Polygon;
  vertical?: true;
  rtl?: true;
  /** In reading order, where the drawing tells them. */
  characters?: TrueCharacter[];
}

/** A drawing and what is written on it, in reading order. */
export interface Drawing {
  canvas: Canvas;
  lines: TrueLine[];
}

/** The axis-parallel rectangle as a quad, clockwise from the top-left. */
export function rectangle(left: number, top: number, right: number, bottom: number): Quad {
  return [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ];
}

/** The lines with every point moved by a function. */
export function mapLines(lines: readonly TrueLine[], move: (point: Point) => Point): TrueLine[] {
  return lines.map((line) => ({
    ...line,
    poly: line.poly.map(move) as Quad,
    ...(line.polygon ? { polygon: line.polygon.map(move) } : {}),
    ...(line.characters
      ? { characters: line.characters.map(({ text, quad }) => ({ text, quad: quad.map(move) as Quad })) }
      : {}),
  }));
}

/** One line of labels.jsonl, the scene format: pixels to one decimal, the whole text with it. */
export function labelOf(image: string, drawing: Drawing): string {
  const round = (points: Polygon): Polygon =>
    points.map(([x, y]) => [Math.round(x * 10) / 10, Math.round(y * 10) / 10]);
  return JSON.stringify({
    image,
    width: drawing.canvas.width,
    height: drawing.canvas.height,
    lines: drawing.lines.map(({ poly, polygon, characters: _, ...line }) => ({
      poly: round(poly),
      ...line,
      ...(polygon ? { polygon: round(polygon) } : {}),
    })),
    text: textOf(drawing),
    group: image,
  });
}

/** The lines in reading order, one a row. */
export function textOf(drawing: Drawing): string {
  return drawing.lines.map((line) => line.text).join('\n');
}
