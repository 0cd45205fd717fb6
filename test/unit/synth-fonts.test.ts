import { cp, mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCanvas, GlobalFonts } from '@napi-rs/canvas';
import fc from 'fast-check';
import { create } from 'fontkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../../lib/package-files.ts';
import { inRanges, toRanges } from '../../lib/synth/fonts/code-ranges.ts';
import { extractFace } from '../../lib/synth/fonts/collection.ts';
import { drawnCharacters } from '../../lib/synth/fonts/drawn-characters.ts';
import { type FaceRecord, fontStyles } from '../../lib/synth/fonts/face-record.ts';
import { FontLibrary } from '../../lib/synth/fonts/font-library.ts';
import { faceTraits, fontPackages } from '../../lib/synth/fonts/font-packages.ts';
import { scanFonts } from '../../lib/synth/fonts/scan-fonts.ts';
import { Random } from '../../lib/synth/random.ts';
import { type OutlineFont, writeCollection, writeFont } from './outline-font.ts';

/** Letters A, B and a filled, C and the blank empty, D as the sign for a missing character; 你 empty too. */
const plain: OutlineFont = {
  name: 'Plain',
  glyphs: [
    { codes: [], box: [50, 0, 450, 700] },
    { codes: [0x41], box: [10, 0, 400, 600] },
    { codes: [0x42], box: [20, 0, 300, 600] },
    { codes: [0x61], box: [10, 0, 300, 400] },
    { codes: [0x20, 0xa0] },
    { codes: [0x43] },
    { codes: [0x44], box: [50, 0, 450, 700] },
    { codes: [0x4f60] },
    { codes: [0xe000], box: [0, 0, 100, 100] },
    { codes: [0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38], box: [0, 0, 90, 90] },
  ],
};

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'placard-fonts-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('ranges of characters', () => {
  test('hold the codes that they were made of, and no others', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 60 })), (codes) => {
        const ranges = toRanges(codes);
        const held = Array.from({ length: 62 }, (_, code) => code).filter((code) => inRanges(ranges, code));
        expect(held).toEqual([...codes].sort((a, b) => a - b));
      }),
    );
    expect(toRanges([5, 3, 4, 9, 9])).toEqual([3, 5, 9, 9]);
  });
});

describe('the characters that a face draws', () => {
  test('have ink of their own, or are blanks', () => {
    const bytes = writeFont(plain);
    const face = create(bytes);
    if ('fonts' in face) throw new Error('one face was written');
    expect(face.characterSet).toEqual(expect.arrayContaining([0x43, 0x44, 0x4f60, 0xe000, 0x38]));
    expect(drawnCharacters(face, bytes)).toEqual(toRanges([0x20, 0xa0, 0x41, 0x42, 0x61]));
  });

  test('are capitals alone where the small letters look like them', () => {
    const letters = ['A', 'E', 'G', 'N', 'R'];
    const glyphs: OutlineFont['glyphs'] = [{ codes: [] }];
    for (const [i, letter] of letters.entries()) {
      const capital = letter.codePointAt(0)!;
      glyphs.push(
        { codes: [capital], box: [0, 0, 300 + i, 600] },
        { codes: [capital + 0x20], box: [0, 0, 200, 400 + i] },
      );
    }
    const bytes = writeFont({ name: 'Capitals', glyphs });
    const face = create(bytes);
    if ('fonts' in face) throw new Error('one face was written');
    const drawn = drawnCharacters(face, bytes);
    expect(letters.map((letter) => inRanges(drawn, letter.codePointAt(0)!))).toEqual(letters.map(() => true));
    expect(inRanges(drawn, 'g'.codePointAt(0)!)).toBe(false);
  });
});

describe('a face of a collection', () => {
  const tall: OutlineFont = { name: 'Tall', glyphs: [{ codes: [] }, { codes: [0x41], box: [0, 0, 200, 900] }] };
  const flat: OutlineFont = { name: 'Flat', glyphs: [{ codes: [] }, { codes: [0x41], box: [0, 0, 900, 200] }] };

  test('becomes a font that draws as the face does', () => {
    const collection = writeCollection([tall, flat]);
    expect(extractFace(collection, 1).equals(writeFont(flat))).toBe(true);
    GlobalFonts.register(extractFace(collection, 1), 'extracted flat');
    const context = createCanvas(200, 200).getContext('2d');
    context.font = '100px "extracted flat"';
    expect(context.measureText('A').actualBoundingBoxRight).toBeCloseTo(90, 0);
    expect(context.measureText('A').actualBoundingBoxAscent).toBeCloseTo(20, 0);
  });

  test('is found by the scan, each under a name and a file of its own', async () => {
    const fonts = join(folder, 'collection');
    await mkdir(fonts);
    await writeFile(join(fonts, 'both.ttc'), writeCollection([tall, flat]));
    const faces = await scanFonts({ folders: [fonts], cacheFolder: join(folder, 'cache-collection') });
    expect(faces.map(({ id, name }) => [id, name])).toEqual([
      ['both.ttc#0', 'Tall'],
      ['both.ttc#1', 'Flat'],
    ]);
    expect(faces[0]!.slices[0]!.path).toBe(join(fonts, 'both.ttc'));
    expect((await readFile(faces[1]!.slices[0]!.path)).equals(writeFont(flat))).toBe(true);
  });
});

describe('a scan for fonts', () => {
  test('passes over what is no font, and keeps what it found', async () => {
    const fonts = join(folder, 'scanned');
    await mkdir(join(fonts, 'deep'), { recursive: true });
    await writeFile(join(fonts, 'deep', 'plain.ttf'), writeFont(plain));
    await writeFile(join(fonts, 'copy.ttf'), writeFont(plain));
    await writeFile(join(fonts, 'broken.otf'), 'no font at all');
    await writeFile(join(fonts, 'cut.ttf'), writeFont(plain).subarray(0, 300));
    const cacheFolder = join(folder, 'cache-scanned');
    const steps: string[] = [];
    const scan = () =>
      scanFonts({ folders: [fonts], cacheFolder, onProgress: (done, total) => steps.push(`${done}/${total}`) });
    const faces = await scan();
    expect(faces).toHaveLength(1);
    expect(faces[0]).toMatchObject({ id: 'copy.ttf', name: 'Plain', style: 'sans' });
    expect(steps).toEqual(['1/4', '2/4', '3/4', '4/4']);
    expect(await scan()).toEqual(faces);

    // A file that changes is read again.
    await writeFile(join(fonts, 'copy.ttf'), writeFont({ ...plain, name: 'Other' }));
    await utimes(join(fonts, 'copy.ttf'), 1, 1);
    expect((await scan()).map(({ name }) => name)).toEqual(['Other', 'Plain']);
    await writeFile(join(cacheFolder, 'fonts.json'), '{"half');
    expect((await scan()).map(({ name }) => name)).toEqual(['Other', 'Plain']);
  });

  test('takes the packages of fontsource as one face a weight', async () => {
    const fonts = join(folder, 'packages');
    await cp(join(packageRoot(), 'node_modules', '@fontsource', 'courier-prime'), join(fonts, 'courier-prime'), {
      recursive: true,
    });
    const faces = await scanFonts({ folders: [fonts], cacheFolder: join(folder, 'cache-packages') });
    expect(faces.map(({ id, style, license }) => [id, style, license])).toEqual([
      ['@fontsource/courier-prime/400', 'typewriter', 'OFL-1.1'],
      ['@fontsource/courier-prime/700', 'typewriter', 'OFL-1.1'],
    ]);
    const library = new FontLibrary(faces);
    expect(library.draws('Überłag 12')).toBe(true);
    expect(library.draws('Ωλ')).toBe(false);
    const context = createCanvas(10, 10).getContext('2d');
    const face = library.pick(new Random('any'), 'Über');
    expect(face.measure(context, 'Über', 100).advance).toBeCloseTo(240, 0);
  });

  test('can be stopped, and says when there is nothing', async () => {
    const cacheFolder = join(folder, 'cache-stopped');
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(scanFonts({ folders: [join(folder, 'packages')], cacheFolder, signal })).rejects.toThrow('enough');
    await mkdir(join(folder, 'empty'));
    await expect(scanFonts({ folders: [join(folder, 'empty')], cacheFolder })).rejects.toMatchObject({
      code: 'ERR_PLACARD_MATERIALS_MISSING',
      message: expect.stringContaining('apt-get install -y --no-install-recommends fonts-'),
    });
    await expect(scanFonts({ folders: [join(folder, 'nowhere')], cacheFolder })).rejects.toMatchObject({
      code: 'ERR_PLACARD_MATERIALS_MISSING',
      message: expect.stringContaining('nowhere'),
    });
  });
});

describe('the list of packages', () => {
  test('names each once, with a license, a known style and patterns that compile', () => {
    expect(new Set(fontPackages.map((known) => known.package)).size).toBe(fontPackages.length);
    expect(fontPackages.filter(({ small }) => small).length).toBeGreaterThan(50);
    for (const { package: name, license, style, faces = [] } of fontPackages) {
      expect(name).toMatch(/^fonts-[a-z0-9-]+$/);
      expect(license, name).toMatch(/^[A-Za-z0-9. -]+$/);
      expect(fontStyles, name).toContain(style);
      for (const { file, style: own = style, characters = '.' } of faces) {
        expect(fontStyles, name).toContain(own);
        expect(() => [new RegExp(file), new RegExp(`^${characters}$`, 'u')], name).not.toThrow();
      }
    }
  });

  test('knows the traps', () => {
    const traits = (name: string, face: string) =>
      faceTraits(fontPackages.find((known) => known.package === name)!, face);
    expect(traits('fonts-dseg', 'DSEGWeather.ttf')).toBeUndefined();
    expect(traits('fonts-dseg', 'DSEG7Classic-Bold.ttf')).toMatchObject({ style: 'led' });
    const segments = new RegExp(`^${traits('fonts-dseg', 'DSEG7Classic-Bold.ttf')!.characters}$`, 'u');
    expect(['0', 'A', 'M', 'k', 'V'].filter((character) => segments.test(character))).toEqual(['0', 'A']);
    expect(traits('fonts-arphic-ukai', 'ukai.ttc#2')).toMatchObject({ style: 'kai', language: 'zh-Hant' });
    expect(traits('fonts-cns11643-kai', 'TW-Kai-Ext-B-98_1.ttf')).toBeUndefined();
    expect(traits('fonts-noto-cjk', 'NotoSerifCJK-Bold.ttc#0')).toMatchObject({ style: 'song' });
    expect(fontPackages.map((known) => known.package)).not.toContain('fonts-alee');
  });
});

describe('a library of fonts', () => {
  const record = (
    id: string,
    style: FaceRecord['style'],
    text: string,
    more: Partial<FaceRecord> = {},
  ): FaceRecord => ({
    id,
    name: id,
    style,
    slices: [{ path: `${id}.ttf`, ranges: toRanges(Array.from(text, (character) => character.codePointAt(0)!)) }],
    ...more,
  });
  const records = [
    record('latin', 'sans', 'abcd '),
    record('many 1', 'serif', 'abc ', { package: 'many' }),
    record('many 2', 'serif', 'abc ', { package: 'many' }),
    record('many 3', 'serif', 'abc ', { package: 'many' }),
    record('lone', 'serif', 'abc '),
    record('taiwan', 'kai', 'ab臺灣', { language: 'zh-Hant' }),
    record('japan', 'kai', 'ab臺', { language: 'ja' }),
    ...Array.from({ length: 40 }, (_, i) => record(`filler ${i}`, 'led', '0')),
  ];
  const library = new FontLibrary(records);
  const shares = (text: string, options?: Parameters<FontLibrary['pick']>[2]) => {
    const random = new Random(text);
    const counts: Record<string, number> = {};
    for (let i = 0; i < 2000; i++) {
      const { name } = library.pick(random, text, options);
      counts[name] = (counts[name] ?? 0) + 1 / 2000;
    }
    return counts;
  };

  test('gives only faces that draw all of a text', () => {
    expect(Object.keys(shares('ad'))).toEqual(['latin']);
    expect(Object.keys(shares('臺')).sort()).toEqual(['japan', 'taiwan']);
    expect(Object.keys(shares('臺灣'))).toEqual(['taiwan']);
    expect(Object.keys(shares('0')).length).toBe(40);
  });

  test('keeps to the shares of styles, and counts a package as one', () => {
    const counts = shares('a', { styles: { sans: 1, serif: 3 } });
    expect(counts.latin).toBeCloseTo(0.25, 1);
    expect(counts.lone).toBeCloseTo(0.375, 1);
    expect(counts['many 2']).toBeCloseTo(0.125, 1);
    expect(counts.taiwan).toBeUndefined();
  });

  test('mostly gives faces that are made for the language', () => {
    expect(shares('臺', { language: 'zh-Hant' }).taiwan).toBeCloseTo(0.9, 1);
    expect(shares('臺', { language: 'zh' }).taiwan).toBeCloseTo(0.9, 1);
    expect(shares('臺', { language: 'ja' }).taiwan).toBeCloseTo(0.1, 1);
    expect(shares('ab', { language: 'en', styles: { sans: 1, kai: 1 } }).latin).toBeCloseTo(0.9, 1);
  });

  test('gives the same for the same seed, from records that went through JSON', () => {
    const other = new FontLibrary(JSON.parse(JSON.stringify(records)));
    const names = (from: FontLibrary) => {
      const random = new Random('names');
      return Array.from({ length: 20 }, () => from.pick(random, 'ab').name);
    };
    expect(names(other)).toEqual(names(library));
  });

  test('names what it cannot draw', () => {
    const failing = (text: string, styles?: { sans: number }) => {
      try {
        library.pick(new Random('x'), text, styles ? { styles } : {});
      } catch (error) {
        return error;
      }
      return undefined;
    };
    expect(failing('abxé')).toMatchObject({
      code: 'ERR_PLACARD_MATERIALS_MISSING',
      message: expect.stringMatching(/No font draws x \(U\+0078\), é \(U\+00E9\)\..*apt-get install/s),
    });
    expect(failing('d灣')).toMatchObject({ message: expect.stringContaining('No single font draws all of “d灣”') });
    expect(failing('臺', { sans: 1 })).toMatchObject({ message: expect.stringContaining('styles sans') });
  });
});
