import { type Canvas, createCanvas } from '@napi-rs/canvas';
import type { Point, Quad } from '../reading.ts';
import { sizeToFit, writeLine } from './lettering.ts';
import { pasteInPerspective, photograph } from './photograph.ts';
import type { Random } from './random.ts';
import { chalkBoard, parkingPlate, streetPlate } from './street-signs.ts';
import { type Box, blotches, bricks, fillBox, glass, gradientDown, hsl, inside, shadow } from './surfaces.ts';
import type { Drawing, TrueLine } from './truth.ts';
import { typeface } from './typeface.ts';

const shops = [
  { name: 'CORNER BAKERY', window: 'Fresh bread daily', board: ['COFFEE', 'AND CAKE'], goods: 'round' },
  { name: 'HARBOR BOOKS', window: 'New and used', board: ['POETRY', 'TONIGHT'], goods: 'upright' },
  { name: 'GREEN GROCER', window: 'Local and organic', board: ['PEACHES', 'ARE HERE'], goods: 'round' },
  { name: 'PAPER & INK', window: 'Cards and letters', board: ['PENCILS', 'HALF PRICE'], goods: 'upright' },
] as const;
type Goods = (typeof shops)[number]['goods'];
const streets = ['MAPLE STREET', 'STATION ROAD', 'MARKET SQUARE', 'ORCHARD LANE'] as const;
const parkingNotes = ['EXCEPT SUNDAY', 'AT ANY TIME', 'ON WEEKDAYS'] as const;

const facadeSize = { width: 1900, height: 1300 };
const fascia: Box = { x: 40, y: 560, width: 1820, height: 180 };

/** Where the parts of the street are in the picture, before each is moved a little. */
const corners = {
  pavement: [
    [196, 620],
    [1500, 735],
    [1500, 1010],
    [-240, 800],
  ],
  facade: [
    [198, 62],
    [1330, -165],
    [1330, 734],
    [198, 634],
  ],
  streetPlate: [
    [36, 128],
    [352, 150],
    [351, 215],
    [36, 201],
  ],
  parkingPlate: [
    [22, 494],
    [226, 498],
    [225, 640],
    [22, 644],
  ],
  board: [
    [858, 600],
    [1060, 600],
    [1096, 782],
    [832, 782],
  ],
} satisfies Record<string, Quad>;

/** A shop on a street corner in slanting light, 1280 × 800: six or seven lines of English on five signs. */
export async function drawStreet(random: Random): Promise<Drawing> {
  const shop = random.pick(shops);
  const canvas = createCanvas(1280, 800);
  drawDistance(canvas, random.fork('distance'));
  const jitter = random.fork('camera');
  const moved = (quad: Quad, by: number): Quad =>
    quad.map(([x, y]): Point => [x + jitter.between(-by, by), y + jitter.between(-by, by)]) as Quad;

  await pasteInPerspective(canvas, drawPavement(random.fork('pavement')), corners.pavement);
  const facade = drawFacade(shop, random.fork('facade'));
  const shopLines = await pasteInPerspective(canvas, facade, moved(corners.facade, 5));
  drawShadows(canvas);
  drawPole(canvas);
  const name = await pasteInPerspective(
    canvas,
    streetPlate(random.pick(streets), random.fork('plate')),
    moved(corners.streetPlate, 3),
  );
  const parking = await pasteInPerspective(
    canvas,
    parkingPlate(random.pick(parkingNotes)),
    moved(corners.parkingPlate, 2),
  );
  const board = await pasteInPerspective(canvas, chalkBoard(shop.board, random.fork('board')), moved(corners.board, 3));

  await photograph(canvas, { blur: 0.6, grain: 0.4, vignette: 0.12, cast: [1.07, 1.04, 1] }, random.fork('grain'));
  return { canvas, lines: [...name, ...shopLines, ...parking, ...board] };
}

/** Sky, hazy houses and the road, all out of focus. */
function drawDistance(canvas: Canvas, random: Random): void {
  const context = canvas.getContext('2d');
  const sky = { x: 0, y: 0, width: canvas.width, height: 640 };
  fillBox(context, sky, gradientDown(context, sky, ['#7fa9d6', '#b9d0e4', '#e6e4dc']));
  context.save();
  context.filter = 'blur(7px)';
  for (let x = -60; x < 330; x += random.integer(70, 110)) {
    const height = random.between(240, 420);
    const house = { x, y: 640 - height, width: random.between(90, 130), height };
    fillBox(context, house, hsl(random.between(15, 40), 18, random.between(52, 66)));
    for (let y = house.y + 26; y < 590; y += 46) {
      for (let wx = x + 14; wx < x + house.width - 20; wx += 30) {
        fillBox(context, { x: wx, y, width: 15, height: 24 }, hsl(212, 16, random.between(46, 54)));
      }
    }
  }
  for (let i = 0; i < 26; i++) {
    context.fillStyle = hsl(random.between(80, 115), 32, random.between(26, 40), 0.9);
    context.beginPath();
    context.arc(random.between(-10, 120), random.between(430, 560), random.between(22, 52), 0, 2 * Math.PI);
    context.fill();
  }
  const road = { x: 0, y: 628, width: canvas.width, height: 172 };
  fillBox(context, road, gradientDown(context, road, ['#8b8a88', '#6d6c6c', '#565557']));
  context.restore();
}

function drawPavement(random: Random): Drawing {
  const canvas = createCanvas(1400, 420);
  const context = canvas.getContext('2d');
  const whole = { x: 0, y: 0, width: 1400, height: 420 };
  fillBox(context, whole, gradientDown(context, whole, ['#6f6a64', '#a39d94', '#b4aea5', '#aba59d']));
  for (let x = 0; x < 1400; x += 140) fillBox(context, { x, y: 0, width: 4, height: 420 }, 'rgba(50, 46, 42, 0.45)');
  for (let y = 120; y < 400; y += 130) fillBox(context, { x: 0, y, width: 1400, height: 4 }, 'rgba(50, 46, 42, 0.4)');
  blotches(context, whole, 160, random, 0.16);
  fillBox(context, { x: 0, y: 396, width: 1400, height: 24 }, '#cfcac1');
  fillBox(context, { x: 0, y: 412, width: 1400, height: 8 }, 'rgba(30, 28, 26, 0.55)');
  return { canvas, lines: [] };
}

function drawFacade(shop: (typeof shops)[number], random: Random): Drawing {
  const canvas = createCanvas(facadeSize.width, facadeSize.height);
  const context = canvas.getContext('2d');
  const hue = random.pick([150, 205, 350, 28]);
  const whole = { x: 0, y: 0, ...facadeSize };
  bricks(context, whole, 24, random.between(8, 18), random);
  for (const x of [170, 760, 1350]) drawUpperWindow(canvas, { x, y: 90, width: 330, height: 370 }, random);
  fillBox(context, { x: 20, y: 740, width: 1860, height: 560 }, hsl(hue, 34, 17));
  for (const [x, width] of [
    [70, 720],
    [820, 240],
    [1090, 740],
  ] as const) {
    const pane = { x, y: 790, width, height: width < 300 ? 500 : 350 };
    glass(context, pane, width < 300 ? 0.35 : 0.6, random);
    if (width > 300) drawShelves(canvas, pane, shop.goods, random);
    context.strokeStyle = hsl(hue, 30, 26);
    context.lineWidth = 14;
    context.strokeRect(pane.x, pane.y, pane.width, pane.height);
  }
  for (const x of [70, 1090]) {
    context.strokeStyle = hsl(hue, 26, 25);
    context.lineWidth = 6;
    context.strokeRect(x + 30, 1175, 660, 90);
  }
  fillBox(context, { x: 1024, y: 1020, width: 12, height: 90 }, '#d8b765');
  const sign = drawFascia(canvas, shop.name, hue);
  const face = typeface('lora', 700);
  const size = sizeToFit(canvas, shop.window, face, 600, 92);
  const onGlass = writeLine(canvas, shop.window, [1440, 915], { face, size, paint: '#fdfbf4' }, 'center');
  const light = context.createLinearGradient(0, 0, facadeSize.width, facadeSize.height);
  light.addColorStop(0, 'rgba(255, 226, 180, 0.14)');
  light.addColorStop(0.55, 'rgba(0, 0, 0, 0)');
  light.addColorStop(1, 'rgba(0, 8, 30, 0.28)');
  fillBox(context, whole, light);
  return { canvas, lines: [sign, onGlass] };
}

function drawFascia(canvas: Canvas, name: string, hue: number): TrueLine {
  const context = canvas.getContext('2d');
  shadow(context, fascia, 40, 0.7);
  fillBox(context, fascia, gradientDown(context, fascia, [hsl(hue, 40, 25), hsl(hue, 42, 19), hsl(hue, 44, 15)]));
  context.strokeStyle = '#d9bd78';
  context.lineWidth = 5;
  context.strokeRect(fascia.x + 14, fascia.y + 14, fascia.width - 28, fascia.height - 28);
  fillBox(context, { ...fascia, y: fascia.y - 22, height: 22 }, hsl(hue, 22, 34));
  fillBox(context, { ...fascia, y: fascia.y - 22, height: 5 }, hsl(hue, 18, 52));
  const face = typeface('lora', 700);
  const size = sizeToFit(canvas, name, face, 1360, 132);
  return writeLine(
    canvas,
    name,
    [fascia.x + fascia.width / 2, fascia.y + fascia.height / 2 + size * 0.36],
    { face, size, paint: '#f3e3b3', tracking: 8, relief: { paint: 'rgba(0, 0, 0, 0.55)', dx: 4, dy: 5 } },
    'center',
  );
}

function drawUpperWindow(canvas: Canvas, box: Box, random: Random): void {
  const context = canvas.getContext('2d');
  const stone = { x: box.x - 26, y: box.y - 30, width: box.width + 52, height: box.height + 62 };
  shadow(context, stone, 14, 0.5);
  fillBox(context, stone, '#cfc6b4');
  fillBox(context, { x: stone.x - 14, y: stone.y + stone.height - 26, width: stone.width + 28, height: 26 }, '#bdb3a0');
  glass(context, box, 0.25, random);
  inside(context, box, () => {
    const curtain = 'rgba(236, 230, 215, 0.5)';
    fillBox(context, { ...box, width: box.width * 0.2 }, curtain);
    fillBox(context, { ...box, x: box.x + box.width * 0.8, width: box.width * 0.2 }, curtain);
    fillBox(context, { ...box, height: 16 }, 'rgba(0, 0, 0, 0.35)');
  });
  context.strokeStyle = '#efe9dc';
  context.lineWidth = 14;
  context.strokeRect(box.x, box.y, box.width, box.height);
  fillBox(context, { x: box.x, y: box.y + box.height * 0.45, width: box.width, height: 12 }, '#efe9dc');
  fillBox(context, { x: box.x + box.width / 2 - 5, y: box.y, width: 10, height: box.height }, '#efe9dc');
}

/** What the shop sells, on two shelves in warm light in the lower part of a window. */
function drawShelves(canvas: Canvas, pane: Box, goods: Goods, random: Random): void {
  const context = canvas.getContext('2d');
  inside(context, pane, () => {
    for (const share of [0.66, 0.96]) {
      const y = pane.y + pane.height * share;
      fillBox(context, { x: pane.x, y, width: pane.width, height: 9 }, '#3b2817');
      for (let x = pane.x + 14; x < pane.x + pane.width; ) {
        x += goods === 'round' ? drawLoaf(canvas, x, y, random) : drawBook(canvas, x, y, random);
      }
    }
    fillBox(context, { ...pane, height: 34 }, 'rgba(0, 0, 0, 0.4)');
  });
}

/** Draws a loaf or a fruit that stands on y, half hidden by the next one; returns how far that is. */
function drawLoaf(canvas: Canvas, x: number, y: number, random: Random): number {
  const context = canvas.getContext('2d');
  const [rx, ry] = [random.between(34, 52), random.between(17, 26)];
  const hue = random.between(24, 36);
  const round = context.createRadialGradient(x - rx / 3, y - ry * 1.6, 2, x, y - ry, rx * 1.1);
  round.addColorStop(0, hsl(hue, 46, 52));
  round.addColorStop(1, hsl(hue - 6, 48, 24));
  context.fillStyle = round;
  context.beginPath();
  context.ellipse(x, y - ry, rx, ry, 0, 0, 2 * Math.PI);
  context.fill();
  return random.between(0.7, 0.95) * rx;
}

/** Draws a book that stands on y, or leaves a gap; returns how far the next one is. */
function drawBook(canvas: Canvas, x: number, y: number, random: Random): number {
  const width = random.between(9, 20);
  if (random.chance(0.12)) return width;
  const height = random.between(58, 84);
  fillBox(
    canvas.getContext('2d'),
    { x, y: y - height, width, height },
    hsl(random.between(0, 360), 34, random.between(28, 56)),
  );
  return width + 1.5;
}

/** What the pole and the board cast on the pavement and the wall. */
function drawShadows(canvas: Canvas): void {
  const context = canvas.getContext('2d');
  context.save();
  context.filter = 'blur(7px)';
  context.fillStyle = 'rgba(20, 20, 30, 0.42)';
  const slabs: Point[][] = [
    [
      [842, 778],
      [1092, 778],
      [1236, 742],
      [1190, 726],
      [1060, 640],
    ],
    [
      [100, 800],
      [118, 800],
      [300, 655],
      [290, 655],
    ],
  ];
  for (const [start, ...rest] of slabs) {
    context.beginPath();
    context.moveTo(...start!);
    for (const point of rest) context.lineTo(...point);
    context.fill();
  }
  context.restore();
}

function drawPole(canvas: Canvas): void {
  const context = canvas.getContext('2d');
  const pole = context.createLinearGradient(98, 0, 116, 0);
  for (const [stop, color] of [
    [0, '#4b4f52'],
    [0.35, '#b4b8ba'],
    [0.6, '#80858a'],
    [1, '#34373a'],
  ] as const) {
    pole.addColorStop(stop, color);
  }
  fillBox(context, { x: 98, y: 96, width: 18, height: 704 }, pole);
  context.fillStyle = '#8b9094';
  context.beginPath();
  context.arc(107, 96, 10, Math.PI, 0);
  context.fill();
}
