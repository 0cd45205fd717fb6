import { readdir, realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { PlacardError } from '../../errors.ts';

/** A font file, or the folder of an `@fontsource` package. */
export interface FontSource {
  path: string;
  /** Its place below the folder that was searched, `/` between the parts. */
  place: string;
  kind: 'file' | 'fontsource';
  /** Changes with the contents: bytes and time of the last change. */
  state: string;
}

const fontEndings = /\.(ttf|otf|ttc|otc)$/i;

/** Where systems after the XDG Base Directory Specification keep fonts. */
export function systemFontFolders(env: NodeJS.ProcessEnv = process.env): string[] {
  const own = env.XDG_DATA_HOME || join(homedir(), '.local', 'share');
  const shared = (env.XDG_DATA_DIRS || '/usr/local/share:/usr/share').split(':').filter(Boolean);
  return [...shared, own].map((folder) => join(folder, 'fonts'));
}

/**
 * The font files below folders, each once, in the order of their places.
 * @param required whether a folder that is not there is an error
 * @throws MATERIALS_MISSING
 */
export async function findFontSources(folders: readonly string[], required: boolean): Promise<FontSource[]> {
  const found = new Map<string, FontSource>();
  for (const folder of folders) {
    if (required && !(await stat(folder).catch(() => undefined))?.isDirectory()) {
      throw new PlacardError('MATERIALS_MISSING', `There is no folder ${folder} to take fonts from.`);
    }
    for (const source of await search(folder, folder)) {
      const path = await realpath(source.path);
      if (!found.has(path)) found.set(path, { ...source, path });
    }
  }
  return [...found.values()].sort((a, b) => (a.place < b.place ? -1 : 1));
}

async function search(root: string, folder: string): Promise<FontSource[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const names = new Set(entries.map(({ name }) => name));
  if (names.has('unicode.json') && names.has('metadata.json') && names.has('files')) {
    return [await sourceAt(root, folder, 'fontsource')];
  }
  const found = await Promise.all(
    entries.map(async (entry): Promise<FontSource[]> => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return search(root, path);
      if (!fontEndings.test(entry.name)) return [];
      // A link may lead nowhere.
      return (await stat(path).catch(() => undefined))?.isFile() ? [await sourceAt(root, path, 'file')] : [];
    }),
  );
  return found.flat();
}

async function sourceAt(root: string, path: string, kind: FontSource['kind']): Promise<FontSource> {
  const { size, mtimeMs } = await stat(kind === 'file' ? path : join(path, 'unicode.json'));
  return { path, place: relative(root, path).split(sep).join('/'), kind, state: `${size} ${mtimeMs}` };
}
