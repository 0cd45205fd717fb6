import {
  intersectionArea,
  type PolygonRegion,
  polygonRegion,
  regionCentroid,
  regionContains,
} from '../geometry/polygon-region.ts';
import type { TrueCharacter, TrueLine } from '../labels.ts';
import type { Point } from '../reading.ts';

interface Adopting {
  line: TrueLine;
  region: PolygonRegion;
  characters: TrueCharacter[];
}

/**
 * Gives loose characters to the lines in which they stand, in reading order, and tells from them how a line runs: downward, or
 * from the right. A character that stands in no line is a line of its own, after the others.
 */
export function adoptCharacters(lines: readonly TrueLine[], characters: readonly TrueCharacter[]): TrueLine[] {
  if (characters.length === 0) return [...lines];
  const adopting = lines.map((line): Adopting => ({ line, region: polygonRegion(line.polygon), characters: [] }));
  const orphans: TrueLine[] = [];
  for (const character of characters) {
    const parent = lineAround(character, adopting);
    if (parent) parent.characters.push(character);
    else orphans.push({ ...character, ignore: false, alternatives: [] });
  }
  return [...adopting.map(grown), ...orphans];
}

/** The line that covers most of the character, of those that have it in their text, or else of those around its center. */
function lineAround(character: TrueCharacter, adopting: readonly Adopting[]): Adopting | undefined {
  const region = polygonRegion(character.polygon);
  const center = regionCentroid(region)!;
  let best: { candidate: Adopting; rank: number } | undefined;
  for (const candidate of adopting) {
    const share = region.area > 0 ? intersectionArea(region, candidate.region) / region.area : 0;
    const isInside = regionContains(candidate.region, center);
    if (share === 0 && !isInside) continue;
    const isSpelled = candidate.line.text.includes(character.text);
    if (!isSpelled && !isInside) continue;
    const rank = share + (isSpelled ? 1 : 0);
    if (!best || rank > best.rank) best = { candidate, rank };
  }
  return best?.candidate;
}

function grown({ line, characters }: Adopting): TrueLine {
  if (characters.length === 0) return line;
  const placed = characters.map((character) => ({
    character,
    center: regionCentroid(polygonRegion(character.polygon))!,
  }));
  const runsDown = spread(placed, 1) > spread(placed, 0);
  const axis = runsDown ? 1 : 0;
  const forward = placed.sort((a, b) => a.center[axis] - b.center[axis]).map(({ character }) => character);
  const backward = forward.toReversed();
  const isBackward = spelled(backward, line.text) > spelled(forward, line.text);
  return {
    ...line,
    ...(runsDown ? { vertical: true } : {}),
    ...(isBackward && !runsDown ? { rightToLeft: true } : {}),
    characters: asSpelled(isBackward ? backward : forward, line.text),
  };
}

function spread(placed: readonly { center: Point }[], axis: 0 | 1): number {
  const values = placed.map(({ center }) => center[axis]);
  return Math.max(...values) - Math.min(...values);
}

/** How many of the characters come one after the other in the text. */
function spelled(characters: readonly TrueCharacter[], text: string): number {
  let from = 0;
  let count = 0;
  for (const character of characters) {
    const at = text.indexOf(character.text, from);
    if (at < 0) continue;
    from = at + character.text.length;
    count += 1;
  }
  return count;
}

/** The characters in the order of the text; those that it lacks last. */
function asSpelled(characters: readonly TrueCharacter[], text: string): TrueCharacter[] {
  const left = [...characters];
  const ordered: TrueCharacter[] = [];
  for (const letter of text) {
    const at = left.findIndex((character) => character.text === letter);
    if (at >= 0) ordered.push(...left.splice(at, 1));
  }
  return [...ordered, ...left];
}
