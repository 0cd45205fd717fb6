import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { makeFolder, replaceFile } from '../../datasets/replace-file.ts';
import { PlacardError } from '../../errors.ts';
import type { FaceRecord } from './face-record.ts';
import { type FontSource, findFontSources, systemFontFolders } from './font-files.ts';
import { type FontPackage, fontPackages, installLine, packagesOfFiles } from './font-packages.ts';
import { readFontFile } from './read-font-file.ts';
import { readFontsource } from './read-fontsource.ts';

/** Changes when the same file would be described in another way than before. */
const formatVersion = 1;

export interface ScanOptions {
  /**
   * Searched with all below them for font files and `@fontsource` packages. By default the system's folders, and of them
   * only what came from packages whose license is known (packages.json).
   */
  folders?: readonly string[];
  /** What was found is kept here, so that a second start reads only what has changed; faces of collections too. */
  cacheFolder: string;
  signal?: AbortSignal;
  onProgress?: (done: number, total: number) => void;
}

type Cache = Record<string, { state: string; faces: FaceRecord[] }>;

/**
 * The typefaces of this machine and the characters that each really draws, in an order that depends on nothing but
 * which fonts there are. Files that are no fonts are passed over.
 * @throws MATERIALS_MISSING where there is none
 */
export async function scanFonts(options: ScanOptions): Promise<FaceRecord[]> {
  const { folders = systemFontFolders(), cacheFolder, signal, onProgress } = options;
  const owners = await packagesOfFiles();
  const all = await findFontSources(folders, options.folders !== undefined);
  const sources = options.folders ? all : all.filter(({ path }) => owners.has(path));
  await makeFolder(cacheFolder);
  const cachePath = join(cacheFolder, 'fonts.json');
  const before = await readCache(cachePath);
  const after: Cache = {};
  for (const [index, source] of sources.entries()) {
    signal?.throwIfAborted();
    const owner = owners.get(source.path);
    const state = stateOf(source, owner);
    const known = before[source.path];
    if (known?.state === state) after[source.path] = known;
    else {
      after[source.path] = { state, faces: await readFaces(source, owner, cacheFolder) };
      await setImmediate();
    }
    onProgress?.(index + 1, sources.length);
  }
  if (JSON.stringify(Object.keys(before)) !== JSON.stringify(Object.keys(after)) || changed(before, after)) {
    await replaceFile(cachePath, JSON.stringify(after));
  }
  const faces = distinct(sources.flatMap(({ path }) => after[path]!.faces));
  if (faces.length === 0) {
    const small = fontPackages.filter((known) => known.small).map((known) => known.package);
    throw new PlacardError(
      'MATERIALS_MISSING',
      `No fonts to draw with in ${folders.join(', ')}. Install them:\n  ${installLine(small)}`,
    );
  }
  return faces;
}

function readFaces(source: FontSource, owner: FontPackage | undefined, cacheFolder: string): Promise<FaceRecord[]> {
  return source.kind === 'file' ? readFontFile(source, owner, cacheFolder) : readFontsource(source);
}

function stateOf(source: FontSource, owner: FontPackage | undefined): string {
  const description = JSON.stringify([formatVersion, source.place, source.state, owner ?? null]);
  return createHash('sha256').update(description).digest('hex').slice(0, 16);
}

/** Nothing where there is none, or a run was killed while an old version wrote it. */
async function readCache(path: string): Promise<Cache> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return {};
  }
}

function changed(before: Cache, after: Cache): boolean {
  return Object.entries(after).some(([path, { state }]) => before[path]?.state !== state);
}

/** One record an id and a name: packages bring some faces twice, in two formats. */
function distinct(faces: readonly FaceRecord[]): FaceRecord[] {
  const seen = new Set<string>();
  const sorted = [...faces].sort((a, b) => (a.id < b.id ? -1 : 1));
  return sorted.filter(({ id, name, language = '' }) => {
    const keys = [id, `${name} ${language}`];
    const isNew = !keys.some((key) => seen.has(key));
    for (const key of keys) seen.add(key);
    return isNew;
  });
}
