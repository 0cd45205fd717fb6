import { fromHsl, type Rgb } from './colors.ts';
import type { Random } from './random.ts';

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
  let left = random.next() * signHues.reduce((sum, [, , share]) => sum + share, 0);
  for (const [from, to, share] of signHues) {
    left -= share;
    if (left < 0) return random.between(from, to) % 360;
  }
  return 0;
}
