import type { Detector } from '../models/loaded.ts';
import { type Context, type NativeImage, native } from '../native.ts';
import { craftMaps } from '../stages/detect-craft.ts';
import { dbMap } from '../stages/detect-db.ts';
import { encodePng } from '../stages/encode.ts';
import { type DetectionOptions, optionsOf } from './detection.ts';

/** PNG pictures by the names of a detector's maps. */
export type HeatMaps = Partial<Record<'text' | 'region' | 'affinity', Uint8Array>>;

const names = { db: ['text'], craft: ['region', 'affinity'] } as const;

/** What a detector sees in a picture: each of its maps in colors over the picture. */
export async function drawHeatMaps(
  image: NativeImage,
  detector: Detector,
  options: DetectionOptions,
  context: Context,
): Promise<HeatMaps> {
  const { decoder } = detector.contract;
  const { craft, db } = optionsOf(detector, options);
  const { tensor, width, height } = craft
    ? await craftMaps(image, detector, craft, context)
    : await dbMap(image, detector, db, context);
  try {
    const drawn: HeatMaps = {};
    for (const [channel, name] of names[decoder].entries()) {
      const picture = await native().heatMap(context, {
        maps: tensor,
        channel,
        width,
        height,
        outputWidth: image.width,
        outputHeight: image.height,
        picture: image,
      });
      drawn[name] = await encodePng(picture, context).finally(() => picture.dispose());
    }
    return drawn;
  } finally {
    tensor.dispose();
  }
}
