import { type Canvas, createCanvas } from '@napi-rs/canvas';
import { median } from '../geometry/line-fit.ts';
import { type Box, bounds } from '../geometry/quad.ts';
import type { Polygon } from '../reading.ts';
import type { Crop } from './backgrounds.ts';
import { type Board, boardOf } from './board.ts';
import { cameraOf } from './camera.ts';
import { drawClutter } from './clutter.ts';
import { mix } from './colors.ts';
import type { DrawnSample } from './drawn-sample.ts';
import { encodeMap, encodePicture } from './encoding.ts';
import { paragraphFor } from './paragraph.ts';
import { identity, invert, project, rectangleToQuad } from './perspective.ts';
import { drawingContext, type Layer, pixelsOf, takePicture } from './photograph.ts';
import type { SceneSettings } from './plan.ts';
import type { Random } from './random.ts';
import { signboardOf } from './signboard.ts';
import type { Supplies } from './supplies.ts';
import { mapLines, type TrueLine } from './truth.ts';
import { truthMaps } from './truth-maps.ts';
import { placeAt, poseOf, seenRectangle, straight } from './view.ts';
import { wordsOf } from './words.ts';

/** Of the JPEG. */
const quality = 88;

/** Boards that are tried for; those that find no room are left out. */
const boards = [4, 16] as const;

/** Of letters, pixels an em: some large, most small. */
const sizes = [9, 260] as const;

/** Of boards, those that are cut up into cells with texts of different sizes. */
const signShare = 0.3;

/** Signs are drawn so much larger than they are seen. */
const oversize = 1.25;

/** Places that are tried for a board. */
const attempts = 12;

/** Smaller letters, pixels an em, are not drawn: nobody could read them. */
const leastLetters = 8;

interface FoundBoard {
  board: Board;
  /** Where it has to fit. */
  room: Box;
  /** Pixels of the picture for one of the board, at most. */
  largest: number;
}

interface PlacedBoard extends Layer {
  /** Where they are in the picture. */
  lines: TrueLine[];
  /** Pixels an em. */
  textHeight: number;
}

/** Draws pictures with many texts on planes of their own. */
export class SceneDrawer {
  readonly #supplies: Supplies;
  readonly #settings: SceneSettings;

  constructor(supplies: Supplies, settings: SceneSettings) {
    this.#supplies = supplies;
    this.#settings = settings;
  }

  async draw(random: Random): Promise<DrawnSample> {
    const { effects, backgrounds } = this.#supplies;
    const { size } = this.#settings;
    const background = await backgrounds.crop(random.fork('background'), size, size);
    const clutter = effects.takes('clutter', 0.75, random.fork('clutter?'))
      ? drawClutter(random.fork('clutter'), size)
      : undefined;
    const placed = this.#boards(random.fork('boards'), clutter ? before(background, clutter) : background);
    const heights = placed.map(({ textHeight }) => textHeight);
    // The camera blurs by what a text of the middle size can bear; pictures stay as large as they are asked for.
    const view = { width: size, height: size, textHeight: placed.length > 0 ? median(heights) : size };
    const { width: _, height: __, ...camera } = cameraOf(random.fork('camera'), effects, view);
    const layers = clutter ? [{ canvas: clutter, matrix: identity }, ...placed] : placed;
    const pixels = await takePicture(background, { width: size, height: size }, layers, camera);
    const lines = placed.flatMap((board) => board.lines);
    return {
      picture: await encodePicture(pixels, quality, effects, random.fork('jpeg')),
      record: { kind: 'scene', width: size, height: size, lines: lines.map(recordOf) },
      maps: await this.#maps(lines),
    };
  }

  #boards(random: Random, behind: Pick<Crop, 'meanColorIn'>): PlacedBoard[] {
    const placed: PlacedBoard[] = [];
    const taken: Box[] = [];
    const wanted = random.integer(...boards);
    for (let i = 0; i < wanted; i++) {
      const board = this.#board(random.fork(`board ${i}`), behind, taken);
      if (board) placed.push(board);
    }
    return placed;
  }

  /** A board where there is room for it; undefined where chance finds none. */
  #board(random: Random, behind: Pick<Crop, 'meanColorIn'>, taken: Box[]): PlacedBoard | undefined {
    const found = random.chance(signShare)
      ? this.#sign(random.fork('sign'), behind, taken)
      : this.#text(random.fork('text'), behind, taken);
    if (!found) return undefined;
    const { board, room, largest } = found;
    const { width, height, size } = board;
    const pose = this.#supplies.effects.takes('perspective', 0.6, random) ? poseOf(random.fork('pose')) : straight;
    const seen = seenRectangle(width, height, pose);
    const around = bounds(seen);
    const [wide, high] = [around.right - around.left, around.bottom - around.top];
    const scale = Math.min(largest, (room.right - room.left) / wide, (room.bottom - room.top) / high);
    const textHeight = scale * size;
    if (textHeight < leastLetters) return undefined;
    const left = random.between(room.left, room.right - scale * wide);
    const top = random.between(room.top, room.bottom - scale * high);
    const quad = placeAt(seen, scale, left, top);
    taken.push({ left, top, right: left + scale * wide, bottom: top + scale * high });
    const toPicture = rectangleToQuad(width, height, quad);
    const lines = mapLines(board.lines, (point) => project(toPicture, point));
    return { canvas: board.render(), matrix: invert(toPicture), lines, textHeight };
  }

  /** One text, or several of one size. */
  #text(random: Random, behind: Pick<Crop, 'meanColorIn'>, taken: readonly Box[]): FoundBoard | undefined {
    const { size: side } = this.#settings;
    const letters = sizes[0] * (sizes[1] / sizes[0]) ** (random.next() ** 1.4);
    const room = roomFor(random.fork('place'), side, taken, (place) => ({
      width: letters * place.between(3, 16),
      height: letters * place.between(1.6, 9),
    }));
    if (!room) return undefined;
    const { texts, areColumns } = paragraphFor(random.fork('texts'), this.#supplies, {
      width: (room.right - room.left) / letters,
      height: (room.bottom - room.top) / letters,
    });
    const drawn = Math.min(Math.max(1.25 * letters, 16), 160);
    const board = boardOf(random.fork('board'), this.#supplies, {
      texts,
      size: drawn,
      behind: behind.meanColorIn(room),
      margin: random.between(0.25, 0.7),
      hasCharacters: true,
      vertical: areColumns ? 1 : 0,
    });
    return { board, room, largest: letters / drawn };
  }

  #sign(random: Random, behind: Pick<Crop, 'meanColorIn'>, taken: readonly Box[]): FoundBoard | undefined {
    const { size: side } = this.#settings;
    const room = roomFor(random.fork('place'), side, taken, (place) => {
      const [area, aspect] = [(side * place.between(0.15, 0.8)) ** 2, 4 ** place.between(-0.8, 1)];
      return { width: Math.sqrt(area * aspect), height: Math.sqrt(area / aspect) };
    });
    if (!room) return undefined;
    const board = signboardOf(random.fork('board'), this.#supplies, {
      width: Math.ceil(oversize * (room.right - room.left)),
      height: Math.ceil(oversize * (room.bottom - room.top)),
      least: 1.2 * oversize * leastLetters,
      behind: behind.meanColorIn(room),
    });
    return board && { board, room, largest: 1 };
  }

  async #maps(lines: readonly TrueLine[]): Promise<Record<string, Uint8Array>> {
    const { size, maps, mapScale } = this.#settings;
    if (maps === 'none') return {};
    const options = { scale: 1 / mapScale, preset: maps };
    const { region, affinity, width, height } = await truthMaps(lines, size, size, options, drawingContext());
    return {
      'region.png': await encodeMap(region, width, height),
      'affinity.png': await encodeMap(affinity, width, height),
    };
  }
}

/** Pixels a side of the small picture that tells colors. */
const coarse = 48;

/** What one sees where clutter stands before a background. */
function before(background: Crop, clutter: Canvas): Pick<Crop, 'meanColorIn'> {
  const small = createCanvas(coarse, coarse);
  small.getContext('2d').drawImage(clutter, 0, 0, coarse, coarse);
  const pixels = pixelsOf(small);
  const cell = (place: number) => Math.min(coarse - 1, Math.max(0, Math.floor((place * coarse) / clutter.width)));
  return {
    meanColorIn(part) {
      const [x, y] = [cell((part.left + part.right) / 2), cell((part.top + part.bottom) / 2)];
      const [red, green, blue, opacity] = pixels.subarray(4 * (y * coarse + x), 4 * (y * coarse + x) + 4);
      return mix(background.meanColorIn(part), [red!, green!, blue!], opacity! / 255);
    },
  };
}

/** A free part of the picture of a size to be drawn anew for each attempt; undefined where none is found. */
function roomFor(
  random: Random,
  side: number,
  taken: readonly Box[],
  sizeOf: (random: Random) => { width: number; height: number },
): Box | undefined {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const size = sizeOf(random);
    const width = Math.min(size.width, 0.96 * side);
    const height = Math.min(size.height, 0.96 * side);
    const left = random.between(0, side - width);
    const top = random.between(0, side - height);
    const room = { left, top, right: left + width, bottom: top + height };
    if (!taken.some((other) => overlap(room, other))) return room;
  }
  return undefined;
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

function recordOf(line: TrueLine) {
  const { text, poly, polygon, vertical, rtl } = line;
  return {
    poly: rounded(polygon ?? poly),
    text,
    ...(vertical && { vertical }),
    ...(rtl && { rtl }),
    words: wordsOf(line).map((word) => ({
      poly: rounded(word.poly),
      text: word.text,
      characters: word.characters.map(({ text: letter, quad }) => ({ poly: rounded(quad), text: letter })),
    })),
  };
}

/** To a tenth of a pixel. */
function rounded(points: Polygon): Polygon {
  return points.map(([x, y]) => [Math.round(10 * x) / 10, Math.round(10 * y) / 10]);
}
