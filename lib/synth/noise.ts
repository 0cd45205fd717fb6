import type { Random } from './random.ts';

export interface NoiseShape {
  /** Blobs that fit side by side in each direction; the picture repeats without a seam. */
  columns: number;
  rows: number;
  /** Each has twice as many blobs and `persistence` times the height of the one before. */
  octaves: number;
  persistence?: number;
}

/**
 * Smooth random hills: value noise on a lattice, octaves of it added up (Perlin, "An image synthesizer", 1985, with values in
 * place of gradients).
 * @returns width x height values, 0 … 1, mean about .5
 */
export function fractalNoise(random: Random, width: number, height: number, shape: NoiseShape): Float32Array {
  const sums = new Float32Array(width * height);
  let amplitude = 1;
  let total = 0;
  for (let octave = 0; octave < shape.octaves; octave++) {
    // Finer than a pixel would be mere grain, at the price of the lattice.
    const columns = Math.min(shape.columns << octave, width);
    const rows = Math.min(shape.rows << octave, height);
    addOctave(sums, random, width, height, columns, rows, amplitude);
    total += amplitude;
    amplitude *= shape.persistence ?? 0.5;
  }
  for (let i = 0; i < sums.length; i++) sums[i]! /= total;
  return sums;
}

function addOctave(
  sums: Float32Array,
  random: Random,
  width: number,
  height: number,
  columns: number,
  rows: number,
  amplitude: number,
): void {
  const lattice = Float32Array.from({ length: columns * rows }, () => amplitude * random.next());
  let upper = new Float32Array(width);
  let lower = stretchRow(lattice.subarray(0, columns), new Float32Array(width));
  let below = 0;
  for (let y = 0, i = 0; y < height; y++) {
    const at = (y * rows) / height;
    const top = Math.floor(at);
    if (top === below) {
      below = top + 1;
      const row = (below % rows) * columns;
      [upper, lower] = [lower, stretchRow(lattice.subarray(row, row + columns), upper)];
    }
    const share = smooth(at - top);
    for (let x = 0; x < width; x++, i++) sums[i]! += upper[x]! + share * (lower[x]! - upper[x]!);
  }
}

/** A row of the lattice, interpolated to a row of pixels. */
function stretchRow(values: Float32Array, pixels: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  const columns = values.length;
  for (let x = 0; x < pixels.length; x++) {
    const at = (x * columns) / pixels.length;
    const left = Math.floor(at);
    const value = values[left]!;
    pixels[x] = value + smooth(at - left) * (values[(left + 1) % columns]! - value);
  }
  return pixels;
}

function smooth(t: number): number {
  return t * t * (3 - 2 * t);
}
