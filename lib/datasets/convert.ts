import { randomUUID } from 'node:crypto';
import { constants, copyFile, mkdir, readdir, rename, rm, rmdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PlacardError } from '../errors.ts';
import type { Sample } from '../labels.ts';
import { type ReadFormat, type WrittenFormat, writers } from './formats.ts';
import { changed, type LabelWriter, placeAt, type ReadOptions, stemOf } from './label-format.ts';
import { misfit, pictureSize } from './picture-fit.ts';
import { parseRecord } from './placard-labels.ts';
import { readLabels } from './read-dataset.ts';
import { outputFailed } from './replace-file.ts';
import { holdsShards, openShards, readShards } from './shard-reader.ts';

export interface ConvertOptions extends ReadOptions {
  to: WrittenFormat;
  /** Absent: what the folder holds tells it. */
  from?: ReadFormat | 'shards';
  /** What becomes of the pictures: copies, or symbolic links to where they are. */
  pictures?: 'copy' | 'link';
  /** Takes labels that do not fit their picture, which are then left out. Absent: the first one ends all. */
  onMisfit?: (error: PlacardError) => void;
  signal?: AbortSignal;
  onProgress?: (done: number, total: number) => void;
}

/** A sample on its way, with the files that go with it. */
interface Arrival {
  sample: Sample;
  where: string;
  /** A path, or the bytes. */
  picture: string | Buffer;
  /** Of a shard: other files by their endings. */
  others?: Map<string, Buffer>;
}

interface Source {
  total: number;
  arrivals: AsyncIterable<Arrival>;
}

/**
 * Writes a data set of any known format, or a folder of shards, into a new folder in another one, its pictures with it. The
 * folder appears when it is whole.
 * @returns how many samples it has
 * @throws LABELS_INVALID with file and line, also for labels that do not fit their picture; SHARD_INVALID; FILE_UNREADABLE;
 *   INVALID_ARGUMENT where the format cannot say what the labels say; OUTPUT_FAILED; `signal`'s reason
 */
export async function convertDataset(location: string, out: string, options: ConvertOptions): Promise<number> {
  await refuseFilled(out);
  const source = await openSource(location, options);
  const writer: LabelWriter = writers[options.to];
  const unfinished = `${out}.${randomUUID().slice(0, 8)}.part`;
  try {
    await mkdir(unfinished, { recursive: true });
    const samples = await placeAll(source, unfinished, writer, options);
    options.signal?.throwIfAborted();
    await writer.write(unfinished, samples, options);
    await rmdir(out).catch(() => {});
    await rename(unfinished, out);
    return samples.length;
  } catch (error) {
    throw outputFailed(out, error);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

async function refuseFilled(out: string): Promise<void> {
  const names = await readdir(out).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw outputFailed(out, error);
  });
  if (names.length > 0) throw new PlacardError('INVALID_ARGUMENT', `${out} is not empty: choose a new folder.`);
}

async function openSource(location: string, options: ConvertOptions): Promise<Source> {
  const place = await placeAt(location);
  const isShards = options.from === undefined && place.only === undefined && holdsShards(place.files);
  if (isShards || options.from === 'shards') return openShardSource(place.folder, options);
  const { root, samples, origin } = await readLabels(place, { ...options, format: options.from });
  async function* arrivals(): AsyncGenerator<Arrival> {
    for (const [i, sample] of samples.entries()) {
      yield { sample, where: origin(i), picture: path.resolve(root, sample.image) };
    }
  }
  return { total: samples.length, arrivals: arrivals() };
}

async function openShardSource(folder: string, { pictures }: ConvertOptions): Promise<Source> {
  if (pictures === 'link')
    throw new PlacardError('INVALID_ARGUMENT', 'Pictures of shards cannot be linked: copy them.');
  const index = await openShards(folder);
  async function* arrivals(): AsyncGenerator<Arrival> {
    for await (const { key, files, where } of readShards(folder, index)) {
      const json = files.get('json');
      const sample = json && parseRecord({ file: where, text: json.toString() });
      const ending = [...files.keys()].find((name) => `${key}.${name}` === sample?.image);
      const picture = ending && files.get(ending);
      if (!sample || !picture) throw new PlacardError('SHARD_INVALID', `${where} lacks its label or its picture.`);
      for (const name of ['json', ending]) files.delete(name);
      yield { sample, where, picture, others: files };
    }
  }
  return { total: index.count, arrivals: arrivals() };
}

async function placeAll(
  { total, arrivals }: Source,
  folder: string,
  writer: LabelWriter,
  { to, pictures, onMisfit, signal, onProgress }: ConvertOptions,
): Promise<Sample[]> {
  const samples: Sample[] = [];
  let done = 0;
  const names = new Names(writer.pictures);
  for await (const arrival of arrivals) {
    signal?.throwIfAborted();
    onProgress?.(++done, total);
    const fitting = await checked(arrival);
    if (PlacardError.is(fitting)) {
      if (!onMisfit) throw fitting;
      onMisfit(fitting);
      continue;
    }
    const image = names.next(fitting.image);
    await place(arrival.picture, path.join(folder, image), pictures ?? 'copy');
    for (const [ending, bytes] of to === 'placard' ? (arrival.others ?? []) : []) {
      await writeFile(path.join(folder, `${stemOf(image)}.${ending}`), bytes);
    }
    samples.push(changed(fitting, { image }));
  }
  return samples;
}

/** The sample with its picture's size, or LABELS_INVALID where the picture is not there or cannot be the label's. */
async function checked({ sample, where, picture }: Arrival): Promise<Sample | PlacardError> {
  const size = await pictureSize(picture);
  const reason = size ? misfit(sample, size) : `${sample.image} is no picture that is there and can be decoded.`;
  return reason === undefined ? changed(sample, size!) : new PlacardError('LABELS_INVALID', `${where}: ${reason}`);
}

async function place(picture: string | Buffer, target: string, how: 'copy' | 'link'): Promise<void> {
  await mkdir(path.dirname(target), { recursive: true });
  if (typeof picture !== 'string') await writeFile(target, picture);
  else if (how === 'link') await symlink(picture, target);
  else await copyFile(picture, target, constants.COPYFILE_FICLONE);
}

/** Names for pictures in the new folder: as they were, as far as the format lets them, and each stem once. */
class Names {
  readonly #pictures: LabelWriter['pictures'];
  readonly #taken = new Set<string>();

  constructor(pictures: LabelWriter['pictures']) {
    this.#pictures = pictures;
  }

  next(image: string): string {
    const { folder, isFlat } = this.#pictures;
    // Nothing is written outside of the folder, whatever a label says; and lists have blanks or commas after names.
    const parts = image.split('/').filter((part) => !['', '.', '..'].includes(part));
    const kept = parts.map((part) => part.replace(/[\s,"]+/g, '_')).slice(isFlat ? -1 : parts[0] === folder ? 1 : 0);
    const [stem, ending] = split(path.posix.join(folder, ...kept));
    for (let copy = 1; ; copy += 1) {
      const name = `${stem}${copy > 1 ? `-${copy}` : ''}`;
      // Some file systems take names that differ in case for the same.
      if (this.#taken.has(name.toLowerCase())) continue;
      this.#taken.add(name.toLowerCase());
      return `${name}${ending}`;
    }
  }
}

function split(name: string): [stem: string, ending: string] {
  const stem = stemOf(name);
  return [stem, name.slice(stem.length)];
}
