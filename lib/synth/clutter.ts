import { type Canvas, createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import { css, paintColor, type Rgb, surfaceColor } from './colors.ts';
import type { Random } from './random.ts';
import { gradientDown } from './surfaces.ts';

/**
 * What stands about where there are signs, and is no text: walls and floors, shelves of goods, railings, lamps, people, doors,
 * symbols, leaves, cables. Detectors that saw texts on even ground alone take all of it for letters.
 */

type Paint = (context: SKRSContext2D, random: Random, width: number, height: number) => void;

/** Each paints about the rectangle (0, 0) … (width, height). `size`: of its shorter side, shares of the picture's. */
const things: { paint: Paint; often: number; size: readonly [least: number, most: number]; aspect: number }[] = [
  { paint: shelf, often: 4, size: [0.12, 0.6], aspect: 1.4 },
  { paint: bars, often: 5, size: [0.04, 0.5], aspect: 1.6 },
  { paint: person, often: 4, size: [0.04, 0.18], aspect: 0.36 },
  { paint: frame, often: 5, size: [0.06, 0.5], aspect: 0.8 },
  { paint: lamps, often: 4, size: [0.01, 0.06], aspect: 9 },
  { paint: row, often: 9, size: [0.01, 0.07], aspect: 6 },
  { paint: smears, often: 5, size: [0.01, 0.07], aspect: 3 },
  { paint: symbol, often: 9, size: [0.01, 0.12], aspect: 1 },
  { paint: leaves, often: 2, size: [0.08, 0.4], aspect: 1 },
  { paint: cable, often: 4, size: [0.05, 0.5], aspect: 2 },
  { paint: grid, often: 3, size: [0.1, 0.5], aspect: 1.2 },
  { paint: heap, often: 4, size: [0.03, 0.25], aspect: 1.3 },
  { paint: edge, often: 6, size: [0.1, 0.6], aspect: 1.5 },
];

/** Of one picture's things: few or many, on the walls of a room or on whatever is behind. */
export function drawClutter(random: Random, side: number): Canvas {
  const canvas = createCanvas(side, side);
  const context = canvas.getContext('2d');
  if (random.chance(0.5)) room(context, random.fork('room'), side);
  const count = Math.round(3 * 40 ** random.next());
  for (let i = 0; i < count; i++) put(context, random.fork(`thing ${i}`), side);
  if (random.chance(0.25)) glare(context, random.fork('glare'), side);
  return canvas;
}

function put(context: SKRSContext2D, random: Random, side: number): void {
  const { paint, size, aspect } = random.weighted(things, ({ often }) => often);
  const shorter = side * size[0] * (size[1] / size[0]) ** random.next();
  const ratio = aspect * 2 ** random.between(-0.6, 0.6);
  const [width, height] = ratio > 1 ? [shorter * ratio, shorter] : [shorter, shorter / ratio];
  context.save();
  context.globalAlpha = random.chance(0.8) ? 1 : random.between(0.3, 1);
  // As seen from aside and from below: rows of things run towards a vanishing point, each thing nearly upright.
  const [slope, lean] = [0.18 * random.gaussian(), 0.06 * random.gaussian()];
  context.transform(1, slope, lean, 1, random.between(-0.2, 1) * side, random.between(-0.2, 1) * side);
  paint(context, random, width, height);
  context.restore();
}

function shade(color: Rgb, factor: number): string {
  return css(color.map((level) => level * factor) as unknown as Rgb);
}

function box(context: SKRSContext2D, x: number, y: number, width: number, height: number, paint: string): void {
  context.fillStyle = paint;
  context.fillRect(x, y, width, height);
}

function ellipse(context: SKRSContext2D, x: number, y: number, across: number, down: number, paint?: string): void {
  context.beginPath();
  context.ellipse(x, y, Math.max(across, 0.1), Math.max(down, 0.1), 0, 0, 2 * Math.PI);
  if (paint !== undefined) {
    context.fillStyle = paint;
    context.fill();
  }
}

function polygon(context: SKRSContext2D, points: readonly (readonly [number, number])[]): void {
  context.beginPath();
  for (const [x, y] of points) context.lineTo(x, y);
  context.closePath();
}

/** Walls, floor and ceiling about a vanishing point, with the joints of slabs on some. */
function room(context: SKRSContext2D, random: Random, side: number): void {
  const [x, y] = [random.between(0.2, 0.8) * side, random.between(0.25, 0.7) * side];
  const [half, rise] = [random.between(0.05, 0.35) * side, random.between(0.05, 0.3) * side];
  const near = [
    [0, 0],
    [side, 0],
    [side, side],
    [0, side],
  ] as const;
  const far = [
    [x - half, y - rise],
    [x + half, y - rise],
    [x + half, y + rise],
    [x - half, y + rise],
  ] as const;
  const base = surfaceColor(random);
  for (let i = 0; i < 4; i++) {
    const next = (i + 1) % 4;
    polygon(context, [near[i]!, near[next]!, far[next]!, far[i]!]);
    context.fillStyle = shade(random.chance(0.6) ? base : surfaceColor(random), random.between(0.6, 1.2));
    context.fill();
    if (random.chance(0.4)) joints(context, random, [near[i]!, near[next]!], [far[i]!, far[next]!]);
  }
  box(context, x - half, y - rise, 2 * half, 2 * rise, css(surfaceColor(random)));
}

type Side = readonly [readonly [number, number], readonly [number, number]];

function joints(context: SKRSContext2D, random: Random, near: Side, far: Side): void {
  const between = ([a, b]: Side, share: number) =>
    [a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])] as const;
  context.strokeStyle = css(surfaceColor(random), random.between(0.2, 0.8));
  context.lineWidth = random.between(0.6, 3);
  const [along, across] = [random.integer(3, 16), random.integer(2, 14)];
  context.beginPath();
  for (let i = 0; i <= along; i++) {
    context.moveTo(...between(near, i / along));
    context.lineTo(...between(far, i / along));
  }
  for (let i = 1; i <= across; i++) {
    // Equal slabs are the narrower the farther away they are.
    const depth = 1 - 1 / (1 + (3 * i) / across);
    context.moveTo(...between([near[0], far[0]], depth));
    context.lineTo(...between([near[1], far[1]], depth));
  }
  context.stroke();
}

/** Boards with boxes, tins and bottles, close by each other, some with a band or a spot on them. */
function shelf(context: SKRSContext2D, random: Random, width: number, height: number): void {
  const rows = random.integer(2, 6);
  const row = height / rows;
  box(context, 0, 0, width, height, css(surfaceColor(random)));
  const palette = Array.from({ length: random.integer(2, 8) }, () => paintColor(random));
  for (let r = 0; r < rows; r++) {
    const goods = row * random.between(0.12, 0.8);
    const gap = random.chance(0.5) ? 0 : goods * random.between(0.05, 0.4);
    const alike = random.chance(0.4) ? random.pick(palette) : undefined;
    for (let x = 0; x < width; x += goods + gap) {
      const color = alike ?? random.pick(palette);
      const top = row * random.between(0.1, 0.45);
      const y = r * row + top;
      const tall = row * 0.92 - top;
      box(context, x, y, goods * 0.94, tall, shade(color, random.between(0.75, 1.15)));
      const mark = random.next();
      if (mark < 0.25)
        box(context, x, y + tall * random.between(0.2, 0.6), goods * 0.94, tall * 0.15, css(random.pick(palette)));
      else if (mark < 0.4)
        ellipse(context, x + goods / 2, y + tall / 2, goods * 0.3, goods * 0.3, css(random.pick(palette)));
    }
    box(context, 0, (r + 0.92) * row, width, row * 0.08, css(surfaceColor(random)));
  }
}

/** Railings, blinds, escalators, vents: the same bar again and again. */
function bars(context: SKRSContext2D, random: Random, width: number, height: number): void {
  const upright = random.chance(0.6);
  const [length, reach] = upright ? [height, width] : [width, height];
  const pitch = reach / random.integer(4, 28);
  const thick = pitch * random.between(0.12, 0.7);
  const [color, other] = [surfaceColor(random), paintColor(random)];
  if (random.chance(0.5)) box(context, 0, 0, width, height, shade(surfaceColor(random), 0.8));
  const slant = random.chance(0.25) ? random.between(-0.5, 0.5) * pitch : 0;
  for (let at = 0; at < reach; at += pitch) {
    context.fillStyle = random.chance(0.03) ? css(other) : css(color);
    const corners = [
      [at, 0],
      [at + thick, 0],
      [at + thick + slant, length],
      [at + slant, length],
    ] as const;
    polygon(context, upright ? corners : corners.map(([a, b]) => [b, a] as const));
    context.fill();
  }
  if (random.chance(0.5)) box(context, 0, 0, upright ? width : thick, upright ? thick : height, shade(color, 0.8));
}

function person(context: SKRSContext2D, random: Random, width: number, height: number): void {
  const skin: Rgb = [random.between(70, 235), random.between(50, 190), random.between(40, 170)];
  const [shirt, trousers] = [paintColor(random), surfaceColor(random)];
  const head = height * 0.07;
  for (const leg of [0.3, 0.7]) {
    const foot = (leg + random.between(-0.25, 0.25)) * width;
    polygon(context, [
      [(leg - 0.18) * width, height * 0.5],
      [(leg + 0.18) * width, height * 0.5],
      [foot + 0.1 * width, height],
      [foot - 0.1 * width, height],
    ]);
    context.fillStyle = css(trousers);
    context.fill();
  }
  ellipse(context, width / 2, height * 0.34, width * 0.42, height * 0.22, css(shirt));
  box(context, width * 0.14, height * 0.32, width * 0.72, height * 0.22, css(shirt));
  if (random.chance(0.4))
    ellipse(
      context,
      width * random.between(0.1, 0.9),
      height * 0.36,
      width * 0.2,
      height * 0.12,
      css(paintColor(random)),
    );
  ellipse(context, width / 2, head, head * 0.75, head, css(skin));
  ellipse(context, width / 2, head * 0.6, head * 0.8, head * 0.6, shade(skin, random.between(0.1, 0.7)));
}

/** A door, a window, a poster without words, a screen. */
function frame(context: SKRSContext2D, random: Random, width: number, height: number): void {
  const [border, filling] = [surfaceColor(random), surfaceColor(random)];
  const thick = Math.min(width, height) * random.between(0.02, 0.12);
  box(context, 0, 0, width, height, css(border));
  const pane = { x: thick, y: thick, width: width - 2 * thick, height: height - 2 * thick };
  context.fillStyle = gradientDown(context, pane, [css(filling), shade(filling, random.between(0.4, 1.6))]);
  context.fillRect(pane.x, pane.y, pane.width, pane.height);
  const [across, down] = [random.integer(1, 3), random.integer(1, 3)];
  for (let i = 1; i < across; i++) box(context, (i * width) / across - thick / 2, 0, thick, height, css(border));
  for (let i = 1; i < down; i++) box(context, 0, (i * height) / down - thick / 2, width, thick, css(border));
  for (let i = random.integer(0, 5); i > 0; i--) {
    const radius = random.between(0.05, 0.3) * Math.min(width, height);
    const [x, y] = [random.between(0.2, 0.8) * width, random.between(0.2, 0.8) * height];
    ellipse(context, x, y, radius, radius * random.between(0.4, 1.6), css(paintColor(random), random.between(0.3, 1)));
  }
}

/** A row of lights, each with its halo. */
function lamps(context: SKRSContext2D, random: Random, width: number, height: number): void {
  const count = random.integer(1, 9);
  const [warm, long] = [random.between(190, 255), random.chance(0.3)];
  for (let i = 0; i < count; i++) {
    const [x, y] = [((i + 0.5) * width) / count, height / 2 + random.between(-0.1, 0.1) * height];
    const halo = context.createRadialGradient(x, y, 0, x, y, height * 1.6);
    halo.addColorStop(0, css([255, 250, warm], 0.7));
    halo.addColorStop(1, css([255, 250, warm], 0));
    context.fillStyle = halo;
    context.fillRect(x - 1.6 * height, y - 1.6 * height, 3.2 * height, 3.2 * height);
    ellipse(
      context,
      x,
      y,
      height * (long ? 1.2 : 0.45),
      height * (long ? 0.15 : 0.4),
      css([255, 253, (warm + 255) / 2]),
    );
  }
}

/** The same small thing several times beside each other, as letters are: bottles, bags, figures, flowers, lit windows. */
function row(context: SKRSContext2D, random: Random, width: number, height: number): void {
  const count = random.integer(2, 14);
  const pitch = width / count;
  const [color, other] = random.chance(0.4)
    ? [paintColor(random), surfaceColor(random)]
    : [surfaceColor(random), paintColor(random)];
  if (random.chance(0.6))
    box(context, -0.3 * height, -0.4 * height, width + 0.6 * height, 1.8 * height, css(surfaceColor(random)));
  // Outlines of one thing, upright: half of it, the other half mirrored.
  const half = Array.from({ length: random.integer(2, 6) }, () => [random.between(0.05, 0.5), random.next()] as const);
  half.sort((a, b) => a[1] - b[1]);
  const lean = random.chance(0.7) ? 1 : random.between(0, 1);
  const outline = [...half, ...half.toReversed().map(([x, y]) => [-x * lean, y] as const)];
  for (let i = 0; i < count; i++) {
    const [x, shrink] = [(i + 0.5) * pitch + 0.1 * pitch * random.gaussian(), random.between(0.8, 1)];
    const across = Math.min(pitch * random.between(0.8, 1.1), height);
    context.fillStyle = shade(random.chance(0.15) ? other : color, random.between(0.7, 1.15));
    if (random.chance(0.04)) continue;
    polygon(
      context,
      outline.map(([u, v]) => [x + u * across, height * (1 - shrink + v * shrink)] as const),
    );
    context.fill();
    if (random.chance(0.15)) ellipse(context, x, height * random.next(), across * 0.25, across * 0.25, css(other));
  }
}

/** Lights that moved while the shutter was open, and reflections on metal: short strokes, all in one direction. */
function smears(context: SKRSContext2D, random: Random, width: number, height: number): void {
  const color: Rgb = random.chance(0.7) ? [255, 250, random.between(150, 255)] : paintColor(random);
  const [dx, dy] = [random.between(-0.6, 0.6) * height, random.between(-0.6, 0.6) * height];
  context.lineCap = 'round';
  context.lineWidth = Math.max(1, height * random.between(0.08, 0.4));
  for (let i = random.integer(1, 14); i > 0; i--) {
    const [x, y] = [random.next() * width, random.next() * height];
    context.strokeStyle = css(color, random.between(0.3, 1));
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(x + dx, y + dy);
    context.stroke();
  }
}

/** Arrows, stars, crosses, rings, hearts and drops, as pictograms and marks of makers have them. */
function symbol(context: SKRSContext2D, random: Random, width: number, height: number): void {
  const ground = random.chance(0.6);
  const color = paintColor(random);
  if (ground && random.chance(0.5))
    ellipse(context, width / 2, height / 2, width * 0.7, height * 0.7, css(surfaceColor(random)));
  else if (ground) box(context, -0.2 * width, -0.2 * height, 1.4 * width, 1.4 * height, css(surfaceColor(random)));
  const corners = random.integer(3, 8);
  const inner = random.between(0.25, 1);
  const turn = random.between(0, 2 * Math.PI);
  context.strokeStyle = css(color);
  context.lineWidth = Math.min(width, height) * random.between(0.08, 0.2);
  const kind = random.integer(0, 3);
  if (kind === 0) {
    const around = Array.from({ length: 2 * corners }, (_, i) => {
      const reach = (i % 2 ? inner : 1) / 2;
      const angle = turn + (i * Math.PI) / corners;
      return [width * (0.5 + reach * Math.cos(angle)), height * (0.5 + reach * Math.sin(angle))] as const;
    });
    polygon(context, around);
  } else if (kind === 1) {
    ellipse(context, width / 2, height / 2, width * 0.45, height * 0.45);
  } else if (kind === 2) {
    const shaft = random.between(0.1, 0.3);
    polygon(context, [
      [0, height * (0.5 - shaft)],
      [width * 0.55, height * (0.5 - shaft)],
      [width * 0.55, 0],
      [width, height / 2],
      [width * 0.55, height],
      [width * 0.55, height * (0.5 + shaft)],
      [0, height * (0.5 + shaft)],
    ]);
  } else {
    context.beginPath();
    context.moveTo(0, height * random.next());
    context.bezierCurveTo(
      width * random.next(),
      -height,
      width * random.next(),
      2 * height,
      width,
      height * random.next(),
    );
  }
  if (kind === 3 || random.chance(0.35)) context.stroke();
  else {
    context.fillStyle = css(color);
    context.fill();
  }
}

function leaves(context: SKRSContext2D, random: Random, width: number, height: number): void {
  const color: Rgb = [random.between(20, 110), random.between(60, 160), random.between(10, 80)];
  for (let i = random.integer(20, 120); i > 0; i--) {
    const [x, y] = [width * (0.5 + 0.25 * random.gaussian()), height * (0.5 + 0.25 * random.gaussian())];
    const length = width * random.between(0.02, 0.09);
    context.beginPath();
    context.ellipse(x, y, length, length * random.between(0.25, 0.6), random.between(0, Math.PI), 0, 2 * Math.PI);
    context.fillStyle = shade(color, random.between(0.4, 1.5));
    context.fill();
  }
}

/** Wires, pipes, handrails, folds. */
function cable(context: SKRSContext2D, random: Random, width: number, height: number): void {
  context.strokeStyle = css(surfaceColor(random));
  context.lineWidth = Math.max(0.8, 0.03 * height * random.next() ** 2);
  for (let i = random.integer(1, 4); i > 0; i--) {
    context.beginPath();
    context.moveTo(0, random.between(0, 0.3) * height);
    const [sag, end] = [random.between(-0.5, 1) * height, random.between(0, 1) * height];
    context.quadraticCurveTo(width * random.between(0.3, 0.7), sag, width * random.between(0.9, 1.4), end);
    context.stroke();
  }
}

/** Windows of a house, panels of a ceiling, drawers, tiles. */
function grid(context: SKRSContext2D, random: Random, width: number, height: number): void {
  const [columns, rows] = [random.integer(2, 14), random.integer(2, 10)];
  const [wide, high] = [width / columns, height / rows];
  const [wall, pane] = [surfaceColor(random), surfaceColor(random)];
  const [inX, inY] = [random.between(0.04, 0.3), random.between(0.04, 0.3)];
  if (random.chance(0.7)) box(context, 0, 0, width, height, css(wall));
  for (let i = 0; i < columns * rows; i++) {
    const [x, y] = [(i % columns) * wide, Math.floor(i / columns) * high];
    const color = shade(pane, random.between(0.7, 1.25));
    box(context, x + inX * wide, y + inY * high, wide * (1 - 2 * inX), high * (1 - 2 * inY), color);
  }
}

/** Clothes on a rail, fruit, cushions: round and angular things over each other. */
function heap(context: SKRSContext2D, random: Random, width: number, height: number): void {
  const palette = Array.from({ length: random.integer(1, 6) }, () => paintColor(random));
  const size = Math.min(width, height) * random.between(0.08, 0.4);
  for (let i = random.integer(4, 40); i > 0; i--) {
    const [x, y] = [random.between(0, width), random.between(0, height)];
    const color = shade(random.pick(palette), random.between(0.6, 1.2));
    const [across, down] = [size * random.between(0.5, 1), size * random.between(0.5, 1)];
    if (random.chance(0.5)) ellipse(context, x, y, across, down, color);
    else box(context, x, y, across, 2 * down, color);
  }
}

/** One straight border between light and dark: a pillar, a corner, a counter. */
function edge(context: SKRSContext2D, random: Random, width: number, height: number): void {
  const color = surfaceColor(random);
  const span = { x: 0, y: 0, width, height: height * (random.chance(0.5) ? 1 : 4) };
  context.fillStyle = gradientDown(context, span, [css(color), shade(color, random.between(0.5, 1.4))]);
  context.fillRect(span.x, span.y, span.width, span.height);
  if (random.chance(0.4)) box(context, 0, 0, width, Math.max(1, 0.04 * height), shade(color, random.between(0.3, 1.8)));
}

/** Light on glass before all of it. */
function glare(context: SKRSContext2D, random: Random, side: number): void {
  for (let i = random.integer(1, 4); i > 0; i--) {
    const [x, width, slant] = [
      random.between(-0.2, 1) * side,
      random.between(0.05, 0.5) * side,
      random.between(-0.4, 0.4) * side,
    ];
    polygon(context, [
      [x, 0],
      [x + width, 0],
      [x + width + slant, side],
      [x + slant, side],
    ]);
    context.fillStyle = css([255, 255, 255], random.between(0.04, 0.22));
    context.fill();
  }
}
