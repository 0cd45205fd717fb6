import { createCanvas } from '@napi-rs/canvas';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../lib/engine.ts';
import { brokenPictures, readablePictures } from '../../lib/synth/odd-pictures.ts';
import { line, openEngine, sampleBytes } from './engine-harness.ts';

let engine: Engine;

beforeAll(async () => {
  engine = await openEngine();
});

describe('pictures of every kind', () => {
  it('are read for what their source says', async () => {
    for (const { name, bytes } of await readablePictures(sampleBytes(line.name))) {
      expect((await engine.recognize(bytes, { layout: 'line' })).text, name).toBe(line.text);
    }
  });
});

describe('a huge page', () => {
  const lines = ['quick harbor lemon', 'silver engine window', 'garden pencil yellow', 'market harbor silver'];

  it('keeps its small print', async () => {
    const canvas = createCanvas(5000, 3500);
    const page = canvas.getContext('2d');
    page.fillStyle = 'white';
    page.fillRect(0, 0, canvas.width, canvas.height);
    page.fillStyle = 'black';
    page.font = '24px sans-serif';
    lines.forEach((text, i) => {
      page.fillText(text, 2300, 1600 + 46 * i);
    });
    const reading = await engine.recognize(canvas.toBuffer('image/png'));
    expect(reading.text.split('\n')).toEqual(lines);
    expect(reading.lines[0]!.quad[0][0]).toBeCloseTo(2300, -1.3);
    expect(engine.stats().liveBytes).toBe(0);
  });
});

describe('broken pictures', () => {
  it('are refused each with its code, at once, and the engine goes on', async () => {
    for (const { name, bytes, error } of await brokenPictures(sampleBytes(line.name))) {
      const began = performance.now();
      await expect(engine.recognize(bytes), name).rejects.toMatchObject({ code: `ERR_PLACARD_${error}` });
      expect(performance.now() - began, name).toBeLessThan(1000);
      expect((await engine.recognize(sampleBytes(line.name), { layout: 'line' })).text, name).toBe(line.text);
    }
    expect(engine.stats().liveBytes).toBe(0);
  });
});
