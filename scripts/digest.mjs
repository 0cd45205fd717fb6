import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './run.mjs';

/**
 * SHA-256 over the names and contents of files, to tell whether what was built from them is up to date.
 * @param {string[]} paths files and folders (taken whole), relative to the project's root; absent ones count as such
 */
export function digestOf(paths) {
  const hash = createHash('sha256');
  for (const path of paths.flatMap(expand)) {
    const full = join(root, path);
    hash.update(`${path}\0`).update(existsSync(full) ? readFileSync(full) : 'absent');
  }
  return hash.digest('hex');
}

/** True when a product was last built from inputs of this digest and still exists. */
export function isUpToDate(product, digest) {
  const note = noteOf(product);
  return existsSync(join(root, product)) && existsSync(note) && readFileSync(note, 'utf8') === digest;
}

export function noteBuilt(product, digest) {
  mkdirSync(dirname(noteOf(product)), { recursive: true });
  writeFileSync(noteOf(product), digest);
}

const noteOf = (product) => join(root, '.cache', `${product.replaceAll('/', '-')}.sha256`);

function expand(path) {
  const full = join(root, path);
  if (!existsSync(full) || !statSync(full).isDirectory()) return [path];
  return readdirSync(full)
    .sort()
    .flatMap((name) => expand(`${path}/${name}`));
}
