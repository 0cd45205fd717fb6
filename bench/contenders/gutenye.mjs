// npm @gutenye/ocr-node with its PP-OCRv4 weights, as it comes.
import { digestOf, Installed, paddleV4 } from './installed.mjs';

export async function create({ threads, home }) {
  const installed = new Installed(home);
  const { default: Ocr } = await installed.import('@gutenye/ocr-node');
  const ocr = await Ocr.create({ onnxOptions: { intraOpNumThreads: threads } });
  const sharp = installed.require('sharp');
  return {
    read: (image) => ocr.detect(image),
    async toAnswer(lines, image) {
      const { width, height } = await sharp(image).metadata();
      const toPicture = fromLetterbox(width, height);
      return {
        lines: lines.map(({ text, mean, box }) => ({
          text,
          confidence: mean,
          ...(box ? { polygon: box.map(toPicture) } : {}),
        })),
      };
    },
    about() {
      const { detector, recognizer } = paddleV4(installed);
      return {
        engine: '@gutenye/ocr-node',
        versions: installed.versions('@gutenye/ocr-node', 'onnxruntime-node', 'sharp'),
        settings: { threads, layout: 'auto' },
        weights: { detector: digestOf(detector), recognizer: digestOf(recognizer) },
      };
    },
  };
}

/** It reports boxes in its own picture: the input fitted into the next multiples of 32 and centered there. */
function fromLetterbox(width, height) {
  const multiple = (size) => Math.max(32, Math.ceil(size / 32) * 32);
  const [outerWidth, outerHeight] = [multiple(width), multiple(height)];
  const scale = Math.min(outerWidth / width, outerHeight / height);
  const left = (outerWidth - Math.round(width * scale)) / 2;
  const top = (outerHeight - Math.round(height * scale)) / 2;
  return ([x, y]) => [(x - left) / scale, (y - top) / scale];
}
