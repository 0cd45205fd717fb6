import { type Canvas, createCanvas } from '@napi-rs/canvas';
import type { Point, Quad } from '../reading.ts';
import { writeLine } from './lettering.ts';
import { pasteInPerspective, photograph } from './photograph.ts';
import { essay, letter, receipt } from './prose.ts';
import type { Random } from './random.ts';
import { fillBox, gradientDown, hsl, paper, planks } from './surfaces.ts';
import { type Drawing, mapLines, type TrueLine } from './truth.ts';
import { typeface } from './typeface.ts';
import { setColumn } from './typesetting.ts';

const ink = 'rgba(34, 32, 36, 0.94)';

/** A page of two columns under a title, lying on a table, 1120 × 1400. */
export async function drawTwoColumnPage(random: Random): Promise<Drawing> {
  const page = makePage(1060, 1340, '#f6f2e7', random.fork('paper'));
  const serif = typeface('lora');
  const lines: TrueLine[] = [
    writeLine(page, essay.title, [530, 150], { face: typeface('lora', 700), size: 56, paint: ink }, 'center'),
    writeLine(page, essay.byline, [530, 206], { face: serif, size: 28, paint: ink }, 'center'),
  ];
  fillBox(page.getContext('2d'), { x: 380, y: 240, width: 300, height: 2 }, ink);
  const lettering = { face: serif, size: 29, paint: ink };
  for (const [texts, x] of [
    [essay.left, 90],
    [essay.right, 560],
  ] as const) {
    lines.push(...setColumn(page, texts, [x, 322], 412, 46, lettering).lines);
  }
  return layOnTable({ canvas: page, lines }, 1120, 1400, 14, random);
}

/** A letter, upright and seen straight from above, 1000 × 1300. */
async function drawLetter(random: Random): Promise<Drawing> {
  const page = makePage(1000, 1300, '#f4f3ef', random.fork('paper'));
  const lettering = { face: typeface('lora'), size: 27, paint: ink };
  const right = writeLine(page, 'Westport, 24 April 2026', [900, 150], lettering, 'right');
  const { lines } = setColumn(page, letter, [100, 290], 790, 48, lettering);
  const drawing = { canvas: page, lines: [right, ...lines] };
  await photograph(page, { blur: 0.5, grain: 2.5, vignette: 0.18 }, random.fork('grain'));
  return drawing;
}

/** The letter as it lies when the scanner got it sideways: turned clockwise by 90, 180 or 270 degrees. */
export async function drawTurnedLetter(random: Random, degrees: 90 | 180 | 270): Promise<Drawing> {
  return turn(await drawLetter(random), degrees);
}

/** A till receipt on a dark table, 760 × 1240. */
export async function drawReceipt(random: Random): Promise<Drawing> {
  const strip = makePage(560, 1080, '#f7f7f4', random.fork('paper'));
  const face = typeface('courier-prime');
  const bold = typeface('courier-prime', 700);
  const dark = 'rgba(40, 40, 52, 0.9)';
  const lettering = { face, size: 34, paint: dark };
  const [name, ...address] = receipt.head;
  const lines = [writeLine(strip, name, [280, 110], { face: bold, size: 50, paint: dark }, 'center')];
  let y = 165;
  const next = (step: number): number => (y += step);
  for (const text of address) lines.push(writeLine(strip, text, [280, next(46) - 30], lettering, 'center'));
  rule(strip, next(20), random);
  for (const [item, price] of receipt.items) lines.push(...writeRow(strip, item, price, next(58), lettering));
  rule(strip, next(40), random);
  lines.push(...writeRow(strip, ...receipt.total, next(70), { face: bold, size: 44, paint: dark }));
  rule(strip, next(40), random);
  for (const text of receipt.foot) lines.push(writeLine(strip, text, [280, next(58)], lettering, 'center'));
  return layOnTable({ canvas: strip, lines }, 760, 1240, 10, random);
}

/** Turns a drawing and its lines clockwise by quarters. */
export function turn(drawing: Drawing, degrees: 90 | 180 | 270): Drawing {
  const { width, height } = drawing.canvas;
  const canvas = degrees === 180 ? createCanvas(width, height) : createCanvas(height, width);
  const context = canvas.getContext('2d');
  const moves: Record<number, (point: Point) => Point> = {
    90: ([x, y]) => [height - y, x],
    180: ([x, y]) => [width - x, height - y],
    270: ([x, y]) => [y, width - x],
  };
  const [dx, dy] = moves[degrees]!([0, 0]);
  context.translate(dx, dy);
  context.rotate((degrees * Math.PI) / 180);
  context.drawImage(drawing.canvas, 0, 0);
  return { canvas, lines: mapLines(drawing.lines, moves[degrees]!) };
}

function makePage(width: number, height: number, tint: string, random: Random): Canvas {
  const canvas = createCanvas(width, height);
  paper(canvas.getContext('2d'), { x: 0, y: 0, width, height }, tint, random);
  return canvas;
}

/** What is bought on the left, its price on the right: two lines, as the gap between them parts them. */
function writeRow(
  canvas: Canvas,
  item: string,
  price: string,
  y: number,
  lettering: Parameters<typeof writeLine>[3],
): TrueLine[] {
  return [writeLine(canvas, item, [50, y], lettering), writeLine(canvas, price, [510, y], lettering, 'right')];
}

function rule(canvas: Canvas, y: number, random: Random): void {
  for (let x = 50; x < 510; x += 14) {
    fillBox(
      canvas.getContext('2d'),
      { x, y: y + random.between(-0.5, 0.5), width: 8, height: 2.5 },
      'rgba(40, 40, 52, 0.7)',
    );
  }
}

/** Photographs a sheet on a wooden table: its shadow, a slight lean, light from the upper left. */
async function layOnTable(
  sheet: Drawing,
  width: number,
  height: number,
  lean: number,
  random: Random,
): Promise<Drawing> {
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  planks(context, { x: 0, y: 0, width, height }, 190, 24, random.fork('table'));
  const margin = { x: (width - sheet.canvas.width) / 2, y: (height - sheet.canvas.height) / 2 };
  const jitter = random.fork('camera');
  const corner = (x: number, y: number): Point => [x + jitter.between(-lean, lean), y + jitter.between(-lean, lean)];
  const quad: Quad = [
    corner(margin.x, margin.y),
    corner(width - margin.x, margin.y),
    corner(width - margin.x, height - margin.y),
    corner(margin.x, height - margin.y),
  ];
  context.save();
  context.shadowColor = 'rgba(0, 0, 0, 0.6)';
  context.shadowBlur = 26;
  context.shadowOffsetX = 8;
  context.shadowOffsetY = 12;
  context.fillStyle = '#ddd';
  context.beginPath();
  context.moveTo(...quad[0]);
  for (const point of quad.slice(1)) context.lineTo(...point);
  context.fill();
  context.restore();
  const lines = await pasteInPerspective(canvas, sheet, quad);
  const light = context.createLinearGradient(0, 0, width, height);
  light.addColorStop(0, hsl(45, 80, 90, 0.16));
  light.addColorStop(0.5, 'rgba(0, 0, 0, 0)');
  light.addColorStop(1, 'rgba(10, 12, 30, 0.24)');
  fillBox(context, { x: 0, y: 0, width, height }, light);
  const fold = { x: 0, y: height * 0.52, width, height: 46 };
  fillBox(
    context,
    fold,
    gradientDown(context, fold, ['rgba(0,0,0,0)', 'rgba(0,0,0,0.07)', 'rgba(255,255,255,0.05)', 'rgba(0,0,0,0)']),
  );
  await photograph(canvas, { blur: 0.45, grain: 2.5, vignette: 0.2 }, random.fork('grain'));
  return { canvas, lines };
}
