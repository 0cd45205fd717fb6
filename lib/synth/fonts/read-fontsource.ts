import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { create } from 'fontkit';
import { drawnCharacters } from './drawn-characters.ts';
import type { FaceRecord, FontSlice, FontStyle } from './face-record.ts';
import type { FontSource } from './font-files.ts';

/** What metadata.json of an `@fontsource` package says. */
interface Metadata {
  id: string;
  subsets: string[];
  category: string;
  license: { type: string };
}

const styles: Readonly<Record<string, FontStyle>> = {
  'sans-serif': 'sans',
  serif: 'serif',
  display: 'display',
  handwriting: 'handwriting',
  monospace: 'typewriter',
};

const languages: Readonly<Record<string, string>> = {
  'chinese-traditional': 'zh-Hant',
  'chinese-hongkong': 'zh-Hant-HK',
  'chinese-simplified': 'zh-Hans',
  japanese: 'ja',
  korean: 'ko',
};

/** Draws simplified characters in their traditional cursive forms: a label with them would lie. */
const misleading = ['liu-jian-mao-cao'];

/** The upright faces of an `@fontsource` package, one a weight, each put together from its files. */
export async function readFontsource(source: FontSource): Promise<FaceRecord[]> {
  const metadata: Metadata = JSON.parse(await readFile(join(source.path, 'metadata.json'), 'utf8'));
  const { id, subsets, category, license } = metadata;
  if (misleading.includes(id)) return [];
  const files = (await readdir(join(source.path, 'files'))).sort();
  const slicesOf = new Map<string, FontSlice[]>();
  for (const file of files) {
    const weight = /-(\d+)-normal\.woff2$/.exec(file)?.[1];
    if (!weight) continue;
    const path = join(source.path, 'files', file);
    const bytes = await readFile(path);
    const font = create(bytes);
    if ('fonts' in font) continue;
    const slices = slicesOf.get(weight) ?? [];
    slices.push({ path, ranges: drawnCharacters(font, bytes) });
    slicesOf.set(weight, slices);
  }
  const language = subsets.map((subset) => languages[subset]).find(Boolean);
  return [...slicesOf].map(([weight, slices]) => ({
    id: `@fontsource/${id}/${weight}`,
    name: `${id} ${weight}`,
    style: category === 'serif' && language ? 'song' : (styles[category] ?? 'display'),
    package: `@fontsource/${id}`,
    license: license.type,
    ...(language ? { language } : {}),
    slices,
  }));
}
