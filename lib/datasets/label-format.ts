import { existsSync } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import path from 'node:path';
import { PlacardError } from '../errors.ts';
import type { Sample } from '../labels.ts';

/** A folder in which labels are looked for. */
export interface LabelPlace {
  /** Absolute. */
  folder: string;
  /** Of the files in it, numbers by value. */
  files: string[];
  /** The only file to be read, where one was named instead of its folder. */
  only?: string;
}

/** Samples as a format's reader found them. */
export interface LabeledSamples {
  /** The folder that the samples' paths are relative to. */
  root: string;
  samples: Sample[];
  /** Where a sample's label stands: "set/labels.jsonl:12". */
  origin(index: number): string;
}

export interface ReadOptions {
  /** Path of the file that tells which character each number of a CRNN label list stands for. */
  alphabet?: string;
}

/** How the label files of one format are found and read. */
export interface LabelReader {
  /** Paths of the place's label files, relative to its folder; none where it is in another format. */
  find(place: LabelPlace): Promise<string[]>;
  /** FILE_UNREADABLE; LABELS_INVALID with file and line. */
  read(place: LabelPlace, files: string[], options: ReadOptions): Promise<LabeledSamples>;
}

/** How labels are written. Pictures lie in `folder` under the samples' paths already. */
export interface LabelWriter {
  /** The folder that pictures go to, `` for the labels' own, and whether it has no folders below. */
  pictures: { folder: string; isFlat: boolean };
  /** INVALID_ARGUMENT for what the format cannot say; OUTPUT_FAILED. */
  write(folder: string, samples: readonly Sample[], options: ReadOptions): Promise<void>;
}

const pictureEnding = /\.(jpe?g|jpe|jfif|png|webp|tiff?|bmp|gif|avif)$/i;

/** What `###` stands for in most formats: illegible text, which is not judged. */
export const ignoredText = '###';

const byNumber = new Intl.Collator('en', { numeric: true }).compare;

/** The place that a path names. FILE_UNREADABLE where there is none. */
export async function placeAt(location: string): Promise<LabelPlace> {
  try {
    return await listed(path.resolve(location));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOTDIR') {
      throw new PlacardError('FILE_UNREADABLE', `${location} does not exist or cannot be read.`, { cause });
    }
    const folder = path.dirname(path.resolve(location));
    return { ...(await listed(folder)), only: path.basename(location) };
  }
}

async function listed(folder: string): Promise<LabelPlace> {
  const entries = await readdir(folder, { withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
  return { folder, files: files.sort(byNumber) };
}

/** The place's files that labels may be in and whose names fit. */
export function candidates({ files, only }: LabelPlace, name: RegExp): string[] {
  return (only === undefined ? files : [only]).filter((file) => name.test(file));
}

/** The same in a folder of the place, as T-Brain's `json`; paths relative to the place. */
export async function candidatesBelow(place: LabelPlace, folder: string, name: RegExp): Promise<string[]> {
  const below =
    place.only === undefined ? await listed(path.join(place.folder, folder)).catch(() => undefined) : undefined;
  return (below?.files ?? []).filter((file) => name.test(file)).map((file) => `${folder}/${file}`);
}

/** How much of a file tells its format. */
const beginningBytes = 1 << 16;

/** Those of a folder's files that begin with what fits, as well as it can be decoded; without blank lines before. */
export async function beginningWith(folder: string, files: readonly string[], form: RegExp): Promise<string[]> {
  const found: string[] = [];
  for (const file of files) if (form.test(await beginningOf(path.join(folder, file)))) found.push(file);
  return found;
}

async function beginningOf(file: string): Promise<string> {
  const handle = await open(file).catch(() => undefined);
  try {
    const { buffer, bytesRead } = (await handle?.read(Buffer.alloc(beginningBytes), 0, beginningBytes, 0)) ?? {};
    return new TextDecoder().decode(buffer?.subarray(0, bytesRead)).trimStart();
  } catch {
    return '';
  } finally {
    await handle?.close();
  }
}

/** A picture's path without its ending. */
export function stemOf(image: string): string {
  return image.replace(/\.[^./]+$/, '');
}

/** Folders that pictures are kept in, seen from the labels'. */
const pictureFolders = ['', 'images', 'img', '../images', '../img', '..'];

interface PictureFolder {
  root: string;
  /** Names by their stems. */
  names: Map<string, string>;
}

/** The pictures that belong to the labels in a folder: those beside them, else in `images` or `img`, below it or beside. */
export async function picturesFor(labels: string): Promise<PictureFolder> {
  for (const folder of pictureFolders) {
    const root = path.join(labels, folder);
    const { files } = await listed(root).catch(() => ({ files: [] }));
    const names = new Map(files.filter((name) => pictureEnding.test(name)).map((name) => [stemOf(name), name]));
    if (names.size > 0) return { root, names };
  }
  return { root: labels, names: new Map() };
}

/** The folder that paths of pictures are meant from: the labels' own, unless only another of them has the first picture. */
export function rootFor(labels: string, image: string | undefined): string {
  const roots = pictureFolders.map((folder) => path.join(labels, folder));
  return (image && roots.find((root) => existsSync(path.join(root, image)))) || labels;
}

/** Samples of several files or folders as one set; each says in `attributes.split` where it is from, unless it is alone. */
export function joined(root: string, parts: readonly { split: string; set: LabeledSamples }[]): LabeledSamples {
  if (parts.length === 1 && parts[0]!.set.root === root) return parts[0]!.set;
  const origins: { set: LabeledSamples; first: number }[] = [];
  const samples: Sample[] = [];
  for (const { split, set } of parts) {
    origins.push({ set, first: samples.length });
    for (const sample of set.samples) {
      const image = path.relative(root, path.join(set.root, sample.image)).replaceAll('\\', '/');
      samples.push(changed(sample, { image, attributes: { split, ...sample.attributes } }));
    }
  }
  const origin = (index: number) => {
    const { set, first } = origins.findLast((part) => part.first <= index)!;
    return set.origin(index - first);
  };
  return { root, samples, origin };
}

/** A sample with other properties. Lines that are made when they are asked for stay so. */
export function changed(sample: Sample, properties: Partial<Sample>): Sample {
  const own = { ...Object.getOwnPropertyDescriptors(sample), ...Object.getOwnPropertyDescriptors(properties) };
  return Object.defineProperties({}, own) as Sample;
}
