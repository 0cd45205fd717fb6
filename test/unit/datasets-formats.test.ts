import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { readDataset } from '../../lib/datasets/read-dataset.ts';
import { box, DatasetFolder, labelsInvalid } from './dataset-folder.ts';

const folder = new DatasetFolder();
const { put } = { put: folder.put.bind(folder) };
const line = (text: string, polygon = box(1, 2, 30, 9)) => ({ polygon, text, ignore: false, alternatives: [] });

describe('ICDAR 2013', () => {
  test.each([
    ['38 43 920 215 "Tiredness"', 'Tiredness'],
    ['38, 43, 920, 215, "a \\"b\\", c"', 'a "b", c'],
    ['38,43,920,215,"Tiredness"', 'Tiredness'],
  ])('%s', async (row, text) => {
    put('gt_100.txt', `\ufeff${row}\r\n`);
    put('100.jpg', '');
    const { samples } = await readDataset(folder.path);
    expect(samples).toEqual([{ image: '100.jpg', kind: 'scene', lines: [line(text, box(38, 43, 920, 215))] }]);
  });

  test('pictures lie in images beside', async () => {
    put('gt/gt_1.txt', '1 2 30 9 "###"');
    put('images/1.png', '');
    const dataset = await readDataset(folder.at('gt'));
    expect(dataset.root).toBe(folder.at('images'));
    expect(dataset.samples).toMatchObject([{ image: '1.png', lines: [{ text: '', ignore: true }] }]);
  });

  test('a line of another form is refused', async () => {
    put('gt_1.txt', '1 2 30 9 "a"\n1 2 30 "b"');
    put('1.jpg', '');
    await expect(readDataset(folder.path)).rejects.toThrow(labelsInvalid(/gt_1\.txt:2: Expected four coordinates/));
  });
});

describe('ICDAR 2017', () => {
  test('scripts before the text are told from texts with commas', async () => {
    put('gt_img_1.txt', '1,2,30,2,30,9,1,9,Latin,a, b\n1,2,30,2,30,9,1,9,Chinese,###\n');
    put('img_1.jpg', '');
    const { samples } = await readDataset(folder.path);
    expect(samples).toMatchObject([{ lines: [line('a, b'), { ignore: true }] }]);
    put('gt_img_1.txt', '1,2,30,2,30,9,1,9,Latin,a\n1,2,30,2,30,9,1,9,Hello, b\n');
    expect((await readDataset(folder.path)).samples).toMatchObject([
      { lines: [{ text: 'Latin,a' }, { text: 'Hello, b' }] },
    ]);
    await expect(readDataset(folder.path, { format: 'icdar2013' })).rejects.toThrow(labelsInvalid(/:1: Expected four/));
  });
});

describe('labelme', () => {
  const shape = (label: string, group_id: number | null, points: number[][] = box(1, 2, 30, 9)) => ({
    label,
    points,
    group_id,
    shape_type: 'polygon',
  });
  const file = (shapes: object[], imagePath = 'img_1.jpg') => ({ shapes, imagePath, imageWidth: 100, imageHeight: 50 });

  test('T-Brain: characters belong to their strings', async () => {
    put('img/img_1.jpg', '');
    const shapes = [
      shape('藥局', 0, box(0, 0, 20, 10)),
      shape('局', 1, box(10, 0, 20, 10)),
      shape('藥', 1, box(0, 0, 10, 10)),
      shape('館', 0, box(50, 0, 60, 10)),
      shape('館', 1, box(70, 30, 80, 40)),
      shape('7-11', 2, box(30, 0, 50, 10)),
      shape('x', 255, box(0, 30, 20, 40)),
    ];
    put('json/img_1.json', file(shapes, '..\\img\\img_1.jpg'));
    const dataset = await readDataset(folder.path);
    expect(dataset.root).toBe(folder.at('img'));
    expect(dataset.samples).toEqual([
      {
        image: 'img_1.jpg',
        kind: 'scene',
        width: 100,
        height: 50,
        lines: [
          {
            ...line('藥局', box(0, 0, 20, 10)),
            characters: [
              { text: '藥', polygon: box(0, 0, 10, 10) },
              { text: '局', polygon: box(10, 0, 20, 10) },
            ],
          },
          line('館', box(50, 0, 60, 10)),
          line('7-11', box(30, 0, 50, 10)),
          { ...line('', box(0, 30, 20, 40)), ignore: true },
          line('館', box(70, 30, 80, 40)),
        ],
      },
    ]);
  });

  test('T-Brain: characters tell how a line runs', async () => {
    put('img_1.jpg', '');
    const down = ['中', '山', '眼'].map((label, i) => shape(label, 1, box(0, 10 * i, 10, 10 * i + 10)));
    const left = ['局', '藥'].map((label, i) => shape(label, 1, box(30 + 10 * i, 0, 40 + 10 * i, 10)));
    put(
      'a.json',
      file([shape('中山眼', 0, box(0, 0, 10, 30)), shape('藥局', 0, box(30, 0, 50, 10)), ...left, ...down]),
    );
    const [scene] = (await readDataset(folder.path)).samples;
    expect(scene).toMatchObject({
      lines: [
        { vertical: true, characters: [{ text: '中' }, { text: '山' }, { text: '眼' }] },
        { rightToLeft: true, characters: [{ text: '藥' }, { text: '局' }] },
      ],
    });
  });

  test('without T-Brain’s groups each shape is a line', async () => {
    put('img_1.jpg', '');
    const rectangle = {
      label: 'c',
      points: [
        [30, 9],
        [1, 2],
      ],
      shape_type: 'rectangle',
    };
    put('img_1.json', file([shape('a', 1), shape('b', null), rectangle, shape('###', 7)]));
    const [scene] = (await readDataset(folder.path)).samples;
    expect(scene).toMatchObject({ lines: [line('a'), line('b'), line('c'), { text: '', ignore: true }] });
  });

  test.each([
    ['no picture', file([], 'other.jpg'), /b\.json: Expected the picture other\.jpg/],
    [
      'a circle',
      file([{ ...shape('a', 0), shape_type: 'circle' }]),
      /b\.json: shapes\[0\]: Expected a polygon .* a circle/,
    ],
    ['no label', file([{ points: [] }]), /b\.json: shapes\[0\]\.label: /],
    ['no JSON', '{\n"shapes": [\n{]}', /b\.json:3: Expected JSON/],
    ['half a file', '{\n"shapes": [', /b\.json:2: Expected JSON/],
  ])('%s is refused', async (_, contents, message) => {
    put('img_1.jpg', '');
    put('b.json', contents);
    await expect(readDataset(folder.path)).rejects.toThrow(labelsInvalid(message));
  });
});

describe('VIA', () => {
  const polygon = { name: 'polygon', all_points_x: [1, 30, 30, 1], all_points_y: [2, 2, 9, 9] };
  const rectangle = { name: 'rect', x: 1, y: 2, width: 29, height: 7 };
  const picture = (regions: object) => ({ filename: 'a.jpg', size: 3, regions, file_attributes: {} });
  const regions = [
    { shape_attributes: polygon, region_attributes: { class: 'numberplate', np: 'NEBV043', region: 'eu' } },
    { shape_attributes: rectangle, region_attributes: { text: '###', label: 'b' } },
    { shape_attributes: rectangle, region_attributes: { class: 'numberplate' } },
  ];
  const lines = [line('NEBV043'), { ...line(''), ignore: true }, line('')];

  test.each([
    ['projects of version 2', { _via_settings: {}, _via_img_metadata: { 'a.jpg3': picture(regions) } }],
    ['annotations of version 2', { 'a.jpg3': picture(regions) }],
    ['annotations of version 1', { 'a.jpg3': picture({ 0: regions[0], 1: regions[1], 2: regions[2] }) }],
  ])('%s', async (_, contents) => {
    put('via_region_data.json', contents);
    expect((await readDataset(folder.path)).samples).toEqual([{ image: 'a.jpg', kind: 'scene', lines }]);
    put('other/plates.json', contents);
    expect((await readDataset(folder.at('other'))).samples).toHaveLength(1);
  });

  test('folders train and val are splits of one set', async () => {
    put('train/via_region_data.json', { 'a.jpg3': picture(regions) });
    put('val/via_region_data.json', { 'a.jpg3': picture([]) });
    const dataset = await readDataset(folder.path);
    expect(dataset).toMatchObject({ name: path.basename(folder.path), root: folder.path });
    expect(dataset.samples).toEqual([
      { image: 'train/a.jpg', kind: 'scene', lines, attributes: { split: 'train' } },
      { image: 'val/a.jpg', kind: 'scene', lines: [], attributes: { split: 'val' } },
    ]);
  });

  test.each([
    [{ name: 'circle', cx: 1 }, /data\.json: a\.jpg3: regions\[0\]: Expected a polygon .* a circle/],
    [{ ...polygon, all_points_y: [1, 2, 3] }, /regions\[0\]: Expected a polygon/],
  ])('%o is refused', async (shape_attributes, message) => {
    put('via_region_data.json', { 'a.jpg3': picture([{ shape_attributes, region_attributes: {} }]) });
    await expect(readDataset(folder.path)).rejects.toThrow(labelsInvalid(message));
  });
});

describe('nomeroff', () => {
  test('plates of train and val', async () => {
    const annotation = { description: 'AA0013BM', name: 'a', size: { width: 30, height: 9 }, tags: [], objects: [] };
    put('train/img/a.png', '');
    put('train/ann/a.json', { ...annotation, state_id: 2, region_id: 3, moderation: { isModerated: 1 } });
    put('val/img/b.jpg', '');
    put('val/ann/b.json', { description: '' });
    expect((await readDataset(folder.path)).samples).toEqual([
      {
        image: 'train/img/a.png',
        kind: 'crop',
        text: 'AA0013BM',
        alternatives: [],
        width: 30,
        height: 9,
        attributes: { split: 'train', state_id: 2, region_id: 3, moderation: { isModerated: 1 } },
      },
      { image: 'val/img/b.jpg', kind: 'crop', text: '', alternatives: [], attributes: { split: 'val' } },
    ]);
    put('val/ann/c.json', annotation);
    await expect(readDataset(folder.path)).rejects.toThrow(labelsInvalid(/c\.json: Expected a picture/));
  });
});

describe('CRNN lists', () => {
  /** 甲, 乙 and 丙 in GBK. */
  const gbk = Buffer.from([0xbc, 0xd7, 0x0a, 0xd2, 0xd2, 0x0a, 0xb1, 0xfb, 0x0a]);

  test('texts', async () => {
    put('train.txt', 'b/1.jpg a b\nb/2.jpg 12 3\n');
    put('readme.txt', 'Nothing of the kind.');
    expect((await readDataset(folder.path)).samples).toEqual([
      { image: 'b/1.jpg', kind: 'crop', text: 'a b', alternatives: [] },
      { image: 'b/2.jpg', kind: 'crop', text: '12 3', alternatives: [] },
    ]);
  });

  test('several lists are splits; pictures lie in images', async () => {
    put('train.txt', '1.jpg a');
    put('test.txt', '2.jpg b');
    put('images/1.jpg', '');
    put('images/2.jpg', '');
    expect((await readDataset(folder.path)).samples).toMatchObject([
      { image: 'images/2.jpg', attributes: { split: 'test' } },
      { image: 'images/1.jpg', attributes: { split: 'train' } },
    ]);
  });

  test('numbers of the character file beside, in GBK', async () => {
    put('char_std_3.txt', Buffer.concat([Buffer.from('blank\n'), gbk]));
    put('train.txt', '1.jpg 1 3 2 \n');
    expect((await readDataset(folder.path)).samples).toMatchObject([{ text: '甲丙乙' }]);
  });

  test('numbers of a character file that is named, without a line for the blank', async () => {
    put('train.txt', '1.jpg 1 3\n2.jpg 2\n');
    const alphabet = put('characters', '甲\r\n乙\r\n丙\r\n');
    expect((await readDataset(folder.path, { alphabet })).samples).toMatchObject([{ text: '甲丙' }, { text: '乙' }]);
  });

  test.each([
    ['1.jpg 1\n2.jpg 4', /train\.txt:2: The number 4 is not in .*characters, which has 1 to 3/],
    ['1.jpg 0', /train\.txt:1: The number 0/],
    ['1.jpg 1\n2.jpg a', /train\.txt:2: Expected numbers/],
    ['1.jpg 1\n2.jpg', /train\.txt:2: Expected the name of a picture/],
  ])('%s is refused', async (text, message) => {
    const alphabet = put('characters', gbk);
    put('train.txt', text);
    await expect(readDataset(folder.path, { alphabet })).rejects.toThrow(labelsInvalid(message));
  });

  test('numbers without a character file are refused, and so are broken character files', async () => {
    put('train.txt', '1.jpg 1 3\n2.jpg 2 2\n');
    await expect(readDataset(folder.path)).rejects.toThrow(labelsInvalid(/train\.txt:1: .* --alphabet/));
    const alphabet = put('characters', 'a\n\nb\n');
    await expect(readDataset(folder.path, { alphabet })).rejects.toThrow(labelsInvalid(/characters:2: Expected a/));
    put('characters', Buffer.from([0x61, 0xff, 0xff]));
    await expect(readDataset(folder.path, { alphabet })).rejects.toThrow(labelsInvalid(/in UTF-8 or GBK/));
  });

  test('a list in GBK is refused with its line and what to do', async () => {
    put('train.txt', Buffer.concat([Buffer.from('1.jpg a\n2.jpg '), gbk]));
    await expect(readDataset(folder.path)).rejects.toThrow(
      labelsInvalid(/train\.txt:2: Expected UTF-8.* iconv -f GBK/),
    );
  });
});

describe('MJSynth', () => {
  const [first, second] = ['2425/1/115_Lube_1.jpg', "2/2/7_don't_0.jpg"];

  test('texts are in the names', async () => {
    put('annotation.txt', `./${first} 1\n./${second} 0\n`);
    put('annotation_train.txt', `./${first} 1\n`);
    put('annotation_test.txt', `./${second} 0\n`);
    put('lexicon.txt', "don't\nlube\n");
    expect((await readDataset(folder.path)).samples).toEqual([
      { image: second, kind: 'crop', text: "don't", alternatives: [], attributes: { split: 'test' } },
      { image: first, kind: 'crop', text: 'Lube', alternatives: [], attributes: { split: 'train' } },
    ]);
    expect((await readDataset(folder.at('annotation.txt'))).samples).toHaveLength(2);
  });

  test.each([
    [`./${first} 0\n`, /annotation\.txt:1: Expected "Lube" as number 0 .* "don't"/],
    [`./${first} 1\n./${first} 2\n`, /annotation\.txt:2: .* only 2 words/],
    [`./${first} 1\n1.jpg 1`, /annotation\.txt:2: Expected the path/],
  ])('%s is refused', async (text, message) => {
    put('lexicon.txt', "don't\nlube\n");
    put('annotation.txt', text);
    await expect(readDataset(folder.path)).rejects.toThrow(labelsInvalid(message));
  });
});

describe('a file that is named', () => {
  test.each([
    ['list.txt', 'a.jpg\ttext', 'text'],
    ['list.txt', 'a.jpg text', 'text'],
    ['list.txt', 'a.jpg, "text"', 'text'],
  ])('%s: %s', async (name, contents, text) => {
    expect((await readDataset(put(name, contents))).samples).toMatchObject([{ image: 'a.jpg', text }]);
  });

  test('of no known format is refused', async () => {
    await expect(readDataset(put('a.json', '{}'))).rejects.toThrow(labelsInvalid(/a\.json is in no format/));
    await expect(readDataset(put('a.txt', 'a'))).rejects.toThrow(labelsInvalid(/a\.txt is in no format/));
    const inUtf16 = put('labels.jsonl', Buffer.from('\ufeff{"image": "a"}', 'utf16le'));
    await expect(readDataset(inUtf16)).rejects.toThrow(labelsInvalid(/labels\.jsonl:1: .* iconv -f UTF-16/));
    await expect(readDataset(folder.path, { format: 'via' })).rejects.toThrow(labelsInvalid(/of the format via/));
  });
});
