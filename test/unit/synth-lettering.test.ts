import { type Canvas, createCanvas } from '@napi-rs/canvas';
import { describe, expect, test } from 'vitest';
import { signedArea } from '../../lib/geometry/polygon-region.ts';
import type { Point, Quad } from '../../lib/reading.ts';
import { contrastingColor, css, fromHsl, lightness, mix, type Rgb } from '../../lib/synth/colors.ts';
import { type EffectName, Effects } from '../../lib/synth/effects.ts';
import { inkText, type Material } from '../../lib/synth/ink.ts';
import { inkTextureNames } from '../../lib/synth/ink-textures.ts';
import { type Layout, type LayoutOptions, layOut, moveLayout } from '../../lib/synth/layout.ts';
import { materialOf } from '../../lib/synth/materials.ts';
import { Random } from '../../lib/synth/random.ts';
import { typeface } from '../../lib/synth/typeface.ts';

const serif = () => typeface('lora', 700);
const chinese = () => typeface('huninn');
const plainInk: Material = { fill: { paint: '#000' } };

/** A white canvas with a line whose origin is at (x, y). */
function drawn(layout: Layout, x: number, y: number, material = plainInk, ground = '#fff'): Canvas {
  const canvas = createCanvas(600, 400);
  const context = canvas.getContext('2d');
  context.fillStyle = ground;
  context.fillRect(0, 0, 600, 400);
  inkText(context, moveLayout(layout, x, y), material);
  return canvas;
}

/** Where pixels are dark, within a box. */
function inkBox(
  canvas: Canvas,
  left = 0,
  top = 0,
  right = canvas.width,
  bottom = canvas.height,
): [Point, Point] | undefined {
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  let [l, t, r, b] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let y = Math.max(0, Math.floor(top)); y < bottom; y++) {
    for (let x = Math.max(0, Math.floor(left)); x < right; x++) {
      if (data[4 * (y * canvas.width + x)]! > 128) continue;
      [l, t, r, b] = [Math.min(l, x), Math.min(t, y), Math.max(r, x + 1), Math.max(b, y + 1)];
    }
  }
  return l < r
    ? [
        [l, t],
        [r, b],
      ]
    : undefined;
}

function expectTight(canvas: Canvas, poly: Quad, label: string): void {
  const [[left, top], , [right, bottom]] = poly;
  const box = inkBox(canvas, left - 1, top - 1, right + 1, bottom + 1);
  expect(box, label).toBeDefined();
  const [[l, t], [r, b]] = box!;
  for (const [edge, found] of [
    [left, l],
    [top, t],
    [right, r],
    [bottom, b],
  ] as const) {
    expect(Math.abs(edge - found), `${label}: ${edge} and ${found}`).toBeLessThan(2.1);
  }
}

function darkPixels(canvas: Canvas): Point[] {
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  const points: Point[] = [];
  for (let i = 0; i < data.length; i += 4) {
    if (data[i]! < 128) points.push([((i / 4) % canvas.width) + 0.5, Math.floor(i / 4 / canvas.width) + 0.5]);
  }
  return points;
}

/** How far a point is inside a convex clockwise quad; below zero outside. */
function distanceInside(quad: Quad, [x, y]: Point): number {
  return Math.min(
    ...quad.map(([x0, y0], i) => {
      const [x1, y1] = quad[(i + 1) % 4]!;
      return ((x1 - x0) * (y - y0) - (y1 - y0) * (x - x0)) / Math.hypot(x1 - x0, y1 - y0);
    }),
  );
}

describe('a layout', () => {
  test.each<[string, LayoutOptions]>([
    ['plain', {}],
    ['tracked', { tracking: 6 }],
    ['narrow', { tracking: -1.5 }],
  ])('of a row has each letter around its ink, kerned as it is drawn: %s', (_, options) => {
    const layout = layOut('Ta Vo. 1', serif(), 80, options);
    expect(layout.line.characters!.map(({ text }) => text).join('')).toBe('TaVo.1');
    const { line } = moveLayout(layout, 40, 200);
    expectTight(drawn(layout, 40, 200), line.poly, 'line');
    // Each letter alone where the whole line has it covers what the whole line draws there.
    for (const { text, quad } of line.characters!) {
      const alone = layOut(text, serif(), 80);
      const single = drawn(alone, quad[0][0] - alone.line.poly[0][0], 200);
      const [[left, top], , [right, bottom]] = quad;
      const whole = drawn(layout, 40, 200).getContext('2d');
      const one = single.getContext('2d');
      let differing = 0;
      let dark = 0;
      const [a, b] = [whole, one].map(
        (context) => context.getImageData(left + 2, top, right - left - 4, bottom - top).data,
      );
      for (let i = 0; i < a!.length; i += 4) {
        if (b![i]! > 128) continue;
        dark++;
        if (a![i]! > 200) differing++;
      }
      expect(differing / Math.max(1, dark), text).toBeLessThan(0.03);
    }
  });

  test('of a column stands upright in cells, with marks turned', () => {
    const layout = layOut('老北（京）', typeface('ma-shan-zheng'), 60, { direction: 'column', pitch: 70 });
    expect(layout.line).toMatchObject({ text: '老北（京）', vertical: true });
    const { line } = moveLayout(layout, 300, 10);
    const canvas = drawn(layout, 300, 10);
    for (const [i, { quad, text }] of line.characters!.entries()) {
      expectTight(canvas, quad, text);
      expect(quad[0][1]).toBeGreaterThan(10 + 70 * i - 8);
      expect(quad[2][1]).toBeLessThan(10 + 70 * (i + 1) + 8);
    }
    const open = line.characters![2]!.quad;
    expect(open[1][0] - open[0][0]).toBeGreaterThan(open[2][1] - open[1][1]);
  });

  test('from the right has its first character at the right', () => {
    const layout = layOut('金玉滿堂', chinese(), 60, { direction: 'right-to-left' });
    const { line } = moveLayout(layout, 500, 100);
    expect(line).toMatchObject({ rtl: true, text: '金玉滿堂' });
    const lefts = line.characters!.map(({ quad }) => quad[0][0]);
    expect([...lefts].sort((a, b) => b - a)).toEqual(lefts);
    const canvas = drawn(layout, 500, 100);
    for (const { quad, text } of line.characters!) expectTight(canvas, quad, text);
  });

  test.each<[string, LayoutOptions['baseline']]>([
    ['up', { shape: 'arc', radius: 160 }],
    ['down', { shape: 'arc', radius: -160 }],
    ['wave', { shape: 'wave', height: 12, length: 150, phase: 1 }],
  ])('on a bent baseline has its letters inside its outline: %s', (way, baseline) => {
    const layout = layOut('CORNER', serif(), 50, { baseline });
    const { line } = moveLayout(layout, 300, 200);
    expect(signedArea(line.polygon!)).toBeGreaterThan(1000);
    const canvas = drawn(layout, 300, 200);
    const outside = darkPixels(canvas).filter(
      (point) => !line.characters!.some(({ quad }) => distanceInside(quad, point) > -1.5),
    );
    expect(outside, way).toEqual([]);
    for (const { quad, text } of line.characters!) {
      expect(signedArea(quad), text).toBeGreaterThan(0);
      for (const [x, y] of quad) {
        expect(x > line.poly[0][0] - 6 && x < line.poly[2][0] + 6, text).toBe(true);
        expect(y > line.poly[0][1] - 6 && y < line.poly[2][1] + 6, text).toBe(true);
      }
    }
    const middles = line.characters!.map(({ quad }) => (quad[0][1] + quad[2][1]) / 2);
    if (way === 'up') expect(middles[2]!).toBeLessThan(middles[0]!);
    if (way === 'down') expect(middles[2]!).toBeGreaterThan(middles[0]!);
  });

  test('keeps letters and the marks that combine with them together', () => {
    const layout = layOut('ve\u0301', serif(), 40);
    expect(layout.line.characters!.map(({ text }) => text)).toEqual(['v', 'e\u0301']);
  });
});

describe('a material', () => {
  const layout = layOut('Hello', serif(), 90);
  const mean = (canvas: Canvas): number => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, 600, 400);
    return data.reduce((sum, value) => sum + value, 0) / data.length;
  };
  const plain = drawn(layout, 100, 200);

  test.each<[string, Material, 'darker' | 'lighter']>([
    ['outlines', { fill: { paint: '#000' }, outlines: [{ color: '#333', width: 0.05 }] }, 'darker'],
    ['a shadow', { fill: { paint: '#000' }, shadow: { color: '#000', dx: 0.2, dy: 0.2, blur: 0 } }, 'darker'],
    ['a glow', { fill: { paint: '#000' }, glow: { color: '#000', radius: 0.3 } }, 'darker'],
    ['copies', { fill: { paint: '#000' }, copies: [{ paint: '#222', dx: 0.1, dy: 0.1 }] }, 'darker'],
    ['a gradient', { fill: { colors: ['#000', '#fff'], angle: Math.PI / 2 } }, 'lighter'],
    ...inkTextureNames.map((name): [string, Material, 'lighter'] => [
      `the texture ${name}`,
      { fill: { color: '#000', texture: { name, variant: 1, x: 0.2, y: 0.1 } } },
      'lighter',
    ]),
  ])('of %s changes what the plain one draws, and not its ground', (_, material, way) => {
    const canvas = drawn(layout, 100, 200, material);
    const difference = mean(canvas) - mean(plain);
    expect(way === 'darker' ? -difference : difference).toBeGreaterThan(0.1);
    const pixels = canvas.getContext('2d').getImageData(0, 0, 600, 400).data;
    expect([pixels[0], pixels[4 * 600 * 399]]).toEqual([255, 255]);
  });

  test('with a gradient downward is lighter at the bottom', () => {
    const canvas = drawn(layOut('I', serif(), 200), 100, 300, {
      fill: { colors: ['#000', '#aaa'], angle: Math.PI / 2 },
    });
    const [[left, top], [right, bottom]] = inkBox(canvas)!;
    const at = (y: number) => canvas.getContext('2d').getImageData((left + right) / 2, y, 1, 1).data[0]!;
    expect(at(bottom - 12)).toBeGreaterThan(at(top + 12) + 60);
  });

  test('drawn by chance is the same for the same seed, and stands out nearly always', () => {
    let clear = 0;
    for (let i = 0; i < 300; i++) {
      const random = new Random(`material ${i}`);
      const behind = fromHsl(random.between(0, 360), random.next(), random.next());
      const material = materialOf(random.fork('material'), new Effects(), behind);
      expect(materialOf(new Random(`material ${i}`).fork('material'), new Effects(), behind)).toEqual(material);
      const colors = JSON.stringify(material).match(/rgba\(\d+, \d+, \d+/g)!;
      const far = colors.map((color) => {
        const [r, g, b] = color.match(/\d+/g)!.map(Number);
        return Math.abs(lightness([r!, g!, b!]) - lightness(behind));
      });
      if (Math.max(...far) > 35) clear++;
    }
    expect(clear / 300).toBeGreaterThan(0.88);
    expect(clear / 300).toBeLessThan(1);
  });

  test.each<[EffectName, keyof Material]>([
    ['outline', 'outlines'],
    ['neon', 'glow'],
    ['bevel', 'copies'],
  ])('has only %s where that alone is to be looked at', (only, part) => {
    for (let i = 0; i < 20; i++) {
      const material = materialOf(new Random(i), new Effects(only), [30, 30, 40]);
      expect(material[part]).toBeDefined();
      expect(material.shadow).toBeUndefined();
    }
  });
});

describe('colors', () => {
  test('have CIE lightness', () => {
    expect(lightness([0, 0, 0])).toBe(0);
    expect(lightness([255, 255, 255])).toBeCloseTo(100, 6);
    expect(lightness([119, 119, 119])).toBeCloseTo(50.03, 1);
    expect(lightness([255, 0, 0])).toBeCloseTo(53.24, 1);
  });

  test('come from hue, saturation and light', () => {
    expect(fromHsl(0, 1, 0.5).map(Math.round)).toEqual([255, 0, 0]);
    expect(fromHsl(120, 1, 0.25).map(Math.round)).toEqual([0, 128, 0]);
    expect(fromHsl(-120, 1, 0.5).map(Math.round)).toEqual([0, 0, 255]);
    expect(fromHsl(400, 0, 0.4).map(Math.round)).toEqual([102, 102, 102]);
    expect(css(mix([0, 0, 0], [100, 200, 300], 0.5), 0.5)).toBe('rgba(50, 100, 150, 0.500)');
  });

  test('contrast as asked', () => {
    const random = new Random('contrast');
    for (let i = 0; i < 200; i++) {
      const behind: Rgb = [random.integer(0, 255), random.integer(0, 255), random.integer(0, 255)];
      const color = contrastingColor(random, behind, 40);
      expect(Math.abs(lightness(color) - lightness(behind))).toBeGreaterThanOrEqual(39);
    }
  });
});
