import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '../datasets/replace-file.ts';
import type { ShardIndex } from '../datasets/shard-index.ts';
import { type ShardProgress, writeShards } from '../datasets/shard-writer.ts';
import { PlacardError } from '../errors.ts';
import { contactSheet, entryOf } from './contact-sheet.ts';
import { filesOf } from './draw.ts';
import { scanFonts } from './fonts/scan-fonts.ts';
import { type Materials, type Plan, planDigest, planOptions } from './plan.ts';
import { drawAll } from './workers.ts';

/** What to draw, and from what. */
export interface SynthRequest extends Pick<Plan, 'seed' | 'only' | 'drawing'> {
  languages: string[];
  /** Made by `npm run materials`: `words/<language>.txt` and `backgrounds/*.webp`; either may be missing. */
  materialsFolder: string;
  /** Instead of the system's. */
  fontFolders?: string[];
  count: number;
  /** Worker threads; 0 draws in the calling one. */
  threads: number;
}

export interface SynthHooks {
  signal?: AbortSignal;
  onProgress?: (progress: ShardProgress) => void;
  /** While fonts are looked through for the first time. */
  onFonts?: (progress: ShardProgress) => void;
}

/** Draws a run's shards into a folder, or what is missing of them. */
export async function synthesize(
  request: SynthRequest & { folder: string; samplesPerShard: number },
  hooks: SynthHooks = {},
): Promise<ShardIndex> {
  const plan = await planOf(request, hooks);
  const { folder, samplesPerShard, count, threads } = request;
  const run = { kind: plan.drawing.kind, options: planOptions(plan), digest: planDigest(plan), count, samplesPerShard };
  const source = async function* (places: readonly number[]) {
    for await (const { place, sample } of drawAll(plan, places, threads)) yield filesOf(sample, place);
  };
  return writeShards(folder, run, source, hooks);
}

/** Draws a run's first samples onto a contact sheet, a PNG file. */
export async function previewSynthesis(
  request: SynthRequest & { file: string },
  hooks: SynthHooks = {},
): Promise<void> {
  const plan = await planOf(request, hooks);
  const places = Array.from({ length: request.count }, (_, i) => i);
  const entries = [];
  for await (const { sample } of drawAll(plan, places, request.threads)) {
    hooks.signal?.throwIfAborted();
    entries.push(entryOf(sample));
    hooks.onProgress?.({ done: entries.length, count: request.count });
  }
  await replaceFile(request.file, await contactSheet(entries, plan.drawing.kind === 'lines' ? 48 : 380));
}

async function planOf(request: SynthRequest, hooks: SynthHooks): Promise<Plan> {
  const { seed, only, drawing } = request;
  return { seed, ...(only && { only }), drawing, materials: await findMaterials(request, hooks) };
}

/** @throws MATERIALS_MISSING where no font is found */
async function findMaterials(
  { languages, materialsFolder, fontFolders }: SynthRequest,
  { signal, onFonts }: SynthHooks,
): Promise<Materials> {
  const faces = await scanFonts({
    ...(fontFolders && { folders: fontFolders }),
    cacheFolder: join(materialsFolder, 'fonts'),
    ...(signal && { signal }),
    ...(onFonts && { onProgress: (done: number, count: number) => onFonts({ done, count }) }),
  });
  if (faces.length === 0) {
    const message = `No font was found${fontFolders ? ` in ${fontFolders.join(', ')}` : ''}. "npm run materials" in a clone of placard tells what to install.`;
    throw new PlacardError('MATERIALS_MISSING', message);
  }
  // Dates and prices are spelled as ICU has them.
  const digest = createHash('sha256').update(`${process.versions.icu}\n`);
  for (const face of faces) digest.update(JSON.stringify(face));
  const isOfLanguages = (name: string) => languages.includes(name.replace(/\.txt$/, ''));
  for (const list of ['words', 'phrases']) {
    const names = (await namesIn(join(materialsFolder, list))).filter(isOfLanguages);
    for (const name of names) digest.update(name).update(await readFile(join(materialsFolder, list, name)));
  }
  const photographs = (await namesIn(join(materialsFolder, 'backgrounds'))).filter((name) => name.endsWith('.webp'));
  for (const name of photographs) {
    digest.update(`${name} ${(await stat(join(materialsFolder, 'backgrounds', name))).size}\n`);
  }
  return {
    faces,
    languages,
    folder: materialsFolder,
    hasWords: (await namesIn(join(materialsFolder, 'words'))).length > 0,
    hasPhotographs: photographs.length > 0,
    digest: digest.digest('hex'),
  };
}

async function namesIn(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(() => [])).sort();
}
