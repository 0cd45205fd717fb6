import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { seededRandom } from '../harness/chance.mjs';
import { cacheFolder } from '../harness/folders.mjs';
import { drawnPictures } from '../harness/pictures.mjs';

/** Pixels, from and to. */
export const sizeClasses = [
  { name: 'up to 0.25 megapixels', from: 40_000, to: 250_000 },
  { name: '0.25 to 1 megapixel', from: 250_000, to: 1_000_000 },
  { name: '1 to 4 megapixels', from: 1_000_000, to: 4_000_000 },
  { name: '4 to 12 megapixels', from: 4_000_000, to: 12_000_000 },
];

/** So many pictures, each of them in many sizes. */
const mostOriginals = 8;
/** A side is up to this much longer or shorter than the picture's shape makes it. */
const mostStretch = 1.15;

/**
 * Scales pictures to sizes by chance, class after class in turns, into the cache.
 * @param {import('../harness/pictures.mjs').PictureSet[]} sets
 * @param {number} count
 * @param {number} seed
 * @param {(text: string) => void} progress
 * @returns {Promise<{ file: string, sizeClass: number, original: number }[]>}
 */
export async function drawSizes(sets, count, seed, progress) {
  const random = seededRandom(seed);
  const originals = [...new Set(drawnPictures(sets, 20 * mostOriginals, seed))].slice(0, mostOriginals);
  const folder = join(cacheFolder, 'stream');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const items = [];
  for (let i = 0; i < count; i++) {
    const sizeClass = i % sizeClasses.length;
    const original = Math.floor(i / sizeClasses.length) % originals.length;
    const file = join(folder, `${i}.jpg`);
    await scale(originals[original], file, sizeClasses[sizeClass], random);
    items.push({ file, sizeClass, original });
    progress(`${i + 1} of ${count} pictures drawn`);
  }
  return items;
}

async function scale(from, to, { from: least, to: most }, random) {
  const { width, height } = (await sharp(from).metadata()).autoOrient;
  // Even in the logarithm; the stretch must not lead out of the class.
  const pixels = least * mostStretch * (most / least / mostStretch ** 2) ** random();
  const stretch = mostStretch ** (2 * random() - 1);
  const scaled = Math.sqrt(pixels / (width * height));
  const size = [width * scaled * stretch, height * scaled].map((side) => Math.max(8, Math.round(side)));
  await sharp(from)
    .autoOrient()
    .flatten({ background: 'white' })
    .resize(size[0], size[1], { fit: 'fill' })
    .jpeg({ quality: 90 })
    .toFile(to);
}
