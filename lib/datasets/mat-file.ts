import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { inflate } from 'node:zlib';
import { PlacardError } from '../errors.ts';

const inflated = promisify(inflate);

/**
 * A variable of a MATLAB file. Cells and numbers are read when they are asked for: a file has millions. `cell` throws where the
 * file is broken, for `matInvalid` to say so.
 */
export type MatValue =
  /** Column after column. */
  | { kind: 'numbers'; dimensions: number[]; values(): Float64Array }
  | { kind: 'text'; rows: string[] }
  | { kind: 'cells'; count: number; cell(index: number): MatValue };

const types = {
  int8: 1,
  uint8: 2,
  int16: 3,
  uint16: 4,
  int32: 5,
  uint32: 6,
  single: 7,
  double: 9,
  matrix: 14,
} as const;
const compressedType = 15;
const utf8Type = 16;
const utf16Type = 17;
const classes = { cell: 1, char: 4, firstNumeric: 6, lastNumeric: 13 } as const;
const headerBytes = 128;

/** A part of the file: its type and its bytes. */
interface Element {
  type: number;
  data: Buffer;
  /** Where the next one starts. */
  end: number;
}

class Malformed extends Error {}

/**
 * Variables of a MATLAB 5 file (`save -v6`, `-v7`) by name: texts, numbers and cell arrays of them; others are left out. The
 * format is MathWorks' "MAT-File Format". FILE_UNREADABLE or LABELS_INVALID.
 */
export async function readMatFile(file: string): Promise<Map<string, MatValue>> {
  const bytes = await readFile(file).catch((cause: Error) => {
    throw new PlacardError('FILE_UNREADABLE', `${file} cannot be read.`, { cause });
  });
  if (bytes.toString('latin1', 0, 10) === 'MATLAB 7.3') {
    throw new PlacardError('LABELS_INVALID', `${file} is a MATLAB 7.3 file (HDF5): save it again with -v7.`);
  }
  try {
    return await variablesOf(bytes);
  } catch (cause) {
    throw matInvalid(file, cause);
  }
}

/** What a file is refused with whose variables or cells cannot be read. */
export function matInvalid(file: string, cause: unknown): PlacardError {
  const message = `${file} is no whole MATLAB 5 file: ${(cause as Error).message}.`;
  return new PlacardError('LABELS_INVALID', message, { cause });
}

async function variablesOf(bytes: Buffer): Promise<Map<string, MatValue>> {
  if (bytes.length < headerBytes || bytes.toString('latin1', 126, 128) !== 'IM') {
    throw new Malformed('its header is not that of a little-endian one');
  }
  const variables = new Map<string, MatValue>();
  for (let at = headerBytes; at < bytes.length; ) {
    let element = elementAt(bytes, at);
    at = element.end;
    if (element.type === compressedType) element = elementAt(await inflated(element.data), 0);
    if (element.type !== types.matrix) continue;
    const { name, value } = matrixOf(element.data);
    if (value) variables.set(name, value);
  }
  return variables;
}

function elementAt(bytes: Buffer, at: number): Element {
  if (at + 8 > bytes.length) throw new Malformed('it ends too early');
  const word = bytes.readUInt32LE(at);
  // A small element has its size in the upper half of the type, and up to four bytes in place of the size.
  const isSmall = word > 0xffff;
  const [type, size, start] = isSmall
    ? [word & 0xffff, word >>> 16, at + 4]
    : [word, bytes.readUInt32LE(at + 4), at + 8];
  if (start + size > bytes.length || (isSmall && size > 4)) throw new Malformed('it ends too early');
  const end = isSmall ? at + 8 : start + size;
  const padded = type === compressedType || isSmall ? end : start + Math.ceil(size / 8) * 8;
  return { type, data: bytes.subarray(start, start + size), end: padded };
}

function matrixOf(data: Buffer): { name: string; value: MatValue | undefined } {
  if (data.length === 0) return { name: '', value: { kind: 'text', rows: [] } };
  const flags = elementAt(data, 0);
  const dimensions = elementAt(data, flags.end);
  const name = elementAt(data, dimensions.end);
  const sizes = Array.from({ length: dimensions.data.length / 4 }, (_, i) => dimensions.data.readInt32LE(4 * i));
  const count = sizes.reduce((product, size) => product * size, 1);
  const matlabClass = flags.data.readUInt32LE(0) & 0xff;
  return { name: name.data.toString('latin1'), value: contentsOf(matlabClass, sizes, count, data, name.end) };
}

function contentsOf(
  matlabClass: number,
  dimensions: number[],
  count: number,
  data: Buffer,
  at: number,
): MatValue | undefined {
  if (matlabClass === classes.cell) return cellsOf(count, data, at);
  if (matlabClass === classes.char) return { kind: 'text', rows: rowsOf(elementAt(data, at), dimensions) };
  if (matlabClass < classes.firstNumeric || matlabClass > classes.lastNumeric) return undefined;
  const element = elementAt(data, at);
  const size = numberTypes[element.type]?.size;
  if (!size || element.data.length !== count * size)
    throw new Malformed(`an array has not the ${count} values that it says`);
  return { kind: 'numbers', dimensions, values: () => numbersOf(element) };
}

function cellsOf(count: number, data: Buffer, at: number): MatValue {
  if (count > data.length / 8) throw new Malformed(`it has no room for ${count} cells`);
  const starts = new Float64Array(count);
  for (let i = 0, next = at; i < count; i++) {
    starts[i] = next;
    next = elementAt(data, next).end;
  }
  const cell = (index: number): MatValue => {
    const { value } = matrixOf(elementAt(data, starts[index]!).data);
    if (!value) throw new Malformed(`cell ${index + 1} is of a kind that is not read`);
    return value;
  };
  return { kind: 'cells', count, cell };
}

/** The rows of a character array, which lies column after column; shorter ones end with blanks. */
function rowsOf(element: Element, [rows = 0, columns = 0]: number[]): string[] {
  const text = textOf(element);
  if (rows * columns === 0) return [];
  if (text.length < rows * columns) throw new Malformed('a text is shorter than its dimensions say');
  return Array.from({ length: rows }, (_, row) => {
    const letters = Array.from({ length: columns }, (_, column) => text[column * rows + row]!);
    return letters.join('');
  });
}

function textOf({ type, data }: Element): string {
  if (type === types.uint16 || type === utf16Type) return data.toString('utf16le');
  if (type === types.uint8 || type === types.int8 || type === utf8Type)
    return data.toString(type === utf8Type ? 'utf8' : 'latin1');
  throw new Malformed(`a text has the element type ${type}`);
}

const numberTypes: Record<number, { size: number; read(data: Buffer, at: number): number }> = {
  [types.int8]: { size: 1, read: (data, at) => data.readInt8(at) },
  [types.uint8]: { size: 1, read: (data, at) => data.readUInt8(at) },
  [types.int16]: { size: 2, read: (data, at) => data.readInt16LE(at) },
  [types.uint16]: { size: 2, read: (data, at) => data.readUInt16LE(at) },
  [types.int32]: { size: 4, read: (data, at) => data.readInt32LE(at) },
  [types.uint32]: { size: 4, read: (data, at) => data.readUInt32LE(at) },
  [types.single]: { size: 4, read: (data, at) => data.readFloatLE(at) },
  [types.double]: { size: 8, read: (data, at) => data.readDoubleLE(at) },
};

/** The values, whatever type they are stored in: MATLAB stores whole numbers in the smallest that holds them. */
function numbersOf({ type, data }: Element): Float64Array {
  const { size, read } = numberTypes[type]!;
  const values = new Float64Array(data.length / size);
  for (let i = 0; i < values.length; i++) values[i] = read(data, i * size);
  return values;
}
