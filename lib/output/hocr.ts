import type { Line, Point, Reading } from '../reading.ts';
import { type DocumentWriter, type OutputOptions, type Page, textDocument } from './document.ts';
import { baselineOf, decimal, frameOf, isUpright, outlineOf, pixelBoundsOf, turnOf } from './frames.ts';
import { type SpacedWord, spacedWords } from './words.ts';
import { escapeXml } from './xml.ts';

/**
 * hOCR 1.2 as XHTML: ocr_page › ocr_carea › ocr_par › ocr_line › ocrx_word, a paragraph for each block. Boxes are
 * upright, in whole pixels, with `poly` where the line is not; `x_wconf` is 0 to 100. A line turned by less than 45
 * degrees has a `baseline`, one turned further a `textangle`; vertical lines have a writing mode, right-to-left ones a
 * `dir`.
 * Several pictures are pages of one document, numbered by `ppageno` from 0.
 */
export function openHocr(options: OutputOptions = {}): DocumentWriter {
  return textDocument({ open: head(options), page: pageElement, close: foot });
}

function head({ generator = 'placard' }: OutputOptions): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml">
 <head>
  <title>Recognized text</title>
  <meta http-equiv="Content-Type" content="text/html;charset=utf-8"/>
  <meta name="ocr-system" content="${escapeXml(generator)}"/>
  <meta name="ocr-capabilities" content="ocr_page ocr_carea ocr_par ocr_line ocrx_word ocrp_poly ocrp_dir"/>
 </head>
 <body>
`;
}

const foot = ' </body>\n</html>\n';

function pageElement({ reading, name }: Page, index: number): string {
  const page = index + 1;
  const image = name === undefined ? [] : [`image "${name.replaceAll('"', '%22')}"`];
  const bounds = `bbox 0 0 ${reading.width} ${reading.height}`;
  const blocks = reading.blocks.map((block, blockIndex) => {
    const number = `${page}_${blockIndex + 1}`;
    const box = bbox(block.quad, reading);
    const lines = block.lines.map((line) => lineElement(reading, line, page)).join('');
    return `   <div class="ocr_carea" id="block_${number}"${title(box)}>
    <p class="ocr_par" id="par_${number}"${title(box)}>
${lines}    </p>
   </div>
`;
  });
  return `  <div class="ocr_page" id="page_${page}"${title(...image, bounds, `ppageno ${index}`)}>\n${blocks.join('')}  </div>\n`;
}

function lineElement(reading: Reading, index: number, page: number): string {
  const line = reading.lines[index]!;
  const words = spacedWords(line);
  const spans = words
    .map((word, wordIndex) => wordElement(reading, word, `word_${page}_${index + 1}_${wordIndex + 1}`))
    .join('');
  const flow =
    line.direction === 'rtl' ? ' dir="rtl"' : line.direction === 'ttb' ? ' style="writing-mode: vertical-rl"' : '';
  return `     <span class="ocr_line" id="line_${page}_${index + 1}"${flow}${title(...lineProperties(line, reading))}>${spans}</span>\n`;
}

function wordElement(reading: Reading, word: SpacedWord, id: string): string {
  const properties = [bbox(word.quad, reading), `x_wconf ${Math.round(word.confidence * 100)}`];
  return `<span class="ocrx_word" id="${id}"${title(...properties)}>${escapeXml(word.text)}</span>${word.spaceAfter ? ' ' : ''}`;
}

function lineProperties(line: Line, reading: Reading): string[] {
  const outline = outlineOf(line);
  const properties = [bbox(outline, reading)];
  if (line.polygon || !isUpright(line.quad)) {
    properties.push(`poly ${outline.map(([x, y]) => `${Math.round(x)} ${Math.round(y)}`).join(' ')}`);
  }
  const turn = turnOf(line.quad);
  if (Math.abs(turn) >= 45) properties.push(`textangle ${decimal((turn + 360) % 360)}`);
  else if (line.direction !== 'ttb') properties.push(baseline(line, reading));
  const { width, height } = frameOf(line.quad);
  properties.push(`x_size ${decimal(line.direction === 'ttb' ? width : height)}`);
  return properties;
}

/** hOCR's baseline: slope, and height at the left of the bounding box against its bottom; y down. */
function baseline(line: Line, reading: Reading): string {
  const [start, end] = baselineOf(line.quad);
  const { left, bottom } = pixelBoundsOf(outlineOf(line), reading);
  const run = end[0] - start[0];
  const slope = run === 0 ? 0 : (end[1] - start[1]) / run;
  return `baseline ${decimal(slope, 4)} ${decimal(start[1] - bottom + slope * (left - start[0]), 1)}`;
}

function bbox(points: readonly Point[], reading: Reading): string {
  const { left, top, right, bottom } = pixelBoundsOf(points, reading);
  return `bbox ${left} ${top} ${right} ${bottom}`;
}

function title(...properties: string[]): string {
  return ` title="${escapeXml(properties.join('; '))}"`;
}
