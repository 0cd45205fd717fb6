import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { PlacardError } from '../errors.ts';
import type { Box } from '../geometry/quad.ts';
import { type Context, type NativeImage, native } from '../native.ts';
import type { Point } from '../reading.ts';
import type { Rgb } from './colors.ts';
import { type Homography, project } from './perspective.ts';
import { Random } from './random.ts';
import { drawTexture } from './textures.ts';

export interface BackgroundOptions {
  /** Where pixels are copied into native memory. */
  context: Context;
  /** The materials folder, whose backgrounds/*.webp are taken; textures alone without it. */
  folder?: string;
  /** The longer side that photographs are kept at, pixels; 384 by default. */
  side?: number;
  /** How many procedural textures there are; 48 by default. */
  textures?: number;
  /** Pixels of so many bytes are kept at most; 384 MiB by default. */
  keptBytes?: number;
}

/** A part of a background. */
export interface Crop {
  /** Shared by crops: not to be disposed. */
  image: NativeImage;
  /** Row by row, from the picture's points to the image's; a pixel's center is at .5. Beyond its border it goes on mirrored. */
  matrix: Float32Array;
  /** The mean of what a part of the picture shows. */
  meanColorIn(part: Box): Rgb;
}

interface Background {
  image: NativeImage;
  bytes: number;
  /** Mean colors of cellsPerSide x cellsPerSide parts, RGB. */
  cells: Float32Array;
}

/** Textures go on for ever and need not be larger. */
const textureSide = 384;

const cellsPerSide = 16;
/** Points of a picture, a side, whose cells make up its mean color. */
const probesPerSide = 5;

/** The share of crops that are of photographs, where there are any. */
const photographShare = 0.6;

/** Photographs and textures to lay texts on. What it gives depends on its options and the random numbers alone. */
export class Backgrounds {
  readonly #options: Required<Omit<BackgroundOptions, 'folder'>>;
  readonly #photographs: readonly string[];
  /** By number, photographs first; the last used at the end. */
  readonly #kept = new Map<number, Background>();
  readonly #loading = new Map<number, Promise<Background>>();
  #keptBytes = 0;

  private constructor(options: BackgroundOptions, photographs: readonly string[]) {
    const { context, side = 384, textures = 48, keptBytes = 384 * 2 ** 20 } = options;
    this.#options = { context, side, textures, keptBytes };
    this.#photographs = photographs;
  }

  /** Throws ERR_PLACARD_MATERIALS_MISSING where the folder has no backgrounds. */
  static async open(options: BackgroundOptions): Promise<Backgrounds> {
    return new Backgrounds(options, options.folder === undefined ? [] : await listPhotographs(options.folder));
  }

  /**
   * A part of any background for a picture of the given size: near or far, mirrored or turned.
   *
   * Rejects with ERR_PLACARD_DECODE_FAILED where a photograph of the folder is broken.
   */
  async crop(random: Random, width: number, height: number): Promise<Crop> {
    const isPhotograph = this.#photographs.length > 0 && random.chance(photographShare);
    const index = isPhotograph
      ? random.integer(0, this.#photographs.length - 1)
      : this.#photographs.length + random.integer(0, this.#options.textures - 1);
    const { image, cells } = await this.#background(index);
    const matrix = placement(random, [width, height], [image.width, image.height], isPhotograph);
    return { image, matrix: Float32Array.from(matrix), meanColorIn: (part) => meanOf(cells, image, matrix, part) };
  }

  /** Frees the pixels; crops must not be used any more. */
  async dispose(): Promise<void> {
    await Promise.allSettled(this.#loading.values());
    for (const { image } of this.#kept.values()) image.dispose();
    this.#kept.clear();
    this.#keptBytes = 0;
  }

  #background(index: number): Background | Promise<Background> {
    const kept = this.#kept.get(index);
    if (kept) {
      this.#kept.delete(index);
      this.#kept.set(index, kept);
      return kept;
    }
    let loading = this.#loading.get(index);
    if (!loading) {
      loading = this.#load(index).finally(() => this.#loading.delete(index));
      this.#loading.set(index, loading);
    }
    return loading;
  }

  async #load(index: number): Promise<Background> {
    const { context, side } = this.#options;
    const path = this.#photographs[index];
    const { data, width, height } = await (path === undefined
      ? textureOf(index - this.#photographs.length)
      : decodePhotograph(path, side));
    const image = await native().imageFromPixels(context, { data, width, height, channels: 3 });
    const background = { image, bytes: data.length, cells: cellMeans(data, width, height) };
    this.#keep(index, background);
    return background;
  }

  /** Forgets what was not used for the longest time; crops that are in use keep their image alive. */
  #keep(index: number, background: Background): void {
    this.#kept.set(index, background);
    this.#keptBytes += background.bytes;
    for (const [oldest, { bytes }] of this.#kept) {
      if (this.#keptBytes <= this.#options.keptBytes || oldest === index) return;
      this.#kept.delete(oldest);
      this.#keptBytes -= bytes;
    }
  }
}

interface Pixels {
  /** RGB. */
  data: Uint8Array;
  width: number;
  height: number;
}

/** The same texture for the same number, whichever worker draws it. */
function textureOf(number: number): Pixels {
  return { data: drawTexture(new Random(`texture/${number}`), textureSide), width: textureSide, height: textureSide };
}

async function listPhotographs(folder: string): Promise<string[]> {
  const home = join(folder, 'backgrounds');
  const names = (await readdir(home).catch(() => [])).filter((name) => name.endsWith('.webp'));
  if (names.length === 0) {
    throw new PlacardError(
      'MATERIALS_MISSING',
      `${home} holds no pictures (*.webp). Make them with "npm run materials -- ${folder}".`,
    );
  }
  return names.sort().map((name) => join(home, name));
}

async function decodePhotograph(path: string, side: number): Promise<Pixels> {
  try {
    const { data, info } = await sharp(path)
      .resize(side, side, { fit: 'inside', withoutEnlargement: true })
      .toColorspace('srgb')
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    return { data, width: info.width, height: info.height };
  } catch (error) {
    throw new PlacardError('DECODE_FAILED', `${path}: ${(error as Error).message}`, { cause: error });
  }
}

/**
 * Where a picture lies on a background: a photograph nearly upright and all of it inside where it fits, a texture turned by
 * quarters and anywhere, as it goes on for ever.
 */
function placement(random: Random, picture: Point, image: Point, isPhotograph: boolean): Homography {
  const turn = isPhotograph ? random.between(-0.08, 0.08) : (random.integer(0, 3) * Math.PI) / 2;
  const mirror = random.chance(0.5) ? -1 : 1;
  const largest = isPhotograph ? Math.min(1.2, image[0] / picture[0], image[1] / picture[1]) : 1.2;
  // Image pixels that a pixel of the picture takes; few of them make a blurred close view.
  const scale = Math.exp(random.between(Math.log(Math.min(0.3, largest)), Math.log(largest)));
  const [cos, sin] = [scale * Math.cos(turn), scale * Math.sin(turn)];
  const [a, b, c, d] = [mirror * cos, -sin, mirror * sin, cos];
  const [x, y] = image.map((length, axis) => {
    const room = isPhotograph ? Math.max(0, length - scale * picture[axis]!) : length;
    return length / 2 + room * (random.next() - 0.5);
  }) as [number, number];
  const [halfWidth, halfHeight] = [picture[0] / 2, picture[1] / 2];
  return [a, b, x - a * halfWidth - b * halfHeight, c, d, y - c * halfWidth - d * halfHeight, 0, 0, 1];
}

/** Of every other pixel of every other row: means need no more. */
function cellMeans(pixels: Uint8Array, width: number, height: number): Float32Array {
  const sums = new Float64Array(cellsPerSide * cellsPerSide * 4);
  for (let y = 0; y < height; y += 2) {
    const row = Math.floor((y * cellsPerSide) / height) * cellsPerSide;
    for (let x = 0; x < width; x += 2) {
      const cell = 4 * (row + Math.floor((x * cellsPerSide) / width));
      const at = 3 * (y * width + x);
      sums[cell]! += pixels[at]!;
      sums[cell + 1]! += pixels[at + 1]!;
      sums[cell + 2]! += pixels[at + 2]!;
      sums[cell + 3]! += 1;
    }
  }
  return Float32Array.from({ length: cellsPerSide * cellsPerSide * 3 }, (_, i) => {
    const cell = 4 * Math.floor(i / 3);
    return sums[cell + (i % 3)]! / Math.max(1, sums[cell + 3]!);
  });
}

function meanOf(cells: Float32Array, image: NativeImage, matrix: Homography, part: Box): Rgb {
  const [width, height] = [part.right - part.left, part.bottom - part.top];
  const mean: [number, number, number] = [0, 0, 0];
  for (let probe = 0; probe < probesPerSide ** 2; probe++) {
    const [column, row] = [probe % probesPerSide, Math.floor(probe / probesPerSide)];
    const point: Point = [
      part.left + ((column + 0.5) / probesPerSide) * width,
      part.top + ((row + 0.5) / probesPerSide) * height,
    ];
    const [x, y] = project(matrix, point);
    const cell = mirroredCell(y / image.height) * cellsPerSide + mirroredCell(x / image.width);
    for (let channel = 0; channel < 3; channel++) mean[channel]! += cells[3 * cell + channel]! / probesPerSide ** 2;
  }
  return mean;
}

/** The cell of a place, 0 … 1 inside the image and mirrored beyond. */
function mirroredCell(place: number): number {
  const folded = Math.abs(((((place + 1) % 2) + 2) % 2) - 1);
  return Math.min(cellsPerSide - 1, Math.floor(folded * cellsPerSide));
}
