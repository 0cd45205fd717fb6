import { PlacardError } from '../errors.ts';
import type { Dataset, Prediction, Sample, SceneSample } from '../labels.ts';
import { CropScores } from './crops.ts';
import { Icdar13Scores } from './icdar13.ts';
import { Icdar15Scores } from './icdar15.ts';
import { PageScores } from './pages.ts';
import { OnePlateScores } from './plates.ts';
import { SceneScores } from './scenes.ts';

/** Adds up pictures and says its figures: shares as 0 ... 1 under the keys that docs/labels.md explains. */
interface Scores<S extends Sample> {
  add(sample: S, prediction: Prediction): void;
  figures(): Record<string, number>;
}

type TextSample = Exclude<Sample, SceneSample>;

const sceneProtocols = {
  scene: (): Scores<SceneSample> => new SceneScores(0.5),
  'scene-loose': (): Scores<SceneSample> => new SceneScores(0.4),
  icdar13: (): Scores<SceneSample> => new Icdar13Scores(),
  icdar15: (): Scores<SceneSample> => new Icdar15Scores(),
  'one-plate': (): Scores<SceneSample> => new OnePlateScores(),
};

const textProtocols = {
  crop: (): Scores<TextSample> => new CropScores(false),
  'plate-crop': (): Scores<TextSample> => new CropScores(true),
  page: (): Scores<TextSample> => new PageScores(),
};

export type ProtocolName = keyof typeof sceneProtocols | keyof typeof textProtocols;

export const protocolNames = [...Object.keys(sceneProtocols), ...Object.keys(textProtocols)] as ProtocolName[];

/** Sets whose labels want another protocol than their kind says: coarse boxes; one plate labeled of several. */
const protocolOfSet: Readonly<Record<string, ProtocolName>> = {
  trad_sign_scenes: 'scene-loose',
  plates_us: 'one-plate',
  plates_eu: 'one-plate',
  plates_br: 'one-plate',
  plates_ua: 'one-plate',
};

/** The protocol that a data set is scored by where none is asked for: by its name, else by what its first sample is. */
export function defaultProtocol(dataset: Dataset): ProtocolName {
  const kind = dataset.samples[0]?.kind ?? 'scene';
  if (kind === 'scene') return protocolOfSet[dataset.name] ?? 'scene';
  if (kind === 'crop' && dataset.name.startsWith('plates')) return 'plate-crop';
  return kind;
}

/** Figures of the samples that have a prediction. A sample of the wrong kind for the protocol is LABELS_INVALID. */
export function scoreBy(protocol: ProtocolName, pairs: Iterable<[Sample, Prediction]>): Record<string, number> {
  if (protocol in sceneProtocols) {
    const scores = sceneProtocols[protocol as keyof typeof sceneProtocols]();
    for (const [sample, prediction] of pairs) {
      if (sample.kind !== 'scene') throw wrongKind(protocol, 'lines', sample);
      scores.add(sample, prediction);
    }
    return scores.figures();
  }
  const scores = textProtocols[protocol as keyof typeof textProtocols]();
  for (const [sample, prediction] of pairs) {
    if (sample.kind === 'scene') throw wrongKind(protocol, 'one text', sample);
    scores.add(sample, prediction);
  }
  return scores.figures();
}

function wrongKind(protocol: ProtocolName, wanted: string, sample: Sample): PlacardError {
  const message = `Expected ${wanted} for each picture, as protocol ${protocol} needs, but ${sample.image} is a ${sample.kind}.`;
  return new PlacardError('LABELS_INVALID', message);
}
