import type { Canvas } from '@napi-rs/canvas';
import sharp from 'sharp';
import type { Random } from './random.ts';

/** What a camera adds to a scene. */
export interface Camera {
  /** Standard deviation of the lens blur, pixels; 0 leaves it out. */
  blur: number;
  /** Standard deviation of the grain, gray levels. */
  grain: number;
  /** Darkening of the corners, 0 … 1. */
  vignette: number;
  /** Factors on red, green and blue. */
  cast?: [number, number, number];
}

/**
 * Photographs a scene: vignette and cast, lens blur, then grain that a demosaicing filter has softened a little.
 * Changes the canvas.
 */
export async function photograph(canvas: Canvas, camera: Camera, random: Random): Promise<void> {
  const { width, height } = canvas;
  const context = canvas.getContext('2d');
  const picture = context.getImageData(0, 0, width, height);
  shade(picture.data, width, height, camera);
  if (camera.blur > 0) {
    const raw = Buffer.from(picture.data.buffer, picture.data.byteOffset, picture.data.byteLength);
    const blurred = await sharp(raw, { raw: { width, height, channels: 4 } })
      .blur(camera.blur)
      .raw()
      .toBuffer();
    picture.data.set(blurred);
  }
  addGrain(picture.data, width, height, camera.grain, random);
  context.putImageData(picture, 0, 0);
}

function shade(pixels: Uint8ClampedArray, width: number, height: number, camera: Camera): void {
  const [red, green, blue] = camera.cast ?? [1, 1, 1];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const radius2 = ((2 * x) / width - 1) ** 2 + ((2 * y) / height - 1) ** 2;
      const light = 1 - (camera.vignette * radius2) / 2;
      const at = 4 * (y * width + x);
      pixels[at] = pixels[at]! * light * red;
      pixels[at + 1] = pixels[at + 1]! * light * green;
      pixels[at + 2] = pixels[at + 2]! * light * blue;
    }
  }
}

function addGrain(pixels: Uint8ClampedArray, width: number, height: number, deviation: number, random: Random): void {
  if (deviation <= 0) return;
  let before = random.gaussian();
  for (let i = 0; i < width * height; i++) {
    const own = random.gaussian();
    // 0.75 and 0.66 keep the variance: 0.75² + 0.66² = 1.
    const luminance = deviation * (0.75 * own + 0.66 * before);
    before = own;
    const chroma = 0.3 * deviation * random.gaussian();
    pixels[4 * i] = pixels[4 * i]! + luminance + chroma;
    pixels[4 * i + 1] = pixels[4 * i + 1]! + luminance;
    pixels[4 * i + 2] = pixels[4 * i + 2]! + luminance - chroma;
  }
}
