import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { type SampleFiles, writeShards } from '../../lib/datasets/shard-writer.ts';
import { Random } from '../../lib/synth/random.ts';

/** Rows of five dots, from the top, of the digits 0 to 9. */
const digits = [
  '01110 10001 10011 10101 11001 10001 01110',
  '00100 01100 00100 00100 00100 00100 01110',
  '01110 10001 00001 00010 00100 01000 11111',
  '11111 00010 00100 00010 00001 10001 01110',
  '00010 00110 01010 10010 11111 00010 00010',
  '11111 10000 11110 00001 00001 10001 01110',
  '00110 01000 10000 11110 10001 10001 01110',
  '11111 00001 00010 00100 01000 01000 01000',
  '01110 10001 10001 01110 10001 10001 01110',
  '01110 10001 10001 01111 00001 00010 01100',
].map((rows) => rows.split(' '));

const dot = 3;
const height = 9 * dot;

export interface DigitLine {
  text: string;
  gray: Uint8Array;
  width: number;
}

/** A number of two to five digits in dark dots on light ground, or the other way around. */
export function drawDigits(seed: string): DigitLine {
  const random = new Random(seed);
  const text = Array.from({ length: random.integer(2, 5) }, () => random.integer(0, 9)).join('');
  const width = (6 * text.length + 2) * dot;
  const [ground, ink] = random.chance(0.5) ? [random.integer(160, 255), 30] : [random.integer(0, 80), 220];
  const gray = new Uint8Array(width * height).fill(ground);
  for (let y = dot; y < 8 * dot; y++) {
    for (let x = dot; x < width - dot; x++) {
      const column = Math.floor(x / dot) - 1;
      const row = digits[Number(text[Math.floor(column / 6)])]![Math.floor(y / dot) - 1]!;
      if (row[column % 6] === '1') gray[y * width + x] = ink;
    }
  }
  return { text, gray, width };
}

const encoder = ({ gray, width }: DigitLine) => sharp(gray, { raw: { width, height, channels: 1 } });

/** A folder of shards of such lines, as `placard synth` writes them. */
export async function writeDigitShards(folder: string, count: number, samplesPerShard: number): Promise<void> {
  async function* samples(places: readonly number[]): AsyncGenerator<SampleFiles> {
    for (const place of places) {
      const line = drawDigits(`line/${place}`);
      const record = { image: `${place}.webp`, text: line.text };
      yield {
        webp: await encoder(line).webp({ lossless: true }).toBuffer(),
        json: Buffer.from(JSON.stringify(record)),
      };
    }
  }
  await writeShards(
    folder,
    { kind: 'lines', options: { digits: true }, digest: 'digits', count, samplesPerShard },
    samples,
  );
}

/** A data set of other such lines. */
export async function writeDigitCrops(folder: string, count: number): Promise<DigitLine[]> {
  await mkdir(folder, { recursive: true });
  const lines = Array.from({ length: count }, (_, i) => drawDigits(`crop/${i}`));
  await Promise.all(
    lines.map((line, i) =>
      encoder(line)
        .png()
        .toFile(path.join(folder, `${i}.png`)),
    ),
  );
  const labels = lines.map(({ text }, i) => JSON.stringify({ image: `${i}.png`, text }));
  await writeFile(path.join(folder, 'labels.jsonl'), `${labels.join('\n')}\n`);
  return lines;
}
