/** What a JPEG's frame header says, and the file without what a PDF has no use for. */
export interface JpegParts {
  /** 1 (gray), 3 or 4. */
  components: number;
  /**
   * The file less EXIF, color profile, thumbnails and comments: readers of the PDF would show them a second time
   * (orientation) or leak them (place and camera). JFIF's and Adobe's segments tell how colors are coded; they stay.
   */
  data: Uint8Array;
}

/** Undefined for what PDF's DCTDecode does not read: over 8 bits, lossless or arithmetic coding, broken headers. */
export function readJpeg(file: Uint8Array): JpegParts | undefined {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.length < 4 || view.getUint16(0) !== 0xffd8) return undefined;
  const kept: Uint8Array[] = [file.subarray(0, 2)];
  let components = 0;
  for (let offset = 2; offset + 4 <= file.length; ) {
    if (file[offset] !== 0xff) return undefined;
    const marker = file[offset + 1]!;
    if (marker === 0xff) {
      offset += 1; // a fill byte
      continue;
    }
    const end = offset + 2 + view.getUint16(offset + 2);
    if (marker === 0xda) {
      if (components === 0) return undefined;
      kept.push(file.subarray(offset));
      return { components, data: Buffer.concat(kept) };
    }
    if (isFrameHeader(marker)) {
      if (marker > 0xc2 || offset + 9 >= file.length || file[offset + 4] !== 8) return undefined;
      components = file[offset + 9]!;
    }
    const isDropped = (marker >= 0xe1 && marker <= 0xef && marker !== 0xee) || marker === 0xfe;
    if (!isDropped) kept.push(file.subarray(offset, end));
    offset = end;
  }
  return undefined;
}

/** SOF0 to SOF15 without DHT, JPG and DAC, which lie among them. */
function isFrameHeader(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

/** A PNG's pixels as PDF's FlateDecode with PNG predictors reads them. */
export interface PngParts {
  width: number;
  height: number;
  bitDepth: number;
  /** 1 for gray and palette, 3 for RGB. */
  components: 1 | 3;
  /** RGB triples. */
  palette?: Uint8Array;
  /** The zlib stream of filtered rows. */
  data: Uint8Array;
}

/** Undefined for what PDF cannot take over as it is: interlaced rows, an alpha channel, transparent colors, broken chunks. */
export function readPng(file: Uint8Array): PngParts | undefined {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.length < 33 || view.getUint32(0) !== 0x89504e47 || view.getUint32(4) !== 0x0d0a1a0a) return undefined;
  const colorType = file[25]!;
  const isInterlaced = file[28] !== 0;
  if (isInterlaced || ![0, 2, 3].includes(colorType)) return undefined;
  const rows: Uint8Array[] = [];
  let palette: Uint8Array | undefined;
  for (let offset = 8; offset + 12 <= file.length; ) {
    const length = view.getUint32(offset);
    const type = Buffer.from(file.subarray(offset + 4, offset + 8)).toString('latin1');
    const body = file.subarray(offset + 8, offset + 8 + length);
    if (body.length < length || type === 'tRNS') return undefined;
    if (type === 'PLTE') palette = body;
    if (type === 'IDAT') rows.push(body);
    if (type === 'IEND') break;
    offset += 12 + length;
  }
  if (rows.length === 0 || (colorType === 3 && !palette)) return undefined;
  return {
    width: view.getUint32(16),
    height: view.getUint32(20),
    bitDepth: file[24]!,
    components: colorType === 2 ? 3 : 1,
    ...(colorType === 3 ? { palette: palette! } : {}),
    data: Buffer.concat(rows),
  };
}
