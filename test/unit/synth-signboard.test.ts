import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCanvas } from '@napi-rs/canvas';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bounds } from '../../lib/geometry/quad.ts';
import { packageRoot } from '../../lib/package-files.ts';
import { Backgrounds } from '../../lib/synth/backgrounds.ts';
import { boardOf } from '../../lib/synth/board.ts';
import { Effects } from '../../lib/synth/effects.ts';
import { FontLibrary } from '../../lib/synth/fonts/font-library.ts';
import { scanFonts } from '../../lib/synth/fonts/scan-fonts.ts';
import { paragraphFor } from '../../lib/synth/paragraph.ts';
import { drawingContext } from '../../lib/synth/photograph.ts';
import { Random } from '../../lib/synth/random.ts';
import { signboardOf } from '../../lib/synth/signboard.ts';
import type { Supplies } from '../../lib/synth/supplies.ts';
import { TextSource } from '../../lib/synth/text/text-source.ts';

let cacheFolder: string;
let supplies: Supplies;

beforeAll(async () => {
  cacheFolder = await mkdtemp(join(tmpdir(), 'placard-faces-'));
  const folders = [join(packageRoot(), 'node_modules', '@fontsource')];
  supplies = {
    fonts: new FontLibrary(await scanFonts({ folders, cacheFolder })),
    texts: new TextSource({
      languages: ['en', 'zh-Hans'],
      alphabet: '牛肉麵店老北京炸酱面手工条电话大同百货公司abcdefgh 0123456789',
    }),
    backgrounds: await Backgrounds.open({ context: drawingContext(), side: 64 }),
    effects: new Effects(),
  };
}, 120_000);

afterAll(() => rm(cacheFolder, { recursive: true }));

const seeds = Array.from({ length: 60 }, (_, i) => new Random(`sign ${i}`));

describe('paragraphs', () => {
  test('are columns in upright rooms, where their characters can stand, and rows in wide ones', () => {
    const upright = seeds.map((random) => paragraphFor(random.fork('upright'), supplies, { width: 3, height: 9 }));
    const wide = seeds.map((random) => paragraphFor(random.fork('wide'), supplies, { width: 12, height: 3 }));
    const columns = upright.filter(({ areColumns }) => areColumns);
    expect(columns.length).toBeGreaterThan(20);
    for (const { texts } of columns) expect(texts[0]!.text).not.toMatch(/[a-z\s]/);
    expect(wide.filter(({ areColumns }) => areColumns).length).toBeLessThan(12);
    for (const { texts } of [...upright, ...wide]) {
      expect(texts.length).toBeLessThanOrEqual(8);
      for (const { text, script } of texts) {
        expect(text.length).toBeGreaterThan(0);
        expect(script).toBe(texts[0]!.script);
      }
    }
  });
});

describe('signboards', () => {
  const wish = { width: 600, height: 360, least: 14, behind: [120, 120, 120] as const };
  const signs = () => seeds.flatMap((random) => signboardOf(random.fork('sign'), supplies, wish) ?? []);

  test('hold texts of different sizes, all of each inside', () => {
    const found = signs();
    expect(found.length).toBeGreaterThan(50);
    let different = 0;
    for (const { lines, size } of found) {
      expect(size).toBeGreaterThanOrEqual(wish.least);
      const boxes = lines.map(({ poly }) => bounds(poly));
      for (const { left, top, right, bottom } of boxes) {
        expect(Math.min(left, top)).toBeGreaterThan(-2);
        expect(right).toBeLessThan(wish.width + 2);
        expect(bottom).toBeLessThan(wish.height + 2);
      }
      const letters = lines.flatMap(({ characters }) => characters ?? []);
      expect(letters.length).toBeGreaterThan(0);
      const heights = boxes.map(({ top, bottom }) => bottom - top);
      if (Math.max(...heights) > 2 * Math.min(...heights)) different += 1;
    }
    expect(different).toBeGreaterThan(20);
  });

  test('have their letters where their lines say', () => {
    for (const sign of signs().slice(0, 12)) {
      const canvas = sign.render();
      expect([canvas.width, canvas.height]).toEqual([wish.width, wish.height]);
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      for (const { characters = [] } of sign.lines) {
        for (const { text, quad } of characters) {
          const { left, top, right, bottom } = bounds(quad);
          const levels = new Set<number>();
          for (let y = Math.max(0, Math.floor(top)); y < Math.min(bottom, wish.height); y++)
            for (let x = Math.max(0, Math.floor(left)); x < Math.min(right, wish.width); x++) {
              const at = 4 * (y * wish.width + x);
              levels.add((data[at]! << 24) | (data[at + 1]! << 16) | (data[at + 2]! << 8) | data[at + 3]!);
            }
          expect(levels.size, text).toBeGreaterThan(1);
        }
      }
    }
  });

  test('are the same for the same seed, and left out where nothing fits', () => {
    const one = signboardOf(new Random('same'), supplies, wish)!;
    const other = signboardOf(new Random('same'), supplies, wish)!;
    expect(other.lines).toEqual(one.lines);
    expect(other.render().data().equals(one.render().data())).toBe(true);
    expect(signboardOf(new Random('same'), supplies, { ...wish, least: 500 })).toBeUndefined();
  });
});

test('boards stand in columns and on nothing as often as they are asked to', () => {
  const texts = [{ text: '牛肉麵店', language: 'zh-Hant', script: 'Hant', direction: 'row' } as const];
  const wish = { texts, size: 30, behind: [120, 120, 120] as const, margin: 0.2, hasCharacters: false };
  for (const random of seeds.slice(0, 10)) {
    const column = boardOf(random.fork('board'), supplies, { ...wish, vertical: 1, bare: 1 });
    expect(column.main.vertical).toBe(true);
    const corner = createCanvas(4, 4).getContext('2d');
    corner.drawImage(column.render(), 0, 0);
    expect(corner.getImageData(0, 0, 1, 1).data[3]).toBe(0);
    const row = boardOf(random.fork('board'), supplies, { ...wish, vertical: 0, bare: 0 });
    expect(row.main.vertical).toBeFalsy();
  }
});
