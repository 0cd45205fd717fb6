import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { PlacardError } from '../errors.ts';

/**
 * Writes a file beside its place and renames it when all of it is on the disk: nobody ever finds half of it, not even after a
 * power failure. OUTPUT_FAILED tells why it could not be written; what `write` throws of its own passes.
 */
export async function replaceFile(
  path: string,
  contents: string | Uint8Array | ((file: FileHandle) => Promise<void>),
): Promise<void> {
  const unfinished = `${path}.${process.pid}.part`;
  let file: FileHandle | undefined;
  try {
    file = await open(unfinished, 'w');
    if (typeof contents === 'function') await contents(file);
    else await file.writeFile(contents);
    await file.sync();
    await file.close();
    await rename(unfinished, path);
  } catch (error) {
    await file?.close().catch(() => {});
    await rm(unfinished, { force: true }).catch(() => {});
    throw outputFailed(path, error);
  }
}

/** Makes a folder and those that it lies in. OUTPUT_FAILED where that cannot be. */
export async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw outputFailed(folder, error);
  });
}

/** OUTPUT_FAILED for what the system refuses; any other error as it is. */
export function outputFailed(path: string, error: unknown): unknown {
  if (typeof (error as NodeJS.ErrnoException).syscall !== 'string') return error;
  return new PlacardError('OUTPUT_FAILED', `${path} cannot be written: ${(error as Error).message}`, { cause: error });
}
