import { describe, expect, test } from 'vitest';
import { type CameraSettings, native } from '../../lib/native.ts';
import { cameraOf, type Shot, type View } from '../../lib/synth/camera.ts';
import { type EffectName, Effects } from '../../lib/synth/effects.ts';
import { identity } from '../../lib/synth/perspective.ts';
import { drawingContext } from '../../lib/synth/photograph.ts';
import { Random } from '../../lib/synth/random.ts';

const view: View = { width: 400, height: 64, textHeight: 40 };
const shots: readonly Shot[] = ['daylight', 'night', 'lamp', 'video', 'scan'];
const drawn = (count: number, effects = new Effects(), of: View = view): CameraSettings[] =>
  Array.from({ length: count }, (_, index) => cameraOf(new Random(`camera ${index}`), effects, of));

/** What each effect sets. */
const settingsOf: [effect: EffectName, settings: (keyof CameraSettings)[]][] = [
  ['light', ['light', 'spots']],
  ['contrast', ['gain', 'lift', 'gamma', 'saturation']],
  ['motion', ['motion']],
  ['defocus', ['defocus']],
  ['low-resolution', ['width', 'height']],
  ['noise', ['readNoise', 'shotNoise', 'lumaShare', 'grain']],
];

describe('a drawn camera', () => {
  test('is the same for the same seed, and another for another', () => {
    expect(drawn(5)).toEqual(drawn(5));
    expect(new Set(drawn(50).map(({ seed }) => seed)).size).toBe(50);
  });

  test.each(settingsOf)('does nothing but “%s” where only that is asked for', (effect, settings) => {
    const always = ['seed', 'blur', 'sharpen'];
    const seen = new Set(drawn(40, new Effects(effect)).flatMap((camera) => Object.keys(camera)));
    expect([...seen].sort()).toEqual([...always, ...settings].sort());
    const others = new Set(drawn(40, new Effects('curve')).flatMap((camera) => Object.keys(camera)));
    expect([...others].sort()).toEqual(always.sort());
  });

  test('keeps an effect as it is when it is the only one, but for what others leave of it', () => {
    const alone = drawn(200, new Effects('light'));
    const among = drawn(200);
    const both = among.flatMap((camera, index) => (camera.light ? [[camera.light, alone[index]!.light]] : []));
    expect(both.length).toBeGreaterThan(40);
    for (const [one, other] of both) expect(one).toEqual(other);
  });

  test('leaves text legible: blurs together stay below a share of its height', () => {
    for (const textHeight of [9, 20, 40, 200]) {
      for (const camera of drawn(300, new Effects(), { ...view, textHeight })) {
        const pixel = camera.height ? view.height / camera.height : 1;
        const [x, y] = camera.motion ?? [0, 0];
        const blur = Math.hypot(Math.hypot(x, y) / Math.sqrt(12), (camera.defocus ?? 0) / 2);
        expect(blur).toBeLessThanOrEqual(0.055 * textHeight + 1e-9);
        // Eight pixels a line are left, but for what rounding the sensor's size to whole pixels costs.
        expect(textHeight / pixel).toBeGreaterThan(7.2);
      }
    }
  });

  test('does not enlarge pictures', () => {
    for (const camera of drawn(300, new Effects(), { ...view, textHeight: 12 })) {
      expect(camera.width ?? 1).toBeLessThanOrEqual(view.width);
      expect(camera.height ?? 1).toBeLessThanOrEqual(view.height);
    }
  });

  test('sees every kind of shot, each with its habits', () => {
    const share = (shot: Shot, has: (camera: CameraSettings) => boolean): number =>
      drawn(500, new Effects(), { ...view, shot }).filter(has).length / 500;
    const noisy = ({ readNoise }: CameraSettings): boolean => readNoise !== undefined;
    const small = ({ width }: CameraSettings): boolean => width !== undefined;
    expect(share('night', noisy)).toBeGreaterThan(share('scan', noisy) + 0.3);
    expect(share('video', small)).toBeGreaterThan(share('lamp', small) + 0.3);
    expect(share('scan', ({ motion }) => motion !== undefined)).toBe(0);
  });

  test('is one that the addon takes, and shows the picture still', async () => {
    const context = drawingContext();
    const data = new Uint8Array(3 * view.width * view.height).fill(128);
    const background = await native().imageFromPixels(context, { data, ...view, channels: 3 });
    const layers = { pixels: [], sizes: new Int32Array(), matrices: new Float32Array() };
    const matrix = Float32Array.from(identity);
    for (const shot of shots) {
      for (const camera of drawn(40, new Effects(), { ...view, shot })) {
        const { width, height } = view;
        const pixels = await native().photograph(context, { background, matrix, width, height, layers, camera });
        const mean = pixels.reduce((sum, level) => sum + level, 0) / pixels.length;
        expect(mean).toBeGreaterThan(10);
        expect(mean).toBeLessThan(245);
      }
    }
  });
});
