// npm tesseract.js, one worker (it knows no threads), with the English of npm @tesseract.js-data/eng. Its own data would be fetched
// from the web.
import { join } from 'node:path';
import { digestOf, Installed } from './installed.mjs';

export async function create({ threads, layout, home }) {
  const installed = new Installed(home);
  const { createWorker, OEM, PSM } = installed.require('tesseract.js');
  const langPath = installed.fileOf('@tesseract.js-data/eng', '4.0.0_best_int');
  const worker = await createWorker('eng', OEM.LSTM_ONLY, { langPath, cacheMethod: 'none' });
  await worker.setParameters({ tessedit_pageseg_mode: layout === 'line' ? PSM.SINGLE_LINE : PSM.AUTO });
  return {
    read: async (image) => (await worker.recognize(image, {}, { blocks: true, text: true })).data,
    toAnswer: ({ blocks, text }) => ({ lines: (blocks ?? []).flatMap(linesOf), text }),
    about: () => ({
      engine: 'tesseract.js',
      versions: installed.versions('tesseract.js', 'tesseract.js-core', '@tesseract.js-data/eng'),
      settings: { threads: 1, given: threads, layout, language: 'eng' },
      weights: { recognizer: digestOf(join(langPath, 'eng.traineddata.gz')) },
    }),
    close: () => worker.terminate(),
  };
}

function linesOf({ paragraphs }) {
  return paragraphs
    .flatMap(({ lines }) => lines)
    .map(({ text, confidence, bbox: { x0, y0, x1, y1 } }) => ({
      text: text.trim(),
      confidence: confidence / 100,
      polygon: [
        [x0, y0],
        [x1, y0],
        [x1, y1],
        [x0, y1],
      ],
    }));
}
