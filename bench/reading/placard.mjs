// placard as it is built here: --model BUNDLE, --provider, --layout; everything else as it comes.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { contenderOptions, serve } from './protocol.mjs';

const repository = new URL('../../', import.meta.url);
const { threads, model = 'pp-ocrv6-small', provider, layout = 'auto' } = contenderOptions();
const { createEngine, version } = await import(new URL('dist/index.js', repository));
const engine = await createEngine({ models: model, threads, ...(provider ? { provider } : {}) });
const { models, mode } = engine.stats();

await serve({
  description: {
    engine: 'placard',
    versions: { placard: version(), node: process.versions.node, ...libraryVersions() },
    settings: { threads, mode, model, layout, provider: engine.stats().provider },
    // The engine refuses weights whose digests are not their contracts'.
    weights: { detector: contractDigest(models.detector), recognizer: contractDigest(models.recognizer) },
  },
  read: (image) => engine.recognize(image, { layout }),
  toAnswer: ({ lines, text }) => ({
    lines: lines.map((line) => ({
      text: line.text,
      confidence: line.confidence,
      polygon: line.polygon ?? line.quad,
    })),
    text,
  }),
});
await engine.close();

function contractDigest(id) {
  return JSON.parse(readFileSync(new URL(`models/${id}/model.json`, repository), 'utf8')).weights.sha256;
}

/** What `placard doctor` found, without the paths. */
function libraryVersions() {
  const doctor = fileURLToPath(new URL('dist/cli/main.js', repository));
  const { findings } = JSON.parse(execFileSync(process.execPath, [doctor, 'doctor', '--json'], { encoding: 'utf8' }));
  const value = (name) => findings.find((finding) => finding.name === name)?.value ?? '';
  return {
    onnxruntime: value('ONNX Runtime').split(',')[0],
    sharp: value('sharp'),
    cpuLevel: /\((\w+)\)$/.exec(value('addon'))?.[1],
  };
}
