import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, extname, join, resolve } from 'node:path';
import { seededRandom, shuffled } from './chance.mjs';

const pictureEndings = new Set(['.jpg', '.jpeg', '.png', '.webp', '.avif', '.tif', '.tiff', '.gif']);

/**
 * Pictures of a folder: of a data set (docs/labels.md) in its order, else all there are below it, by name.
 * @typedef {{ name: string, folder: string, labeled: boolean, pictures: { image: string, file: string }[] }} PictureSet
 * @param {string} folder
 * @param {number} [limit] most pictures
 * @returns {PictureSet}
 */
export function readSet(folder, limit) {
  const labels = join(folder, 'labels.jsonl');
  const labeled = existsSync(labels);
  const images = labeled ? labeledImages(labels) : imagesBelow(folder);
  if (images.length === 0) throw new Error(`There are no pictures in ${folder}.`);
  const pictures = images.slice(0, limit).map((image) => ({ image, file: join(resolve(folder), image) }));
  return { name: basename(resolve(folder)), folder, labeled, pictures };
}

/**
 * Pictures of several sets in a seeded order: a set by chance, its pictures shuffled, and again from the start where they run
 * out. Each set has the same share, however many pictures it holds.
 * @param {PictureSet[]} sets
 * @param {number} count
 * @param {number} seed
 * @returns {string[]} paths
 */
export function drawnPictures(sets, count, seed) {
  const random = seededRandom(seed);
  const decks = sets.map(({ pictures }) => ({ files: shuffled(pictures, random).map(({ file }) => file), next: 0 }));
  return Array.from({ length: count }, () => {
    const deck = decks[Math.floor(random() * decks.length)];
    return deck.files[deck.next++ % deck.files.length];
  });
}

function labeledImages(file) {
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line).image);
}

function imagesBelow(folder) {
  const names = readdirSync(folder, { recursive: true });
  return names.filter((name) => pictureEndings.has(extname(name).toLowerCase())).sort();
}
