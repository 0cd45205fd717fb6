import type { SKRSContext2D } from '@napi-rs/canvas';
import type { Random } from './random.ts';
import { fillBox, gradientDown, hsl } from './surfaces.ts';

/** Each fills the square (0, 0) … (side, side) with a pattern of random measures and colors. */

/** Ribbed or flat sheet metal, its light from above or the side. */
export function sheetMetal(context: SKRSContext2D, side: number, random: Random): void {
  const hue = random.between(190, 250);
  const light = random.between(35, 75);
  const ribs = random.chance(0.5) ? random.integer(6, 30) : 1;
  const step = side / ribs;
  if (random.chance(0.6)) {
    // Ribs upright.
    context.translate(side, 0);
    context.rotate(Math.PI / 2);
  }
  for (let i = 0; i < ribs; i++) {
    const rib = { x: 0, y: i * step, width: side, height: step + 1 };
    const shades = [-10, 6, 12, -2, -14].map((shift) => hsl(hue, 6, light + shift));
    fillBox(context, rib, gradientDown(context, rib, shades));
  }
}

/** Tiles with joints, each a little different from its neighbors, glazed or not. */
export function tiles(context: SKRSContext2D, side: number, random: Random): void {
  const across = random.integer(3, 16);
  const down = random.chance(0.6) ? across : random.integer(3, 24);
  const [width, height] = [side / across, side / down];
  const joint = Math.min(width, height) * random.between(0.02, 0.1);
  const hue = random.between(0, 360);
  const [saturation, lightness] = [random.between(0, 70), random.between(20, 92)];
  fillBox(context, { x: 0, y: 0, width: side, height: side }, hsl(hue, 5, random.chance(0.7) ? 78 : 25));
  const glaze = random.chance(0.5);
  const spread = random.between(1, 8);
  for (let row = 0; row < down; row++) {
    for (let column = 0; column < across; column++) {
      const tile = { x: column * width, y: row * height, width: width - joint, height: height - joint };
      const level = lightness + random.between(-spread, spread);
      const shades = [hsl(hue, saturation, level + 5), hsl(hue, saturation, level - 3)];
      fillBox(context, tile, glaze ? gradientDown(context, tile, shades) : hsl(hue, saturation, level));
    }
  }
}

/** Warp and weft, plain or with stripes. */
export function fabric(context: SKRSContext2D, side: number, random: Random): void {
  const hue = random.between(0, 360);
  const [saturation, lightness] = [random.between(5, 75), random.between(18, 80)];
  fillBox(context, { x: 0, y: 0, width: side, height: side }, hsl(hue, saturation, lightness));
  const thread = random.between(2, 5);
  const banded = random.chance(0.4);
  for (let at = 0; at < side; at += thread) {
    const shift = banded && Math.floor(at / (thread * 12)) % 2 === 0 ? 12 : 0;
    const warp = hsl(hue, saturation, lightness + shift + random.between(-9, 9), 0.55);
    fillBox(context, { x: at, y: 0, width: thread * 0.6, height: side }, warp);
    const weft = hsl(hue, saturation, lightness + random.between(-9, 9), 0.45);
    fillBox(context, { x: 0, y: at, width: side, height: thread * 0.6 }, weft);
  }
}

/** Foliage: thousands of small leaves over shade. */
export function leaves(context: SKRSContext2D, side: number, random: Random): void {
  const hue = random.between(60, 140);
  fillBox(context, { x: 0, y: 0, width: side, height: side }, hsl(hue, 35, 12));
  const count = 1400;
  for (let i = 0; i < count; i++) {
    const [x, y] = [random.between(0, side), random.between(0, side)];
    const length = side * random.between(0.008, 0.035);
    context.fillStyle = hsl(
      hue + random.between(-18, 18),
      random.between(25, 70),
      10 + (i / count) * random.between(10, 50),
    );
    context.beginPath();
    context.ellipse(x, y, length, length * random.between(0.3, 0.6), random.between(0, Math.PI), 0, 2 * Math.PI);
    context.fill();
  }
}

/** Dots of print, larger where it is darker. */
export function halftone(context: SKRSContext2D, side: number, random: Random): void {
  const step = side / random.integer(30, 90);
  const hue = random.between(0, 360);
  fillBox(
    context,
    { x: 0, y: 0, width: side, height: side },
    hsl(hue + 180, random.between(0, 60), random.between(80, 97)),
  );
  context.fillStyle = hsl(hue, random.between(20, 90), random.between(20, 60));
  const [waveX, waveY] = [random.between(0.5, 3), random.between(0.5, 3)];
  context.beginPath();
  for (let y = 0; y < side; y += step) {
    for (let x = 0; x < side; x += step) {
      const tone = 0.5 + 0.5 * Math.sin(((waveX * x + waveY * y) / side) * 2 * Math.PI);
      const radius = step * 0.55 * Math.sqrt(tone);
      context.moveTo(x + radius, y);
      context.arc(x, y, radius, 0, 2 * Math.PI);
    }
  }
  context.fill();
}

/** Awnings, barriers, flags. */
export function stripes(context: SKRSContext2D, side: number, random: Random): void {
  const colors = Array.from({ length: random.integer(2, 3) }, () =>
    random.chance(0.4)
      ? hsl(0, 0, random.between(85, 100))
      : hsl(random.between(0, 360), random.between(40, 95), random.between(25, 65)),
  );
  const step = side / random.integer(4, 24);
  context.translate(side / 2, side / 2);
  context.rotate(random.pick([0, 0.25, 0.5, 0.75]) * Math.PI);
  for (let i = 0, x = -side; x < side; x += step, i++) {
    fillBox(context, { x, y: -side, width: step + 0.5, height: 2 * side }, colors[i % colors.length]!);
  }
}

/** Table cloths, chess boards, taxis. */
export function checks(context: SKRSContext2D, side: number, random: Random): void {
  const count = random.integer(4, 24);
  const step = side / count;
  const hue = random.between(0, 360);
  const paints = [
    hsl(hue, random.between(20, 90), random.between(25, 60)),
    hsl(hue, random.between(0, 30), random.between(75, 98)),
  ];
  const mixed = hsl(hue, 50, 68);
  const woven = random.chance(0.5);
  for (let row = 0; row < count; row++) {
    for (let column = 0; column < count; column++) {
      const kind = (row % 2) + (column % 2);
      const paint = woven ? [paints[0], mixed, paints[1]][kind] : paints[kind % 2];
      fillBox(context, { x: column * step, y: row * step, width: step + 0.5, height: step + 0.5 }, paint!);
    }
  }
}

/** Lights of a street at night, far out of focus. */
export function bokeh(context: SKRSContext2D, side: number, random: Random): void {
  const box = { x: 0, y: 0, width: side, height: side };
  const hue = random.between(200, 280);
  fillBox(
    context,
    box,
    gradientDown(context, box, [hsl(hue, 35, random.between(4, 16)), hsl(hue + 30, 30, random.between(6, 24))]),
  );
  context.globalCompositeOperation = 'lighter';
  for (let i = random.integer(12, 60); i > 0; i--) {
    const [x, y] = [random.between(0, side), random.between(0, side)];
    const radius = side * random.between(0.01, 0.09);
    const glow = context.createRadialGradient(x, y, radius * 0.7, x, y, radius);
    const color = [
      random.pick([0, 20, 35, 45, 120, 210, 320]),
      random.between(50, 100),
      random.between(40, 75),
    ] as const;
    glow.addColorStop(0, hsl(...color, random.between(0.1, 0.7)));
    glow.addColorStop(1, hsl(...color, 0));
    fillBox(context, { x: x - radius, y: y - radius, width: 2 * radius, height: 2 * radius }, glow);
  }
}

/** Rows of windows in a wall. */
export function facade(context: SKRSContext2D, side: number, random: Random): void {
  fillBox(
    context,
    { x: 0, y: 0, width: side, height: side },
    hsl(random.between(0, 60), random.between(0, 35), random.between(35, 85)),
  );
  const [across, down] = [random.integer(2, 7), random.integer(2, 7)];
  const [width, height] = [side / across, side / down];
  const [inset, sill] = [random.between(0.15, 0.3), random.between(0.02, 0.06)];
  const frame = hsl(random.between(0, 360), 10, random.chance(0.6) ? 92 : 30);
  const night = random.chance(0.3);
  for (let row = 0; row < down; row++) {
    for (let column = 0; column < across; column++) {
      const box = {
        x: (column + inset) * width,
        y: (row + inset) * height,
        width: (1 - 2 * inset) * width,
        height: (1 - 2 * inset) * height,
      };
      fillBox(
        context,
        {
          x: box.x - width * sill,
          y: box.y - height * sill,
          width: box.width + 2 * width * sill,
          height: box.height + 2 * height * sill,
        },
        frame,
      );
      const lit = night && random.chance(0.4);
      const shades = lit
        ? [hsl(42, 70, 70), hsl(35, 65, 50)]
        : [hsl(210, 25, random.between(30, 60)), hsl(215, 25, random.between(12, 28))];
      fillBox(context, box, gradientDown(context, box, shades));
      const bar = {
        x: box.x + box.width / 2 - width * sill * 0.4,
        y: box.y,
        width: width * sill * 0.8,
        height: box.height,
      };
      fillBox(context, bar, frame);
    }
  }
}
