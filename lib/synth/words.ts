import type { Point, Quad } from '../reading.ts';
import type { TrueCharacter, TrueLine } from './truth.ts';

/** A stretch of a line between blanks. */
export interface TrueWord {
  text: string;
  /** The smallest rectangle along the word that holds its ink, clockwise from the top-left of the reading direction. */
  poly: Quad;
  characters: TrueCharacter[];
}

/** The words of a line whose drawing tells where its characters stand. */
export function wordsOf(line: TrueLine): TrueWord[] {
  return charactersByWord(line)
    .filter((characters) => characters.length > 0)
    .map((characters) => ({
      text: characters.map(({ text }) => text).join(''),
      poly: rectangleAlong(directionOf(line, characters), characters),
      characters,
    }));
}

/** The characters of a line's words: blanks part them. */
export function charactersByWord({ text, characters = [] }: Pick<TrueLine, 'text' | 'characters'>): TrueCharacter[][] {
  let next = 0;
  return text
    .split(/\s+/u)
    .filter((word) => word !== '')
    .map((word) => {
      const first = next;
      // A letter may have several code units, and marks that combine with it.
      for (let length = 0; length < word.length && next < characters.length; next++) {
        length += characters[next]!.text.length;
      }
      return characters.slice(first, next);
    });
}

/** The line's own direction, or that of the word in a line that bends. */
function directionOf(line: TrueLine, characters: readonly TrueCharacter[]): Point {
  const [first, last] = [characters[0]!, characters.at(-1)!];
  const [start, end] =
    line.polygon && characters.length > 1 ? [first.quad[0], last.quad[0]] : [line.poly[0], line.poly[1]];
  const length = Math.hypot(end[0] - start[0], end[1] - start[1]);
  return length > 0 ? [(end[0] - start[0]) / length, (end[1] - start[1]) / length] : [1, 0];
}

function rectangleAlong([ux, uy]: Point, characters: readonly TrueCharacter[]): Quad {
  const points = characters.flatMap(({ quad }) => quad);
  const along = points.map(([x, y]) => x * ux + y * uy);
  const across = points.map(([x, y]) => y * ux - x * uy);
  const at = (u: number, v: number): Point => [u * ux - v * uy, u * uy + v * ux];
  const [left, right] = [Math.min(...along), Math.max(...along)];
  const [top, bottom] = [Math.min(...across), Math.max(...across)];
  return [at(left, top), at(right, top), at(right, bottom), at(left, bottom)];
}
