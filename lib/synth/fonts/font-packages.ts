import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FontStyle } from './face-record.ts';
import packages from './packages.json' with { type: 'json' };

export interface FaceTraits {
  style: FontStyle;
  /** Whose shapes of shared Han characters it draws (BCP 47). */
  language?: string;
  /** Pattern of the characters to keep, each on its own: others are drawn wrongly or cannot be told apart. */
  characters?: string;
}

/** What is known of some faces of a package. */
interface FaceRule extends Partial<FaceTraits> {
  /** Pattern of the file's name, for a collection followed by `#` and the face's index. */
  file: string;
  leaveOut?: true;
}

/** A Debian package of fonts under a free license (packages.json). */
export interface FontPackage extends Omit<FaceTraits, 'characters'> {
  package: string;
  license: string;
  /** A collection whose first face has the shapes of all these languages (OpenType's `locl`); its other faces are left out. */
  languages?: string[];
  /** Of the small set: a part that has every script and style. */
  small?: true;
  /** The first that matches and says something counts. */
  faces?: FaceRule[];
}

export const fontPackages = packages as readonly FontPackage[];

/**
 * What is known of one face, or undefined where it is left out.
 * @param face the file's name, for a collection followed by `#` and the face's index
 */
export function faceTraits(known: FontPackage, face: string): FaceTraits | undefined {
  const rules = known.faces?.filter(({ file }) => new RegExp(file).test(face)) ?? [];
  if (rules.some(({ leaveOut }) => leaveOut)) return undefined;
  const style = rules.find((rule) => rule.style)?.style ?? known.style;
  const language = rules.find((rule) => rule.language)?.language ?? known.language;
  const characters = rules.find((rule) => rule.characters)?.characters;
  return { style, ...(language ? { language } : {}), ...(characters ? { characters } : {}) };
}

/** The command that installs packages of fonts on Debian and Ubuntu. */
export function installLine(names: readonly string[]): string {
  return `apt-get install -y --no-install-recommends ${names.join(' ')}`;
}

/** Which of the known packages brought each installed file, by path; empty where dpkg keeps no lists. */
export async function packagesOfFiles(): Promise<Map<string, FontPackage>> {
  const lists = join(process.env.DPKG_ADMINDIR ?? '/var/lib/dpkg', 'info');
  const owners = new Map<string, FontPackage>();
  await Promise.all(
    fontPackages.map(async (known) => {
      const list = await readFile(join(lists, `${known.package}.list`), 'utf8').catch(() => '');
      for (const path of list.split('\n')) if (/\.\w+$/.test(path)) owners.set(path, known);
    }),
  );
  return owners;
}
