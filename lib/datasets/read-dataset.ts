import path from 'node:path';
import { PlacardError } from '../errors.ts';
import type { Dataset } from '../labels.ts';
import { type ReadFormat, readers, recognized } from './formats.ts';
import { joined, type LabeledSamples, type LabelPlace, placeAt, type ReadOptions } from './label-format.ts';
import { paddleOcrFileNames } from './paddle-ocr-labels.ts';
import { holdsShards } from './shard-reader.ts';

export interface DatasetOptions extends ReadOptions {
  /** Absent: what the folder holds tells it. */
  format?: ReadFormat;
}

/** Folders that a set is split into. */
const splits = ['train', 'val', 'valid', 'validation', 'test', 'public', 'private'];

/**
 * Reads a data set of any known format (docs/labels.md): a folder, one whose `train`, `val` or `test` are such folders, or a
 * single label file. FILE_UNREADABLE; LABELS_INVALID names the file and line that breaks the format.
 */
export async function readDataset(location: string, options: DatasetOptions = {}): Promise<Dataset> {
  const place = await placeAt(location);
  const { root, samples } = await readLabels(place, options);
  return { name: path.basename(place.folder), root, samples };
}

/** The same, with where each sample's label stands. */
export async function readLabels(place: LabelPlace, options: DatasetOptions = {}): Promise<LabeledSamples> {
  const found = await readPlace(place, options);
  if (found) return found;
  const parts: { split: string; set: LabeledSamples }[] = [];
  for (const split of place.only === undefined ? splits : []) {
    const below = await placeAt(path.join(place.folder, split)).catch(() => undefined);
    const set = below && below.only === undefined && (await readPlace(below, options));
    if (set) parts.push({ split, set });
  }
  if (parts.length > 0) return joined(place.folder, parts);
  throw new PlacardError('LABELS_INVALID', unknownFormat(place, options));
}

async function readPlace(place: LabelPlace, options: DatasetOptions): Promise<LabeledSamples | undefined> {
  const { format } = options;
  if (format !== undefined && place.only !== undefined) return readers[format].read(place, [place.only], options);
  for (const reader of format === undefined ? recognized : [readers[format]]) {
    const files = await reader.find(place);
    if (files.length > 0) return reader.read(place, files, options);
  }
  return undefined;
}

function unknownFormat({ folder, files, only }: LabelPlace, { format }: DatasetOptions): string {
  const location = path.join(folder, only ?? '');
  if (format !== undefined) return `${location}: Expected labels of the format ${format}.`;
  if (only !== undefined) return `${location} is in no format of labels that placard knows.`;
  if (holdsShards(files)) return `${location} holds shards: "placard convert" unpacks them.`;
  const known = ['labels.jsonl', 'gt_*.txt', 'gt.txt', ...paddleOcrFileNames, 'gt.mat', 'annotation*.txt'].join(', ');
  return `${location}: Expected one of ${known}, labelme or VIA files, folders img and ann, or a list of names and texts in the folder.`;
}
