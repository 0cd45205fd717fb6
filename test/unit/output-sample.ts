import sharp, { type Sharp } from 'sharp';
import type { OutputOptions, Page } from '../../lib/output/document.ts';
import { type FormatName, formats } from '../../lib/output/formats.ts';
import type { Direction, Line, Point, Polygon, Quad, Reading } from '../../lib/reading.ts';

export const size = { width: 640, height: 480 } as const;

/** A quad of a size around a center, turned clockwise by degrees. */
export function quadAt(center: Point, width: number, height: number, degrees = 0): Quad {
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const corner = (x: number, y: number): Point => [center[0] + x * cos - y * sin, center[1] + x * sin + y * cos];
  const [x, y] = [width / 2, height / 2];
  return [corner(-x, -y), corner(x, -y), corner(x, y), corner(-x, y)];
}

/** A line whose words share its length in proportion to their letters. */
export function lineOf(text: string, quad: Quad, direction: Direction = 'ltr', polygon?: Polygon): Line {
  const words = [...text.matchAll(/\S+/g)].map((match) => {
    const share = (offset: number) => offset / text.length;
    return {
      text: match[0],
      confidence: 0.875,
      quad: part(quad, share(match.index), share(match.index + match[0].length)),
    };
  });
  return { text, confidence: 0.875, quad, direction, ...(polygon ? { polygon } : {}), words, chars: [] };
}

function part([a, b, c, d]: Quad, from: number, to: number): Quad {
  const along = (p: Point, q: Point, share: number): Point => [
    p[0] + (q[0] - p[0]) * share,
    p[1] + (q[1] - p[1]) * share,
  ];
  return [along(a, b, from), along(a, b, to), along(d, c, to), along(d, c, from)];
}

const column = lineOf('牛肉壽喜鍋', quadAt([600, 200], 40, 250), 'ttb');
const chineseSign: Line = {
  ...lineOf('大賣場超級', quadAt([300, 60], 200, 40), 'rtl'),
};
// Chinese is written without spaces and may still be cut into words.
const cut: Line = {
  ...lineOf('混合文字 2024', quadAt([300, 400], 240, 30)),
  words: [
    { text: '混合', confidence: 0.9, quad: quadAt([210, 400], 60, 30) },
    { text: '文字', confidence: 0.8, quad: quadAt([270, 400], 60, 30) },
    { text: '2024', confidence: 1, quad: quadAt([360, 400], 100, 30) },
  ],
};
const arc: Polygon = [
  [60, 300],
  [140, 270],
  [220, 300],
  [220, 330],
  [140, 300],
  [60, 330],
];

export const lines: Line[] = [
  lineOf('Fish & Chips <fresh> "daily"', quadAt([200, 130], 300, 32, -12)),
  lineOf("it's 100 % 'real'", quadAt([200, 200], 240, 28)),
  lineOf('upside down', quadAt([200, 240], 160, 24, 180)),
  column,
  chineseSign,
  lineOf('ROUND', quadAt([140, 300], 160, 60), 'ltr', arc),
  cut,
  lineOf('שלום עולם', quadAt([450, 440], 160, 28), 'rtl'),
  { ...lineOf('no words 👩‍🍳', quadAt([500, 340], 120, 24)), words: [] },
];

const groups = [[0, 1], [2], [3], [4], [5], [6], [7, 8]];

/** Of every kind of line: skewed, upside down, vertical, right to left, bent, without spaces and without words. */
export const reading: Reading = {
  text: groups.map((group) => group.map((index) => lines[index]!.text).join('\n')).join('\n\n'),
  ...size,
  rotation: 0,
  lines,
  blocks: groups.map((group) => ({ quad: around(group.flatMap((index) => lines[index]!.quad)), lines: group })),
  timings: {
    queue: 0,
    decode: 1.23456,
    detect: 20,
    orient: 0,
    rectify: 1,
    recognize: 30,
    order: 0.125,
    total: 52.35956,
  },
  reader: 'general',
  models: { detector: 'a-detector', recognizer: 'a-recognizer' },
  provider: 'cpu',
  precision: 'f32',
};

export const emptyReading: Reading = { ...reading, text: '', lines: [], blocks: [] };

function around(points: readonly Point[]): Quad {
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const [top, bottom] = [Math.min(...ys), Math.max(...ys)];
  return [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ];
}

/** A picture of the reading's size: red left half, green right half, a blue band at the top. */
export function drawPicture({ width, height }: { width: number; height: number } = size): Sharp {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="50%" height="100%" fill="#f00"/><rect x="50%" width="50%" height="100%" fill="#0f0"/><rect width="100%" height="10%" fill="#00f"/></svg>`;
  return sharp(Buffer.from(svg)).removeAlpha();
}

/** A reading as one document of a format. */
export async function written(name: FormatName, page: Reading | Page, options: OutputOptions = {}): Promise<string> {
  return String(await formats[name].serialize('reading' in page ? page : { reading: page }, options));
}
