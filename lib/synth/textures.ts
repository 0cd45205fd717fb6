import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import { fractalNoise, type NoiseShape } from './noise.ts';
import { bokeh, checks, fabric, facade, halftone, leaves, sheetMetal, stripes, tiles } from './patterns.ts';
import type { Random } from './random.ts';
import { blotches, bricks, fillBox, glass, gradientDown, hsl, paper, planks } from './surfaces.ts';

/** How uneven a surface is: its levels are multiplied by 1 ± depth. */
interface Unevenness extends NoiseShape {
  depth: number;
}

interface Kind {
  draw(context: SKRSContext2D, side: number, random: Random): void;
  /** Wide clouds, then grain. */
  uneven: (random: Random) => Unevenness[];
}

const still = (): Unevenness[] => [];
const clouds = (depth: number) => (random: Random) => [
  {
    columns: random.integer(2, 6),
    rows: random.integer(2, 6),
    octaves: 5,
    persistence: 0.55,
    depth: depth * random.between(0.4, 1),
  },
];
const rough = (depth: number) => (random: Random) => [
  ...clouds(depth)(random),
  { columns: 64, rows: 64, octaves: 3, persistence: 0.8, depth: depth * random.between(0.4, 1) },
];
/** Scratches or fibers along one direction, which is upright with the given probability. */
const drawn =
  (depth: number, upright = 0.5) =>
  (random: Random) => {
    const [columns, rows] = random.chance(upright) ? [160, 2] : [2, 160];
    return [
      { columns, rows, octaves: 2, persistence: 0.7, depth: depth * random.between(0.4, 1) },
      ...clouds(depth / 2)(random),
    ];
  };

/** Surfaces that texts stand on or before, the common ones more than once. */
const kinds: readonly Kind[] = [
  { draw: plain, uneven: clouds(0.15) },
  { draw: plain, uneven: clouds(0.08) },
  { draw: plain, uneven: rough(0.12) },
  { draw: gradient, uneven: still },
  { draw: gradient, uneven: clouds(0.1) },
  { draw: plaster, uneven: rough(0.35) },
  { draw: plaster, uneven: rough(0.2) },
  { draw: plain, uneven: drawn(0.3) },
  { draw: sheetMetal, uneven: drawn(0.15) },
  { draw: tiles, uneven: clouds(0.12) },
  {
    draw: (context, side, random) =>
      bricks(context, whole(side), side / random.integer(8, 22), random.between(0, 30), random),
    uneven: rough(0.2),
  },
  {
    draw: (context, side, random) =>
      planks(context, whole(side), side / random.integer(3, 9), random.between(15, 45), random),
    uneven: drawn(0.3, 0),
  },
  { draw: fabric, uneven: clouds(0.15) },
  { draw: sheetOfPaper, uneven: rough(0.06) },
  { draw: sheetOfPaper, uneven: clouds(0.15) },
  { draw: leaves, uneven: rough(0.3) },
  { draw: halftone, uneven: still },
  { draw: stripes, uneven: clouds(0.15) },
  { draw: checks, uneven: clouds(0.12) },
  { draw: (context, side, random) => glass(context, whole(side), random.next(), random), uneven: clouds(0.15) },
  { draw: bokeh, uneven: still },
  { draw: facade, uneven: rough(0.15) },
];

/** RGB pixels of a square. */
export function drawTexture(random: Random, side: number): Uint8Array {
  const canvas = createCanvas(side, side);
  const context = canvas.getContext('2d');
  const kind = random.pick(kinds);
  kind.draw(context, side, random.fork('draw'));
  const { data } = context.getImageData(0, 0, side, side);
  const gain = unevenGain(kind.uneven(random), side, random.fork('uneven'));
  const pixels = new Uint8Array(side * side * 3);
  for (let i = 0; i < side * side; i++) {
    for (let channel = 0; channel < 3; channel++) {
      pixels[3 * i + channel] = Math.min(255, data[4 * i + channel]! * gain[i]! + 0.5);
    }
  }
  return pixels;
}

function unevenGain(layers: readonly Unevenness[], side: number, random: Random): Float32Array {
  const gain = new Float32Array(side * side).fill(1);
  layers.forEach((layer, index) => {
    const noise = fractalNoise(random.fork(String(index)), side, side, layer);
    // Sums of octaves stay near their mean: doubled, they use the depth.
    for (let i = 0; i < gain.length; i++) gain[i]! *= 1 + 2 * layer.depth * (2 * noise[i]! - 1);
  });
  return gain;
}

function whole(side: number) {
  return { x: 0, y: 0, width: side, height: side };
}

function plain(context: SKRSContext2D, side: number, random: Random): void {
  fillBox(context, whole(side), paintOf(random));
}

function gradient(context: SKRSContext2D, side: number, random: Random): void {
  const colors = Array.from({ length: random.integer(2, 3) }, () => paintOf(random));
  fillBox(context, whole(side), gradientDown(context, whole(side), colors));
  if (random.chance(0.5)) return;
  const [x, y] = [random.between(0, side), random.between(0, side)];
  const circles = context.createRadialGradient(x, y, 0, x, y, side * random.between(0.6, 1.3));
  colors.forEach((color, index) => {
    circles.addColorStop(index / (colors.length - 1), color);
  });
  fillBox(context, whole(side), circles);
}

/** A wall, painted or bare, with stains. */
function plaster(context: SKRSContext2D, side: number, random: Random): void {
  fillBox(context, whole(side), hsl(random.between(0, 360), random.between(0, 30), random.between(25, 90)));
  blotches(context, whole(side), random.integer(10, 60), random, random.between(0.05, 0.3));
}

function sheetOfPaper(context: SKRSContext2D, side: number, random: Random): void {
  paper(context, whole(side), hsl(random.between(20, 70), random.between(0, 35), random.between(78, 97)), random);
  for (let fold = random.integer(0, 2); fold > 0; fold--) {
    const area = { x: 0, y: random.between(0, side), width: side, height: random.between(4, side / 6) };
    const shades = [
      'rgba(0,0,0,0)',
      hsl(0, 0, 0, random.between(0.05, 0.2)),
      'rgba(255,255,255,0.08)',
      'rgba(0,0,0,0)',
    ];
    fillBox(context, area, gradientDown(context, area, shades));
  }
}

/** Colors of signs and walls: whites and darks are common, strong ones too. */
function paintOf(random: Random): string {
  const hue = random.between(0, 360);
  const style = random.next();
  if (style < 0.2) return hsl(hue, random.between(0, 20), random.between(85, 100));
  if (style < 0.35) return hsl(hue, random.between(0, 30), random.between(3, 20));
  if (style < 0.6) return hsl(hue, random.between(55, 100), random.between(30, 60));
  return hsl(hue, random.between(5, 60), random.between(20, 85));
}
