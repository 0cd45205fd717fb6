import { createCanvas } from '@napi-rs/canvas';
import { sizeToFit, writeArc, writeLine } from './lettering.ts';
import { photograph } from './photograph.ts';
import type { Random } from './random.ts';
import { blotches, fillBox, gradientDown, paper } from './surfaces.ts';
import type { Drawing } from './truth.ts';
import { typeface } from './typeface.ts';

const brands = [
  { arc: 'MOUNTAIN VALLEY', name: 'Coffee', year: 'SINCE 1987' },
  { arc: 'NORTHERN LIGHTS', name: 'Chocolate', year: 'SINCE 1952' },
  { arc: 'OLD ORCHARD MILL', name: 'Honey', year: 'SINCE 1969' },
] as const;

/** A round badge with text along its upper rim, printed on kraft paper, 900 × 800. */
export async function drawBadge(random: Random): Promise<Drawing> {
  const brand = random.pick(brands);
  const canvas = createCanvas(900, 800);
  const context = canvas.getContext('2d');
  const bag = { x: 0, y: 0, width: 900, height: 800 };
  paper(context, bag, '#b98f60', random.fork('paper'));
  blotches(context, bag, 80, random.fork('wear'), 0.12);
  for (const [x, width] of [
    [0, 120],
    [780, 120],
  ] as const) {
    const side = context.createLinearGradient(x, 0, x + width, 0);
    side.addColorStop(x === 0 ? 0 : 1, 'rgba(40, 20, 0, 0.42)');
    side.addColorStop(x === 0 ? 1 : 0, 'rgba(40, 20, 0, 0)');
    fillBox(context, { ...bag, x, width }, side);
  }
  const dark = '#2f2119';
  const ring = (radius: number, width: number): void => {
    context.strokeStyle = dark;
    context.lineWidth = width;
    context.beginPath();
    context.arc(450, 400, radius, 0, 2 * Math.PI);
    context.stroke();
  };
  context.fillStyle = gradientDown(context, bag, ['#f3e7cf', '#e9dabd', '#dcc9a6']);
  context.beginPath();
  context.arc(450, 400, 330, 0, 2 * Math.PI);
  context.fill();
  ring(330, 10);
  ring(312, 3);
  const bold = typeface('archivo-black');
  const script = typeface('lobster');
  const size = sizeToFit(canvas, brand.name, script, 400, 140);
  const lines = [
    writeArc(canvas, brand.arc, [450, 400], 242, { face: bold, size: 50, paint: dark, tracking: 4 }),
    writeLine(canvas, brand.name, [450, 440], { face: script, size, paint: '#8a2f1d' }, 'center'),
    writeLine(canvas, brand.year, [450, 540], { face: bold, size: 42, paint: dark, tracking: 4 }, 'center'),
  ];
  await photograph(canvas, { blur: 0.6, grain: 2.5, vignette: 0.25 }, random.fork('grain'));
  return { canvas, lines };
}

/** One printed line that fills its picture, 940 × 72, as a crop would. */
export async function drawPlainLine(random: Random): Promise<Drawing> {
  const canvas = createCanvas(940, 72);
  paper(canvas.getContext('2d'), { x: 0, y: 0, width: 940, height: 72 }, '#f4f1ea', random.fork('paper'));
  const text = 'The ferry to the islands leaves at 10:45';
  const face = typeface('lora', 700);
  const size = sizeToFit(canvas, text, face, 900, 60);
  const line = writeLine(canvas, text, [470, 50], { face, size, paint: '#26242a' }, 'center');
  await photograph(canvas, { blur: 0.5, grain: 1.5, vignette: 0.1 }, random.fork('grain'));
  return { canvas, lines: [line] };
}
