import { sliceBent } from '../geometry/bent.ts';
import { slice } from '../geometry/quad.ts';
import type { NativeImage } from '../native.ts';
import { readWhole } from './crop.ts';
import { findText, sizeFor } from './detection.ts';
import { cutAtSpaces, toDraft } from './draft.ts';
import { type FoundLine, readPlaces } from './lines.ts';
import type { Reader, ReaderTools, ReadOptions } from './reader.ts';

/** Least confidence of a picture that is one line, and of a word that was found: detectors see words in lamps and railings. */
const cropConfidence = 0.3;
const wordConfidence = 0.7;

/**
 * Words in a scene, as CRAFT and CRNN were published: detect, rectify, recognize, order. The picture is taken as it stands, and
 * each word for itself; any detector goes with any recognizer.
 */
export const readScene: Reader = async (image, tools, options) => {
  const { layout, granularity = 'word' } = options;
  const { minConfidence = layout === 'line' ? cropConfidence : wordConfidence } = options;
  const lines = layout === 'line' ? await readWhole(image, tools, options) : await readFound(image, tools, options);
  const read = lines.filter(({ text, confidence }) => text.trim() !== '' && confidence >= minConfidence);
  return tools.timed('order', () => toDraft(granularity === 'word' ? read.flatMap(cutIntoWords) : read, 0, image));
};

async function readFound(image: NativeImage, tools: ReaderTools, options: ReadOptions): Promise<FoundLine[]> {
  const { detector, context } = tools;
  const { granularity = 'word', effort, detection } = options;
  const own = detector.contract.decoder === 'craft' ? { granularity } : {};
  const how = { ...sizeFor(effort, image, detector), ...detection, ...own };
  const places = await tools.timed('detect', () => findText(image, detector, how, context));
  return readPlaces(image, places, tools, options);
}

/** Detectors of lines find several words as one, and so do others where words stand close. */
function cutIntoWords(line: FoundLine): FoundLine[] {
  const words = cutAtSpaces(line.chars);
  if (words.length < 2) return [line];
  const { polygon, isBent, ...straight } = line;
  return words.map((chars) => {
    const [from, to] = [chars[0]!.from, chars.at(-1)!.to];
    const run = isBent && polygon ? sliceBent(polygon, from, to) : slice(line.run, from, to);
    const share = (place: number) => (place - from) / Math.max(to - from, Number.EPSILON);
    return {
      ...straight,
      run,
      quad: line.direction === 'ttb' ? slice(line.quad, from, to) : run,
      text: chars.map(({ text }) => text).join(''),
      confidence: chars.reduce((sum, { confidence }) => sum + confidence, 0) / chars.length,
      chars: chars.map((char) => ({ ...char, from: share(char.from), to: share(char.to) })),
    };
  });
}
