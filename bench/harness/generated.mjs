import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { cacheFolder, repository } from './folders.mjs';

/** The drawn pictures of samples/, which have labels: what is read where the caller gives no folders. */
export const sampleFolder = join(repository, 'samples');

/**
 * Cuts the lines of samples/ out, by their boxes and a little room, into a data set of crops.
 * @returns {Promise<string>} its folder
 */
export async function sampleCrops() {
  const folder = join(cacheFolder, 'sample-crops');
  mkdirSync(folder, { recursive: true });
  const labels = [];
  const records = readFileSync(join(sampleFolder, 'labels.jsonl'), 'utf8').split('\n').filter(Boolean);
  for (const { image, lines } of records.map((record) => JSON.parse(record))) {
    const picture = sharp(join(sampleFolder, image)).autoOrient();
    const { width, height } = (await picture.metadata()).autoOrient;
    for (const [i, { poly, text, vertical, ignore }] of lines.entries()) {
      if (vertical || ignore || !isLevel(poly)) continue;
      const crop = `${image.replace(/\.\w+$/, '')}-${i}.png`;
      await picture
        .clone()
        .extract(boxAround(poly, width, height))
        .toFile(join(folder, crop));
      labels.push({ image: crop, kind: 'crop', text });
    }
  }
  writeFileSync(join(folder, 'labels.jsonl'), labels.map((label) => `${JSON.stringify(label)}\n`).join(''));
  return folder;
}

/** Level, upright lines: of others a box holds too much else. */
function isLevel([first, second]) {
  const [across, down] = [second[0] - first[0], second[1] - first[1]];
  return across > 0 && Math.abs(down) <= 0.05 * across;
}

function boxAround(poly, width, height) {
  const [xs, ys] = [0, 1].map((axis) => poly.map((point) => point[axis]));
  const room = 0.15 * (Math.max(...ys) - Math.min(...ys));
  const [left, top] = [xs, ys].map((values) => Math.max(0, Math.floor(Math.min(...values) - room)));
  const right = Math.min(width, Math.ceil(Math.max(...xs) + room));
  const bottom = Math.min(height, Math.ceil(Math.max(...ys) + room));
  return { left, top, width: right - left, height: bottom - top };
}
