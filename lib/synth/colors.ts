import type { Random } from './random.ts';

/** Red, green and blue, 0 … 255. */
export type Rgb = readonly [red: number, green: number, blue: number];

export function css([red, green, blue]: Rgb, opacity = 1): string {
  const [r, g, b] = [red, green, blue].map((value) => Math.round(Math.min(255, Math.max(0, value))));
  return `rgba(${r}, ${g}, ${b}, ${opacity.toFixed(3)})`;
}

/** CIE 1976 lightness L* of an sRGB color, 0 (black) … 100 (white). */
export function lightness(color: Rgb): number {
  const [r, g, b] = color.map((value) => {
    const level = value / 255;
    return level <= 0.04045 ? level / 12.92 : ((level + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
  return luminance > 216 / 24389 ? 116 * Math.cbrt(luminance) - 16 : (luminance * 24389) / 27;
}

/** @param share of the second color, 0 … 1 */
export function mix(one: Rgb, other: Rgb, share: number): Rgb {
  return [0, 1, 2].map((i) => one[i]! + share * (other[i]! - one[i]!)) as unknown as Rgb;
}

/** @param hue degrees @param saturation 0 … 1 @param light 0 … 1 */
export function fromHsl(hue: number, saturation: number, light: number): Rgb {
  const reach = saturation * Math.min(light, 1 - light);
  return [0, 8, 4].map((n) => {
    const k = (n + hue / 30 + 12) % 12;
    return 255 * (light - reach * Math.max(-1, Math.min(k - 3, 9 - k, 1)));
  }) as unknown as Rgb;
}

/** Of paints and prints: reds, oranges and yellows, greens, blues, purples. */
const commonHues = [0, 4, 12, 28, 45, 52, 120, 150, 205, 215, 225, 285, 330];

/** A color as letters and signs have it: mostly near black or white, or strong. */
export function paintColor(random: Random): Rgb {
  const kind = random.next();
  const hue = random.chance(0.7) ? random.pick(commonHues) + random.between(-8, 8) : random.between(0, 360);
  if (kind < 0.3) return fromHsl(hue, random.between(0, 0.35), random.between(0.02, 0.2));
  if (kind < 0.57) return fromHsl(hue, random.between(0, 0.6), random.between(0.88, 1));
  if (kind < 0.64) return fromHsl(hue, random.between(0, 0.12), random.between(0.25, 0.75));
  return fromHsl(hue, random.between(0.5, 1), random.between(0.25, 0.65));
}

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
export function surfaceColor(random: Random): Rgb {
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
function signHue(random: Random): number {
  const [from, to] = random.weighted(signHues, ([, , share]) => share);
  return random.between(from, to) % 360;
}

/**
 * A paint that stands out from what is behind it.
 * @param least difference of lightness; where chance finds no such paint, near black or white is taken
 */
export function contrastingColor(random: Random, behind: Rgb, least: number): Rgb {
  const base = lightness(behind);
  for (let attempt = 0; attempt < 8; attempt++) {
    const color = paintColor(random);
    if (Math.abs(lightness(color) - base) >= least) return color;
  }
  const gray = random.between(0, 22);
  return base > 50 ? [gray, gray, gray] : [255 - gray, 255 - gray, 255 - gray];
}
