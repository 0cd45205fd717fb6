import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../lib/engine.ts';
import type { Line, Point, Quad, Reading } from '../../lib/reading.ts';
import { line, openEngine, samplePath } from './engine-harness.ts';

const receipt = samplePath('receipt.jpg');

let engine: Engine;
let whole: Reading;

beforeAll(async () => {
  engine = await openEngine();
  whole = await engine.recognize(receipt);
});

const texts = (reading: Reading) => reading.lines.map(({ text }) => text);

describe('region', () => {
  const region = { left: 150, top: 130, width: 470, height: 200 };

  it('reads only that part, in the whole picture’s coordinates', async () => {
    const reading = await engine.recognize(receipt, { region });
    const cut = await sharp(readFileSync(receipt)).extract(region).png().toBuffer();
    const alone = await engine.recognize(cut);
    expect(texts(reading)).toEqual(['CAFE MERIDIAN', '14 Canal Street', 'Tel 555-0142']);
    expect(texts(alone)).toEqual(texts(reading));
    expect([reading.width, reading.height]).toEqual([whole.width, whole.height]);
    const moved = ([x, y]: Point): Point => [x + region.left, y + region.top];
    const close = (quad: Quad) => quad.map(([x, y]) => [expect.closeTo(x, 0), expect.closeTo(y, 0)]);
    reading.lines.forEach((found, i) => {
      expect(found.quad).toEqual(close(alone.lines[i]!.quad.map(moved) as Quad));
      expect(found.chars[0]!.quad).toEqual(close(alone.lines[i]!.chars[0]!.quad.map(moved) as Quad));
      expect(found.words[0]!.quad).toEqual(close(alone.lines[i]!.words[0]!.quad.map(moved) as Quad));
    });
    expect(reading.blocks[0]!.quad).toEqual(close(alone.blocks[0]!.quad.map(moved) as Quad));
  });

  it('that is the whole picture changes nothing', async () => {
    const { width, height } = whole;
    const reading = await engine.recognize(receipt, { region: { left: 0, top: 0, width, height } });
    expect(reading.lines).toEqual(whole.lines);
  });

  it.each([
    [{ width: 0 }, 'options.region.width'],
    [{ height: -5 }, 'options.region.height'],
    [{ left: -1 }, 'options.region.left'],
    [{ left: 700 }, 'a region inside 760 x 1240'],
    [{ top: 1240 }, 'a region inside 760 x 1240'],
    [{ width: 9999 }, 'a region inside 760 x 1240'],
    [{ left: 0.5 }, 'options.region.left'],
  ])('%j is refused', async (change, message) => {
    await expect(engine.recognize(receipt, { region: { ...region, ...change } })).rejects.toMatchObject({
      code: 'ERR_PLACARD_INVALID_ARGUMENT',
      message: expect.stringContaining(message),
    });
  });

  it('of one pixel has nothing to read', async () => {
    const reading = await engine.recognize(receipt, { region: { left: 5, top: 5, width: 1, height: 1 } });
    expect(reading.text).toBe('');
  });
});

describe('effort', () => {
  it('fast reads what is clear, whichever way it lies', async () => {
    for (const name of ['shop-sign.jpg', 'turned-90.jpg', 'turned-180.jpg']) {
      const thorough = await engine.recognize(samplePath(name));
      const fast = await engine.recognize(samplePath(name), { effort: 'fast' });
      expect(fast.rotation).toBe(thorough.rotation);
      expect(texts(fast).length).toBeGreaterThanOrEqual(0.9 * texts(thorough).length);
    }
  });

  it('fast looks at fewer pixels', async () => {
    const fast = await engine.recognize(receipt, { effort: 'fast' });
    const thorough = await engine.recognize(receipt, { effort: 'thorough' });
    expect(fast.lines).not.toEqual(whole.lines);
    expect(thorough.lines).toEqual(whole.lines);
  });
});

describe('minConfidence', () => {
  it('leaves out what is less sure, and nothing more', async () => {
    const all = await engine.recognize(receipt, { minConfidence: 0 });
    const middle = all.lines.map(({ confidence }) => confidence).sort((a, b) => a - b)[all.lines.length >> 1]!;
    const sure = await engine.recognize(receipt, { minConfidence: middle });
    expect(all.lines.length).toBeGreaterThanOrEqual(whole.lines.length);
    expect(sure.lines.length).toBeLessThan(all.lines.length);
    for (const { confidence } of sure.lines) expect(confidence).toBeGreaterThanOrEqual(middle);
    for (const text of texts(sure)) expect(texts(all)).toContain(text);
    expect((await engine.recognize(receipt, { minConfidence: 1 })).lines.length).toBeLessThan(sure.lines.length);
  });
});

describe('allowedCharacters', () => {
  it('reads no others', async () => {
    const { text } = await engine.recognize(samplePath(line.name), {
      allowedCharacters: '0123456789:',
      layout: 'line',
      minConfidence: 0,
    });
    expect(text).toMatch(/^[0-9:]*10:45$/);
  });

  it('that no model knows read nothing', async () => {
    const options = { allowedCharacters: '\u{1F600}', layout: 'line', minConfidence: 0 } as const;
    expect((await engine.recognize(samplePath(line.name), options)).text).toBe('');
  });
});

describe('layout', () => {
  it('line takes the whole picture for one line', async () => {
    const reading = await engine.recognize(samplePath(line.name), { layout: 'line' });
    expect(texts(reading)).toEqual([line.text]);
    expect(reading.timings.detect).toBe(0);
    const [[left, top], , [right, bottom]] = reading.lines[0]!.quad;
    expect(left).toBeLessThan(40);
    expect(top).toBeLessThan(20);
    expect(right).toBeGreaterThan(900);
    expect(bottom).toBeGreaterThan(52);
  });

  it('auto finds out that a picture is one line', async () => {
    expect(texts(await engine.recognize(samplePath(line.name)))).toEqual([line.text]);
  });
});

describe('a reading', () => {
  /** Twice the area with y down: positive where the corners run clockwise. */
  const area = (quad: Quad) =>
    quad.reduce((sum, [x, y], i) => {
      const [nextX, nextY] = quad[(i + 1) % 4]!;
      return sum + x * nextY - nextX * y;
    }, 0);

  function expectSound(reading: Reading): void {
    const indices = reading.blocks.flatMap((block) => block.lines);
    expect(indices).toEqual(reading.lines.map((_, i) => i));
    for (const found of reading.lines) expectSoundLine(found);
    for (const block of reading.blocks) {
      expect(block.lines.length).toBeGreaterThan(0);
      expect(block.quad.flat().every(Number.isFinite)).toBe(true);
    }
    const { total, ...stages } = reading.timings;
    const sum = Object.values(stages).reduce((all, one) => all + one, 0);
    expect(Math.min(...Object.values(stages))).toBeGreaterThanOrEqual(0);
    expect(total).toBeGreaterThan(0);
    expect(sum).toBeLessThanOrEqual(total + 1);
    expect(reading.text.replace(/\s+/g, '')).toBe(texts(reading).join('').replace(/\s+/g, ''));
  }

  function expectSoundLine(found: Line): void {
    expect(found.text.trim()).toBe(found.text);
    expect(found.words.map(({ text }) => text).join(' ')).toBe(found.text);
    expect(found.chars.map(({ text }) => text).join('')).toBe(found.text.replaceAll(' ', ''));
    for (const { quad, confidence } of [found, ...found.words, ...found.chars]) {
      expect(quad.flat().every(Number.isFinite)).toBe(true);
      expect(area(quad)).toBeGreaterThan(0);
      expect(confidence).toBeGreaterThan(0);
      expect(confidence).toBeLessThanOrEqual(1);
    }
  }

  it('of a page is sound', () => {
    expectSound(whole);
    expect(whole).toMatchObject({ width: 760, height: 1240, rotation: 0 });
  });

  it.each([
    ['turned-180.jpg', 180],
    ['vertical-signs.jpg', 0],
    ['right-to-left.jpg', 0],
    ['badge.jpg', 0],
  ])('of %s is sound', async (name, rotation) => {
    const reading = await engine.recognize(samplePath(name));
    expectSound(reading);
    expect(reading.rotation).toBe(rotation);
    expect(reading.lines.length).toBeGreaterThan(0);
  });
});

describe('stats', () => {
  it('count what was read and what failed, and time the stages', async () => {
    const own = await openEngine();
    await own.warmUp();
    await own.recognize(samplePath(line.name));
    await own.recognize(Buffer.from('no picture')).catch(() => {});
    const stats = own.stats();
    expect(stats).toMatchObject({ threads: 2, mode: 'latency', provider: 'cpu', completed: 3, failed: 1 });
    expect(stats.stages.total).toMatchObject({ count: 3 });
    expect(stats.stages.recognize!.max).toBeGreaterThan(0);
    expect(stats.stages.total!.max).toBeGreaterThanOrEqual(stats.stages.total!.p50);
    expect(stats.cpuMilliseconds.networks).toBeGreaterThan(stats.cpuMilliseconds.kernels);
    expect(JSON.parse(JSON.stringify(stats))).toEqual(stats);
    await own.close();
  });
});

describe('detect', () => {
  it.each([0, -1, Number.NaN, 1e6])('refuses a scale of %s', async (scale) => {
    await expect(engine.detect(samplePath(line.name), { scale })).rejects.toMatchObject({
      code: 'ERR_PLACARD_INVALID_ARGUMENT',
      message: expect.stringMatching(/a (finite )?number .*for options\.scale/),
    });
  });
});
