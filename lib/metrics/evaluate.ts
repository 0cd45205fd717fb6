import type { Dataset, Prediction, Sample } from '../labels.ts';
import { percentile } from './percentile.ts';
import { defaultProtocol, type ProtocolName, scoreBy } from './protocols.ts';

export interface Evaluation {
  set: string;
  protocol: ProtocolName;
  /**
   * The protocol's figures, then `missing` (pictures without a prediction: the figures count only where it is 0), `err`
   * (pictures that the engine failed on, scored as if it had read nothing), and `p50`, `p95`, `cpu50` in milliseconds.
   */
  figures: Record<string, number>;
}

/**
 * Scores what an engine said of a data set's pictures.
 *
 * @param predictions their `image` is the sample's path, or ends with it; of several for one picture the last counts
 */
export function evaluate(
  dataset: Dataset,
  predictions: Iterable<Prediction>,
  options: { protocol?: ProtocolName } = {},
): Evaluation {
  const protocol = options.protocol ?? defaultProtocol(dataset);
  const byImage = predictionsByImage(dataset, [...predictions]);
  const pairs = dataset.samples.flatMap((sample): [Sample, Prediction][] => {
    const prediction = byImage.get(sample.image);
    return prediction ? [[sample, prediction]] : [];
  });
  const said = pairs.map(([, prediction]) => prediction);
  const wall = said.flatMap(({ ms }) => ms ?? []);
  const cpu = said.flatMap((prediction) => prediction.cpu ?? []);
  return {
    set: dataset.name,
    protocol,
    figures: {
      ...scoreBy(protocol, pairs),
      missing: dataset.samples.length - pairs.length,
      err: said.filter((prediction) => prediction.error).length,
      p50: percentile(wall, 50),
      p95: percentile(wall, 95),
      ...(cpu.length > 0 ? { cpu50: percentile(cpu, 50) } : {}),
    },
  };
}

/** Predictions by their samples' paths; one file may hold those of several sets under absolute paths. */
function predictionsByImage(dataset: Dataset, predictions: readonly Prediction[]): Map<string, Prediction> {
  const images = new Set(dataset.samples.map((sample) => sample.image));
  const byPath = predictions.map((prediction) => ({ path: withSlashes(prediction.image), prediction }));
  // Below the root where some are; made elsewhere, below a folder of the set's name.
  const places = [`${withSlashes(dataset.root)}/`, `/${dataset.name}/`];
  const place = places.find((folder) => byPath.some(({ path }) => path.includes(folder))) ?? '';
  const byImage = new Map<string, Prediction>();
  for (const { path, prediction } of byPath) {
    if (path.startsWith('/') && !path.includes(place)) continue;
    const image = pathEndings(path).find((ending) => images.has(ending));
    if (image !== undefined) byImage.set(image, prediction);
  }
  return byImage;
}

function withSlashes(path: string): string {
  return path.replaceAll('\\', '/');
}

/** "a/b/c" gives "a/b/c", "b/c" and "c". */
function pathEndings(path: string): string[] {
  const parts = path.split('/');
  return parts.map((_, i) => parts.slice(i).join('/'));
}
