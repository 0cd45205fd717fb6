import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { listFiles, root } from './source-files.ts';

/** Markdown by path; paths are relative to the project's root. */
export type Documents = ReadonlyMap<string, string>;

const folders = ['docs', 'bench', 'models', 'samples', 'test'];

/** Every document of the project. */
export function readDocuments(): Documents {
  const atRoot = readdirSync(root).filter((name) => name.endsWith('.md'));
  const below = folders.flatMap(listFiles).filter((path) => path.endsWith('.md'));
  return new Map([...atRoot, ...below].map((path) => [path, readFileSync(join(root, path), 'utf8')]));
}

/** Links that lead nowhere: to files that are not there, or to headings that their document does not have. */
export function brokenLinks(
  documents: Documents,
  exists: (path: string) => boolean = (path) => existsSync(join(root, path)),
): string[] {
  return [...documents].flatMap(([path, text]) => {
    const links = [...withoutCode(text).matchAll(/\]\(<?([^)>\s]+)>?(?: "[^"]*")?\)/g)].map((match) => match[1]!);
    return links.filter((link) => isBroken(path, link)).map((link) => `${path}: ${link}`);
  });

  function isBroken(path: string, link: string): boolean {
    if (/^[a-z][a-z+.-]*:/i.test(link)) return false;
    const [file = '', fragment] = link.split('#');
    const target = file === '' ? path : normalize(join(dirname(path), decodeURI(file)));
    if (target.startsWith('..') || !exists(target)) return true;
    const text = documents.get(target);
    return fragment !== undefined && text !== undefined && !anchorsOf(text).has(fragment);
  }
}

/** The npm scripts that documents name, as in "npm run build" and "npm run -s build:lib". */
export function namedScripts(documents: Documents): string[] {
  const names = [...documents.values()].flatMap((text) => [...text.matchAll(/npm run (?:-s )?([\w:-]+)/g)]);
  return [...new Set(names.map((match) => match[1]!))].sort();
}

/** Fenced code of one language, in order, each with what stands between it and the block before. */
export function codeBlocks(text: string, language: string): { code: string; before: string }[] {
  const blocks: { code: string; before: string }[] = [];
  let end = 0;
  for (const match of text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)) {
    if (match[1] === language) blocks.push({ code: match[2]!, before: text.slice(end, match.index) });
    end = match.index + match[0].length;
  }
  return blocks;
}

function withoutCode(text: string): string {
  return text.replace(/^```[\s\S]*?^```$/gm, '').replace(/`[^`\n]*`/g, '');
}

/** What links can lead to: headings as GitHub names them, and explicit anchors. */
function anchorsOf(text: string): Set<string> {
  const anchors = new Set([...text.matchAll(/<a (?:id|name)="([^"]+)"/g)].map((match) => match[1]!));
  for (const [, heading] of text.replace(/^```[\s\S]*?^```$/gm, '').matchAll(/^#+ +(.+)$/gm)) {
    const slug = heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-');
    let anchor = slug;
    for (let copy = 1; anchors.has(anchor); copy++) anchor = `${slug}-${copy}`;
    anchors.add(anchor);
  }
  return anchors;
}
