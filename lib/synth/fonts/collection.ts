const headerBytes = 12;
const recordBytes = 16;

/**
 * One face of a TrueType or OpenType collection (ISO/IEC 14496-22, 4.6) as a font file of its own: the canvas draws only
 * the first face of a collection. The face's tables are copied as they are, whatever else shares them.
 * @param index from 0
 */
export function extractFace(collection: Buffer, index: number): Buffer {
  const directory = collection.readUInt32BE(headerBytes + 4 * index);
  const count = collection.readUInt16BE(directory + 4);
  const records = Array.from({ length: count }, (_, i) => {
    const at = directory + headerBytes + recordBytes * i;
    return { at, offset: collection.readUInt32BE(at + 8), length: collection.readUInt32BE(at + 12) };
  });
  const size = records.reduce((sum, { length }) => sum + padded(length), headerBytes + recordBytes * count);
  const font = Buffer.alloc(size);
  collection.copy(font, 0, directory, directory + headerBytes);
  let end = headerBytes + recordBytes * count;
  for (const [i, { at, offset, length }] of records.entries()) {
    const record = headerBytes + recordBytes * i;
    collection.copy(font, record, at, at + recordBytes);
    font.writeUInt32BE(end, record + 8);
    collection.copy(font, end, offset, offset + length);
    end += padded(length);
  }
  return font;
}

/** Tables begin at multiples of four bytes. */
function padded(length: number): number {
  return (length + 3) & ~3;
}
