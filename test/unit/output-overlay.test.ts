import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { formats } from '../../lib/output/formats.ts';
import { writeOverlay } from '../../lib/output/overlay.ts';
import { overlaySvg } from '../../lib/output/overlay-svg.ts';
import type { Line, Point, Reading } from '../../lib/reading.ts';
import { drawPicture, emptyReading, lineOf, lines, quadAt, reading } from './output-sample.ts';

const svg = overlaySvg(reading);

function withLines(...items: Line[]): Reading {
  return { ...reading, lines: items, blocks: [{ quad: items[0]!.quad, lines: items.map((_, index) => index) }] };
}

/** The corners of every label's box, in the order of the drawing. */
function labelsOf(drawing: string): { corners: Point[]; covers: boolean }[] {
  const label =
    /matrix\(([^)]+)\)"[^>]*><rect x="([^"]+)" y="([^"]+)" width="([^"]+)" height="([^"]+)" fill="#fff" fill-opacity="([^"]+)"/g;
  return [...drawing.matchAll(label)].map(([, matrix, ...rest]) => {
    const [a, b, c, d, e, f] = matrix!.split(' ').map(Number) as [number, number, number, number, number, number];
    const [x, y, width, height, opacity] = rest.map(Number) as [number, number, number, number, number];
    const at = (u: number, v: number): Point => [a * u + c * v + e, b * u + d * v + f];
    const corners = [at(x, y), at(x + width, y), at(x + width, y + height), at(x, y + height)];
    return { corners, covers: opacity === 0.92 };
  });
}

async function pixelsOf(png: Uint8Array) {
  const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return {
    ...info,
    at: (x: number, y: number) => [...data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3)],
  };
}

describe('the drawing', () => {
  it('has each outline, curves by their own points', () => {
    const polygons = [...svg.matchAll(/<polygon points="([^"]+)"/g)].map(([, points]) => points!.split(' ').length);
    expect(polygons).toEqual(lines.map((line) => (line.polygon ?? line.quad).length));
  });

  it('numbers the lines in reading order where their reading starts', () => {
    const numbers = [...svg.matchAll(/<circle cx="([^"]+)" cy="([^"]+)"[^>]*\/><text [^>]*>(\d+)</g)];
    expect(numbers.map(([, , , number]) => Number(number))).toEqual(lines.map((_, index) => index + 1));
    const starts = lines.map(({ quad, direction }) => (direction === 'rtl' ? quad[1] : quad[0]));
    numbers.forEach(([, x, y], index) => {
      expect(Number(x)).toBeCloseTo(starts[index]![0], 1);
      expect(Number(y)).toBeCloseTo(starts[index]![1], 1);
    });
  });

  it('gives the blocks different colors and their lines one', () => {
    const strokes = [...svg.matchAll(/<polygon [^>]*stroke="([^"]+)"/g)].map(([, color]) => color);
    expect(strokes[0]).toBe(strokes[1]);
    expect(strokes[1]).not.toBe(strokes[2]);
  });

  it('escapes text, sets columns upright one by one, and signs as they are seen', () => {
    expect(svg).toContain('>Fish &amp; Chips &lt;fresh&gt; &quot;daily&quot;</text>');
    for (const character of '牛肉壽喜鍋') expect(svg).toContain(`text-anchor="middle">${character}</text>`);
    expect(svg).toContain('>級超場賣大</text>');
    expect(svg).toContain('>שלום עולם</text>');
  });

  it('keeps labels in the picture and clear of other lines', () => {
    const labels = labelsOf(svg);
    expect(labels).toHaveLength(lines.length);
    labels.forEach(({ corners, covers }, index) => {
      for (const [x, y] of corners)
        expect(x >= -0.1 && y >= -0.1 && x <= 640.1 && y <= 480.1, `label ${index}`).toBe(true);
      if (covers) return;
      const center: Point = [
        corners.reduce((sum, [x]) => sum + x, 0) / 4,
        corners.reduce((sum, [, y]) => sum + y, 0) / 4,
      ];
      for (const { quad } of lines) {
        const inside = quad.every(([x, y], side) => {
          const [nextX, nextY] = quad[(side + 1) % 4]!;
          return (nextX - x) * (center[1] - y) - (nextY - y) * (center[0] - x) > 0;
        });
        expect(inside).toBe(false);
      }
    });
    expect(labels.some(({ covers }) => !covers)).toBe(true);
  });

  it('writes over the lines of a block where they leave no room', () => {
    const dense = [0, 1, 2, 3].map((row) =>
      lineOf(`row ${row} of dense print`, quadAt([320, 200 + row * 22], 300, 20)),
    );
    expect(labelsOf(overlaySvg(withLines(...dense))).map(({ covers }) => covers)).toEqual([true, true, true, true]);
    const sparse = [0, 1].map((row) => lineOf(`row ${row}`, quadAt([320, 100 + row * 120], 300, 20)));
    expect(labelsOf(overlaySvg(withLines(...sparse))).map(({ covers }) => covers)).toEqual([false, false]);
  });

  it('turns labels of rows that stand on their head the right way up', () => {
    const [label] = labelsOf(overlaySvg(withLines(lineOf('upside down', quadAt([320, 240], 200, 30, 180)))));
    const [topLeft, topRight] = label!.corners as [Point, Point];
    expect(topRight[0]).toBeGreaterThan(topLeft[0]);
  });
});

describe('the overlay', () => {
  it('is a PNG of the picture’s size with the drawing on it', async () => {
    const line = lineOf('SIGN', quadAt([320, 240], 200, 40));
    const png = await writeOverlay(withLines(line), await drawPicture().jpeg({ quality: 100 }).toBuffer());
    expect((await sharp(png).metadata()).format).toBe('png');
    const picture = await pixelsOf(png);
    expect([picture.width, picture.height]).toEqual([640, 480]);
    // Untouched far from the line, the block's color on its border, a light label over it.
    expect(picture.at(20, 400)[0]).toBeGreaterThan(240);
    const [, , blueInside] = picture.at(300, 230) as [number, number, number];
    const [, , blueOnBorder] = picture.at(300, 220) as [number, number, number];
    expect(blueInside).toBeLessThan(20);
    expect(blueOnBorder).toBeGreaterThan(50);
    const label = labelsOf(overlaySvg(withLines(line)))[0]!.corners[0]!;
    expect(Math.min(...picture.at(Math.round(label[0]) + 2, Math.round(label[1]) + 2))).toBeGreaterThan(150);
  });

  it('stands as a person sees the picture', async () => {
    const turned = await drawPicture({ width: 480, height: 640 }).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const picture = await pixelsOf(await writeOverlay(emptyReading, turned));
    expect([picture.width, picture.height]).toEqual([640, 480]);
    // The stored picture's blue top is on the right once it stands upright.
    expect(picture.at(630, 240)[2]).toBeGreaterThan(200);
  });

  it('takes gray, transparent and 16-bit pictures', async () => {
    const pictures = [
      drawPicture().toColourspace('b-w').png(),
      drawPicture().ensureAlpha(0).png(),
      drawPicture().toColourspace('rgb16').png(),
    ];
    for (const picture of pictures) {
      const pixels = await pixelsOf(await writeOverlay(reading, await picture.toBuffer()));
      expect([pixels.width, pixels.height]).toEqual([640, 480]);
    }
    const clear = await pixelsOf(await writeOverlay(emptyReading, await pictures[1]!.toBuffer()));
    expect(clear.at(20, 400)).toEqual([255, 255, 255]);
  });

  it('refuses other pictures, none, and a second one', async () => {
    const small = await drawPicture({ width: 64, height: 48 }).png().toBuffer();
    await expect(writeOverlay(reading, small)).rejects.toMatchObject({ code: 'ERR_PLACARD_INVALID_ARGUMENT' });
    await expect(writeOverlay(reading, Buffer.from('x'))).rejects.toMatchObject({ code: 'ERR_PLACARD_DECODE_FAILED' });
    await expect(writeOverlay({ ...reading, width: 40_000 }, small)).rejects.toMatchObject({
      code: 'ERR_PLACARD_IMAGE_TOO_LARGE',
    });
    const document = formats.overlay.open();
    await expect(document.add({ reading })).rejects.toMatchObject({ code: 'ERR_PLACARD_INVALID_ARGUMENT' });
    const image = await drawPicture().png().toBuffer();
    await document.add({ reading, image });
    await expect(document.add({ reading, image })).rejects.toMatchObject({ code: 'ERR_PLACARD_INVALID_ARGUMENT' });
  });
});

describe('the table of formats', () => {
  it.each(Object.keys(formats) as (keyof typeof formats)[])('writes a page as %s', async (name) => {
    const format = formats[name];
    const image = format.needsImage ? await drawPicture().png().toBuffer() : undefined;
    const written = await format.serialize({ reading, name: 'a.png', image }, { generator: 'placard 1.2.3' });
    expect(typeof written === 'string').toBe(!format.isBinary);
    expect(written.length).toBeGreaterThan(100);
    const start = Buffer.from(written).subarray(0, 8).toString('latin1');
    const starts: Record<string, string> = {
      pdf: '%PDF-',
      png: '\x89PNG',
      xml: '<?xml',
      hocr: '<?xml',
      tsv: 'level',
      json: '{',
    };
    expect(start.startsWith(starts[format.extension] ?? '')).toBe(true);
  });
});
