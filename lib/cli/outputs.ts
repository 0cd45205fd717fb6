import { mkdir, stat } from 'node:fs/promises';
import { join, parse, resolve } from 'node:path';
import { replaceFile } from '../datasets/replace-file.ts';
import type { DetectOptions } from '../options.ts';
import type { Page, PageFailure } from '../output/document.ts';
import type { Format } from '../output/formats.ts';
import type { Reading } from '../reading.ts';
import type { CommandEngine, OutputStream } from './context.ts';
import { UsageError } from './failures.ts';
import type { FoundInput, NamedPicture } from './inputs.ts';
import { write } from './streams.ts';

/** Where readings go, in the order of the pictures. */
export interface Destination {
  /** Rejects with what keeps this one picture from being written; with `OutputLost` where all is over. */
  add(input: FoundInput, position: number, reading: Reading): Promise<void>;
  addFailure(failure: PageFailure): Promise<void>;
  /** Completes the output. After an interruption (`isCut`) text is closed and stays valid; binary output is dropped. */
  end(isCut: boolean): Promise<void>;
}

export interface DestinationOptions {
  generator: string;
  /** Page of multi-page pictures, from 0. */
  imagePage?: number;
}

/**
 * One document with all pictures, on a stream.
 * @param several whether the command line may stand for any number of pictures, however many it came to
 * @throws UsageError where the format cannot go there
 */
export function streamDestination(
  stream: OutputStream,
  name: string,
  format: Format,
  several: boolean,
  options: DestinationOptions,
): Destination {
  if (format.isBinary && stream.isTTY) {
    throw new UsageError(`--format ${name} is binary and standard output is a terminal: redirect it, or use --out`);
  }
  if (several && !format.holdsSeveral) {
    throw new UsageError(`--format ${name} holds one picture: use --out for several`);
  }
  const document = format.open({ generator: options.generator, several });
  return {
    async add(input, _position, reading) {
      await write(stream, await document.add(await pageOf(input, reading, format, options)));
    },
    addFailure: (failure) => write(stream, document.addFailure(failure)),
    async end(isCut) {
      if (!(isCut && format.isBinary)) await write(stream, await document.end());
    },
  };
}

/**
 * A file for each picture, <folder>/<name without extension>.<the format's extension>; pictures that would share a name
 * get -2, -3, … in their order, and so do files that would replace a picture that is read. Pictures that fail get none.
 */
export async function folderDestination(
  folder: string,
  inputs: readonly NamedPicture[],
  format: Format,
  options: DestinationOptions,
): Promise<Destination> {
  const paths = await outputPaths(folder, inputs, format.extension, '--out');
  return {
    async add(input, position, reading) {
      const page = await pageOf(input, reading, format, options);
      await replaceFile(paths[position]!, await format.serialize(page, { generator: options.generator }));
    },
    addFailure: async () => {},
    end: async () => {},
  };
}

/**
 * The same, with the detector's heat maps of each picture beside it: <folder>/<name>.region.png and so on, named as
 * `folderDestination` names files.
 */
export async function withHeatMaps(
  destination: Destination,
  folder: string,
  inputs: readonly NamedPicture[],
  engine: Pick<CommandEngine, 'heatMaps'>,
  options: DetectOptions,
): Promise<Destination> {
  const paths = await outputPaths(folder, inputs, 'png', '--maps');
  return {
    ...destination,
    async add(input, position, reading) {
      const maps = await engine.heatMaps(input.path ?? (await input.bytes()), options);
      for (const [name, png] of Object.entries(maps)) {
        await replaceFile(paths[position]!.replace(/png$/, `${name}.png`), png);
      }
      await destination.add(input, position, reading);
    },
  };
}

/** The path of each input's output; decided before anything is read, so that it depends on nothing but the inputs. */
async function outputPaths(
  folder: string,
  inputs: readonly NamedPicture[],
  extension: string,
  option: string,
): Promise<string[]> {
  await mkdir(folder, { recursive: true }).catch((cause: Error) => {
    throw new UsageError(`${option} ${folder} cannot be used: ${cause.message}`);
  });
  const pictures = await Promise.all(inputs.map((input) => ('path' in input ? fileIdentity(input.path!) : undefined)));
  const kept = new Set(pictures.filter((identity) => identity !== undefined));
  const taken = new Set<string>();
  const paths: string[] = [];
  for (const input of inputs) {
    const stem = input.name === '-' ? 'stdin' : parse(input.name).name;
    let path = '';
    for (let copy = 1; path === ''; copy += 1) {
      const candidate = resolve(join(folder, `${stem}${copy > 1 ? `-${copy}` : ''}.${extension}`));
      // Some file systems take names that differ in case for the same.
      const key = candidate.toLowerCase();
      const identity = await fileIdentity(candidate);
      if (!taken.has(key) && !(identity !== undefined && kept.has(identity))) {
        taken.add(key);
        path = candidate;
      }
    }
    paths.push(path);
  }
  return paths;
}

/** The same for a file under each of its names; undefined where there is none. */
async function fileIdentity(path: string): Promise<string | undefined> {
  const stats = await stat(path, { bigint: true }).catch(() => undefined);
  return stats && `${stats.dev}:${stats.ino}`;
}

async function pageOf(
  input: FoundInput,
  reading: Reading,
  format: Format,
  { imagePage }: DestinationOptions,
): Promise<Page> {
  const page = { reading, name: input.name, imagePage };
  return format.needsImage ? { ...page, image: await input.bytes() } : page;
}
