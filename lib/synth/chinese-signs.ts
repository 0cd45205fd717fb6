import { type Canvas, createCanvas } from '@napi-rs/canvas';
import type { Point } from '../reading.ts';
import { writeColumn, writeLine, writeRightToLeft } from './lettering.ts';
import { pasteInPerspective, photograph } from './photograph.ts';
import type { Random } from './random.ts';
import { type Box, blotches, bricks, fillBox, glass, gradientDown, hsl, planks, shadow } from './surfaces.ts';
import type { Drawing } from './truth.ts';
import { typeface } from './typeface.ts';

/** A noodle shop's painted board over its door, simplified Chinese from left to right, 1200 × 720. */
export async function drawShopSign(random: Random): Promise<Drawing> {
  const canvas = createCanvas(1200, 720);
  const context = canvas.getContext('2d');
  const wall = { x: 0, y: 0, width: 1200, height: 720 };
  bricks(context, wall, 26, 205, random.fork('wall'));
  fillBox(context, wall, 'rgba(120, 122, 124, 0.55)');
  for (const x of [70, 690]) {
    const pane = { x, y: 470, width: 440, height: 260 };
    shadow(context, pane, 10, 0.5);
    glass(context, pane, 0.9, random.fork(`pane ${x}`));
    context.strokeStyle = '#4a2a1a';
    context.lineWidth = 16;
    context.strokeRect(pane.x, pane.y, pane.width, pane.height);
  }
  const lines = await pasteInPerspective(canvas, makeShopBoard(random.fork('board')), [
    [72, 96],
    [1136, 134],
    [1130, 392],
    [66, 418],
  ]);
  for (const [x, y] of [
    [36, 300],
    [1166, 300],
  ] as const)
    drawLantern(canvas, [x, y], 56);
  await photograph(canvas, { blur: 0.6, grain: 2.6, vignette: 0.2, cast: [1.06, 1.02, 0.97] }, random.fork('grain'));
  return { canvas, lines };
}

function makeShopBoard(random: Random): Drawing {
  const canvas = createCanvas(1500, 440);
  const context = canvas.getContext('2d');
  const whole = { x: 0, y: 0, width: 1500, height: 440 };
  fillBox(context, whole, gradientDown(context, whole, ['#a01e1b', '#8c1715', '#74100f']));
  context.strokeStyle = '#e0b44c';
  context.lineWidth = 12;
  context.strokeRect(20, 20, 1460, 400);
  blotches(context, whole, 40, random, 0.1);
  const relief = { paint: 'rgba(30, 0, 0, 0.55)', dx: 4, dy: 6 };
  const name = { face: typeface('ma-shan-zheng'), size: 205, paint: '#f6d371', tracking: 14, relief };
  const small = { face: typeface('ma-shan-zheng'), size: 74, paint: '#fbeccb', tracking: 8 };
  const lines = [
    writeLine(canvas, '老北京炸酱面', [750, 236], name, 'center'),
    writeLine(canvas, '手工面条 电话 8800 1234', [750, 362], small, 'center'),
  ];
  return { canvas, lines };
}

/** Light boxes on a house front at dusk, traditional Chinese from top to bottom, 800 × 1100. */
export async function drawVerticalSigns(random: Random): Promise<Drawing> {
  const canvas = createCanvas(800, 1100);
  const context = canvas.getContext('2d');
  const sky = { x: 0, y: 0, width: 800, height: 1100 };
  fillBox(context, sky, gradientDown(context, sky, ['#51608a', '#8b86a0', '#caa590']));
  drawTiledFront(canvas, { x: 0, y: 0, width: 250, height: 1100 }, 20, random.fork('left'));
  drawTiledFront(canvas, { x: 330, y: 60, width: 470, height: 1040 }, 205, random.fork('right'));
  const near = await pasteInPerspective(canvas, makeLightBox('信安中藥房', '#b3201f', '#fff3d6', random.fork('near')), [
    [470, 96],
    [680, 60],
    [684, 1010],
    [474, 966],
  ]);
  const far = await pasteInPerspective(canvas, makeLightBox('牙醫診所', '#f5f4ee', '#12633f', random.fork('far')), [
    [170, 250],
    [306, 262],
    [306, 800],
    [170, 806],
  ]);
  await photograph(canvas, { blur: 0.6, grain: 3, vignette: 0.25 }, random.fork('grain'));
  return { canvas, lines: [...near, ...far] };
}

/** An upright box with one column of characters, 320 wide and 300 a character high. */
function makeLightBox(text: string, board: string, paint: string, random: Random): Drawing {
  const pitch = 290;
  const height = Array.from(text).length * pitch + 60;
  const canvas = createCanvas(320, height);
  const context = canvas.getContext('2d');
  const whole = { x: 0, y: 0, width: 320, height };
  fillBox(context, whole, '#dcdcd8');
  const face = { x: 12, y: 12, width: 296, height: height - 24 };
  fillBox(context, face, board);
  const glow = context.createLinearGradient(0, 0, 320, 0);
  glow.addColorStop(0, 'rgba(0, 0, 0, 0.22)');
  glow.addColorStop(0.5, 'rgba(255, 255, 255, 0.10)');
  glow.addColorStop(1, 'rgba(0, 0, 0, 0.22)');
  fillBox(context, face, glow);
  blotches(context, face, 16, random, 0.06);
  const lettering = { face: typeface('huninn'), size: 240, paint };
  return { canvas, lines: [writeColumn(canvas, text, [160, 30], pitch, lettering)] };
}

function drawTiledFront(canvas: Canvas, box: Box, hue: number, random: Random): void {
  const context = canvas.getContext('2d');
  fillBox(context, box, gradientDown(context, box, [hsl(hue, 10, 52), hsl(hue, 10, 44), hsl(hue, 12, 33)]));
  for (let y = box.y; y < box.y + box.height; y += 22)
    fillBox(context, { ...box, y, height: 1.5 }, 'rgba(30, 30, 40, 0.16)');
  for (let x = box.x; x < box.x + box.width; x += 44)
    fillBox(context, { ...box, x, width: 1.5 }, 'rgba(30, 30, 40, 0.16)');
  for (let y = box.y + 70; y < box.y + box.height; y += 250) {
    for (let x = box.x + 24; x < box.x + box.width - 80; x += 150) {
      const pane = { x, y, width: 112, height: 150 };
      glass(context, pane, random.chance(0.45) ? 1.5 : 0.2, random);
      context.strokeStyle = '#c9c6be';
      context.lineWidth = 7;
      context.strokeRect(pane.x, pane.y, pane.width, pane.height);
      for (let bar = x + 16; bar < x + 112; bar += 16)
        fillBox(context, { x: bar, y, width: 2.5, height: 150 }, 'rgba(215, 212, 204, 0.65)');
    }
  }
  blotches(context, box, 40, random, 0.14);
}

/** A carved plaque over an old door, traditional Chinese from right to left, 1200 × 640. */
export async function drawRightToLeftPlaque(random: Random): Promise<Drawing> {
  const canvas = createCanvas(1200, 640);
  const context = canvas.getContext('2d');
  const wall = { x: 0, y: 0, width: 1200, height: 640 };
  fillBox(context, wall, gradientDown(context, wall, ['#5a1d17', '#7d2a20', '#8a3126']));
  for (let x = -20; x < 1200; x += 58) {
    const tile = { x, y: 0, width: 50, height: 60 };
    fillBox(context, tile, gradientDown(context, tile, ['#2c3a36', '#4d6159', '#22302c']));
  }
  fillBox(context, { x: 0, y: 60, width: 1200, height: 14 }, 'rgba(0, 0, 0, 0.5)');
  blotches(context, wall, 70, random.fork('wall'), 0.14);
  for (const x of [250, 610]) {
    const leaf = { x, y: 480, width: 340, height: 170 };
    shadow(context, leaf, 12, 0.5);
    planks(context, leaf, 340, 4, random.fork(`door ${x}`));
    drawRing(canvas, [x === 250 ? 540 : 660, 570]);
  }
  const plaque = makePlaque('大同百貨公司', random.fork('plaque'));
  const lines = await pasteInPerspective(canvas, plaque, [
    [150, 150],
    [1046, 128],
    [1054, 408],
    [154, 394],
  ]);
  for (const x of [82, 1122]) drawLantern(canvas, [x, 300], 66, 74);
  await photograph(canvas, { blur: 0.6, grain: 2.6, vignette: 0.24, cast: [1.05, 1.02, 0.96] }, random.fork('grain'));
  return { canvas, lines };
}

/** A brass ring to pull a door by. */
function drawRing(canvas: Canvas, [x, y]: Point): void {
  const context = canvas.getContext('2d');
  context.fillStyle = '#c79b45';
  context.beginPath();
  context.arc(x, y, 14, 0, 2 * Math.PI);
  context.fill();
  context.strokeStyle = '#e3bf6c';
  context.lineWidth = 6;
  context.beginPath();
  context.arc(x, y + 24, 22, 0, 2 * Math.PI);
  context.stroke();
}

function makePlaque(text: string, random: Random): Drawing {
  const canvas = createCanvas(1500, 440);
  const context = canvas.getContext('2d');
  planks(context, { x: 0, y: 0, width: 1500, height: 440 }, 440, 30, random);
  const field = { x: 36, y: 36, width: 1428, height: 368 };
  fillBox(context, field, gradientDown(context, field, ['#1d1714', '#26201b', '#15100d']));
  context.strokeStyle = '#b98d3a';
  context.lineWidth = 8;
  context.strokeRect(field.x, field.y, field.width, field.height);
  blotches(context, field, 30, random, 0.1);
  const gold = gradientDown(context, field, ['#f3dc93', '#dcb452', '#b98a30']);
  const relief = { paint: 'rgba(0, 0, 0, 0.7)', dx: 3, dy: 5 };
  const lettering = { face: typeface('huninn'), size: 215, paint: gold, relief };
  return { canvas, lines: [writeRightToLeft(canvas, text, [1422, 220], 224, lettering)] };
}

/** A red paper lantern around a point, on a cord that starts at height `from`. */
function drawLantern(canvas: Canvas, [x, y]: Point, radius: number, from = 0): void {
  const context = canvas.getContext('2d');
  fillBox(context, { x: x - 1.5, y: from, width: 3, height: y - radius - from }, '#2a1510');
  const body = context.createRadialGradient(x - radius * 0.3, y - radius * 0.2, 4, x, y, radius * 1.2);
  body.addColorStop(0, '#ff8c5a');
  body.addColorStop(0.5, '#d8291f');
  body.addColorStop(1, '#6e0d0c');
  context.fillStyle = body;
  context.beginPath();
  context.ellipse(x, y, radius, radius * 0.84, 0, 0, 2 * Math.PI);
  context.fill();
  context.strokeStyle = 'rgba(60, 5, 5, 0.35)';
  context.lineWidth = 2;
  for (const share of [0.25, 0.55, 0.82]) {
    context.beginPath();
    context.ellipse(x, y, radius * share, radius * 0.84, 0, 0, 2 * Math.PI);
    context.stroke();
  }
  for (const dy of [-0.9, 0.8]) {
    fillBox(
      context,
      { x: x - radius * 0.36, y: y + dy * radius, width: radius * 0.72, height: radius * 0.12 },
      '#d9ad4a',
    );
  }
  for (let i = -3; i <= 3; i++)
    fillBox(context, { x: x + i * 4, y: y + radius * 0.92, width: 2, height: radius * 0.7 }, '#c83a2b');
}
