import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formats } from '../../lib/output/formats.ts';
import { spacedWords } from '../../lib/output/words.ts';
import { escapeXml } from '../../lib/output/xml.ts';
import type { Reading } from '../../lib/reading.ts';
import { emptyReading, lineOf, lines, quadAt, reading, written } from './output-sample.ts';

interface Element {
  name: string;
  attributes: Record<string, string>;
  children: Element[];
  text: string;
}

/** A strict parser of what placard writes: throws on anything that is not well-formed XML 1.0. */
function parseXml(xml: string): Element {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: characters that XML forbids
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/u.test(xml))
    throw new Error('forbidden character');
  const root: Element = { name: '', attributes: {}, children: [], text: '' };
  const open = [root];
  const body = xml.replace(/^<\?xml [^?]*\?>\s*/, '').replace(/^<!DOCTYPE [^>]*>\s*/, '');
  const token = /<(\/?)([\w:]+)((?:\s+[\w:-]+="[^"<\t\n\r]*")*)\s*(\/?)>|([^<]+)/y;
  while (token.lastIndex < body.length) {
    const at = token.lastIndex;
    const match = token.exec(body);
    if (!match) throw new Error(`not well-formed at: ${body.slice(at, at + 60)}`);
    const [, closing, name = '', attributes = '', empty, text] = match;
    const parent = open.at(-1)!;
    if (text !== undefined) parent.text += plainText(text);
    else if (closing) {
      if (open.pop()!.name !== name) throw new Error(`</${name}> closes nothing`);
    } else {
      const element = { name, attributes: attributesOf(attributes), children: [], text: '' };
      parent.children.push(element);
      if (!empty) open.push(element);
    }
  }
  if (open.length !== 1 || root.children.length !== 1) throw new Error('not one root element');
  return root.children[0]!;
}

function attributesOf(text: string): Record<string, string> {
  const pairs = [...text.matchAll(/([\w:-]+)="([^"]*)"/g)].map(
    ([, name, value]) => [name!, plainText(value!)] as const,
  );
  const attributes = Object.fromEntries(pairs);
  if (Object.keys(attributes).length !== pairs.length) throw new Error(`repeated attribute in ${text}`);
  return attributes;
}

function plainText(text: string): string {
  const values: Record<string, string> = {
    amp: '&',
    lt: '<',
    gt: '>',
    quot: '"',
    '#39': "'",
    '#9': '\t',
    '#10': '\n',
    '#13': '\r',
  };
  return text.replace(/&([^;]*);?/g, (_, entity: string) => {
    if (!(entity in values)) throw new Error(`unknown entity &${entity}`);
    return values[entity]!;
  });
}

function descendants(element: Element): Element[] {
  return [element, ...element.children.flatMap(descendants)];
}

const named = (element: Element, name: string) => descendants(element).filter((other) => other.name === name);
const ofClass = (element: Element, name: string) =>
  descendants(element).filter((other) => other.attributes.class === name);
const properties = (element: Element) =>
  Object.fromEntries(
    element.attributes.title!.split('; ').map((part) => [part.split(' ')[0]!, part.slice(part.indexOf(' ') + 1)]),
  );
const numbers = (text: string | undefined) => text!.split(/[ ,]/).map(Number);

function withText(text: string): Reading {
  const line = { ...lineOf('x', quadAt([50, 50], 40, 20)), text, words: [] };
  return { ...reading, lines: [line], blocks: [{ quad: line.quad, lines: [0] }] };
}

describe('escaping', () => {
  it('leaves out what XML cannot carry', () => {
    expect(escapeXml('a\u0000b\u001fc\ud800d\uffffe\tf')).toBe('abcde&#9;f');
    expect(escapeXml(`<&>"'👍`)).toBe('&lt;&amp;&gt;&quot;&#39;👍');
  });

  it('makes any text survive hOCR and ALTO', async () => {
    const unit = fc.constantFrom(
      '<',
      '>',
      '&',
      '"',
      "'",
      ']]>',
      '--',
      '&amp;',
      'x',
      '字',
      '👍',
      '\u0001',
      '\ud83d',
      '\n',
      '\r',
      '\\',
    );
    await fc.assert(
      fc.asyncProperty(fc.string({ unit, minLength: 1 }), async (raw) => {
        const text = `x${raw}x`;
        // biome-ignore lint/suspicious/noControlCharactersInRegex: the ones among the units above
        const kept = text.replace(/\u0001|\p{Surrogate}/gu, '');
        const page = { reading: withText(text), name: raw };
        const [word] = ofClass(parseXml(await written('hocr', page, { generator: raw })), 'ocrx_word');
        expect(word!.text).toBe(kept);
        const [string] = named(parseXml(await written('alto', page, { generator: raw })), 'String');
        expect(string!.attributes.CONTENT).toBe(kept);
      }),
    );
  });
});

describe('hOCR', async () => {
  const page = { reading, name: 'dir/a "quoted" name.png' };
  const html = parseXml(await written('hocr', page, { generator: 'placard 1.2.3' }));

  it('names its maker and all classes that it uses', () => {
    const meta = Object.fromEntries(named(html, 'meta').map(({ attributes }) => [attributes.name, attributes.content]));
    expect(meta['ocr-system']).toBe('placard 1.2.3');
    const used = new Set(descendants(html).flatMap(({ attributes }) => attributes.class ?? []));
    expect(meta['ocr-capabilities']!.split(' ')).toEqual(expect.arrayContaining([...used]));
    expect([...used]).toEqual(['ocr_page', 'ocr_carea', 'ocr_par', 'ocr_line', 'ocrx_word']);
  });

  it('nests page, area, paragraph, line and word, each with a box in the page and an id of its own', () => {
    const order = ['ocr_page', 'ocr_carea', 'ocr_par', 'ocr_line', 'ocrx_word'];
    for (const [depth, name] of order.slice(0, -1).entries()) {
      for (const element of ofClass(html, name)) {
        for (const child of element.children) expect(child.attributes.class).toBe(order[depth + 1]);
      }
    }
    const elements = descendants(html).filter(({ attributes }) => attributes.class);
    expect(new Set(elements.map(({ attributes }) => attributes.id)).size).toBe(elements.length);
    for (const element of elements) {
      const [left, top, right, bottom] = numbers(properties(element).bbox) as [number, number, number, number];
      expect(Number.isInteger(left + top + right + bottom)).toBe(true);
      expect(left >= 0 && top >= 0 && left < right && top < bottom && right <= 640 && bottom <= 480).toBe(true);
    }
  });

  it('gives the text back, line by line', () => {
    const texts = ofClass(html, 'ocr_line').map((line) => {
      const spaces = line.text.length;
      expect(spaces).toBe(
        spacedWords(lines[ofClass(html, 'ocr_line').indexOf(line)]!).filter((word) => word.spaceAfter).length,
      );
      return line.children.map(({ text }) => text).join(' ');
    });
    expect(texts[0]).toBe('Fish & Chips <fresh> "daily"');
    expect(texts[7]).toBe('שלום עולם');
    expect(ofClass(html, 'ocrx_word').map((word) => properties(word).x_wconf)).toContain('88');
  });

  it('says how lines are turned and run', () => {
    const [skewed, level, turned, vertical, sign, bent] = ofClass(html, 'ocr_line');
    expect(properties(turned!).textangle).toBe('180');
    expect(properties(turned!)).not.toHaveProperty('baseline');
    expect(numbers(properties(level!).baseline)).toEqual([0, -5.6]);
    const [slope, offset] = numbers(properties(skewed!).baseline) as [number, number];
    expect(slope).toBeCloseTo(-Math.tan((12 * Math.PI) / 180), 3);
    // At the left end of its box the line rests on its baseline: 0.2 of its height over its lower left corner.
    const [left, , , bottom] = numbers(properties(skewed!).bbox) as [number, number, number, number];
    const [lowerLeft, upperLeft] = [lines[0]!.quad[3], lines[0]!.quad[0]];
    const rest = [
      lowerLeft[0] + 0.2 * (upperLeft[0] - lowerLeft[0]),
      lowerLeft[1] + 0.2 * (upperLeft[1] - lowerLeft[1]),
    ];
    expect(bottom + offset + slope * (rest[0]! - left)).toBeCloseTo(rest[1]!, 0);
    expect(vertical!.attributes.style).toBe('writing-mode: vertical-rl');
    expect(sign!.attributes.dir).toBe('rtl');
    expect(numbers(properties(bent!).poly)).toHaveLength(12);
    expect(properties(level!)).not.toHaveProperty('poly');
  });

  it('keeps the quotes of the picture’s name balanced', () => {
    const [page] = ofClass(html, 'ocr_page');
    expect(properties(page!).image).toBe('"dir/a %22quoted%22 name.png"');
  });

  it('numbers the pages of a document', async () => {
    const document = formats.hocr.open();
    const chunks = [
      await document.add({ reading }),
      await document.add({ reading: emptyReading }),
      await document.end(),
    ];
    const pages = ofClass(parseXml(chunks.join('')), 'ocr_page');
    expect(pages.map((page) => [page.attributes.id, properties(page).ppageno])).toEqual([
      ['page_1', '0'],
      ['page_2', '1'],
    ]);
  });
});

/** What ALTO 4.4's schema allows where: children in this order, and attributes, required ones with a star. */
const schema: Record<string, { children: string[]; attributes: string[] }> = {
  alto: {
    children: ['Description', 'Layout'],
    attributes: ['xmlns', 'xmlns:xsi', 'xsi:schemaLocation', 'SCHEMAVERSION'],
  },
  Description: { children: ['MeasurementUnit', 'sourceImageInformation', 'Processing'], attributes: [] },
  MeasurementUnit: { children: [], attributes: [] },
  sourceImageInformation: { children: ['fileName', 'fileIdentifier'], attributes: [] },
  fileName: { children: [], attributes: [] },
  fileIdentifier: { children: [], attributes: [] },
  Processing: { children: ['processingCategory', 'processingSoftware'], attributes: ['ID*'] },
  processingCategory: { children: [], attributes: [] },
  processingSoftware: { children: ['softwareName', 'softwareVersion'], attributes: [] },
  softwareName: { children: [], attributes: [] },
  softwareVersion: { children: [], attributes: [] },
  Layout: { children: ['Page'], attributes: [] },
  Page: { children: ['PrintSpace'], attributes: ['ID*', 'PHYSICAL_IMG_NR*', 'WIDTH', 'HEIGHT', 'ROTATION'] },
  PrintSpace: { children: ['TextBlock'], attributes: ['HPOS', 'VPOS', 'WIDTH', 'HEIGHT'] },
  TextBlock: { children: ['Shape', 'TextLine'], attributes: ['ID*', 'HPOS', 'VPOS', 'WIDTH', 'HEIGHT', 'ROTATION'] },
  TextLine: {
    children: ['Shape', 'String|SP'],
    attributes: ['ID', 'HPOS', 'VPOS', 'WIDTH', 'HEIGHT', 'BASELINE', 'BASEDIRECTION'],
  },
  String: { children: ['Shape'], attributes: ['ID', 'HPOS', 'VPOS', 'WIDTH', 'HEIGHT', 'CONTENT*', 'WC'] },
  SP: { children: [], attributes: ['HPOS', 'VPOS', 'WIDTH', 'HEIGHT'] },
  Shape: { children: ['Polygon'], attributes: [] },
  Polygon: { children: [], attributes: ['POINTS*'] },
};

function checkAgainstSchema(element: Element): void {
  const rule = schema[element.name];
  expect(rule, element.name).toBeDefined();
  const places = element.children.map(({ name }) =>
    rule!.children.findIndex((allowed) => allowed.split('|').includes(name)),
  );
  expect(places, `children of ${element.name}`).not.toContain(-1);
  expect(places).toEqual([...places].sort((a, b) => a - b));
  const allowed = rule!.attributes.map((name) => name.replace('*', ''));
  for (const name of Object.keys(element.attributes)) expect(allowed, element.name).toContain(name);
  for (const name of rule!.attributes)
    if (name.endsWith('*')) expect(element.attributes).toHaveProperty(name.slice(0, -1));
  if (element.name === 'TextLine') expect(element.children.some(({ name }) => name === 'String')).toBe(true);
  for (const child of element.children) checkAgainstSchema(child);
}

describe('ALTO', async () => {
  const alto = parseXml(await written('alto', { reading, name: 'a.png' }, { generator: 'placard 1.2.3' }));

  it('has elements and attributes as the schema orders them, and unique IDs', () => {
    checkAgainstSchema(alto);
    const ids = descendants(alto).flatMap(({ attributes }) => attributes.ID ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    expect(alto.attributes.xmlns).toBe('http://www.loc.gov/standards/alto/ns-v4#');
    expect(named(alto, 'softwareName')[0]!.text).toBe('placard');
    expect(named(alto, 'softwareVersion')[0]!.text).toBe('1.2.3');
  });

  it('gives the text back, spaces included', () => {
    const texts = named(alto, 'TextLine').map((line) =>
      line.children
        .map(({ name, attributes }) => (name === 'String' ? attributes.CONTENT : name === 'SP' ? ' ' : ''))
        .join(''),
    );
    expect(texts).toEqual(lines.map(({ text }) => text));
  });

  it('has boxes around its polygons, and polygons only where a box does not say it all', () => {
    for (const element of descendants(alto)) {
      const polygon = element.children.find(({ name }) => name === 'Shape')?.children[0];
      if (!polygon) continue;
      const points = numbers(polygon.attributes.POINTS);
      const xs = points.filter((_, index) => index % 2 === 0);
      const ys = points.filter((_, index) => index % 2 === 1);
      expect(Number(element.attributes.HPOS)).toBeCloseTo(Math.min(...xs), 1);
      expect(Number(element.attributes.VPOS)).toBeCloseTo(Math.min(...ys), 1);
      expect(Number(element.attributes.WIDTH)).toBeCloseTo(Math.max(...xs) - Math.min(...xs), 1);
    }
    const shaped = named(alto, 'TextLine').map((line) => line.children[0]!.name === 'Shape');
    expect(shaped).toEqual([true, false, true, false, false, true, false, false, false]);
  });

  it('says how lines run and blocks are turned, counter-clockwise', async () => {
    expect(named(alto, 'TextLine').map(({ attributes }) => attributes.BASEDIRECTION)).toEqual(
      lines.map((line) => line.direction),
    );
    const rotations = named(alto, 'TextBlock').map(({ attributes }) => attributes.ROTATION);
    expect(rotations).toEqual(['12', '180', undefined, undefined, undefined, undefined, undefined]);
    const turned = parseXml(await written('alto', { ...reading, rotation: 90 }));
    expect(named(turned, 'Page')[0]!.attributes.ROTATION).toBe('270');
    expect(named(turned, 'TextBlock')[2]!.attributes.ROTATION).toBe('0');
  });

  it('puts spaces between their words', () => {
    const [, level] = named(alto, 'TextLine');
    const [first, space, second] = level!.children;
    const edge = (element: Element) => Number(element.attributes.HPOS) + Number(element.attributes.WIDTH);
    expect(Number(space!.attributes.HPOS)).toBeCloseTo(edge(first!), 1);
    expect(edge(space!)).toBeCloseTo(Number(second!.attributes.HPOS), 1);
  });

  it('leaves out lines without text, which the schema has no place for', async () => {
    const blank = { ...lineOf('x', quadAt([50, 50], 40, 20)), text: '', words: [] };
    const blocks = [{ quad: blank.quad, lines: [0] }];
    const document = parseXml(await written('alto', { ...reading, lines: [blank], blocks }));
    checkAgainstSchema(document);
    expect(named(document, 'TextLine')).toEqual([]);
  });

  it('names the pictures of several pages', async () => {
    const document = formats.alto.open();
    await document.add({ reading, name: 'a.png' });
    document.addFailure({ name: 'bad.png', code: 'X', message: 'y' });
    await document.add({ reading: emptyReading, name: 'b&c.png' });
    const written = parseXml((await document.end()) as string);
    checkAgainstSchema(written);
    expect(named(written, 'fileIdentifier').map(({ text }) => text)).toEqual(['a.png', 'b&c.png']);
    expect(named(written, 'Page').map(({ attributes }) => attributes.PHYSICAL_IMG_NR)).toEqual(['1', '2']);
  });
});
