import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './run.mjs';

const manifest = join(root, 'package.json');
const original = join(root, '.cache', 'package.json');

/**
 * Takes `prepare` out of package.json while npm packs it: a clone builds itself by that script, but an installed package
 * has nothing to build, and npm names the script to whoever installs the tarball.
 */
export function hidePrepare() {
  const text = readFileSync(manifest, 'utf8');
  mkdirSync(join(root, '.cache'), { recursive: true });
  writeFileSync(original, text);
  replaceManifest(withoutPrepare(text));
}

/** Puts package.json back as it was; also after a packing that was broken off, unless it was changed since. */
export function restorePrepare() {
  if (!existsSync(original)) return;
  const text = readFileSync(original, 'utf8');
  if (readFileSync(manifest, 'utf8') === withoutPrepare(text)) replaceManifest(text);
  rmSync(original);
}

function withoutPrepare(text) {
  const { prepare: _, ...scripts } = JSON.parse(text).scripts;
  return `${JSON.stringify({ ...JSON.parse(text), scripts }, null, 2)}\n`;
}

/** At once: others may be reading. */
function replaceManifest(text) {
  writeFileSync(`${original}.new`, text);
  renameSync(`${original}.new`, manifest);
}
