import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Contents by path; paths are relative to the project's root, with `/`. */
export type SourceFiles = ReadonlyMap<string, string>;

export const root = fileURLToPath(new URL('../..', import.meta.url));

const codeFolders = ['lib', 'native', 'test', 'scripts', 'bench', 'models'];
const codeEndings = /\.(ts|mts|mjs|cc|cu|h|py|sh)$/;

/** Every file of code in the project. */
export function readSourceFiles(): SourceFiles {
  const paths = codeFolders.flatMap((folder) => listFiles(folder)).filter((path) => codeEndings.test(path));
  return new Map(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')]));
}

/** All files below a folder of the project, sorted; none where it does not exist. */
export function listFiles(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      if (entry.name === '__pycache__') return [];
      return entry.isDirectory() ? listFiles(path) : [path];
    })
    .sort();
}

/** The files whose path a pattern matches. */
export function select(files: SourceFiles, pattern: RegExp): [path: string, text: string][] {
  return [...files].filter(([path]) => pattern.test(path));
}

/** Code without its comments and without what stands between quotes; line numbers stay. */
export function stripText(code: string): string {
  const pattern = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/g;
  return code.replace(pattern, (text) => (/^['"]/.test(text) ? text[0]!.repeat(2) : text.replace(/[^\n]/g, '')));
}
