import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { PlacardError } from '../errors.ts';
import type { Dataset } from '../labels.ts';
import { isIcdarSceneFile, readIcdarScenes, readIcdarWords, wordsFileName } from './icdar-labels.ts';
import { paddleOcrFileNames, readPaddleOcrLabels } from './paddle-ocr-labels.ts';
import { labelFileName, readPlacardLabels } from './placard-labels.ts';

/**
 * Reads a data set of any known format: a folder that holds `labels.jsonl`, ICDAR's `gt_*.txt` or `gt.txt`, or a PaddleOCR
 * label file; or one of the single files by its path. LABELS_INVALID names the file and line that breaks the format.
 */
export async function readDataset(location: string): Promise<Dataset> {
  if (!(await isFolder(location))) {
    return location.endsWith('.jsonl') ? readPlacardLabels(location) : readPaddleOcrLabels(location);
  }
  const names = await readdir(location);
  if (names.includes(labelFileName)) return readPlacardLabels(path.join(location, labelFileName));
  if (names.some(isIcdarSceneFile)) return readIcdarScenes(location);
  if (names.includes(wordsFileName)) return readIcdarWords(location);
  const paddleOcrFile = paddleOcrFileNames.find((name) => names.includes(name));
  if (paddleOcrFile) return readPaddleOcrLabels(path.join(location, paddleOcrFile));
  const known = [labelFileName, 'gt_*.txt', wordsFileName, ...paddleOcrFileNames].join(', ');
  throw new PlacardError('LABELS_INVALID', `${location}: Expected one of ${known} in the folder.`);
}

async function isFolder(location: string): Promise<boolean> {
  try {
    return (await stat(location)).isDirectory();
  } catch (cause) {
    throw new PlacardError('FILE_UNREADABLE', `${location} does not exist or cannot be read.`, { cause });
  }
}
