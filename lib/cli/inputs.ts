import { readFile, stat } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { glob, isDynamicPattern } from 'tinyglobby';
import { PlacardError } from '../errors.ts';
import type { CliContext } from './context.ts';
import { UsageError } from './failures.ts';
import { readAll } from './streams.ts';

/** A picture that a command line names, or an operand that led to none. */
export type NamedPicture = FoundInput | MissingInput;

export interface FoundInput {
  /** As the person wrote it, or below the folder that the person wrote; `-` for standard input. */
  name: string;
  /** Absolute; absent for standard input. */
  path?: string;
  /** The encoded picture. Standard input is read once and kept. */
  bytes(): Promise<Uint8Array>;
}

export interface MissingInput {
  name: string;
  error: PlacardError;
}

/** What a folder is searched for: the formats that placard decodes. */
const pictureExtensions = ['jpg', 'jpeg', 'jpe', 'jfif', 'png', 'webp', 'avif', 'tif', 'tiff', 'gif'];

/** Whether operands may stand for any number of pictures, so that outputs get the shape for several. */
export async function namesSeveral(operands: readonly string[], cwd: string): Promise<boolean> {
  if (operands.length !== 1) return true;
  const [operand] = operands as [string];
  return operand !== '-' && (await kindOf(operand, cwd)) !== 'file';
}

/**
 * The pictures that operands name, in their order: files as they are, folders with all that is below them and patterns
 * with all that they match, sorted by name with numbers by value. A file that a folder or pattern leads to is left out
 * when it came up before.
 * @throws UsageError where standard input is named twice
 */
export async function expandInputs(
  operands: readonly string[],
  context: Pick<CliContext, 'cwd' | 'stdin' | 'signal'>,
): Promise<NamedPicture[]> {
  if (operands.filter((operand) => operand === '-').length > 1) {
    throw new UsageError('standard input (-) can be read only once');
  }
  const inputs: NamedPicture[] = [];
  const known = new Set<string>();
  for (const operand of operands) {
    context.signal.throwIfAborted();
    for (const input of await expandOperand(operand, context)) {
      const path = 'path' in input ? input.path : undefined;
      const isRepeated = input.name !== operand && path !== undefined && known.has(path);
      if (isRepeated) continue;
      if (path !== undefined) known.add(path);
      inputs.push(input);
    }
  }
  return inputs;
}

async function expandOperand(
  operand: string,
  context: Pick<CliContext, 'cwd' | 'stdin' | 'signal'>,
): Promise<NamedPicture[]> {
  const { cwd } = context;
  if (operand === '-') return [standardInput(context)];
  switch (await kindOf(operand, cwd)) {
    case 'folder':
      return found(operand, await picturesBelow(resolve(cwd, operand)), cwd, (name) => join(operand, name));
    case 'pattern':
      return found(operand, await matches(operand, cwd), cwd, (name) => name);
    case 'file':
      return [fileInput(operand, cwd)];
  }
}

async function kindOf(operand: string, cwd: string): Promise<'file' | 'folder' | 'pattern'> {
  const stats = await stat(resolve(cwd, operand)).catch(() => undefined);
  if (stats) return stats.isDirectory() ? 'folder' : 'file';
  // A file that exists is never taken for a pattern, whatever brackets its name has.
  return isDynamicPattern(operand) ? 'pattern' : 'file';
}

function picturesBelow(folder: string): Promise<string[]> {
  return glob([`**/*.{${pictureExtensions.join(',')}}`], { cwd: folder, caseSensitiveMatch: false });
}

/** A pattern that ends without an extension, as `scans/**`, means pictures; one with an extension means what it says. */
async function matches(pattern: string, cwd: string): Promise<string[]> {
  const paths = await glob([pattern], { cwd, expandDirectories: false, absolute: isAbsolute(pattern) });
  const lastSegment = pattern.slice(pattern.lastIndexOf('/') + 1);
  if (lastSegment.includes('.')) return paths;
  const isPicture = new RegExp(`\\.(${pictureExtensions.join('|')})$`, 'i');
  return paths.filter((path) => isPicture.test(path));
}

const order = new Intl.Collator('en', { numeric: true });

function found(operand: string, names: string[], cwd: string, naming: (name: string) => string): NamedPicture[] {
  if (names.length === 0) {
    return [{ name: operand, error: new PlacardError('FILE_UNREADABLE', `There is no picture in or at ${operand}.`) }];
  }
  return names.sort(order.compare).map((name) => fileInput(naming(name), cwd));
}

function fileInput(name: string, cwd: string): FoundInput {
  const path = resolve(cwd, name);
  return { name, path, bytes: () => readFile(path) };
}

function standardInput({ stdin, signal }: Pick<CliContext, 'stdin' | 'signal'>): FoundInput {
  let contents: Promise<Uint8Array> | undefined;
  return {
    name: '-',
    bytes: () => {
      contents ??= readAll(stdin, signal);
      return contents;
    },
  };
}
