import { bounds } from '../geometry/quad.ts';
import type { Block, Line, Point, Reading } from '../reading.ts';
import type { DocumentWriter, OutputOptions, Page } from './document.ts';
import { baselineOf, decimal, isUpright, outlineOf, turnOf } from './frames.ts';
import { type SpacedWord, spacedWords } from './words.ts';
import { escapeXml } from './xml.ts';

/**
 * ALTO 4.4: Page › PrintSpace › TextBlock › TextLine › String and SP, in pixels. Boxes are HPOS … HEIGHT; what is not
 * an upright rectangle has its outline in Shape/Polygon too. WC is 0 to 1. ROTATION (of the page, and of blocks that
 * differ from it) counts counter-clockwise, as ALTO has it.
 * Several pictures are pages of one document; their names stand in its description, in the order of the pages.
 */
export function openAlto(options: OutputOptions = {}): DocumentWriter {
  const pages: string[] = [];
  const names: string[] = [];
  return {
    async add(page) {
      pages.push(pageElement(page, pages.length + 1));
      if (page.name !== undefined) names.push(page.name);
      return '';
    },
    addFailure: () => '',
    end: async () => documentOf(pages, names, options),
  };
}

function documentOf(pages: string[], names: string[], { generator = 'placard' }: OutputOptions): string {
  const [software, version] = generator.split(/ (?=\S+$)/);
  return `<?xml version="1.0" encoding="UTF-8"?>
<alto xmlns="http://www.loc.gov/standards/alto/ns-v4#" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://www.loc.gov/standards/alto/ns-v4# http://www.loc.gov/standards/alto/v4/alto-4-4.xsd" SCHEMAVERSION="4.4">
 <Description>
  <MeasurementUnit>pixel</MeasurementUnit>
${sourceElement(names)}  <Processing ID="processing_1">
   <processingCategory>contentGeneration</processingCategory>
   <processingSoftware>
    <softwareName>${escapeXml(software!)}</softwareName>
${version === undefined ? '' : `    <softwareVersion>${escapeXml(version)}</softwareVersion>\n`}   </processingSoftware>
  </Processing>
 </Description>
 <Layout>
${pages.join('')} </Layout>
</alto>
`;
}

/** ALTO has one file name a document; of several pictures each is a file identifier. */
function sourceElement(names: string[]): string {
  if (names.length === 0) return '';
  const tag = names.length === 1 ? 'fileName' : 'fileIdentifier';
  const rows = names.map((name) => `   <${tag}>${escapeXml(name)}</${tag}>\n`).join('');
  return `  <sourceImageInformation>\n${rows}  </sourceImageInformation>\n`;
}

function pageElement({ reading }: Page, number: number): string {
  const { width, height, rotation } = reading;
  const size = `WIDTH="${width}" HEIGHT="${height}"`;
  const turned = rotation === 0 ? '' : ` ROTATION="${360 - rotation}"`;
  const blocks = reading.blocks
    .map((block, index) => blockElement(reading, block, `block_${number}_${index + 1}`, number))
    .join('');
  return `  <Page ID="page_${number}" PHYSICAL_IMG_NR="${number}" ${size}${turned}>
   <PrintSpace HPOS="0" VPOS="0" ${size}>
${blocks}   </PrintSpace>
  </Page>
`;
}

function blockElement(reading: Reading, block: Block, id: string, page: number): string {
  const lines = block.lines.map((index) => ({ index, line: reading.lines[index]! }));
  const turn = lines[0] ? normalized(turnOf(lines[0].line.quad)) : 0;
  const apart = normalized(turn + reading.rotation);
  const differs = Math.min(apart, 360 - apart) >= 1;
  const rotation = differs ? ` ROTATION="${decimal(turn)}"` : '';
  const shape = isUpright(block.quad) ? '' : shapeElement(block.quad, '     ');
  const elements = lines.map(({ line, index }) => lineElement(line, `${page}_${index + 1}`)).join('');
  return `    <TextBlock ID="${id}" ${place(block.quad)}${rotation}>\n${shape}${elements}    </TextBlock>\n`;
}

function lineElement(line: Line, number: string): string {
  const words = spacedWords(line);
  // The schema wants a String in every TextLine.
  if (words.length === 0) return '';
  const outline = outlineOf(line);
  const shape = line.polygon || !isUpright(line.quad) ? shapeElement(outline, '      ') : '';
  const baseline = line.direction === 'ttb' ? '' : ` BASELINE="${pairs(baselineOf(line.quad))}"`;
  const strings = words.map((word, index) => stringElement(word, words[index + 1], `word_${number}_${index + 1}`));
  return `     <TextLine ID="line_${number}" ${place(outline)}${baseline} BASEDIRECTION="${line.direction}">
${shape}${strings.join('')}     </TextLine>
`;
}

function stringElement(word: SpacedWord, next: SpacedWord | undefined, id: string): string {
  const attributes = `ID="${id}" ${place(word.quad)} CONTENT="${escapeXml(word.text)}" WC="${decimal(word.confidence, 4)}"`;
  const string = isUpright(word.quad)
    ? `      <String ${attributes}/>\n`
    : `      <String ${attributes}>\n${shapeElement(word.quad, '       ')}      </String>\n`;
  return word.spaceAfter && next ? `${string}      <SP ${place(gapBetween(word, next))}/>\n` : string;
}

/** From the end of a word to the start of the next; which sides these are follows from where the two lie. */
function gapBetween(word: SpacedWord, next: SpacedWord): Point[] {
  const a = bounds(word.quad);
  const b = bounds(next.quad);
  const [left, right] = between(a.left, a.right, b.left, b.right);
  const [top, bottom] = between(a.top, a.bottom, b.top, b.bottom);
  return [
    [left, top],
    [right, bottom],
  ];
}

/** What lies between two intervals, or what they share where they overlap. */
function between(startA: number, endA: number, startB: number, endB: number): [number, number] {
  const bounds: [number, number] = [Math.max(startA, startB), Math.min(endA, endB)];
  return [Math.min(...bounds), Math.max(...bounds)];
}

function shapeElement(points: readonly Point[], indent: string): string {
  return `${indent}<Shape><Polygon POINTS="${pairs(points)}"/></Shape>\n`;
}

function place(points: readonly Point[]): string {
  const { left, top, right, bottom } = bounds(points);
  const [hpos, vpos, width, height] = [left, top, right - left, bottom - top].map((value) => decimal(value));
  return `HPOS="${hpos}" VPOS="${vpos}" WIDTH="${width}" HEIGHT="${height}"`;
}

function pairs(points: readonly Point[]): string {
  return points.map(([x, y]) => `${decimal(x)},${decimal(y)}`).join(' ');
}

function normalized(degrees: number): number {
  return ((degrees % 360) + 360) % 360;
}
