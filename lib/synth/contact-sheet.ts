import { createCanvas, loadImage } from '@napi-rs/canvas';
import type { DrawnSample } from './drawn-sample.ts';

/** Heights and widths of the sheet's parts, pixels. */
const sheet = { width: 1600, gap: 6, caption: 16 } as const;

/** A picture on the sheet and what stands below it. */
export interface SheetEntry {
  picture: Uint8Array;
  caption: string;
  /** Drawn over the picture, in its pixels. */
  outlines?: { points: readonly (readonly [number, number])[]; color: string }[];
}

/**
 * Pictures side by side with their captions: a PNG that is 1600 pixels wide.
 * @param height of each picture, pixels; wider ones are made smaller
 */
export async function contactSheet(entries: readonly SheetEntry[], height: number): Promise<Uint8Array> {
  const pictures = await Promise.all(entries.map(({ picture }) => loadImage(Buffer.from(picture))));
  const places: { x: number; y: number; scale: number }[] = [];
  let [x, y] = [sheet.gap, sheet.gap];
  for (const { width, height: own } of pictures) {
    const scale = Math.min(height / own, (sheet.width - 2 * sheet.gap) / width);
    if (x > sheet.gap && x + width * scale > sheet.width - sheet.gap) {
      x = sheet.gap;
      y += height + sheet.caption + sheet.gap;
    }
    places.push({ x, y, scale });
    x += Math.max(width * scale, 60) + sheet.gap;
  }
  const canvas = createCanvas(sheet.width, Math.ceil(y + height + sheet.caption + sheet.gap));
  const context = canvas.getContext('2d');
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.font = `${sheet.caption - 4}px sans-serif`;
  for (const [i, { caption, outlines = [] }] of entries.entries()) {
    const { x, y, scale } = places[i]!;
    const picture = pictures[i]!;
    context.save();
    context.translate(x, y);
    context.scale(scale, scale);
    context.drawImage(picture, 0, 0);
    context.lineWidth = 1 / scale;
    for (const { points, color } of outlines) {
      context.strokeStyle = color;
      context.beginPath();
      for (const [px, py] of points) context.lineTo(px, py);
      context.closePath();
      context.stroke();
    }
    context.restore();
    context.fillStyle = '#222';
    context.fillText(caption, x, y + height + sheet.caption - 5, Math.max(picture.width * scale, 60));
  }
  return canvas.encode('png');
}

/** The entry of a drawn sample: its text, and of a scene the outlines of words and characters. */
export function entryOf({ picture, record }: DrawnSample): SheetEntry {
  const { text, lines } = record as { text?: string; lines?: SceneLine[] };
  if (!lines) return { picture, caption: text ?? '' };
  const words = lines.flatMap((line) => line.words ?? []);
  const characters = words.flatMap((word) => word.characters ?? []);
  const outlines = [
    ...characters.map(({ poly }) => ({ points: poly, color: '#00e0ff' })),
    ...words.map(({ poly }) => ({ points: poly, color: '#ff2080' })),
  ];
  return { picture, caption: `${lines.length} lines, ${words.length} words`, outlines };
}

interface Outlined {
  poly: [number, number][];
}

interface SceneLine extends Outlined {
  words?: (Outlined & { characters?: Outlined[] })[];
}
