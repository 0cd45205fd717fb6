import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { misfit } from '../datasets/picture-fit.ts';
import { writeRecord } from '../datasets/placard-labels.ts';
import type { ShardIndex } from '../datasets/shard-index.ts';
import { type SampleFiles, type ShardProgress, writeShards } from '../datasets/shard-writer.ts';
import { type ErrorName, PlacardError } from '../errors.ts';
import { boxQuad } from '../geometry/quad.ts';
import type { Dataset, PageSample, Sample, SceneSample, TrueLine, TrueWord } from '../labels.ts';
import { contractsOf } from '../models/catalog.ts';
import type { DetectContract } from '../models/contract.ts';
import { resolveModelsFolder } from '../models/folder.ts';
import { type Detector, loadModel } from '../models/loaded.ts';
import { type Context, type GaussianPreset, type NativeImage, native, type SplitPreset } from '../native.ts';
import { findRuntime } from '../networks.ts';
import { usableThreads } from '../options.ts';
import { packageVersion } from '../package-files.ts';
import type { Polygon, Quad } from '../reading.ts';
import { settleAhead } from '../scheduling/look-ahead.ts';
import { decode, readHeader } from '../stages/decode.ts';
import { confidenceMap, type TrustedPlace } from './confidence-map.ts';
import { craftScale, mapsOfWords, onMap } from './truth-maps.ts';
import { charactersOf, type WordCharacters } from './word-characters.ts';
import { charactersByWord } from './words.ts';

/** What decides the labels. */
export interface PseudoLabelSettings {
  /** A detector's id, of any contract. */
  detector: string;
  /** Whose Gaussians and links. */
  preset: GaussianPreset;
  split: SplitPreset;
  /** Pixels that a word's shorter side is scaled to before it is looked at. */
  wordSide: number;
}

export const pseudoLabelDefaults: PseudoLabelSettings = {
  detector: 'craft',
  preset: 'paper',
  split: 'thresholds',
  wordSide: 96,
};

export interface PseudoLabelOptions extends Partial<PseudoLabelSettings> {
  samplesPerShard?: number;
  threads?: number;
  modelsFolder?: string;
  signal?: AbortSignal;
  onProgress?: (progress: ShardProgress) => void;
  /** What came of each word, of those that this run looked at. */
  onWord?: (characters: Pick<WordCharacters, 'by' | 'confidence'>) => void;
}

const samplesPerShard = 100;
const pixelLimit = 100_000_000;

/**
 * CRAFT's weak supervision: the characters of a data set's labeled words are looked for by a detector, and each picture is
 * written into shards with its labels, a region map, an affinity map and a map that says how far to trust them: 1 outside
 * of words, 0 where a line is not to be judged. Labeled characters are taken as they are. A run that was stopped goes on.
 * @throws PlacardError: LABELS_INVALID for pages and labels that do not fit their picture, what decoding and models throw, and
 *   what `writeShards` throws
 */
export async function pseudoLabel(dataset: Dataset, folder: string, options: PseudoLabelOptions): Promise<ShardIndex> {
  const settings = settingsOf(options);
  const { threads = usableThreads(), signal, onProgress } = options;
  checkSamples(dataset);
  const run = await openRun(settings, threads, options);
  const stop = () => run.context.cancel.cancel();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    const shards = {
      kind: 'pseudo-label' as const,
      options: { dataset: dataset.name, ...settings },
      digest: await digestOf(dataset, run),
      count: dataset.samples.length,
      samplesPerShard: options.samplesPerShard ?? samplesPerShard,
    };
    const work = (place: number) => labelPicture(dataset, place, run);
    async function* source(places: readonly number[]): AsyncGenerator<SampleFiles> {
      for await (const settled of settleAhead(places, threads, work, signal)) {
        if (settled.status === 'rejected') throw signal?.aborted ? signal.reason : settled.reason;
        yield settled.value;
      }
    }
    return await writeShards(folder, shards, source, { signal, onProgress });
  } finally {
    signal?.removeEventListener('abort', stop);
    run.detector.network.dispose();
  }
}

interface Run {
  settings: PseudoLabelSettings;
  detector: Detector;
  context: Context;
  onWord: PseudoLabelOptions['onWord'];
}

function settingsOf({ detector, preset, split, wordSide }: PseudoLabelOptions): PseudoLabelSettings {
  const chosen = Object.entries({ detector, preset, split, wordSide }).filter(([, value]) => value !== undefined);
  return { ...pseudoLabelDefaults, ...Object.fromEntries(chosen) };
}

async function openRun(settings: PseudoLabelSettings, threads: number, options: PseudoLabelOptions): Promise<Run> {
  const modelsFolder = resolveModelsFolder(options.modelsFolder);
  const contracts = await contractsOf(settings.detector, modelsFolder);
  const contract = contracts.find((one): one is DetectContract => one.task === 'detect');
  if (!contract) {
    throw new PlacardError('MODEL_MISMATCH', `Expected a model that can detect but ${settings.detector} cannot.`);
  }
  const context: Context = {
    lane: new (native().Lane)(threads),
    cancel: new (native().CancelToken)(),
    priority: 0,
  };
  // Words are many: each is looked at by one thread, so that their number changes no answer.
  const load = { modelsFolder, runtime: findRuntime(undefined), context, threads: 1, runs: threads, prepare: true };
  return { settings, detector: await loadModel(contract, load), context, onWord: options.onWord };
}

/** Of all that decides the bytes of the samples: pictures count by their size. */
async function digestOf({ root, samples }: Dataset, { settings, detector }: Run): Promise<string> {
  const hash = createHash('sha256');
  const { id, weights } = detector.contract;
  hash.update(JSON.stringify([packageVersion(), settings, id, weights.sha256, detector.preparation.state]));
  for (const sample of samples) {
    const file = path.join(root, sample.image);
    const { size } = await stat(file).catch((cause: unknown) => {
      throw new PlacardError('FILE_UNREADABLE', `${file} cannot be read.`, { cause });
    });
    hash.update(`${writeRecord(sample)}${size}\n`);
  }
  return hash.digest('hex');
}

async function labelPicture({ root, samples }: Dataset, place: number, run: Run): Promise<SampleFiles> {
  const sample = samples[place] as Exclude<Sample, PageSample>;
  const file = path.join(root, sample.image);
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new PlacardError('FILE_UNREADABLE', `${file} cannot be read.`, { cause });
  });
  const { format } = await readHeader(bytes, { page: 0, pixelLimit }).catch((error) =>
    Promise.reject(named(error, file)),
  );
  const image = await decode(bytes, { page: 0, pixelLimit }, run.context).catch((error) =>
    Promise.reject(named(error, file)),
  );
  try {
    const ending = format === 'jpeg' ? 'jpg' : format;
    const picture = `${String(place).padStart(9, '0')}.${ending}`;
    const scene = { ...toScene(sample, image, file), image: picture, width: image.width, height: image.height };
    return { [ending]: bytes, ...(await labelScene(scene, image, run)) };
  } finally {
    image.dispose();
  }
}

function named(error: unknown, file: string): unknown {
  if (!PlacardError.is(error)) return error;
  const name = error.code.replace(/^ERR_PLACARD_/, '') as ErrorName;
  return new PlacardError(name, `${file}: ${error.message}`, { cause: error });
}

function checkSamples({ root, samples }: Dataset): void {
  if (samples.length === 0) throw new PlacardError('LABELS_INVALID', `${root} has no pictures.`);
  const page = samples.find(({ kind }) => kind === 'page');
  if (!page) return;
  const message = 'Expected outlines of words or lines, which pages do not have.';
  throw new PlacardError('LABELS_INVALID', `${path.join(root, page.image)}: ${message}`);
}

/** A crop is a scene of one line. */
function toScene(sample: Exclude<Sample, PageSample>, image: NativeImage, file: string): SceneSample {
  const problem = misfit(sample, image);
  if (problem !== undefined) throw new PlacardError('LABELS_INVALID', `${file}: ${problem}`);
  if (sample.kind === 'scene') return sample;
  const { text, alternatives, ...picture } = sample;
  const polygon = boxQuad({ left: 0, top: 0, right: image.width, bottom: image.height });
  return { ...picture, kind: 'scene', lines: [{ polygon, text, ignore: false, alternatives }] };
}

async function labelScene(scene: SceneSample, image: NativeImage, run: Run): Promise<SampleFiles> {
  const labeled: LabeledLine[] = [];
  for (const line of scene.lines) labeled.push(await labelLine(line, image, run));
  const words = labeled.flatMap((line) => line.words);
  const { region, affinity, width, height } = await mapsOfWords(
    words,
    image.width,
    image.height,
    run.settings,
    run.context,
  );
  const confidence = confidenceMap(
    labeled.flatMap(({ places }) => places),
    width,
    height,
  );
  const encode = (map: Uint8Array) =>
    sharp(map, { raw: { width, height, channels: 1 }, limitInputPixels: false })
      .webp({ lossless: true })
      .toBuffer();
  return {
    json: Buffer.from(writeRecord({ ...scene, lines: labeled.map(({ line }) => line) })),
    'region.webp': await encode(region),
    'affinity.webp': await encode(affinity),
    'confidence.webp': await encode(confidence),
  };
}

interface LabeledLine {
  /** With its characters, where they are known. */
  line: TrueLine;
  /** Each word's characters. */
  words: Quad[][];
  /** In the maps' pixels. */
  places: TrustedPlace[];
}

async function labelLine(line: TrueLine, image: NativeImage, run: Run): Promise<LabeledLine> {
  const placeOf = (polygon: Polygon, confidence: number) => ({ polygon: onMap(polygon, craftScale), confidence });
  if (line.ignore || line.text.trim() === '') return { line, words: [], places: [placeOf(line.polygon, 0)] };
  const { vertical, rightToLeft, text, polygon, characters } = line;
  const parts: TrueWord[] = line.words ?? [{ polygon, text, ...(characters ? { characters } : {}) }];
  const labeled: LabeledLine = { line, words: [], places: [] };
  const found: TrueWord[] = [];
  const search = { ...run.settings, detector: run.detector };
  for (const part of parts) {
    if (part.text.trim() === '') {
      labeled.places.push(placeOf(part.polygon, 0));
      found.push(part);
      continue;
    }
    const seen = await charactersOf(image, { ...part, vertical, rightToLeft }, search, run.context);
    run.onWord?.(seen);
    labeled.places.push(placeOf(part.polygon, seen.confidence));
    const known = seen.texts && seen.quads.map((quad, i) => ({ text: seen.texts![i]!, quad }));
    labeled.words.push(
      ...(known
        ? charactersByWord({ text: part.text, characters: known }).map((word) => word.map(({ quad }) => quad))
        : [seen.quads]),
    );
    found.push(known ? { ...part, characters: known.map((one) => ({ text: one.text, polygon: one.quad })) } : part);
  }
  const [only] = found;
  labeled.line = line.words
    ? { ...line, words: found }
    : { ...line, ...(only!.characters ? { characters: only!.characters } : {}) };
  return labeled;
}
