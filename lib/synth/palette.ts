import type { Random } from './random.ts';

/** Red, green and blue, 0 … 255. */
export type Color = readonly [red: number, green: number, blue: number];

/** Hue ranges (degrees) that signs are painted in, by how often: reds, blues, greens, yellows, browns, teals, violets. */
const signHues: [from: number, to: number, share: number][] = [
  [350, 372, 26],
  [205, 235, 22],
  [100, 160, 14],
  [40, 58, 16],
  [15, 38, 12],
  [165, 195, 6],
  [260, 320, 4],
];

/** The color of something that is written on: walls, boards, paper, lit boxes. */
export function surfaceColor(random: Random): Color {
  const kind = random.next();
  // Paper, white boards and plaster.
  if (kind < 0.3) return fromHsl(random.between(20, 60), random.between(0, 0.3), random.between(0.6, 0.98));
  // Black boards, screens, night.
  if (kind < 0.45) return fromHsl(random.between(0, 360), random.between(0, 0.3), random.between(0.02, 0.22));
  // Metal, concrete, stone.
  if (kind < 0.6) return fromHsl(random.between(0, 360), random.between(0, 0.12), random.between(0.2, 0.75));
  return fromHsl(signHue(random), random.between(0.3, 1), random.between(0.18, 0.62));
}

/** A hue that signs are painted in, degrees. */
export function signHue(random: Random): number {
  let left = random.next() * signHues.reduce((sum, [, , share]) => sum + share, 0);
  for (const [from, to, share] of signHues) {
    left -= share;
    if (left < 0) return random.between(from, to) % 360;
  }
  return 0;
}

/** @param hue degrees; saturation and lightness 0 … 1 */
export function fromHsl(hue: number, saturation: number, lightness: number): Color {
  const reach = saturation * Math.min(lightness, 1 - lightness);
  const channel = (n: number) => {
    const k = (n + hue / 30) % 12;
    return 255 * (lightness - reach * Math.max(-1, Math.min(k - 3, 9 - k, 1)));
  };
  return [channel(0), channel(8), channel(4)];
}

/** Rec. 601, 0 … 255. */
export function luma([red, green, blue]: Color): number {
  return 0.299 * red + 0.587 * green + 0.114 * blue;
}

export function css([red, green, blue]: Color, opacity = 1): string {
  return `rgba(${Math.round(red)}, ${Math.round(green)}, ${Math.round(blue)}, ${opacity.toFixed(3)})`;
}
