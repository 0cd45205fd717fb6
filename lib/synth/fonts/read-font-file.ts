import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { create, type Face } from 'fontkit';
import { replaceFile } from '../../datasets/replace-file.ts';
import { type CodeRanges, toRanges } from './code-ranges.ts';
import { extractFace } from './collection.ts';
import { drawnCharacters } from './drawn-characters.ts';
import type { FaceRecord } from './face-record.ts';
import type { FontSource } from './font-files.ts';
import { type FaceTraits, type FontPackage, faceTraits } from './font-packages.ts';

/**
 * The faces of a font file that can be drawn; none where it is broken or a font of pictures. The faces of a collection
 * beyond its first become files of their own in the cache folder.
 * @param owner the package that brought it, if one of the known ones did
 */
export async function readFontFile(
  source: FontSource,
  owner: FontPackage | undefined,
  cacheFolder: string,
): Promise<FaceRecord[]> {
  const bytes = await readFile(source.path);
  const faces = openFaces(bytes);
  const records: FaceRecord[] = [];
  for (const [index, face] of faces.entries()) {
    if (owner?.languages && index > 0) break;
    const suffix = faces.length > 1 ? `#${index}` : '';
    const traits: FaceTraits | undefined = owner
      ? faceTraits(owner, basename(source.path) + suffix)
      : { style: 'sans' };
    if (!traits) continue;
    const { style, language, characters } = traits;
    const ranges = rangesOf(face, bytes, owner, characters);
    if (ranges.length === 0) continue;
    const path = index === 0 ? source.path : await extracted(bytes, index, cacheFolder);
    const slices = [{ path, ranges }];
    const name = String(face.postscriptName ?? face.fullName ?? basename(source.path));
    const origin = owner ? { package: owner.package, license: owner.license } : {};
    for (const of of owner?.languages ?? [language]) {
      const id = `${source.place}${suffix}${owner?.languages ? `@${of}` : ''}`;
      records.push({ id, name, style, ...origin, ...(of ? { language: of } : {}), slices });
    }
  }
  return records;
}

/** Files that fontkit cannot read (bitmaps, broken ones) have no faces. */
function openFaces(bytes: Buffer): Face[] {
  try {
    const font = create(bytes);
    return 'fonts' in font ? font.fonts : [font];
  } catch {
    return [];
  }
}

function rangesOf(face: Face, bytes: Buffer, owner: FontPackage | undefined, characters?: string): CodeRanges {
  let ranges: CodeRanges;
  try {
    ranges = drawnCharacters(face, bytes);
  } catch {
    // fontkit trips over tables that other readers pass over: such a face is not worth a stop.
    return [];
  }
  // Korean fonts draw some Chinese characters as the syllables that they are read as.
  const isKorean = owner?.language === 'ko';
  if (!characters && !isKorean) return ranges;
  const kept = new RegExp(`^${characters ?? '.'}$`, 'u');
  const codes: number[] = [];
  for (let i = 0; i < ranges.length; i += 2) {
    for (let code = ranges[i]!; code <= ranges[i + 1]!; code++) {
      const character = String.fromCodePoint(code);
      if (kept.test(character) && !(isKorean && /\p{Script=Han}/u.test(character))) codes.push(code);
    }
  }
  return toRanges(codes);
}

async function extracted(bytes: Buffer, index: number, cacheFolder: string): Promise<string> {
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  const path = join(cacheFolder, `${digest}-${index}.ttf`);
  if (!existsSync(path)) await replaceFile(path, extractFace(bytes, index));
  return path;
}
