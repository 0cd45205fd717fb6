import { existsSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { digestOf, isUpToDate, noteBuilt } from './digest.mjs';
import { main, root, runOrFail } from './run.mjs';
import { checkNode } from './toolchain.mjs';

const require = createRequire(import.meta.url);

/** Bundles lib/ into dist/ (ESM, CommonJS, types of both); does nothing when the sources have not changed since. */
export async function buildLib({ force = false } = {}) {
  const digest = digestOf(['lib', 'package-lock.json', 'tsconfig.json', 'tsdown.config.ts']);
  if (!force && existsSync(join(root, 'dist', 'index.cjs')) && isUpToDate('dist/index.js', digest)) {
    return console.log('dist/ is up to date.');
  }
  checkNode();
  const began = performance.now();
  console.log('Building dist/ with tsdown …');
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  const tsdown = join(dirname(require.resolve('tsdown/package.json')), 'dist', 'run.mjs');
  await runOrFail('tsdown', process.execPath, [tsdown], { quiet: true });
  noteBuilt('dist/index.js', digest);
  console.log(`Built dist/ in ${((performance.now() - began) / 1000).toFixed(0)} s.`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await main(() => buildLib({ force: true }));
}
