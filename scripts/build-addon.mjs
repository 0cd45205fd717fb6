import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { digestOf, isUpToDate, noteBuilt } from './digest.mjs';
import { main, root, runOrFail } from './run.mjs';
import { findToolchain, parallelJobs } from './toolchain.mjs';

const require = createRequire(import.meta.url);
const buildFolder = join(root, 'build');
export const addonPath = 'build/Release/placard.node';

/** Compiles the addon with what this machine has; does nothing when its sources have not changed since. */
export async function buildAddon({ force = false } = {}) {
  const inputs = digestOf(['native', 'CMakeLists.txt', 'binding.gyp', 'package-lock.json', 'scripts/build-addon.mjs']);
  const digest = `${inputs} ${process.platform}-${process.arch}`;
  if (!force && isUpToDate(addonPath, digest)) return console.log(`${addonPath} is up to date.`);
  const toolchain = findToolchain();
  const began = performance.now();
  console.log(
    `Building ${addonPath} with ${toolchain.builder === 'cmake' ? 'CMake' : 'node-gyp'} and ${toolchain.compiler} …`,
  );
  if (toolchain.builder === 'cmake') await buildByCmake();
  else await buildByGyp(toolchain.nodeGyp);
  noteBuilt(addonPath, digest);
  console.log(`Built ${addonPath} in ${((performance.now() - began) / 1000).toFixed(0)} s.`);
}

/** Configures build/ by cmake-js where that has not been done. node-api-headers are found by it: nothing is fetched. */
export async function configureByCmake() {
  if (isConfiguredHere()) return;
  rmSync(buildFolder, { recursive: true, force: true });
  await runOrFail('Configuring', process.execPath, [cmakeJs(), 'configure', '--log-level', 'warn'], { quiet: true });
}

/** False also after a configuration that failed, and in a clone that was moved. */
function isConfiguredHere() {
  const cache = join(buildFolder, 'CMakeCache.txt');
  const hasBuildFile = ['build.ninja', 'Makefile'].some((name) => existsSync(join(buildFolder, name)));
  return (
    hasBuildFile &&
    existsSync(cache) &&
    readFileSync(cache, 'utf8').includes(`CMAKE_HOME_DIRECTORY:INTERNAL=${realpathSync(root)}\n`)
  );
}

async function buildByCmake() {
  await configureByCmake();
  const jobs = String(parallelJobs());
  await runOrFail('Compiling', process.execPath, [cmakeJs(), 'build', '--target', 'placard', '--parallel', jobs], {
    quiet: true,
  });
}

async function buildByGyp(nodeGyp) {
  if (!existsSync(join(buildFolder, 'config.gypi'))) rmSync(buildFolder, { recursive: true, force: true });
  const env = withoutNpmSettings(process.env);
  const options = ['--nodedir', headersForGyp(), '--force-process-config', '--loglevel', 'warn'];
  await runOrFail('Configuring', process.execPath, [nodeGyp, 'configure', ...options], { quiet: true, env });
  const jobs = ['--jobs', String(parallelJobs())];
  await runOrFail('Compiling', process.execPath, [nodeGyp, 'build', ...jobs, ...options], { quiet: true, env });
}

/**
 * A folder in the shape that node-gyp expects of Node's headers, made of the npm package node-api-headers: Node-API
 * needs no others, and node-gyp would download them.
 */
function headersForGyp() {
  const folder = join(root, '.cache', 'node-headers');
  const target = join(folder, 'include', 'node');
  mkdirSync(target, { recursive: true });
  const source = require('node-api-headers').include_dir;
  for (const name of readdirSync(source)) copyFileSync(join(source, name), join(target, name));
  const configurations = { Debug: {}, Release: {} };
  const common = { target_defaults: { default_configuration: 'Release', configurations } };
  writeFileSync(join(target, 'common.gypi'), JSON.stringify(common));
  return folder;
}

/** node-gyp lets npm's settings (a nodedir among them) override its own arguments. */
function withoutNpmSettings(env) {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^npm_(config|package)_/i.test(name)));
}

const cmakeJs = () => require.resolve('cmake-js/bin/cmake-js');

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await main(() => buildAddon({ force: true }));
}
