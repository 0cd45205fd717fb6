import sharp, { type Metadata } from 'sharp';
import { PlacardError } from '../errors.ts';
import { type Context, type NativeImage, native } from '../native.ts';

/** What a picture's header says. */
export interface Header {
  /** Pixels, after EXIF orientation. */
  width: number;
  height: number;
  pages: number;
  format: string;
}

export interface DecodeOptions {
  /** 0 is the first page of a TIFF or the first frame of an animation. */
  page: number;
  /** Most pixels that a picture may have. */
  pixelLimit: number;
}

// libvips's own limit is switched off because ours comes first and says more.
const unlimited = { limitInputPixels: false, failOn: 'truncated' } as const;

/** Reads the header only. Throws UNSUPPORTED_FORMAT, DECODE_FAILED, PAGE_OUT_OF_RANGE or IMAGE_TOO_LARGE. */
export async function readHeader(bytes: Uint8Array, options: DecodeOptions): Promise<Header> {
  // What else libvips could read is not handed to it: a drawing may name other files.
  if (!isPicture(bytes)) {
    throw new PlacardError('UNSUPPORTED_FORMAT', 'The bytes are no JPEG, PNG, WebP, AVIF, TIFF or GIF.');
  }
  const metadata = await sharp(asBuffer(bytes), { ...unlimited, page: 0 })
    .metadata()
    .catch((cause: Error) => {
      throw failure(cause);
    });
  const pages = metadata.pages ?? 1;
  if (options.page >= pages) {
    throw new PlacardError('PAGE_OUT_OF_RANGE', `Expected a page below ${pages} but received ${options.page}.`);
  }
  const { width, height } = await pageSize(bytes, metadata, options.page);
  if (!(width > 0 && height > 0)) throw new PlacardError('EMPTY_INPUT', 'The picture has no pixels.');
  checkPixels(width, height, options.pixelLimit);
  const turned = (metadata.orientation ?? 1) >= 5;
  return { width: turned ? height : width, height: turned ? width : height, pages, format: metadata.format };
}

/** Throws IMAGE_TOO_LARGE for a picture of more pixels than the limit. */
export function checkPixels(width: number, height: number, limit: number): void {
  if (width * height <= limit) return;
  throw new PlacardError(
    'IMAGE_TOO_LARGE',
    `The picture has ${width} x ${height} = ${width * height} pixels but limits.pixels is ${limit}.`,
  );
}

/** Decodes a picture: EXIF orientation applied, colors in sRGB, alpha laid on white, 8 bits. */
export async function decode(bytes: Uint8Array, options: DecodeOptions, context: Context): Promise<NativeImage> {
  const { data, info } = await sharp(asBuffer(bytes), { ...unlimited, page: options.page })
    .autoOrient()
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch((cause: Error) => {
      throw failure(cause);
    });
  const { width, height, channels } = info;
  return native().imageFromPixels(context, { data: plainBytes(data), width, height, channels });
}

async function pageSize(bytes: Uint8Array, first: Metadata, page: number): Promise<{ width: number; height: number }> {
  if (page === 0 || first.format !== 'tiff') return { width: first.width, height: first.pageHeight ?? first.height };
  const { width, height } = await sharp(asBuffer(bytes), { ...unlimited, page }).metadata();
  return { width, height };
}

/** The same memory as sharp takes it: it knows bytes by their class, and those of another realm are of other classes. */
function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** The same memory as a Uint8Array proper. */
function plainBytes(data: Buffer): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

const signatures = [
  [0xff, 0xd8],
  [0x89, 0x50, 0x4e, 0x47],
  [0x47, 0x49, 0x46, 0x38],
  [0x52, 0x49, 0x46, 0x46],
  [0x49, 0x49, 0x2a, 0x00],
  [0x4d, 0x4d, 0x00, 0x2a],
  [0x49, 0x49, 0x2b, 0x00],
  [0x4d, 0x4d, 0x00, 0x2b],
];

function isPicture(bytes: Uint8Array): boolean {
  return signatures.some((signature) => signature.every((byte, i) => bytes[i] === byte)) || isHeif(bytes);
}

function failure(cause: Error): PlacardError {
  const reason = cause.message.trim().split('\n')[0];
  return new PlacardError('DECODE_FAILED', `The picture is truncated or broken: ${reason}`, { cause });
}

function isHeif(bytes: Uint8Array): boolean {
  return String.fromCharCode(...bytes.subarray(4, 8)) === 'ftyp';
}
