// Draws samples/ anew: npm run samples [-- NAME…]. The drawing code is TypeScript (lib/synth), built into .cache/ first.
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'tsdown';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const outDir = join(root, '.cache', 'synth');

await build({
  config: false,
  cwd: root,
  entry: { samples: 'lib/synth/samples.ts' },
  outDir,
  format: 'esm',
  platform: 'node',
  dts: false,
  logLevel: 'error',
  external: [/^[^./]/],
});
const { writeSamples } = await import(pathToFileURL(join(outDir, 'samples.mjs')).href);
for (const line of await writeSamples(join(root, 'samples'), process.argv.slice(2))) console.log(line);
