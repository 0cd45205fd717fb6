// placard as it is built here: `model`, `provider`, `effort`; everything else as it comes.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const repository = new URL('../../', import.meta.url);

export async function create({ threads, layout, mode, warm, model, provider, effort }) {
  const { createEngine, version } = await import(new URL('dist/index.js', repository));
  const engine = await createEngine({ models: model, threads, mode, provider });
  // As a server does before it listens; others have nothing of the kind.
  if (warm) await engine.warmUp();
  return {
    read: (image) => engine.recognize(image, { layout, effort }),
    async readAll(images) {
      const results = [];
      const tasks = images.map((input) => ({ input, options: { layout, effort } }));
      for await (const { status, value, reason } of engine.recognizeMany(tasks)) {
        results.push(status === 'fulfilled' ? value : reason);
      }
      return results;
    },
    toAnswer: ({ lines, text }) => ({
      lines: lines.map((line) => ({
        text: line.text,
        confidence: line.confidence,
        polygon: line.polygon ?? line.quad,
      })),
      text,
    }),
    about() {
      const { models, provider: effective, precision, preparation, cpuMilliseconds, stages } = engine.stats();
      const networks = `${preparation.detector.state}, ${preparation.recognizer.state}`;
      return {
        engine: 'placard',
        versions: { placard: version(), node: process.versions.node, ...libraryVersions() },
        settings: { threads, mode, model, layout, effort, provider: effective, precision, networks },
        // The engine refuses weights whose digests are not their contracts'.
        weights: { detector: contractDigest(models.detector), recognizer: contractDigest(models.recognizer) },
        stats: { cpuMilliseconds, stages },
      };
    },
    close: () => engine.close(),
  };
}

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
