/** A TrueType font of rectangles, written by hand: 1000 units an em. */
export interface OutlineFont {
  name: string;
  /** The first is the sign for a missing character. Without a box the outline is empty. */
  glyphs: { codes: number[]; box?: [left: number, bottom: number, right: number, top: number] }[];
}

interface Table {
  tag: string;
  bytes: Buffer;
}

export function writeFont(font: OutlineFont): Buffer {
  const tables = tablesOf(font);
  const { directory, bodies } = layTables(tables, 12 + 16 * tables.length);
  return Buffer.concat([directory, ...bodies]);
}

/** A collection of fonts, whose tables stand one font after the other. */
export function writeCollection(fonts: readonly OutlineFont[]): Buffer {
  const header = Buffer.alloc(12 + 4 * fonts.length);
  header.write('ttcf', 'latin1');
  header.writeUInt32BE(0x00010000, 4);
  header.writeUInt32BE(fonts.length, 8);
  const parts: Buffer[] = [header];
  let end = header.length;
  for (const [index, font] of fonts.entries()) {
    header.writeUInt32BE(end, 12 + 4 * index);
    const tables = tablesOf(font);
    const { directory, bodies } = layTables(tables, end + 12 + 16 * tables.length);
    parts.push(directory, ...bodies);
    end += directory.length + bodies.reduce((sum, body) => sum + body.length, 0);
  }
  return Buffer.concat(parts);
}

function layTables(tables: readonly Table[], first: number): { directory: Buffer; bodies: Buffer[] } {
  const directory = Buffer.alloc(12 + 16 * tables.length);
  directory.writeUInt32BE(0x00010000);
  directory.writeUInt16BE(tables.length, 4);
  let offset = first;
  const bodies = tables.map(({ tag, bytes }, i) => {
    const at = 12 + 16 * i;
    directory.write(tag, at, 'latin1');
    directory.writeUInt32BE(offset, at + 8);
    directory.writeUInt32BE(bytes.length, at + 12);
    const body = Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);
    offset += body.length;
    return body;
  });
  return { directory, bodies };
}

function tablesOf({ name, glyphs }: OutlineFont): Table[] {
  const outlines = glyphs.map(({ box }) => (box ? rectangleOutline(box) : Buffer.alloc(0)));
  const offsets = [0];
  for (const outline of outlines) offsets.push(offsets.at(-1)! + outline.length);
  return [
    { tag: 'OS/2', bytes: shorts(4, 500, 400, 5, ...new Array(43).fill(0)) },
    { tag: 'cmap', bytes: characterMap(glyphs) },
    { tag: 'glyf', bytes: Buffer.concat(outlines) },
    {
      tag: 'head',
      bytes: shorts(
        1,
        0,
        1,
        0,
        0,
        0,
        0x5f0f,
        0x3cf5,
        0,
        1000,
        ...new Array(8).fill(0),
        0,
        0,
        1000,
        1000,
        0,
        8,
        2,
        1,
        0,
      ),
    },
    { tag: 'hhea', bytes: shorts(1, 0, 800, -200, 0, 1000, 0, 0, 1000, 1, 0, 0, 0, 0, 0, 0, 0, glyphs.length) },
    { tag: 'hmtx', bytes: shorts(...glyphs.flatMap(({ box }) => [500, box?.[0] ?? 0])) },
    { tag: 'loca', bytes: longs(...offsets) },
    { tag: 'maxp', bytes: shorts(1, 0, glyphs.length, 4, 1, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0) },
    { tag: 'name', bytes: nameTable(name) },
    { tag: 'post', bytes: longs(0x00030000, 0, 0, 0, 0, 0, 0, 0) },
  ];
}

function rectangleOutline([left, bottom, right, top]: [number, number, number, number]): Buffer {
  const contour = shorts(1, left, bottom, right, top, 3, 0);
  const xs = shorts(left, 0, right - left, 0);
  const ys = shorts(bottom, top - bottom, 0, bottom - top);
  const outline = Buffer.concat([contour, Buffer.from([1, 1, 1, 1]), xs, ys]);
  return Buffer.concat([outline, Buffer.alloc(-outline.length & 3)]);
}

/** Format 12: one group a character. */
function characterMap(glyphs: OutlineFont['glyphs']): Buffer {
  const pairs = glyphs.flatMap(({ codes }, glyph) => codes.map((code) => [code, code, glyph]));
  pairs.sort((a, b) => a[0]! - b[0]!);
  const groups = longs(16 + 12 * pairs.length, 0, pairs.length, ...pairs.flat());
  return Buffer.concat([shorts(0, 1, 3, 10), longs(12), shorts(12, 0), groups]);
}

/** Family, style, full and PostScript name, for Windows. */
function nameTable(name: string): Buffer {
  const text = Buffer.from(name, 'utf16le').swap16();
  const records = [1, 2, 4, 6].flatMap((id) => [3, 1, 0x409, id, text.length, 0]);
  return Buffer.concat([shorts(0, 4, 6 + 48, ...records), text]);
}

function shorts(...values: number[]): Buffer {
  const bytes = Buffer.alloc(2 * values.length);
  for (const [i, value] of values.entries()) bytes.writeUInt16BE(value & 0xffff, 2 * i);
  return bytes;
}

function longs(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [i, value] of values.entries()) bytes.writeUInt32BE(value, 4 * i);
  return bytes;
}
