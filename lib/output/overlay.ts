import sharp from 'sharp';
import { expected, PlacardError } from '../errors.ts';
import type { Reading } from '../reading.ts';
import type { DocumentWriter } from './document.ts';
import { overlaySvg } from './overlay-svg.ts';

/** The largest side, in pixels, that the SVG renderer (librsvg) draws. */
const largestSide = 32_767;

/**
 * The picture with what was read in it drawn on top, as PNG of the same size: each line's outline, its number in
 * reading order and its text; one color a block. Text is set in what fonts the machine has (fontconfig).
 * @param image the encoded picture that was read
 * @throws PlacardError INVALID_ARGUMENT where the picture is not of the reading's size; DECODE_FAILED;
 *   IMAGE_TOO_LARGE over 32767 pixels a side
 */
export async function writeOverlay(
  reading: Reading,
  image: Uint8Array,
  options: { imagePage?: number } = {},
): Promise<Uint8Array> {
  const { width, height } = reading;
  if (Math.max(width, height) > largestSide) {
    throw new PlacardError(
      'IMAGE_TOO_LARGE',
      `An overlay can have ${largestSide} pixels a side, not ${width} × ${height}.`,
    );
  }
  const { data, info } = await sharp(image, { page: options.imagePage ?? 0 })
    .autoOrient()
    .flatten({ background: '#fff' })
    .toColorspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch((cause: Error) => {
      throw new PlacardError('DECODE_FAILED', `The picture cannot be decoded: ${cause.message}`, { cause });
    });
  if (info.width !== width || info.height !== height) {
    const size = `${info.width} × ${info.height}`;
    throw expected(`a picture of the reading's ${width} × ${height} pixels`, 'image', size);
  }
  return sharp(data, { raw: { width, height, channels: info.channels } })
    .composite([{ input: Buffer.from(overlaySvg(reading)), unlimited: true }])
    .png()
    .toBuffer();
}

/** A PNG holds one picture; a second one is an error. */
export function openOverlay(): DocumentWriter {
  let isFull = false;
  return {
    async add({ reading, image, imagePage }) {
      if (isFull) throw expected('one picture', 'a PNG', 'several');
      if (!image) throw expected('the encoded picture that was read', 'image', image);
      isFull = true;
      return writeOverlay(reading, image, { imagePage });
    },
    addFailure: () => '',
    end: async () => '',
  };
}
