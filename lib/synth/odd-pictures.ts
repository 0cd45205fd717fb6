import sharp, { type Sharp } from 'sharp';
import type { ErrorName } from '../errors.ts';
import { Random } from './random.ts';

/**
 * Pictures that are unusual or broken, made from an ordinary one. The readable kinds show what the source shows (on
 * white, where it is on paper); the broken ones say how they should fail.
 */

export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;
export const orientations: readonly Orientation[] = [1, 2, 3, 4, 5, 6, 7, 8];

export interface ReadablePicture {
  name: string;
  bytes: Buffer;
}

export interface BrokenPicture {
  name: string;
  bytes: Buffer;
  /** What reading it must be rejected with. */
  error: ErrorName;
}

/** Every readable kind of one source picture. */
export async function readablePictures(source: Buffer): Promise<ReadablePicture[]> {
  const kinds: Record<string, Promise<Buffer>> = {
    'CMYK JPEG': cmykJpeg(source),
    'gray JPEG': sharp(source).grayscale().jpeg({ quality: 92 }).toBuffer(),
    'progressive JPEG': sharp(source).jpeg({ quality: 92, progressive: true }).toBuffer(),
    '16-bit PNG': deepPng(source),
    'gray PNG': grayPng(source),
    'palette PNG': sharp(source).png({ palette: true, colors: 16 }).toBuffer(),
    'interlaced PNG': sharp(source).png({ progressive: true }).toBuffer(),
    'PNG with alpha': alphaPng(source),
    WebP: sharp(source).webp({ quality: 92 }).toBuffer(),
    AVIF: sharp(source).avif({ quality: 80, effort: 2 }).toBuffer(),
    TIFF: sharp(source).tiff({ compression: 'lzw' }).toBuffer(),
    GIF: sharp(source).gif().toBuffer(),
    'animated GIF': blank(source).then((second) => animatedGif([source, second])),
    'TIFF of two pages': blank(source).then((second) => multiPageTiff([source, second])),
  };
  for (const orientation of orientations)
    kinds[`JPEG of orientation ${orientation}`] = orientedJpeg(source, orientation);
  return Promise.all(Object.entries(kinds).map(async ([name, bytes]) => ({ name, bytes: await bytes })));
}

/** Every broken kind. */
export async function brokenPictures(source: Buffer): Promise<BrokenPicture[]> {
  const jpeg = await sharp(source).jpeg().toBuffer();
  const png = await sharp(source).png().toBuffer();
  const webp = await sharp(source).webp().toBuffer();
  return [
    { name: 'no bytes', bytes: Buffer.alloc(0), error: 'EMPTY_INPUT' },
    { name: 'garbage', bytes: garbage(4096), error: 'UNSUPPORTED_FORMAT' },
    { name: 'one byte', bytes: Buffer.from([0xff]), error: 'UNSUPPORTED_FORMAT' },
    { name: 'text', bytes: Buffer.from('This is not a picture.\n'), error: 'UNSUPPORTED_FORMAT' },
    { name: 'half a JPEG', bytes: truncated(jpeg, 0.5), error: 'DECODE_FAILED' },
    { name: 'half a PNG', bytes: truncated(png, 0.5), error: 'DECODE_FAILED' },
    { name: 'half a WebP', bytes: truncated(webp, 0.5), error: 'DECODE_FAILED' },
    { name: 'a PNG with a byte flipped', bytes: flipped(png), error: 'DECODE_FAILED' },
    { name: 'a PNG header of 60,000 x 60,000', bytes: pngClaiming(60_000, 60_000), error: 'IMAGE_TOO_LARGE' },
    { name: 'a PNG header of 0 x 10', bytes: pngClaiming(0, 10), error: 'DECODE_FAILED' },
  ];
}

/**
 * A JPEG whose pixels are stored so that its EXIF orientation brings them back to how the source looks. (2 mirrored, 3
 * upside down, 4 both, 5 transposed, 6 to be turned clockwise, 7 transposed across, 8 to be turned counter-clockwise.)
 */
export async function orientedJpeg(source: Buffer, orientation: Orientation): Promise<Buffer> {
  const png = (pipeline: Sharp): Promise<Buffer> => pipeline.png().toBuffer();
  const turned = async (degrees: number): Promise<Sharp> => sharp(await png(sharp(source).rotate(degrees)));
  const stored: Record<Orientation, () => Promise<Sharp>> = {
    1: async () => sharp(source),
    2: async () => sharp(source).flop(),
    3: () => turned(180),
    4: async () => sharp(source).flip(),
    5: async () => (await turned(90)).flop(),
    6: () => turned(270),
    7: async () => (await turned(90)).flip(),
    8: () => turned(90),
  };
  const pixels = await png(await stored[orientation]());
  return sharp(pixels).withMetadata({ orientation }).jpeg({ quality: 92 }).toBuffer();
}

/** A JPEG of four inks, as printers want it. */
function cmykJpeg(source: Buffer): Promise<Buffer> {
  return sharp(source).toColorspace('cmyk').jpeg({ quality: 92 }).toBuffer();
}

/** A PNG of 16 bits a channel. */
function deepPng(source: Buffer): Promise<Buffer> {
  return sharp(source).toColorspace('rgb16').png().toBuffer();
}

/** A PNG of one channel. */
function grayPng(source: Buffer): Promise<Buffer> {
  return sharp(source).grayscale().toColorspace('b-w').png().toBuffer();
}

/** Black all over, the picture only in its opacity: laid on black it is empty, on white it reads as the source does. */
export async function alphaPng(source: Buffer): Promise<Buffer> {
  const opacity = await sharp(source)
    .removeAlpha()
    .grayscale()
    .normalize()
    .negate()
    .toColorspace('b-w')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height } = opacity.info;
  const black = sharp({ create: { width, height, channels: 3, background: '#000000' } });
  return black
    .joinChannel(opacity.data, { raw: { width, height, channels: 1 } })
    .png()
    .toBuffer();
}

/** A GIF that shows pictures of one size in turn. */
export function animatedGif(frames: readonly Buffer[]): Promise<Buffer> {
  return sharp([...frames], { join: { animated: true } })
    .gif({ delay: frames.map(() => 100) })
    .toBuffer();
}

/** A TIFF of several pages of one size. */
export function multiPageTiff(pages: readonly Buffer[]): Promise<Buffer> {
  return sharp([...pages], { join: { animated: true } })
    .tiff({ compression: 'lzw' })
    .toBuffer();
}

/** The first part of a file; a share between 0 and 1. */
export function truncated(bytes: Buffer, share: number): Buffer {
  return bytes.subarray(0, Math.floor(bytes.length * share));
}

/** Random bytes that start like no picture format. */
export function garbage(length: number, seed: string | number = 'garbage'): Buffer {
  const random = new Random(seed);
  const bytes = Buffer.from(Array.from({ length }, () => random.integer(0, 255)));
  bytes.fill(0xee, 0, Math.min(length, 16));
  return bytes;
}

/** A PNG of a few bytes whose header claims a size that nothing backs. */
export function pngClaiming(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  // 78 9c 03 00 00 00 00 01 is what zlib makes of nothing.
  const nothing = Buffer.from([0x78, 0x9c, 0x03, 0x00, 0x00, 0x00, 0x00, 0x01]);
  const chunks = [pngChunk('IHDR', header), pngChunk('IDAT', nothing), pngChunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([signature, ...chunks]);
}

function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
}

/** The checksum of PNG chunks (PNG specification, annex D), bit by bit. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

function flipped(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy[Math.floor(copy.length / 2)]! ^= 0xff;
  return copy;
}

/** A white picture of the source's size. */
async function blank(source: Buffer): Promise<Buffer> {
  const { width, height } = await sharp(source).metadata();
  return sharp({ create: { width, height, channels: 3, background: '#ffffff' } })
    .png()
    .toBuffer();
}
