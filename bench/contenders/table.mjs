import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from '../harness/folders.mjs';

/**
 * @typedef {object} Entry
 * @property {string} label for tables and plots
 * @property {string} file in this folder
 * @property {string} [install] its folder in the cache, which `npm run bench:setup` fills; placard is built here
 * @property {object} [options] for `create` of its file
 * @property {boolean} [slow] several times slower than most: it may read in fewer rounds
 * @property {'detection' | 'crops'} [only] the one task that it is for; without it all but detection
 */

const [v4, v6] = ['pp-ocrv4', 'pp-ocrv6-small'];
const placard = (model, provider, effort = 'thorough') => ({
  file: 'placard.mjs',
  options: { model, provider, effort },
});
const craft = (provider) => ({
  file: 'placard-detection.mjs',
  options: { model: { detector: 'craft', recognizer: 'pp-ocrv4-recognizer' }, provider },
  only: 'detection',
});
const easyCraft = (canvas, magnification) => ({
  file: 'easyocr.py',
  install: 'easyocr',
  options: { canvas, magnification },
  slow: true,
  only: 'detection',
});

/** Contenders by name. @type {Record<string, Entry>} */
export const contenderTable = {
  'placard-v6-openvino': { label: 'placard v6, OpenVINO', ...placard(v6, 'openvino') },
  'placard-v6': { label: 'placard v6', ...placard(v6, 'cpu') },
  'placard-v4-openvino': { label: 'placard v4, OpenVINO', ...placard(v4, 'openvino') },
  'placard-v4-openvino-fast': { label: 'placard v4, OpenVINO, fast', ...placard(v4, 'openvino', 'fast') },
  'placard-v4': { label: 'placard v4', ...placard(v4, 'cpu') },
  'rapidocr-openvino': {
    label: 'RapidOCR v6, OpenVINO',
    file: 'rapidocr.py',
    install: 'rapidocr',
    options: { runtime: 'openvino' },
  },
  rapidocr: {
    label: 'RapidOCR v6',
    file: 'rapidocr.py',
    install: 'rapidocr',
    options: { runtime: 'onnxruntime' },
    slow: true,
  },
  'faster-paddle-small': {
    label: 'faster-paddle small',
    file: 'faster-paddle.py',
    install: 'faster-paddle',
    options: { size: 'small' },
  },
  'faster-paddle-tiny': {
    label: 'faster-paddle tiny',
    file: 'faster-paddle.py',
    install: 'faster-paddle',
    options: { size: 'tiny' },
  },
  'ppu-paddle-ocr': { label: 'ppu-paddle-ocr v4', file: 'ppu-paddle-ocr.mjs', install: 'ppu-paddle-ocr', slow: true },
  gutenye: { label: '@gutenye/ocr-node v4', file: 'gutenye.mjs', install: 'gutenye', slow: true },
  'tesseract-js': { label: 'tesseract.js', file: 'tesseract-js.mjs', install: 'tesseract-js', slow: true },
  tesseract: { label: 'tesseract', file: 'tesseract.py', install: 'tesseract', slow: true },
  easyocr: { label: 'EasyOCR', file: 'easyocr.py', install: 'easyocr', slow: true },
  'placard-crnn': {
    label: 'placard CRNN',
    ...placard({ detector: 'pp-ocrv4-detector', recognizer: 'crnn-english' }, 'cpu'),
    only: 'crops',
  },
  'placard-craft-openvino': { label: 'placard CRAFT, OpenVINO', ...craft('openvino') },
  'placard-craft': { label: 'placard CRAFT', ...craft('cpu') },
  'easyocr-craft': { label: 'EasyOCR CRAFT', ...easyCraft(1280, 1.5) },
  'easyocr-craft-2560': { label: 'EasyOCR CRAFT, canvas 2560', ...easyCraft(2560, 1) },
};

/** Whether a task includes a contender where the caller names none. */
export function isFor(task, name) {
  const { only } = contenderTable[name];
  return only === undefined ? task !== 'detection' : only === task;
}

/** Written into a contender's folder when all of it is installed. */
export const installedMark = 'installed.json';

/** Whether `npm run bench:setup` got through with it; placard is built here. */
export function isInstalled(name) {
  const { install } = contenderTable[name];
  return install === undefined || existsSync(join(cacheFolder, install, installedMark));
}

/** For tables and plots. */
export function labelOf({ name }) {
  return contenderTable[name]?.label ?? name;
}

/**
 * How a contender's process is started.
 * @param {string} name
 * @param {{ threads: number, layout: 'auto' | 'line', mode: 'latency' | 'throughput', warm: boolean }} options `warm`: the clock counts later
 * @returns {{ command: string, args: string[], environment: Record<string, string> }}
 */
export function startOf(name, options) {
  const { file, install, options: own } = contenderTable[name];
  const home = install && join(cacheFolder, install);
  const [, language] = /\.(\w+)$/.exec(file);
  const serve = fileURLToPath(new URL(`../harness/serve.${language}`, import.meta.url));
  const contender = fileURLToPath(new URL(file, import.meta.url));
  const threads = String(options.threads);
  return {
    command: language === 'py' ? pythonOf(home) : process.execPath,
    // -I keeps the contender's folder out of Python's module path, where its file may bear the name of what it imports.
    args: [...(language === 'py' ? ['-I'] : []), serve, contender, JSON.stringify({ ...options, ...own, home })],
    // Libraries under a contender that no option of it reaches.
    environment: { OMP_NUM_THREADS: threads, OPENBLAS_NUM_THREADS: threads, MKL_NUM_THREADS: threads },
  };
}

/** Its own, or the machine's where nothing was installed by pip. */
function pythonOf(home) {
  const own = join(home, 'bin', 'python');
  return existsSync(own) ? own : (process.env.PYTHON ?? 'python3');
}
