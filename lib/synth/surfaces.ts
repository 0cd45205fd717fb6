import type { SKRSContext2D } from '@napi-rs/canvas';
import type { Random } from './random.ts';

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A color by hue (degrees), saturation and lightness (percent), and opacity. */
export function hsl(hue: number, saturation: number, lightness: number, opacity = 1): string {
  return `hsla(${hue.toFixed(1)}, ${saturation.toFixed(1)}%, ${lightness.toFixed(1)}%, ${opacity.toFixed(3)})`;
}

/** A vertical gradient through evenly spaced colors. */
export function gradientDown(context: SKRSContext2D, box: Box, colors: readonly string[]) {
  const gradient = context.createLinearGradient(0, box.y, 0, box.y + box.height);
  colors.forEach((color, index) => {
    gradient.addColorStop(index / (colors.length - 1), color);
  });
  return gradient;
}

export function fillBox(context: SKRSContext2D, box: Box, paint: SKRSContext2D['fillStyle']): void {
  context.fillStyle = paint;
  context.fillRect(box.x, box.y, box.width, box.height);
}

/** Draws with everything kept inside a box. */
export function inside(context: SKRSContext2D, box: Box, draw: () => void): void {
  context.save();
  context.beginPath();
  context.rect(box.x, box.y, box.width, box.height);
  context.clip();
  draw();
  context.restore();
}

/** Scatters faint blotches: stains, wear, dust. */
export function blotches(context: SKRSContext2D, box: Box, count: number, random: Random, opacity = 0.05): void {
  inside(context, box, () => {
    for (let i = 0; i < count; i++) {
      const x = box.x + random.next() * box.width;
      const y = box.y + random.next() * box.height;
      const radius = random.between(0.02, 0.18) * Math.min(box.width, box.height);
      const gray = random.chance(0.6) ? 0 : 255;
      const gradient = context.createRadialGradient(x, y, 0, x, y, radius);
      gradient.addColorStop(0, `rgba(${gray}, ${gray}, ${gray}, ${(opacity * random.next()).toFixed(3)})`);
      gradient.addColorStop(1, `rgba(${gray}, ${gray}, ${gray}, 0)`);
      context.fillStyle = gradient;
      context.fillRect(x - radius, y - radius, 2 * radius, 2 * radius);
    }
  });
}

/** A wall of bricks in running bond. */
export function bricks(context: SKRSContext2D, box: Box, brickHeight: number, hue: number, random: Random): void {
  const brickWidth = brickHeight * 3.1;
  const joint = brickHeight * 0.14;
  inside(context, box, () => {
    fillBox(context, box, hsl(hue + 12, 12, 58));
    for (let row = 0; row * brickHeight < box.height; row++) {
      const start = box.x - (row % 2) * (brickWidth / 2);
      for (let x = start; x < box.x + box.width; x += brickWidth) {
        const paint = hsl(hue + random.between(-5, 5), random.between(34, 46), random.between(31, 43));
        const y = box.y + row * brickHeight;
        fillBox(context, { x, y, width: brickWidth - joint, height: brickHeight - joint }, paint);
        const light = { x, y, width: brickWidth - joint, height: joint * 0.7 };
        fillBox(context, light, 'rgba(255, 235, 215, 0.10)');
      }
    }
  });
  blotches(context, box, 60, random, 0.16);
}

/** Planks side by side, with grain along them. */
export function planks(context: SKRSContext2D, box: Box, plankHeight: number, hue: number, random: Random): void {
  inside(context, box, () => {
    for (let y = box.y; y < box.y + box.height; y += plankHeight) {
      const plank = { x: box.x, y, width: box.width, height: plankHeight };
      fillBox(context, plank, hsl(hue, 38, random.between(25, 31)));
      for (let i = 0; i < 40; i++) {
        const at = y + random.next() * plankHeight;
        const from = box.x + random.next() * box.width;
        const length = random.between(0.1, 0.5) * box.width;
        const paint = random.chance(0.5) ? 'rgba(0, 0, 0, 0.10)' : 'rgba(255, 220, 170, 0.07)';
        fillBox(context, { x: from, y: at, width: length, height: random.between(1, 2.5) }, paint);
      }
      fillBox(context, { x: box.x, y: y + plankHeight - 3, width: box.width, height: 3 }, 'rgba(0, 0, 0, 0.45)');
    }
  });
}

/** A window pane: what is behind it in the dark, and the sky on it. */
export function glass(context: SKRSContext2D, box: Box, glow: number, random: Random): void {
  inside(context, box, () => {
    const inner = [hsl(205, 22, 24), hsl(40, 30 * glow, 20 + 26 * glow), hsl(34, 40 * glow, 14 + 14 * glow)];
    fillBox(context, box, gradientDown(context, box, inner));
    for (let i = 0; i < 3; i++) {
      const x = box.x + random.between(-0.2, 0.9) * box.width;
      const width = random.between(0.06, 0.2) * box.width;
      const lean = 0.35 * box.height;
      context.fillStyle = `rgba(225, 238, 250, ${random.between(0.05, 0.12).toFixed(3)})`;
      context.beginPath();
      context.moveTo(x + lean, box.y);
      context.lineTo(x + lean + width, box.y);
      context.lineTo(x + width, box.y + box.height);
      context.lineTo(x, box.y + box.height);
      context.fill();
    }
  });
}

/** Paper with fibers and a little unevenness. */
export function paper(context: SKRSContext2D, box: Box, tint: string, random: Random): void {
  fillBox(context, box, tint);
  for (let i = 0; i < (box.width * box.height) / 900; i++) {
    const x = box.x + random.next() * box.width;
    const y = box.y + random.next() * box.height;
    const shade = random.chance(0.5) ? 'rgba(90, 70, 40, 0.035)' : 'rgba(255, 255, 255, 0.10)';
    fillBox(context, { x, y, width: random.between(1, 7), height: random.between(0.6, 1.6) }, shade);
  }
  blotches(context, box, 24, random, 0.05);
}

/** A soft shadow of a box, cast down and to the right. */
export function shadow(context: SKRSContext2D, box: Box, reach: number, opacity: number): void {
  context.save();
  context.shadowColor = `rgba(0, 0, 0, ${opacity})`;
  context.shadowBlur = reach;
  context.shadowOffsetX = reach * 0.35;
  context.shadowOffsetY = reach * 0.6;
  fillBox(context, box, '#222');
  context.restore();
}
