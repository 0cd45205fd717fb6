import { bounds, distance } from '../geometry/quad.ts';
import type { Point, Quad } from '../reading.ts';
import { type Board, boardOf } from './board.ts';
import { cameraOf } from './camera.ts';
import type { DrawnSample } from './drawn-sample.ts';
import type { Effects } from './effects.ts';
import { encodePicture, type Pixels } from './encoding.ts';
import { drawPaperLine } from './paper-line.ts';
import { type Homography, invert, multiply, project, rectangleToQuad } from './perspective.ts';
import { type Layer, takePicture } from './photograph.ts';
import type { LineSettings } from './plan.ts';
import type { Random } from './random.ts';
import { drawableLine, type Supplies } from './supplies.ts';
import { isIdeographic, type Script } from './text/languages.ts';
import { rectangle, type TrueLine } from './truth.ts';
import { poseOf, seenRectangle, straight } from './view.ts';
import { wordsOf } from './words.ts';

/** Letters are drawn as large as the crop or somewhat larger, pixels an em. */
const lettersPerHeight = 1.1;

/** Heights of crops before the sensor, pixels. */
const heights = [24, 56] as const;

/** Of the JPEG. */
const quality = 66;

/** Of a picture, in heights. */
const widest = 40;

/** Words that are less wide, in heights, are often cut out upright though they lean: of long lines nothing would be left. */
const short = 5;

/** Draws single lines of text, cut out as a detector would. */
export class LineDrawer {
  readonly #supplies: Supplies;
  readonly #settings: LineSettings;

  constructor(supplies: Supplies, settings: LineSettings) {
    this.#supplies = supplies;
    this.#settings = settings;
  }

  async draw(random: Random): Promise<DrawnSample> {
    const { effects, backgrounds } = this.#supplies;
    if (this.#settings.style === 'document') return drawPaperLine(random, this.#supplies);
    const line = (part: string, wish: { most: number; script?: Script }) =>
      drawableLine(random.fork(part), this.#supplies, wish);
    const text = line('text', { most: this.#settings.most });
    const hasNeighbors = effects.takes('neighbors', 0.25, random);
    const above = hasNeighbors && random.chance(0.7) ? [line('above', { most: 20, script: text.script })] : [];
    const below = hasNeighbors ? [line('below', { most: 20, script: text.script })] : [];
    const isWord = effects.takes('neighbors', 0.35, random);
    const height = random.integer(...heights);
    const behind = await backgrounds.crop(random.fork('background'), 8 * height, height);
    const board = boardOf(random.fork('board'), this.#supplies, {
      texts: [...above, text, ...below],
      main: above.length,
      size: lettersPerHeight * height,
      behind: behind.meanColorIn({ left: 0, top: 0, right: 8 * height, bottom: height }),
      margin: 0.7,
      hasCharacters: isWord,
    });
    const target = isWord ? wordOf(random.fork('word'), board.main) : board.main;
    const view = viewOf(random.fork('view'), target, effects, height);
    // Ideographs need more pixels than letters do: to the camera they are as if they were smaller.
    const textHeight = view.textHeight * (isIdeographic(text.script) ? 0.6 : 1);
    const camera = cameraOf(random.fork('camera'), effects, { width: view.width, height: view.height, textHeight });
    const pixels = await takePicture(behind, view, [layerOf(board, view)], camera);
    return {
      picture: await encodePicture(pixels, quality, effects, random.fork('jpeg')),
      record: recordOf(target, pixels, text.language),
      maps: {},
    };
  }
}

/** One word of a line, with its neighbors beside it; the line where it is one word, or runs otherwise. */
function wordOf(random: Random, line: TrueLine): TrueLine {
  const words = line.vertical || line.rtl ? [] : wordsOf(line);
  return words.length < 2 ? line : random.pick(words);
}

/** As much of a board as a view shows. */
function layerOf(board: Board, { matrix, width, height }: LineView): Layer {
  const seen = bounds(rectangle(0, 0, width, height).map((point) => project(matrix, point)));
  const part = {
    left: Math.min(Math.max(Math.floor(seen.left) - 1, 0), board.width - 1),
    top: Math.min(Math.max(Math.floor(seen.top) - 1, 0), board.height - 1),
    right: Math.max(Math.min(Math.ceil(seen.right) + 1, board.width), 1),
    bottom: Math.max(Math.min(Math.ceil(seen.bottom) + 1, board.height), 1),
  };
  const shift: Homography = [1, 0, -part.left, 0, 1, -part.top, 0, 0, 1];
  return { canvas: board.render(part), matrix: multiply(shift, matrix) };
}

interface LineView {
  /** From the picture's points to the board's. */
  matrix: Homography;
  width: number;
  height: number;
  /** Of the text in the picture, pixels. */
  textHeight: number;
}

/** Turns the board before the camera and cuts out what holds the line, more or less tightly. */
function viewOf(random: Random, { poly, vertical }: TrueLine, effects: Effects, height: number): LineView {
  const box = bounds(poly);
  const [boxWidth, boxHeight] = [box.right - box.left, box.bottom - box.top];
  const tilted = effects.takes('perspective', 0.55, random);
  const pose = tilted ? poseOf(random, boxWidth < short * boxHeight ? 0.4 : 0.2) : straight;
  const seen = seenRectangle(boxWidth, boxHeight, pose);
  const loose = effects.takes('margins', 0.8, random);
  // Less than nothing cuts into the letters.
  const thickness = vertical ? boxWidth : boxHeight;
  const margin = () => thickness * (loose ? random.between(-0.04, 0.12) + 0.4 * random.next() ** 6 : 0.08);
  // Detectors' corners are off by some pixels.
  const off = () => (tilted ? 0.04 * thickness * random.gaussian() : 0);
  const corners = seen.map(([x, y]): Point => [x + off(), y + off()]) as Quad;
  const around = bounds(corners);
  const [left, top] = [around.left - margin(), around.top - margin()];
  const [right, bottom] = [around.right + margin(), around.bottom + margin()];
  const [across, along] = vertical ? [right - left, bottom - top] : [bottom - top, right - left];
  const scale = Math.min(height / across, (widest * height) / along);
  const placed = corners.map(([x, y]): Point => [(x - left) * scale, (y - top) * scale]) as Quad;
  const toBoard = invert(rectangleToQuad(boxWidth, boxHeight, placed));
  const matrix = multiply([1, 0, box.left, 0, 1, box.top, 0, 0, 1], toBoard);
  return {
    matrix,
    width: Math.max(4, Math.round((right - left) * scale)),
    height: Math.max(4, Math.round((bottom - top) * scale)),
    textHeight: vertical ? distance(placed[0], placed[1]) : distance(placed[0], placed[3]),
  };
}

function recordOf({ text, vertical, rtl }: TrueLine, { width, height }: Pixels, language: string) {
  return {
    kind: 'crop',
    width,
    height,
    text,
    ...(vertical && { vertical }),
    ...(rtl && { rtl }),
    language,
  };
}
