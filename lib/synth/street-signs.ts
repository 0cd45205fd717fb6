import { createCanvas } from '@napi-rs/canvas';
import { sizeToFit, writeLine } from './lettering.ts';
import type { Random } from './random.ts';
import { blotches, fillBox, gradientDown, planks } from './surfaces.ts';
import type { Drawing } from './truth.ts';
import { typeface } from './typeface.ts';

/** A green street-name plate, 900 × 190. */
export function streetPlate(name: string, random: Random): Drawing {
  const canvas = createCanvas(900, 190);
  const context = canvas.getContext('2d');
  const whole = { x: 0, y: 0, width: 900, height: 190 };
  context.fillStyle = gradientDown(context, whole, ['#0f7a4c', '#0b6a41', '#085233']);
  context.beginPath();
  context.roundRect(0, 0, 900, 190, 18);
  context.fill();
  context.strokeStyle = '#f4f6f2';
  context.lineWidth = 7;
  context.beginPath();
  context.roundRect(11, 11, 878, 168, 12);
  context.stroke();
  const face = typeface('barlow-condensed', 600);
  const size = sizeToFit(canvas, name, face, 740, 132);
  const line = writeLine(
    canvas,
    name,
    [450, 95 + size * 0.35],
    { face, size, paint: '#fbfcf8', tracking: 6 },
    'center',
  );
  blotches(context, whole, 10, random, 0.05);
  return { canvas, lines: [line] };
}

/** A white plate with a red border, 560 × 400: no parking, and a note. */
export function parkingPlate(note: string): Drawing {
  const canvas = createCanvas(560, 400);
  const context = canvas.getContext('2d');
  context.fillStyle = gradientDown(context, { x: 0, y: 0, width: 560, height: 400 }, ['#fbfbf8', '#f1f0ec', '#dcdad5']);
  context.beginPath();
  context.roundRect(0, 0, 560, 400, 30);
  context.fill();
  context.strokeStyle = '#b81d24';
  context.lineWidth = 14;
  context.beginPath();
  context.roundRect(18, 18, 524, 364, 22);
  context.stroke();
  const face = typeface('barlow-condensed', 600);
  const lettering = { face, size: sizeToFit(canvas, 'NO PARKING', face, 400, 122), paint: '#b81d24', tracking: 5 };
  const lines = [
    writeLine(canvas, 'NO PARKING', [280, 172], lettering, 'center'),
    writeLine(
      canvas,
      note,
      [280, 312],
      { ...lettering, size: sizeToFit(canvas, note, face, 390, 104), tracking: 6 },
      'center',
    ),
  ];
  return { canvas, lines };
}

/** A folding board with chalk lettering, 640 × 560, two lines. */
export function chalkBoard(texts: readonly [string, string], random: Random): Drawing {
  const canvas = createCanvas(640, 560);
  const context = canvas.getContext('2d');
  planks(context, { x: 0, y: 0, width: 640, height: 560 }, 140, 28, random);
  const slate = { x: 34, y: 34, width: 572, height: 456 };
  fillBox(context, slate, gradientDown(context, slate, ['#30363a', '#262b2f', '#1e2225']));
  blotches(context, slate, 40, random, 0.13);
  const face = typeface('barlow-condensed', 600);
  const lettering = { face, paint: '#f0ece0', tracking: 4 };
  const lines = texts.map((text, index) => {
    const size = sizeToFit(canvas, text, face, 500, index === 0 ? 180 : 150);
    const paint = index === 0 ? '#f6d98a' : lettering.paint;
    return writeLine(canvas, text, [320, 226 + index * 186], { ...lettering, size, paint }, 'center');
  });
  return { canvas, lines };
}
