import { type Canvas, createCanvas, DOMMatrix, type SKRSContext2D } from '@napi-rs/canvas';
import { Random } from './random.ts';

export const inkTextureNames = ['worn', 'scratched', 'grainy', 'lamps', 'hatched'] as const;

/** How a paint covers its ground. */
export interface InkTexture {
  name: (typeof inkTextureNames)[number];
  /** Of several of its kind, 0 … 7. */
  variant: number;
  /** Where the pattern begins, in ems. */
  x: number;
  y: number;
}

/** How many there are of each kind. */
export const inkTextureVariants = 8;

/** Pixels of a pattern's side, and of an em in it. */
const side = 192;
const emOfPattern = 64;

/** Holes by kind and variant; made once, the same in every thread. */
const holes = new Map<string, Canvas>();

/** A paint of one color that leaves parts of the ground bare. */
export function texturePaint(
  context: SKRSContext2D,
  color: string,
  { name, variant, x, y }: InkTexture,
  size: number,
): SKRSContext2D['fillStyle'] {
  const tile = createCanvas(side, side);
  const paint = tile.getContext('2d');
  paint.fillStyle = color;
  paint.fillRect(0, 0, side, side);
  paint.globalCompositeOperation = 'destination-out';
  paint.drawImage(holesOf(name, variant), 0, 0);
  const pattern = context.createPattern(tile, 'repeat')!;
  const scale = size / emOfPattern;
  pattern.setTransform(new DOMMatrix([scale, 0, 0, scale, x * size, y * size]));
  return pattern;
}

function holesOf(name: InkTexture['name'], variant: number): Canvas {
  const key = `${name}/${variant}`;
  let canvas = holes.get(key);
  if (!canvas) {
    canvas = createCanvas(side, side);
    cut[name](canvas.getContext('2d'), new Random(`ink/${key}`));
    holes.set(key, canvas);
  }
  return canvas;
}

const cut: Readonly<Record<InkTexture['name'], (context: SKRSContext2D, random: Random) => void>> = {
  worn(context, random) {
    const share = random.between(0.4, 1);
    for (let i = 0; i < 700 * share; i++) fleck(context, random, random.between(0.5, 2.5));
    for (let i = 0; i < 40 * share; i++) fleck(context, random, random.between(3, 7));
  },
  scratched(context, random) {
    const lean = random.between(0, Math.PI);
    for (let i = random.integer(40, 110); i > 0; i--) {
      const angle = lean + random.between(-0.25, 0.25);
      const length = random.between(10, 120);
      const [x, y] = [random.between(0, side), random.between(0, side)];
      context.lineWidth = random.between(0.4, 1.8);
      context.globalAlpha = random.between(0.4, 1);
      context.beginPath();
      context.moveTo(x, y);
      context.lineTo(x + length * Math.cos(angle), y + length * Math.sin(angle));
      context.stroke();
    }
  },
  grainy(context, random) {
    const count = random.integer(2500, 7000);
    for (let i = 0; i < count; i++) {
      context.globalAlpha = random.between(0.3, 1);
      context.fillRect(
        random.between(0, side),
        random.between(0, side),
        random.between(0.5, 1.6),
        random.between(0.5, 1.6),
      );
    }
  },
  lamps(context, random) {
    const pitch = side / random.integer(24, 40);
    const radius = pitch * random.between(0.38, 0.48);
    context.fillRect(0, 0, side, side);
    context.globalCompositeOperation = 'destination-out';
    for (let y = pitch / 2; y < side; y += pitch) {
      for (let x = pitch / 2; x < side; x += pitch) {
        context.beginPath();
        context.arc(x, y, radius, 0, 2 * Math.PI);
        context.fill();
      }
    }
  },
  hatched(context, random) {
    const pitch = side / random.integer(24, 48);
    const bare = pitch * random.between(0.2, 0.45);
    const isUpright = random.chance(0.3);
    for (let at = 0; at < side; at += pitch) {
      if (isUpright) context.fillRect(at, 0, bare, side);
      else context.fillRect(0, at, side, bare);
    }
  },
};

/** A jagged spot. */
function fleck(context: SKRSContext2D, random: Random, radius: number): void {
  const [x, y] = [random.between(0, side), random.between(0, side)];
  const corners = random.integer(4, 8);
  context.globalAlpha = random.between(0.5, 1);
  context.beginPath();
  for (let i = 0; i < corners; i++) {
    const angle = (2 * Math.PI * i) / corners;
    const reach = radius * random.between(0.5, 1.3);
    context.lineTo(x + reach * Math.cos(angle), y + reach * Math.sin(angle));
  }
  context.fill();
}
