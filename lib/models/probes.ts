import { type Context, type NativeTensor, native } from '../native.ts';
import type { Contract } from './contract.ts';
import { normalizationOf } from './normalization.ts';

/** Letters of 5 x 7 dots, one number a row, the leftmost dot in the highest of five bits. */
const letters: readonly (readonly number[])[] = [
  [0b01110, 0b10001, 0b10001, 0b11111, 0b10001, 0b10001, 0b10001],
  [0b11110, 0b10001, 0b10001, 0b11110, 0b10001, 0b10001, 0b11110],
  [0b01110, 0b10001, 0b10000, 0b10000, 0b10000, 0b10001, 0b01110],
  [0b11111, 0b10000, 0b10000, 0b11110, 0b10000, 0b10000, 0b11111],
  [0b10001, 0b10010, 0b10100, 0b11000, 0b10100, 0b10010, 0b10001],
  [0b10001, 0b11001, 0b10101, 0b10101, 0b10011, 0b10001, 0b10001],
  [0b01110, 0b10001, 0b10011, 0b10101, 0b11001, 0b10001, 0b01110],
  [0b00100, 0b01100, 0b00100, 0b00100, 0b00100, 0b00100, 0b01110],
  [0b01110, 0b10001, 0b00001, 0b00110, 0b01000, 0b10000, 0b11111],
];

interface Picture {
  data: Uint8Array;
  width: number;
  height: number;
}

/** Even noise, the same at every call. */
function noise(width: number, height: number): Picture {
  const data = new Uint8Array(width * height * 3);
  let state = 1;
  for (let i = 0; i < data.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    data[i] = state >>> 24;
  }
  return { data, width, height };
}

/** Lines of capital letters on a ground that grows darker. `dot` is the side of a letter's dots in pixels. */
function text(width: number, height: number, dot: number): Picture {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const ground = 250 - Math.floor((60 * (x + y)) / (width + height));
      const at = 3 * (y * width + x);
      const ink = isInk(Math.floor((x - dot) / dot), Math.floor((y - dot) / dot), Math.floor(width / dot) - 2);
      data.set(ink ? [30, 20, 60] : [ground, ground - 10, ground - 25], at);
    }
  }
  return { data, width, height };
}

/** Whether a dot of the page, counted in dots, belongs to a letter. */
function isInk(column: number, row: number, columns: number): boolean {
  if (column < 0 || row < 0 || column >= columns) return false;
  const [cell, line] = [Math.floor(column / 6), Math.floor(row / 12)];
  const bits = letters[(cell + line * 4) % letters.length]![row % 12];
  // Every sixth cell is a space between words.
  return bits !== undefined && cell % 6 !== 5 && ((bits >> (4 - (column % 6))) & 1) === 1;
}

/** Inputs on which a rewritten network must answer as before: text and noise, of several sizes that the contract allows. */
export function probesFor(contract: Contract, context: Context): Promise<NativeTensor[]> {
  const { task, input } = contract;
  if (task === 'recognize') {
    const height = input.height!;
    const [short, long, odd] = [Math.round(height * 1.4), height * 6, height * 3 + 1].map((w) => widthFor(contract, w));
    const lines = [short, long].map((width) => text(width!, height, height / 9));
    return tensorsOf([...lines, noise(odd!, height)], contract, context);
  }
  const side = (pixels: number) => sideFor(contract, pixels);
  const pages = [text(side(448), side(320), 3), text(side(256), side(384), 5), noise(side(192), side(128))];
  return tensorsOf(pages, contract, context);
}

/** One input, of usual size unless told otherwise. */
export async function typicalInput(contract: Contract, context: Context, pixels = 640): Promise<NativeTensor> {
  const { task, input } = contract;
  const side = sideFor(contract, pixels);
  const isLine = task === 'recognize';
  const picture = isLine ? text(widthFor(contract, pixels / 2), input.height!, input.height! / 9) : text(side, side, 3);
  const [tensor] = await tensorsOf([picture], contract, context);
  return tensor!;
}

function sideFor({ input: { multipleOf = 1 } }: Contract, pixels: number): number {
  return Math.ceil(pixels / multipleOf) * multipleOf;
}

/** Of a line, where its contract leaves the choice. */
function widthFor({ input }: Contract, pixels: number): number {
  return 'width' in input && input.width && 'fixed' in input.width ? input.width.fixed : pixels;
}

function tensorsOf(pictures: readonly Picture[], contract: Contract, context: Context): Promise<NativeTensor[]> {
  return Promise.all(
    pictures.map(async (picture) => {
      const image = await native().imageFromPixels(context, { ...picture, channels: 3 });
      const { width, height } = picture;
      try {
        return await native().imageTensor(context, { image, width, height, ...normalizationOf(contract) });
      } finally {
        image.dispose();
      }
    }),
  );
}
