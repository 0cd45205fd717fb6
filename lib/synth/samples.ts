import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { drawBadge, drawPlainLine } from './badge.ts';
import { drawRightToLeftPlaque, drawShopSign, drawVerticalSigns } from './chinese-signs.ts';
import { drawReceipt, drawTurnedLetter, drawTwoColumnPage } from './paper-pages.ts';
import { Random } from './random.ts';
import { drawStreet } from './street.ts';
import { type Drawing, labelOf, textOf } from './truth.ts';

interface Sample {
  format: 'png' | 'jpg';
  seed: string;
  draw: (random: Random) => Promise<Drawing>;
}

/** The pictures in samples/, by name. */
export const samples: Readonly<Record<string, Sample>> = {
  street: { format: 'png', seed: 'street 11', draw: drawStreet },
  columns: { format: 'jpg', seed: 'columns', draw: drawTwoColumnPage },
  receipt: { format: 'jpg', seed: 'receipt', draw: drawReceipt },
  'turned-90': { format: 'jpg', seed: 'letter', draw: (random) => drawTurnedLetter(random, 90) },
  'turned-180': { format: 'jpg', seed: 'letter', draw: (random) => drawTurnedLetter(random, 180) },
  'shop-sign': { format: 'jpg', seed: 'noodles', draw: drawShopSign },
  'vertical-signs': { format: 'jpg', seed: 'dusk', draw: drawVerticalSigns },
  'right-to-left': { format: 'jpg', seed: 'plaque', draw: drawRightToLeftPlaque },
  badge: { format: 'jpg', seed: 'badge', draw: drawBadge },
  line: { format: 'png', seed: 'line', draw: drawPlainLine },
};

/** Draws a sample; the same seed gives the same picture wherever the same fonts are installed. */
export function drawSample(name: string, seed = samples[name]?.seed): Promise<Drawing> {
  const sample = samples[name];
  if (!sample || seed === undefined) {
    throw new RangeError(`There is no sample “${name}”, only ${Object.keys(samples).join(', ')}.`);
  }
  return sample.draw(new Random(seed));
}

/**
 * Writes NAME.png or NAME.jpg, NAME.txt (the text in reading order) and labels.jsonl into a folder.
 * @param names those to draw anew; labels.jsonl needs all and is written only when none is left out
 * @returns one line a sample: name and bytes
 */
export async function writeSamples(folder: string, names: readonly string[] = []): Promise<string[]> {
  const chosen = names.length > 0 ? names : Object.keys(samples);
  const labels: string[] = [];
  const report: string[] = [];
  for (const name of chosen) {
    const drawing = await drawSample(name);
    const file = `${name}.${samples[name]!.format}`;
    const bytes = await encode(drawing, samples[name]!.format);
    await writeFile(join(folder, file), bytes);
    await writeFile(join(folder, `${name}.txt`), `${textOf(drawing)}\n`);
    labels.push(labelOf(file, drawing));
    report.push(`${file} ${bytes.length}`);
  }
  if (names.length === 0) await writeFile(join(folder, 'labels.jsonl'), `${labels.join('\n')}\n`);
  return report;
}

function encode({ canvas }: Drawing, format: Sample['format']): Promise<Buffer> {
  const { width, height } = canvas;
  const picture = sharp(canvas.data(), { raw: { width, height, channels: 4 } }).removeAlpha();
  return format === 'png'
    ? picture.png({ compressionLevel: 9, adaptiveFiltering: true }).toBuffer()
    : picture.jpeg({ quality: 86, mozjpeg: true }).toBuffer();
}
