import { type PDFContext, PDFHexString, type PDFRef } from '@cantoo/pdf-lib';
import sharp, { type Metadata } from 'sharp';
import { PlacardError } from '../errors.ts';
import { type JpegParts, type PngParts, readJpeg, readPng } from './picture-files.ts';

/** A picture within a PDF, not yet on a page. */
export interface EmbeddedPicture {
  object: PDFRef;
  /** Maps PDF's unit square onto a page of 1 × 1 so that the picture stands upright (EXIF orientation). */
  matrix: readonly [number, number, number, number, number, number];
  /** Pixels, upright. */
  width: number;
  height: number;
  /** Pixels per inch as the file states, where it does. */
  density?: number;
}

type Matrix = EmbeddedPicture['matrix'];

/** By EXIF orientation 1 to 8: where the stored picture's right and up go. */
const orientations: readonly Matrix[] = [
  [1, 0, 0, 1, 0, 0],
  [-1, 0, 0, 1, 1, 0],
  [-1, 0, 0, -1, 1, 1],
  [1, 0, 0, -1, 0, 1],
  [0, -1, -1, 0, 1, 1],
  [0, -1, 1, 0, 0, 1],
  [0, 1, 1, 0, 0, 0],
  [0, 1, -1, 0, 1, 0],
];

/** Formats whose pictures have been through lossy coding as a rule: a second time, at high quality, is not seen. */
const lossyFormats = new Set(['jpeg', 'webp', 'heif', 'jp2', 'jxl']);

/**
 * Takes a picture into a PDF. Gray and RGB JPEG, and PNG without transparency or interlacing, keep their very bytes of
 * image data; all others are decoded (on white, colors to sRGB) and stored as JPEG (from lossy formats) or losslessly.
 * @throws PlacardError DECODE_FAILED
 */
export async function embedPicture(context: PDFContext, image: Uint8Array, page = 0): Promise<EmbeddedPicture> {
  const metadata = await metadataOf(image, page);
  const taken = page === 0 ? takeOver(context, image, metadata) : undefined;
  if (taken) {
    const orientation = metadata.orientation ?? 1;
    const [width, height] = orientation > 4 ? [metadata.height, metadata.width] : [metadata.width, metadata.height];
    return { object: taken, matrix: orientations[orientation - 1]!, width, height, density: metadata.density };
  }
  return embedDecoded(context, image, page, metadata);
}

function takeOver(context: PDFContext, image: Uint8Array, metadata: Metadata): PDFRef | undefined {
  if (metadata.format === 'jpeg') {
    const jpeg = readJpeg(image);
    // Four components are CMYK in one of several conventions: left to the decoder.
    if (!jpeg || (jpeg.components !== 1 && jpeg.components !== 3)) return undefined;
    return jpegObject(context, jpeg, metadata.width, metadata.height, metadata.icc);
  }
  const png = metadata.format === 'png' ? readPng(image) : undefined;
  return png && pngObject(context, png, metadata.icc);
}

async function embedDecoded(
  context: PDFContext,
  image: Uint8Array,
  page: number,
  metadata: Metadata,
): Promise<EmbeddedPicture> {
  const upright = sharp(image, { page }).autoOrient().flatten({ background: '#fff' }).toColorspace('srgb');
  const isLossy = lossyFormats.has(metadata.format ?? '');
  const encoded = isLossy ? upright.jpeg({ quality: 92, chromaSubsampling: '4:4:4' }) : upright.png();
  const { data, info } = await encoded.toBuffer({ resolveWithObject: true }).catch(decodeFailed);
  const object = isLossy
    ? jpegObject(context, readJpeg(data)!, info.width, info.height)
    : pngObject(context, readPng(data)!);
  return { object, matrix: orientations[0]!, width: info.width, height: info.height, density: metadata.density };
}

function jpegObject(
  context: PDFContext,
  { components, data }: JpegParts,
  width: number,
  height: number,
  profile?: Uint8Array,
): PDFRef {
  return imageObject(context, data, {
    Width: width,
    Height: height,
    ColorSpace: colorSpace(context, components, profile),
    BitsPerComponent: 8,
    Filter: 'DCTDecode',
  });
}

function pngObject(context: PDFContext, png: PngParts, profile?: Uint8Array): PDFRef {
  const { width, height, bitDepth, components, palette, data } = png;
  const space = palette
    ? [
        'Indexed',
        colorSpace(context, 3, profile),
        palette.length / 3 - 1,
        PDFHexString.of(Buffer.from(palette).toString('hex')),
      ]
    : colorSpace(context, components, profile);
  return imageObject(context, data, {
    Width: width,
    Height: height,
    ColorSpace: space,
    BitsPerComponent: bitDepth,
    Filter: 'FlateDecode',
    DecodeParms: { Predictor: 15, Colors: components, BitsPerComponent: bitDepth, Columns: width },
  });
}

function imageObject(context: PDFContext, data: Uint8Array, entries: Parameters<PDFContext['stream']>[1]): PDFRef {
  return context.register(context.stream(data, { Type: 'XObject', Subtype: 'Image', ...entries }));
}

/** The device's color space, or the picture's own where its profile is of that kind (ICC.1, bytes 16 to 19). */
function colorSpace(context: PDFContext, components: number, profile?: Uint8Array) {
  const device = components === 1 ? 'DeviceGray' : 'DeviceRGB';
  const kind = profile && Buffer.from(profile.subarray(16, 20)).toString('latin1');
  if (kind !== (components === 1 ? 'GRAY' : 'RGB ')) return device;
  return ['ICCBased', context.register(context.flateStream(profile!, { N: components, Alternate: device }))];
}

async function metadataOf(image: Uint8Array, page: number): Promise<Metadata> {
  return sharp(image, { page }).metadata().catch(decodeFailed);
}

function decodeFailed(cause: unknown): never {
  throw new PlacardError('DECODE_FAILED', `The picture cannot be decoded: ${(cause as Error).message}`, { cause });
}
