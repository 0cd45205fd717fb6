import { loadWordModel } from '../language/word-model.ts';
import type { NativeImage } from '../native.ts';
import type { Rotation } from '../reading.ts';
import { turnUpright } from '../stages/orient.ts';
import { cjkShare } from '../stages/scripts.ts';
import { findHiddenColumns, longestSure, readFromRight } from './chinese-layout.ts';
import { detectInCrop, isCrop, readCrop, readWhole } from './crop.ts';
import { findLines, sizeFor } from './detection.ts';
import { toDraft } from './draft.ts';
import { type FoundLine, readPlaces } from './lines.ts';
import { findSideways, isUpsideDown, rotationOfOnly } from './page-rotation.ts';
import { type Place, placeOfCrop } from './places.ts';
import type { Reader, ReaderTools, ReadOptions } from './reader.ts';

/** Least confidence of a line that was found on a page, and of one that fills a crop and is surely text. */
const pageConfidence = 0.5;
const cropConfidence = 0.2;
const shortness = 0.6;

/** Any picture with text: detect, turn the page upright, rectify, recognize, order. */
export const readGeneral: Reader = async (image, tools, options) => {
  const { lines, rotation } = await find(image, tools, options);
  return tools.timed('order', () => toDraft(lines, rotation, image));
};

interface Found {
  lines: FoundLine[];
  rotation: Rotation;
}

async function find(image: NativeImage, tools: ReaderTools, options: ReadOptions): Promise<Found> {
  const finish = (lines: FoundLine[], picture = image) => finishLines(picture, lines, tools, options);
  if (options.layout === 'line') return { lines: await finish(await readWhole(image, tools, options)), rotation: 0 };
  const crop = isCrop(image);
  const places = crop ? await detectInCrop(image, tools, options) : await detect(image, tools, options);
  const sideways = await tools.timed('orient', () => findSideways(image, places, tools));
  if (sideways !== 0) return readTurned(image, sideways, tools, options);
  const lines = crop
    ? await readCrop(image, places, tools, options)
    : keepSure(await readPlaces(image, places, tools, options), options);
  if (isUpsideDown(lines)) return readTurned(image, 180, tools, options);
  return { lines: await finish(lines), rotation: rotationOfOnly(lines) };
}

function detect(image: NativeImage, tools: ReaderTools, { effort, detection }: ReadOptions): Promise<Place[]> {
  const { detector, context } = tools;
  const options = { ...sizeFor(effort, image, detector), ...detection };
  return tools.timed('detect', () => findLines(image, detector, options, context));
}

/** Turns the page upright and begins again: detectors find more in lines that run across. */
async function readTurned(
  image: NativeImage,
  rotation: Rotation,
  tools: ReaderTools,
  options: ReadOptions,
): Promise<Found> {
  const upright = await tools.timed('orient', () => turnUpright(image, rotation, tools.context));
  try {
    const lines = await readPlaces(upright, await detect(upright, tools, options), tools, options);
    return { lines: await finishLines(upright, keepSure(lines, options), tools, options), rotation };
  } finally {
    upright.dispose();
  }
}

/** Leaves out doubtful lines, then asks what only words can tell: signs read from the right, columns taken for rows. */
async function finishLines(
  image: NativeImage,
  found: readonly FoundLine[],
  tools: ReaderTools,
  options: ReadOptions,
): Promise<FoundLine[]> {
  const { minConfidence = cropConfidence } = options;
  let lines = keepConfident(found, minConfidence);
  if (!lines.some((line) => cjkShare(line.text) >= 0.5)) return lines;
  const model = await loadWordModel();
  for (const { rows, columns } of findHiddenColumns(lines, model)) {
    const readings = await readPlaces(image, columns.flat().map(placeOfCrop), tools, options);
    const read = columns.map((crops, i) => longestSure(readings.slice(i * crops.length, (i + 1) * crops.length)));
    lines = [...lines.filter((line) => !rows.includes(line)), ...keepConfident(read, minConfidence)];
  }
  return lines.map((line) => readFromRight(line, model));
}

function keepConfident(lines: readonly FoundLine[], minConfidence: number): FoundLine[] {
  return lines.filter(({ text, confidence }) => text.trim() !== '' && confidence >= minConfidence);
}

/** In a scene one or two characters are found by chance where a word is not: they need to be surer. */
function keepSure(lines: readonly FoundLine[], { minConfidence = pageConfidence }: ReadOptions): FoundLine[] {
  return lines.filter(({ chars, confidence }) => {
    const inked = chars.filter(({ text }) => text !== ' ').length;
    return confidence >= minConfidence + ((1 - minConfidence) * shortness) / Math.max(1, inked);
  });
}
