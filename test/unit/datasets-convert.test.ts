import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { convertDataset } from '../../lib/datasets/convert.ts';
import { type WrittenFormat, writtenFormats } from '../../lib/datasets/formats.ts';
import { placardWriter } from '../../lib/datasets/placard-labels.ts';
import { readDataset } from '../../lib/datasets/read-dataset.ts';
import { openShards, readShards } from '../../lib/datasets/shard-reader.ts';
import { type SampleFiles, writeShards } from '../../lib/datasets/shard-writer.ts';
import type { CropSample, Sample, SceneSample, TrueLine } from '../../lib/labels.ts';
import type { Point, Polygon } from '../../lib/reading.ts';
import { box, DatasetFolder, gray, labelsInvalid, placardError } from './dataset-folder.ts';

const folder = new DatasetFolder();
const size = { width: 100, height: 50 };

const line = (text: string, polygon: Polygon = box(1, 2, 30, 9), more: Partial<TrueLine> = {}): TrueLine => ({
  polygon,
  text,
  ignore: false,
  alternatives: [],
  ...more,
});
const slanted: Polygon = [
  [10, 12],
  [60, 5],
  [62, 20],
  [12, 27],
];
const ignored = line('', box(40, 30, 60, 45), { ignore: true });
const words = [
  {
    polygon: box(1, 2, 13, 9),
    text: 'OPEN',
    characters: [...'OPEN'].map((text, i) => ({ text, polygon: box(1 + 3 * i, 2, 4 + 3 * i, 9) })),
  },
  { polygon: box(16, 2, 30, 9), text: '24"' },
];

/** A set in placard's own format, with its pictures, in `from`. */
async function put(samples: Sample[]): Promise<string> {
  for (const { image } of samples) await folder.picture(`from/${image}`);
  await placardWriter.write(folder.at('from'), samples, {});
  return folder.at('from');
}

const scene = (image: string, lines: TrueLine[]): SceneSample => ({ image, kind: 'scene', lines, ...size });
const crop = (image: string, text: string): CropSample => ({ image, kind: 'crop', text, alternatives: [], ...size });
const linesOf = (sample: Sample) => (sample.kind === 'scene' ? sample.lines : []);
const convert = (to: WrittenFormat, more = {}) => convertDataset(folder.at('from'), folder.at('to'), { to, ...more });

describe('what is written is read again', () => {
  const scenes = [
    scene('images/a.jpg', [line('OPEN 24"', box(1, 2, 30, 9), { words }), line('a, "b"', slanted), ignored]),
    scene('images/b.jpg', []),
  ];

  test('placard', async () => {
    const more = [
      crop('images/c.png', '藥局'),
      { ...scene('images/d.jpg', [ignored]), group: 'g', attributes: { split: 'val' } },
    ];
    const samples: Sample[] = [...scenes, ...more, { image: 'images/p.jpg', kind: 'page', text: 'a\nb', ...size }];
    await put(samples);
    expect(await convert('placard')).toBe(5);
    expect(await readDataset(folder.at('to'))).toEqual({
      name: 'to',
      root: folder.at('to'),
      samples: (await readDataset(folder.at('from'))).samples,
    });
    expect((await readDataset(folder.at('to'))).samples.slice(0, 2)).toEqual(scenes);
  });

  const byWords = [line('OPEN', words[0]!.polygon), line('24"', words[1]!.polygon)];

  test.each<[WrittenFormat, TrueLine[]]>([
    ['icdar2013', [...byWords, line('a, "b"', box(10, 5, 62, 27)), ignored]],
    ['icdar2015', [...byWords, line('a, "b"', slanted), ignored]],
    ['paddleocr', [line('OPEN 24"'), line('a, "b"', slanted), ignored]],
    ['via', [line('OPEN 24"'), line('a, "b"', slanted), ignored]],
    [
      'labelme',
      [line('OPEN 24"', box(1, 2, 30, 9), { characters: words[0]!.characters! }), line('a, "b"', slanted), ignored],
    ],
  ])('%s', async (to, lines) => {
    await put(scenes);
    await convert(to);
    const { samples } = await readDataset(folder.at('to'));
    expect(samples.map(linesOf)).toEqual([lines, []]);
    expect(samples.map(({ image }) => path.basename(image))).toEqual(['a.jpg', 'b.jpg']);
    // The same again, from that format to itself.
    await convertDataset(folder.at('to'), folder.at('again'), { to });
    expect((await readDataset(folder.at('again'))).samples).toEqual(samples);
  });

  test.each<WrittenFormat>(['icdar-words', 'paddleocr', 'nomeroff', 'crnn'])('texts in %s', async (to) => {
    const texts = ['It\'s "24" hours, ', '藥 局', '12 3', '[x'];
    await put(texts.map((text, i) => crop(`images/${i}.png`, text)));
    await convert(to);
    const { samples } = await readDataset(folder.at('to'));
    expect(samples.map((sample) => sample.kind === 'crop' && sample.text)).toEqual(texts);
    await convertDataset(folder.at('to'), folder.at('again'), { to });
    expect((await readDataset(folder.at('again'))).samples).toEqual(samples);
  });

  test('numbers of a character file', async () => {
    const alphabet = folder.put('characters', 'blank\n藥\n局\n');
    await put([crop('1.png', '局藥局')]);
    await convert('crnn', { alphabet });
    expect(readFileSync(folder.at('to/labels.txt'), 'utf8')).toBe('images/1.png 2 1 2\n');
    expect((await readDataset(folder.at('to'), { alphabet })).samples).toMatchObject([{ text: '局藥局' }]);
    await put([crop('1.png', '局館')]);
    const message = /images\/1\.png cannot be written as crnn: it has "館", which the alphabet lacks/;
    await expect(convertDataset(folder.at('from'), folder.at('other'), { to: 'crnn', alphabet })).rejects.toThrow(
      placardError('INVALID_ARGUMENT', message),
    );
  });

  test('T-Brain’s groups', async () => {
    const texts = ['藥局', '藥', 'ABC-12', '7-11便利', 'カフェ', '…'];
    await put([scene('a.jpg', [...texts.map((text) => line(text)), ignored])]);
    await convert('labelme');
    const { shapes } = JSON.parse(readFileSync(folder.at('to/a.json'), 'utf8')) as { shapes: { group_id: number }[] };
    expect(shapes.map(({ group_id }) => group_id)).toEqual([0, 4, 2, 3, 5, 5, 255]);
  });

  test('bent outlines are quads around in ICDAR 2015', async () => {
    const bent: Point[] = [
      [10, 10],
      [30, 5],
      [50, 10],
      [50, 20],
      [30, 15],
      [10, 20],
    ];
    await put([scene('a.jpg', [line('bent', bent)])]);
    await convert('icdar2015');
    expect(readFileSync(folder.at('to/gt_a.txt'), 'utf8')).toBe('10,5,50,5,50,20,10,20,bent\n');
  });
});

describe('pictures', () => {
  test('are copied, or linked to', async () => {
    await put([crop('images/1.png', 'a')]);
    await convert('crnn');
    expect(readFileSync(folder.at('to/images/1.png'))).toEqual(readFileSync(folder.at('from/images/1.png')));
    await convertDataset(folder.at('from'), folder.at('linked'), { to: 'crnn', pictures: 'link' });
    expect(lstatSync(folder.at('linked/images/1.png')).isSymbolicLink()).toBe(true);
    expect(readFileSync(folder.at('linked/images/1.png'))).toEqual(readFileSync(folder.at('from/images/1.png')));
  });

  test('whose names would meet get others; none lands outside of the folder', async () => {
    await put([
      crop('../outside.png', 'a'),
      crop('x/1.png', 'b'),
      crop('y/1.png', 'c'),
      crop('y/1.jpg', 'd'),
      crop('a b,c.png', 'e'),
    ]);
    await convert('icdar-words');
    const names = ['outside.png', '1.png', '1-2.png', '1-3.jpg', 'a_b_c.png'];
    expect((await readDataset(folder.at('to'))).samples.map(({ image }) => image)).toEqual(names);
    expect(readdirSync(folder.path).sort()).toEqual(['from', 'outside.png', 'to']);
  });

  test.each<[string, Sample, RegExp]>([
    ['are missing', crop('none.png', 'b'), /labels\.jsonl:2: none\.png is no picture that is there/],
    [
      'have another size',
      { ...crop('a.png', 'b'), width: 99 },
      /:2: The label is of 99 × 50 pixels but a\.png has 100 × 50/,
    ],
    [
      'do not hold the line',
      scene('a.png', [line('b', box(120, 2, 130, 9))]),
      /:2: The line "b" at \(120, 2\) does not lie in a\.png/,
    ],
    ['are far smaller', scene('a.png', [line('b', box(1, 2, 230, 9))]), /:2: The line "b" at/],
  ])('that %s end the conversion, or are left out', async (_, sample, message) => {
    await put([crop('a.png', 'a')]);
    await placardWriter.write(folder.at('from'), [crop('a.png', 'a'), sample], {});
    await expect(convert('placard')).rejects.toThrow(labelsInvalid(message));
    expect(readdirSync(folder.path)).toEqual(['from']);
    const left: string[] = [];
    expect(await convert('placard', { onMisfit: (error: Error) => left.push(error.message) })).toBe(1);
    expect(left).toEqual([expect.stringMatching(message)]);
  });

  test('may be overlapped at their edge', async () => {
    await put([scene('a.jpg', [line('b', box(-5, -3, 130, 9))])]);
    expect(await convert('placard')).toBe(1);
  });
});

describe('a conversion', () => {
  test('that the format cannot hold is refused', async () => {
    await put([scene('a.jpg', [line('a\nb')])]);
    for (const to of writtenFormats.filter(
      (format) => format !== 'placard' && format !== 'via' && format !== 'labelme' && format !== 'paddleocr',
    )) {
      await expect(convert(to)).rejects.toThrow(placardError('INVALID_ARGUMENT', /a\.jpg cannot be written as/));
    }
    await put([crop('a.jpg', 'a\nb'), scene('b.jpg', [])]);
    for (const to of writtenFormats.filter((format) => format !== 'placard')) {
      await expect(convert(to)).rejects.toThrow(placardError('INVALID_ARGUMENT', /\.jpg cannot be written as/));
    }
    expect(readdirSync(folder.path)).toEqual(['from']);
  });

  test('leaves what lies in the folder alone', async () => {
    await put([crop('a.jpg', 'a')]);
    folder.put('to/notes.md', 'x');
    await expect(convert('placard')).rejects.toThrow(placardError('INVALID_ARGUMENT', /not empty/));
    expect(readdirSync(folder.at('to'))).toEqual(['notes.md']);
    folder.put('file', 'x');
    await expect(convertDataset(folder.at('from'), folder.at('file'), { to: 'placard' })).rejects.toThrow(
      placardError('OUTPUT_FAILED', /file cannot be written/),
    );
  });

  test('that is stopped leaves nothing', async () => {
    await put([crop('a.jpg', 'a'), crop('b.jpg', 'b')]);
    const stop = new AbortController();
    const reason = new Error('enough');
    const onProgress = (done: number, total: number) => {
      expect(total).toBe(2);
      if (done === 2) stop.abort(reason);
    };
    await expect(convert('placard', { signal: stop.signal, onProgress })).rejects.toBe(reason);
    expect(readdirSync(folder.path)).toEqual(['from']);
  });
});

describe('shards', () => {
  const label = (place: number) => ({
    image: `${String(place).padStart(9, '0')}.webp`,
    text: `text ${place}`,
    font: 'x',
  });

  async function putShards(count = 5): Promise<string> {
    const { data } = await gray(100, 50, 'webp');
    async function* source(places: readonly number[]): AsyncGenerator<SampleFiles> {
      for (const place of places) {
        yield { webp: data, json: Buffer.from(JSON.stringify(label(place))), 'region.webp': Buffer.from([place]) };
      }
    }
    const run = { kind: 'lines' as const, options: {}, digest: 'd', count, samplesPerShard: 2 };
    await writeShards(folder.at('from'), run, source);
    return folder.at('from');
  }

  test('are read in order', async () => {
    const from = await putShards();
    const found: [string, string[]][] = [];
    for await (const { key, files } of readShards(from, await openShards(from))) found.push([key, [...files.keys()]]);
    expect(found).toEqual([0, 1, 2, 3, 4].map((i) => [`00000000${i}`, ['webp', 'json', 'region.webp']]));
  });

  test('are unpacked with their maps; other formats get the pictures', async () => {
    await putShards();
    await convert('placard');
    const { samples } = await readDataset(folder.at('to'));
    expect(samples).toHaveLength(5);
    expect(samples[4]).toEqual({ ...crop('images/000000004.webp', 'text 4'), attributes: { font: 'x' } });
    expect([...readFileSync(folder.at('to/images/000000004.region.webp'))]).toEqual([4]);
    await convertDataset(folder.at('from'), folder.at('crnn'), { to: 'crnn' });
    expect(readdirSync(folder.at('crnn/images'))).toHaveLength(5);
    await expect(convertDataset(folder.at('from'), folder.at('x'), { to: 'crnn', pictures: 'link' })).rejects.toThrow(
      placardError('INVALID_ARGUMENT', /cannot be linked/),
    );
    await expect(readDataset(folder.at('from'))).rejects.toThrow(labelsInvalid(/holds shards: "placard convert"/));
  });

  test('that are damaged, missing or not all there are refused', async () => {
    const from = await putShards();
    const shard = path.join(from, 'lines-000001.tar.gz');
    const bytes = readFileSync(shard);
    writeFileSync(shard, bytes.subarray(0, -9));
    await expect(convert('placard')).rejects.toThrow(placardError('SHARD_INVALID', /lines-000001\.tar\.gz has/));
    bytes[40]! ^= 1;
    writeFileSync(shard, bytes);
    await expect(convert('placard')).rejects.toThrow(placardError('SHARD_INVALID', /lines-000001/));
    const indexFile = path.join(from, 'index.json');
    const index = JSON.parse(readFileSync(indexFile, 'utf8'));
    index.shards.pop();
    writeFileSync(indexFile, JSON.stringify(index));
    await expect(convert('placard')).rejects.toThrow(placardError('SHARD_INVALID', /has 4 of 5 samples/));
    expect(readdirSync(folder.path)).toEqual(['from']);
  });

  test.each([
    ['are no archives', Buffer.from('nothing of the kind')],
    ['are cut archives', gzipSync(Buffer.alloc(700, 'x'))],
    ['are empty archives', gzipSync(Buffer.alloc(1024))],
  ])('that %s are refused, whatever their digest', async (_, bytes) => {
    const from = await putShards();
    writeFileSync(path.join(from, 'lines-000001.tar.gz'), bytes);
    const indexFile = path.join(from, 'index.json');
    const index = JSON.parse(readFileSync(indexFile, 'utf8'));
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    Object.assign(index.shards[1], { bytes: bytes.length, sha256 });
    writeFileSync(indexFile, JSON.stringify(index));
    await expect(convert('placard')).rejects.toThrow(placardError('SHARD_INVALID', /lines-000001\.tar\.gz/));
  });
});
