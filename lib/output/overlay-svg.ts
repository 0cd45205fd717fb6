import type { Line, Point, Reading } from '../reading.ts';
import { clamp, decimal, type Frame, frameOf, outlineOf } from './frames.ts';
import { advanceOf, charactersOf, isRightToLeftScript } from './words.ts';
import { escapeXml } from './xml.ts';

/** Colors of one block's lines; the next block takes the next, so that columns and paragraphs are told apart. */
const colors = ['#d81b60', '#1e63d0', '#0b7a4b', '#b45309', '#6d28d9', '#0e7490'];

/** Tried in turn for each character; what is installed differs from machine to machine. */
const fonts = [
  'Noto Sans',
  'DejaVu Sans',
  'Liberation Sans',
  'Arial',
  'Noto Sans CJK SC',
  'Noto Sans CJK TC',
  'Source Han Sans SC',
  'WenQuanYi Micro Hei',
  'PingFang SC',
  'Microsoft YaHei',
  'sans-serif',
];

/** Where a line's text is written: a rectangle of the line's turn, and whether it lies on the line itself. */
interface Label {
  frame: Frame;
  covers: boolean;
}

/**
 * The drawing that `writeOverlay` lays over a picture, as SVG of the picture's size: for each line its outline, its
 * number in reading order, and its text beside it where there is room, else on it.
 */
export function overlaySvg(reading: Reading): string {
  const { width, height } = reading;
  const stroke = clamp(Math.max(width, height) / 500, 1.5, 8);
  const labels = placeLabels(reading);
  const elements = reading.blocks.flatMap((block, blockIndex) => {
    const color = colors[blockIndex % colors.length]!;
    return block.lines.map((index) => {
      const line = reading.lines[index]!;
      return (
        outline(line, color, stroke) + label(line, labels.get(line)!, color) + badge(line, index + 1, color, stroke)
      );
    });
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="${escapeXml(fonts.map((name) => `'${name}'`).join(', '))}">
${elements.join('')}</svg>
`;
}

function outline(line: Line, color: string, stroke: number): string {
  const points = outlineOf(line)
    .map(([x, y]) => `${decimal(x)},${decimal(y)}`)
    .join(' ');
  return `<polygon points="${points}" fill="${color}" fill-opacity="0.08" stroke="${color}" stroke-width="${decimal(stroke)}" stroke-linejoin="round"/>\n`;
}

/** The line's number, in a disc on the corner at which its reading starts. */
function badge(line: Line, number: number, color: string, stroke: number): string {
  const [topLeft, topRight] = line.quad;
  const [x, y] = line.direction === 'rtl' ? topRight : topLeft;
  const frame = frameOf(line.quad);
  const radius = clamp(0.3 * Math.min(frame.width, frame.height), 2 * stroke, 6 * stroke);
  const size = (radius * 1.3) / Math.max(1, 0.62 * String(number).length);
  return (
    `<circle cx="${decimal(x)}" cy="${decimal(y)}" r="${decimal(radius)}" fill="${color}"/>` +
    `<text x="${decimal(x)}" y="${decimal(y + size * 0.36)}" font-size="${decimal(size)}" font-weight="bold" text-anchor="middle" fill="#fff">${number}</text>\n`
  );
}

function label(line: Line, { frame, covers }: Label, color: string): string {
  const { center, along, down, width, height } = frame;
  const matrix = [...along, ...down, ...center].map((value) => decimal(value, 4)).join(' ');
  const box = `<rect x="${decimal(-width / 2)}" y="${decimal(-height / 2)}" width="${decimal(width)}" height="${decimal(height)}" fill="#fff" fill-opacity="${covers ? 0.92 : 0.85}"/>`;
  const text = line.direction === 'ttb' ? column(line.text, frame) : row(line, frame);
  return `<g transform="matrix(${matrix})" fill="${color}">${box}${text}</g>\n`;
}

/** Text across a frame's width: as large as its height allows, squeezed or somewhat stretched to its width. */
function row(line: Line, { width, height }: Frame): string {
  const isReversed = line.direction === 'rtl' && !isRightToLeftScript(line.text);
  const text = isReversed ? charactersOf(line.text).reverse().join('') : line.text;
  const size = height * fontShare;
  const stretch = Math.min(1.2, (0.97 * width) / Math.max(rowLength(text) * size, 1));
  return `<text transform="scale(${decimal(stretch, 4)} 1)" y="${decimal(size * 0.35)}" font-size="${decimal(size)}" text-anchor="middle">${escapeXml(text)}</text>`;
}

/** How much of a label's height its font size is. */
const fontShare = 0.78;

/** About how long a text is, in font sizes, in fonts as wide as DejaVu Sans. */
function rowLength(text: string): number {
  return charactersOf(text).reduce(
    (sum, character) => sum + (advanceOf(character) === 1 ? 1.02 : widthOf(character)),
    0,
  );
}

function widthOf(character: string): number {
  if (/[ ilIjt.,:;'|!()[\]]/.test(character)) return 0.4;
  return /[mwMWOQ@%&]/.test(character) ? 0.92 : 0.65;
}

/** Text down a frame, each character upright in a cell of its own. */
function column(text: string, { width, height }: Frame): string {
  const characters = charactersOf(text);
  const cell = height / Math.max(characters.length, 1);
  const size = Math.min(cell, width) * 0.86;
  return characters
    .map((character, index) => {
      const y = -height / 2 + cell * (index + 0.5) + size * 0.36;
      return `<text y="${decimal(y)}" font-size="${decimal(size)}" text-anchor="middle">${escapeXml(character)}</text>`;
    })
    .join('');
}

/**
 * Labels in reading order, each at the first of its places that is inside the picture and not taken. Where one line of
 * a block finds none, as in dense print, all of its lines are written over, so that the block looks of a piece.
 */
function placeLabels(reading: Reading): Map<Line, Label> {
  const outlines = reading.lines.map((line) => line.quad as readonly Point[]);
  const taken: (readonly Point[])[] = [];
  const labels = new Map<Line, Label>();
  for (const block of reading.blocks) {
    const placed: Frame[] = [];
    for (const index of block.lines) {
      const free = labelFrames(reading.lines[index]!).find((frame) => {
        const corners = cornersOf(frame);
        const meetsLine = outlines.some((other, otherIndex) => otherIndex !== index && overlap(corners, other));
        return isInside(corners, reading) && !meetsLine && !taken.some((other) => overlap(corners, other));
      });
      if (!free) break;
      placed.push(free);
      taken.push(cornersOf(free));
    }
    const isComplete = placed.length === block.lines.length;
    if (!isComplete) taken.splice(taken.length - placed.length);
    block.lines.forEach((index, position) => {
      const line = reading.lines[index]!;
      const over = { frame: readable(frameOf(line.quad), line), covers: true };
      labels.set(line, isComplete ? { frame: placed[position]!, covers: false } : over);
    });
  }
  return labels;
}

function isInside(points: readonly Point[], { width, height }: Reading): boolean {
  return points.every(([x, y]) => x >= 0 && y >= 0 && x <= width && y <= height);
}

/** Strips beside a line, best first: over and under a row from its start, right and left of a column. */
function labelFrames(line: Line): Frame[] {
  const frame = readable(frameOf(line.quad), line);
  const gap = 2;
  if (line.direction === 'ttb') {
    const width = Math.max(0.6 * frame.width, 12);
    const shift = (frame.width + width) / 2 + gap;
    return [shift, -shift].map((x) => ({ ...moved(frame, x, 0), width }));
  }
  const height = clamp(0.6 * frame.height, 12, 64);
  const shift = (frame.height + height) / 2 + gap;
  const width = Math.min(frame.width, rowLength(line.text) * height * fontShare * 1.08);
  const start = ((frame.width - width) / 2) * (line.direction === 'rtl' ? 1 : -1);
  return [-shift, shift].map((y) => ({ ...moved(frame, start, y), width, height }));
}

/** Rows that stand on their head are labeled the right way up. */
function readable(frame: Frame, line: Line): Frame {
  if (line.direction === 'ttb' || frame.along[0] >= -1e-6) return frame;
  const [along, down] = [frame.along, frame.down].map(([x, y]): Point => [-x, -y]) as [Point, Point];
  return { ...frame, along, down };
}

function moved(frame: Frame, x: number, y: number): Frame {
  const { center, along, down } = frame;
  return { ...frame, center: [center[0] + along[0] * x + down[0] * y, center[1] + along[1] * x + down[1] * y] };
}

function cornersOf(frame: Frame): Point[] {
  const { width, height } = frame;
  return [
    [-1, -1],
    [1, -1],
    [1, 1],
    [-1, 1],
  ].map(([x, y]) => moved(frame, (x! * width) / 2, (y! * height) / 2).center);
}

/** Whether two convex polygons share area: no side of either has the other wholly on its far side. */
function overlap(a: readonly Point[], b: readonly Point[]): boolean {
  return !separates(a, b) && !separates(b, a);
}

function separates(a: readonly Point[], b: readonly Point[]): boolean {
  return a.some((start, index) => {
    const end = a[(index + 1) % a.length]!;
    // Corners run clockwise with y down, so that what lies outside a side has it on its right.
    return b.every(([x, y]) => (end[0] - start[0]) * (y - start[1]) - (end[1] - start[1]) * (x - start[0]) <= 0);
  });
}
