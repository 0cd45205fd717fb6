import { createCanvas } from '@napi-rs/canvas';
import { bounds } from '../geometry/quad.ts';
import type { CameraSettings } from '../native.ts';
import { css, type Rgb } from './colors.ts';
import type { DrawnSample } from './drawn-sample.ts';
import { encodePicture } from './encoding.ts';
import { inkText } from './ink.ts';
import { layOut, moveLayout } from './layout.ts';
import type { Homography } from './perspective.ts';
import { takePicture } from './photograph.ts';
import type { Random } from './random.ts';
import type { Supplies } from './supplies.ts';
import { fillBox } from './surfaces.ts';

const [width, height] = [280, 32];
const characters = 10;

const marks = [...'，。、：；！？“”《》'];

/** Drawn so much larger, and made smaller by the camera. */
const oversize = 2;

/** Paper beyond the picture, pixels of the drawing a side: a tilted picture shows some of it. */
const beyond = 16;

/**
 * Ten characters of running text on paper, 280 x 32, as the CRNN document trains and tests with: letters of 24 to 27 pixels in
 * one of two grays, smoothed or blurred by 1.3 pixels, somewhat stretched and tilted.
 */
export async function drawPaperLine(
  random: Random,
  { fonts, texts, backgrounds, effects }: Supplies,
): Promise<DrawnSample> {
  const text = tenCharacters(random.fork('text'), { fonts, texts });
  const face = fonts.pick(random.fork('face'), text, { styles: { song: 5, kai: 2, sans: 4, serif: 1, brush: 0.3 } });
  const style = random.fork('style');
  const size = oversize * style.between(24, 27);
  const level = style.pick([54, 105]) + style.between(0, 10);
  const layout = layOut(text, face, size);
  const ink = bounds(layout.line.poly);
  const shown = { width: oversize * width, height: oversize * height };
  const canvas = createCanvas(shown.width + 2 * beyond, shown.height + 2 * beyond);
  const context = canvas.getContext('2d');
  const tint = style.between(190, 255);
  const paper: Rgb = [tint, tint - style.between(0, 12), tint - style.between(0, 30)];
  const whole = { x: 0, y: 0, width: canvas.width, height: canvas.height };
  fillBox(context, whole, css(paper, style.between(0.82, 1)));
  const stretch = Math.min((shown.width - 8) / (ink.right - ink.left), style.between(0.9, 1.08));
  const room = shown.width - stretch * (ink.right - ink.left);
  context.translate(beyond + room * (style.chance(0.5) ? 0.5 : style.next()), canvas.height / 2 + style.between(-3, 3));
  context.scale(stretch, 1);
  context.rotate(0.006 * style.gaussian());
  inkText(context, moveLayout(layout, -ink.left, -(ink.top + ink.bottom) / 2), {
    fill: { paint: css([level, level, level]) },
  });
  const behind = await backgrounds.crop(random.fork('background'), shown.width, shown.height);
  const camera: CameraSettings = {
    width,
    height,
    blur: oversize * style.pick([0.3, 0.55, 0.8, 1.3]),
    readNoise: style.between(0, 4),
    lumaShare: 1,
    seed: style.integer(0, 0xffffffff),
  };
  const pixels = await takePicture(behind, shown, [{ canvas, matrix: tilt(style) }], camera);
  return {
    picture: await encodePicture(pixels, 80, effects, random.fork('jpeg')),
    record: { kind: 'crop', width, height, text },
    maps: {},
  };
}

/** A stretch of running text: words that a face draws, and now and then a mark. */
function tenCharacters(random: Random, { fonts, texts }: Pick<Supplies, 'fonts' | 'texts'>): string {
  const stream: string[] = [];
  // One face draws all of it: text that is hard to find a face for would be rare.
  for (let tried = 0; stream.length < 2 * characters || tried < 2 * characters; tried++) {
    const word = texts.word(random).text.replace(/\s/gu, '') + (random.chance(0.12) ? random.pick(marks) : '');
    if (fonts.draws([...stream, word].join(''))) stream.push(...word);
  }
  const first = random.integer(0, stream.length - characters);
  return stream.slice(first, first + characters).join('');
}

/** A little perspective: from the picture's points to the paper's. */
function tilt(random: Random): Homography {
  const lean = () => 2e-5 * random.gaussian();
  return [1, 0.01 * random.gaussian(), beyond, 0, 1, beyond, lean(), lean(), 1];
}
