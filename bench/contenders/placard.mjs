// placard as it is built here: `model` (a bundle, or a detector and a recognizer), `provider`, `effort`; all else as it comes.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const repository = new URL('../../', import.meta.url);

export async function create({ layout, effort, ...options }) {
  const { engine, about } = await openEngine(options);
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
    about: () => about({ layout, effort }),
    close: () => engine.close(),
  };
}

/**
 * An engine, and what there is to say of it beside the caller's own settings.
 * @param {{ threads: number, mode: string, warm: boolean, model: string | { detector: string, recognizer: string },
 *   provider: string }} options
 */
export async function openEngine({ threads, mode, warm, model, provider }) {
  const { createEngine, version } = await import(new URL('dist/index.js', repository));
  const engine = await createEngine({ models: model, threads, mode, provider });
  // As a server does before it listens; others have nothing of the kind.
  if (warm) await engine.warmUp();
  const about = (settings) => {
    const { models, provider: effective, precision, preparation, cpuMilliseconds, stages } = engine.stats();
    const networks = `${preparation.detector.state}, ${preparation.recognizer.state}`;
    const named = typeof model === 'string' ? model : Object.values(model).join(' + ');
    return {
      engine: 'placard',
      versions: { placard: version(), node: process.versions.node, ...libraryVersions() },
      settings: { threads, mode, model: named, ...settings, provider: effective, precision, networks },
      weights: { detector: contractDigest(models.detector), recognizer: contractDigest(models.recognizer) },
      stats: { cpuMilliseconds, stages },
    };
  };
  return { engine, about };
}

/** The engine refuses weights whose digests are not their contracts'. Of converted ones that of what they were made from. */
function contractDigest(id) {
  const { weights, checkpoint = weights } = JSON.parse(
    readFileSync(new URL(`models/${id}/model.json`, repository), 'utf8'),
  );
  return checkpoint.sha256;
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
