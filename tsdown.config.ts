import { defineConfig } from 'tsdown';

const shared = {
  outDir: 'dist',
  platform: 'node',
  target: 'node20',
  sourcemap: true,
  // scripts/build-lib.mjs empties dist/ before; two formats would empty each other's.
  clean: false,
  // package.json's "type" decides the extensions: .js and .d.ts are ESM, .cjs and .d.cts are CommonJS.
  fixedExtension: false,
} as const;

export default defineConfig([
  { ...shared, format: 'esm', entry: { index: 'lib/index.ts', 'cli/main': 'lib/cli/main.ts', 'synth/worker': 'lib/synth/worker.ts' }, dts: { entry: 'lib/index.ts' } },
  { ...shared, format: 'cjs', entry: { index: 'lib/index.ts' }, dts: true },
]);
