import { PlacardError } from '../errors.ts';
import type { DetectContract } from '../models/contract.ts';
import type { Detector } from '../models/loaded.ts';
import type { Context, NativeImage } from '../native.ts';
import { type CraftOptions, craftDefaults, detectCraft } from '../stages/detect-craft.ts';
import { type DbOptions, dbDefaults, detectDb, detectionScale } from '../stages/detect-db.ts';
import { type Place, placeOfShrunk, placeOfWord } from './places.ts';

/** What may be chosen of detection; a detector has the options of its decoder. */
export type DetectionOptions = Partial<DbOptions & CraftOptions>;

const optionNames = { db: ['scale', ...Object.keys(dbDefaults)], craft: Object.keys(craftDefaults) };

/** The options of the detector's decoder, with its defaults. Throws INVALID_ARGUMENT for options of another decoder. */
export function optionsOf(
  { contract }: Detector,
  options: DetectionOptions,
): { craft: CraftOptions; db?: undefined } | { db: DbOptions; craft?: undefined } {
  const { id, decoder } = contract;
  const chosen = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const known = optionNames[decoder];
  const foreign = Object.keys(chosen).find((name) => !known.includes(name));
  if (foreign !== undefined) {
    throw new PlacardError('INVALID_ARGUMENT', `Detector ${id} has no option ${foreign}. It has: ${known.join(', ')}.`);
  }
  return decoder === 'craft' ? { craft: { ...craftOf(contract), ...chosen } } : { db: { ...dbDefaults, ...chosen } };
}

/** CRAFT's options where nothing was chosen. */
function craftOf({ detection }: DetectContract): CraftOptions {
  return { ...craftDefaults, ...(detection as Partial<CraftOptions> | undefined) };
}

/** Of the usual scale, where the effort is `fast`: two thirds of the pixels. */
const fastScale = 0.8;

/** The size that a picture is looked at for an effort, as options of the detector's decoder; none for the usual one. */
export function sizeFor(effort: 'thorough' | 'fast', image: NativeImage, { contract }: Detector): DetectionOptions {
  if (effort === 'thorough') return {};
  if (contract.decoder === 'db') return { scale: fastScale * detectionScale(image) };
  const { magRatio, canvasSize } = craftOf(contract);
  return { magRatio: fastScale * magRatio, canvasSize: Math.round(fastScale * canvasSize) };
}

/** Finds text as the detector's decoder has it: `db` lines, `craft` characters, words or lines. */
export async function findText(
  image: NativeImage,
  detector: Detector,
  options: DetectionOptions,
  context: Context,
): Promise<Place[]> {
  const { craft, db } = optionsOf(detector, options);
  return craft
    ? (await detectCraft(image, detector, craft, context)).map(placeOfWord)
    : (await detectDb(image, detector, db, context)).map(placeOfShrunk);
}

/** Finds lines, at `scale` times the picture's size where that is given. */
export function findLines(
  image: NativeImage,
  detector: Detector,
  options: DetectionOptions,
  context: Context,
): Promise<Place[]> {
  const { scale, ...others } = options;
  const isCraft = detector.contract.decoder === 'craft';
  const own = isCraft ? { magRatio: scale, ...others, granularity: 'line' as const } : options;
  return findText(image, detector, own, context);
}
