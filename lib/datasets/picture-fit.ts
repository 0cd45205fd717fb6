import sharp from 'sharp';
import { bounds } from '../geometry/quad.ts';
import type { Sample } from '../labels.ts';
import type { Polygon } from '../reading.ts';

export interface PictureSize {
  width: number;
  height: number;
}

/** Pixels of a picture as a person sees it, from its header; undefined where it is none that can be decoded. */
export async function pictureSize(picture: string | Buffer): Promise<PictureSize | undefined> {
  try {
    const { autoOrient } = await sharp(picture).metadata();
    return { width: autoOrient.width, height: autoOrient.height };
  } catch {
    return undefined;
  }
}

/** Why a sample's label cannot be its picture's; undefined where it can. */
export function misfit(sample: Sample, picture: PictureSize): string | undefined {
  const { width = picture.width, height = picture.height } = sample;
  const { width: w, height: h } = picture;
  if (width !== w || height !== h)
    return `The label is of ${width} × ${height} pixels but ${sample.image} has ${w} × ${h}.`;
  if (sample.kind !== 'scene') return undefined;
  const line = sample.lines.find(({ polygon }) => isFarOutside(polygon, picture));
  if (!line) return undefined;
  const [x, y] = line.polygon[0]!;
  return `The line ${JSON.stringify(line.text)} at (${x}, ${y}) does not lie in ${sample.image}, which has ${w} × ${h} pixels.`;
}

/** Outlines may run over the picture's edge, but not lie beside it or reach further than its longer side. */
function isFarOutside(polygon: Polygon, { width, height }: PictureSize): boolean {
  const { left, top, right, bottom } = bounds(polygon);
  const margin = Math.max(width, height);
  const isBeside = right < 0 || bottom < 0 || left > width || top > height;
  return isBeside || left < -margin || top < -margin || right > width + margin || bottom > height + margin;
}
