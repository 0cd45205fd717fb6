/**
 * A TrueType font whose characters take up room and show nothing, 1000 units an em. It has the tables that PDF asks of
 * an embedded CIDFontType2 (ISO 32000-1, 9.9) and three glyphs: .notdef, one of half an em and one of a full em. Their
 * outline is a stroke without area across the em box: readers take a character's extent from its outline, and some
 * (PDFium) lose text, or show no selection, where there is none.
 */
export function buildBlankFont(): Uint8Array {
  const outlines = [outline(half), outline(metrics.unitsPerEm)];
  const tables: [tag: string, data: Uint8Array][] = [
    ['glyf', Buffer.concat(outlines)],
    ['head', headTable()],
    ['hhea', hheaTable()],
    ['hmtx', words(half, 0, half, 0, metrics.unitsPerEm, 0)],
    // Offsets in units of two bytes: .notdef is empty.
    ['loca', words(0, 0, outlines[0]!.length / 2, outlines[0]!.length)],
    ['maxp', maxpTable()],
  ];
  const directory = 12 + 16 * tables.length;
  const offsets = tables.map((_, index) =>
    tables.slice(0, index).reduce((sum, [, data]) => sum + padded(data.length), directory),
  );
  const font = new Uint8Array(tables.reduce((sum, [, data]) => sum + padded(data.length), directory));
  const view = new DataView(font.buffer);
  view.setUint32(0, 0x00010000);
  const power = 2 ** Math.floor(Math.log2(tables.length));
  [tables.length, power * 16, Math.log2(power), (tables.length - power) * 16].forEach((value, index) => {
    view.setUint16(4 + 2 * index, value);
  });
  tables.forEach(([tag, data], index) => {
    const record = 12 + 16 * index;
    font.set(Buffer.from(tag, 'latin1'), record);
    font.set(data, offsets[index]!);
    view.setUint32(record + 4, checksum(font.subarray(offsets[index]!, offsets[index]! + padded(data.length))));
    view.setUint32(record + 8, offsets[index]!);
    view.setUint32(record + 12, data.length);
  });
  const head = offsets[tables.findIndex(([tag]) => tag === 'head')]!;
  view.setUint32(head + 8, (0xb1b0afba - checksum(font)) >>> 0);
  return font;
}

/** In 1/1000 em, as the font's tables and its PDF descriptor give them. */
export const metrics = { unitsPerEm: 1000, ascent: 800, descent: -200 } as const;

/** The glyphs' indices by their advance. */
export const glyphs = { half: 1, full: 2 } as const;

const half = metrics.unitsPerEm / 2;
const glyphCount = 3;

/** One contour of two points, from the em box's lower left to its upper right; bounds, points and flags as in glyf. */
function outline(advance: number): Uint8Array {
  const bounds = [0, metrics.descent, advance, metrics.ascent];
  const onCurve = 0x0101;
  return words(1, ...bounds, 1, 0, onCurve, 0, advance, metrics.descent, metrics.unitsPerEm);
}

function headTable(): Uint8Array {
  const table = new Uint8Array(54);
  const view = new DataView(table.buffer);
  view.setUint32(0, 0x00010000);
  view.setUint32(4, 0x00010000);
  view.setUint32(12, 0x5f0f3cf5);
  view.setUint16(18, metrics.unitsPerEm);
  view.setInt16(38, metrics.descent);
  view.setInt16(40, metrics.unitsPerEm);
  view.setInt16(42, metrics.ascent);
  view.setUint16(46, 8);
  view.setInt16(48, 2);
  return table;
}

function hheaTable(): Uint8Array {
  const table = new Uint8Array(36);
  const view = new DataView(table.buffer);
  view.setUint32(0, 0x00010000);
  view.setInt16(4, metrics.ascent);
  view.setInt16(6, metrics.descent);
  view.setUint16(10, metrics.unitsPerEm);
  view.setInt16(18, 1);
  view.setUint16(34, glyphCount);
  return table;
}

function maxpTable(): Uint8Array {
  const table = new Uint8Array(32);
  const view = new DataView(table.buffer);
  view.setUint32(0, 0x00010000);
  view.setUint16(4, glyphCount);
  view.setUint16(6, 2); // points
  view.setUint16(8, 1); // contours
  view.setUint16(14, 2); // zones
  return table;
}

/** 16-bit words, big-endian; negative ones in two's complement. */
function words(...values: number[]): Uint8Array {
  const table = new Uint8Array(2 * values.length);
  const view = new DataView(table.buffer);
  values.forEach((value, index) => {
    view.setInt16(2 * index, value);
  });
  return table;
}

/** TrueType's table checksum: the sum of big-endian 32-bit words, modulo 2^32. */
function checksum(data: Uint8Array): number {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  let sum = 0;
  for (let offset = 0; offset < data.byteLength; offset += 4) sum = (sum + view.getUint32(offset)) >>> 0;
  return sum;
}

function padded(length: number): number {
  return (length + 3) & ~3;
}
