import { degrees, PDFDocument, PDFName } from '@cantoo/pdf-lib';
import { expected } from '../errors.ts';
import type { DocumentWriter, OutputOptions, Page } from './document.ts';
import { clamp, decimal } from './frames.ts';
import { InvisibleFont, pdfText } from './pdf-font.ts';
import { type EmbeddedPicture, embedPicture } from './pdf-picture.ts';
import { textOperators } from './pdf-text.ts';

/** The longest side that ISO 32000-1 allows a page, in points. */
const longestSide = 14_400;

/** Pixels per inch of pictures that do not say; 72 is what programs write when they do not know. */
const assumedResolution = 150;

/**
 * A searchable PDF: the picture on a page of its size, and over it the text, invisible, each word stretched and turned
 * onto its place, so that it can be found, selected and copied. Any script works and nothing depends on installed
 * fonts. JPEG and PNG are taken over without decoding where PDF can show them. A page whose content is turned is shown
 * upright (/Rotate). The same input gives the same bytes.
 * @param image the encoded picture that was read
 * @throws PlacardError INVALID_ARGUMENT where the picture is not of the reading's size; DECODE_FAILED
 * Several pictures are pages of one document, which comes as a whole at its end.
 */
export function openPdf(options: OutputOptions = {}): DocumentWriter {
  const font = new InvisibleFont();
  const titles: string[] = [];
  const opened = PDFDocument.create({ updateMetadata: false });
  return {
    async add(page) {
      await addPage(await opened, font, page, options);
      if (page.name !== undefined) titles.push(page.name);
      return '';
    },
    addFailure: () => '',
    async end() {
      const document = await opened;
      const fonts = font.embed(document.context);
      for (const { node } of document.getPages())
        node.Resources()!.set(PDFName.of('Font'), document.context.obj(fonts));
      return finish(document, titles, options);
    },
  };
}

async function addPage(document: PDFDocument, font: InvisibleFont, page: Page, options: OutputOptions): Promise<void> {
  const { reading, image, imagePage } = page;
  if (!image) throw expected('the encoded picture that was read', 'image', image);
  const { context } = document;
  const picture = await embedPicture(context, image, imagePage);
  if (picture.width !== reading.width || picture.height !== reading.height) {
    const size = `${picture.width} × ${picture.height}`;
    throw expected(`a picture of the reading's ${reading.width} × ${reading.height} pixels`, 'image', size);
  }
  const pixel = pixelSize(picture, options.resolution);
  const [width, height] = [picture.width * pixel, picture.height * pixel];
  const sheet = document.addPage([width, height]);
  if (reading.rotation !== 0) sheet.setRotation(degrees(360 - reading.rotation));
  const content = pictureOperators(picture, width, height) + textOperators(reading, font, pixel);
  sheet.node.set(PDFName.of('Contents'), context.register(context.flateStream(content)));
  sheet.node.set(PDFName.of('Resources'), context.obj({ XObject: { Picture: picture.object } }));
}

function pictureOperators({ matrix }: EmbeddedPicture, width: number, height: number): string {
  const scaled = matrix.map((value, index) => decimal(value * (index % 2 === 0 ? width : height), 3));
  return `q ${scaled.join(' ')} cm /Picture Do Q\n`;
}

/** Points a pixel. */
function pixelSize({ width, height, density }: EmbeddedPicture, resolution?: number): number {
  const stated = density !== undefined && density > 72 ? density : assumedResolution;
  const asked = 72 / clamp(resolution ?? stated, 10, 10_000);
  return Math.min(asked, longestSide / Math.max(width, height));
}

async function finish(document: PDFDocument, titles: string[], { generator = 'placard' }: OutputOptions) {
  const { context } = document;
  const others = titles.length > 1 ? ` and ${titles.length - 1} more` : '';
  const title = titles.length === 0 ? {} : { Title: pdfText(titles[0] + others) };
  const info = context.obj({ ...title, Producer: pdfText(generator) });
  context.trailerInfo.Info = context.register(info);
  return document.save({ useObjectStreams: true, addDefaultPage: false, updateFieldAppearances: false });
}
