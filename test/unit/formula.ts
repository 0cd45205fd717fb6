/** Weights and pictures by formula, the same here and in models/recipes/formula.py. */

/** Numbers in −1 … 1 that look random: a hash of the name, then of each place. */
function fractions(name: string, count: number): Float64Array {
  let seed = 2166136261;
  for (const byte of Buffer.from(name)) seed = Math.imul(seed ^ byte, 16777619);
  return Float64Array.from({ length: count }, (_, i) => {
    let mixed = Math.imul(i + seed, 0x9e3779b1);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 31 - 1;
  });
}

/** What a layer holds when it was just made: wide enough that signals neither die nor grow. */
export function formulaTensor(name: string, shape: readonly number[]): Float32Array {
  const count = shape.reduce((product, size) => product * size, 1);
  const values = fractions(name, count);
  if (name.endsWith('running_var')) return Float32Array.from(values, (value) => 1 + value / 2);
  if (shape.length === 1) {
    const middle = name.endsWith('.weight') ? 1 : 0;
    return Float32Array.from(values, (value) => middle + value / 10);
  }
  const width = Math.sqrt((shape.length === 4 ? 6 : 3) / (count / shape[0]!));
  return Float32Array.from(values, (value) => value * width);
}

/** RGB of stripes and blocks; the same sample in all three where `channels` is 1. */
export function formulaPicture(width: number, height: number, channels: number): Uint8Array {
  return Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const [pixel, channel] = [Math.floor(i / 3), channels === 1 ? 0 : i % 3];
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    const ground = (x * 5 + y * 3 + channel * 40) % 256;
    const isBlock = (Math.floor(x / 12) + Math.floor(y / 10)) % 3 === 0;
    return isBlock ? 230 - Math.floor(ground / 4) : ground;
  });
}
