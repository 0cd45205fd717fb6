import { crnnReader, crnnWriter } from './crnn-labels.ts';
import {
  icdar2013Writer,
  icdar2015Writer,
  icdarScenesReader,
  icdarWordsReader,
  icdarWordsWriter,
} from './icdar-labels.ts';
import type { LabelReader, LabelWriter } from './label-format.ts';
import { labelmeReader, labelmeWriter } from './labelme-labels.ts';
import { mjsynthReader } from './mjsynth-labels.ts';
import { nomeroffReader, nomeroffWriter } from './nomeroff-labels.ts';
import { paddleOcrReader, paddleOcrWriter } from './paddle-ocr-labels.ts';
import { placardReader, placardWriter } from './placard-labels.ts';
import { synthTextReader } from './synthtext-labels.ts';
import { viaReader, viaWriter } from './via-labels.ts';

/** Formats of labels by the names that the command line has for them. */
export const readers = {
  placard: placardReader,
  icdar2013: icdarScenesReader('2013'),
  icdar2015: icdarScenesReader('2015'),
  icdar2017: icdarScenesReader('2017'),
  'icdar-words': icdarWordsReader,
  labelme: labelmeReader,
  via: viaReader,
  paddleocr: paddleOcrReader,
  nomeroff: nomeroffReader,
  crnn: crnnReader,
  mjsynth: mjsynthReader,
  synthtext: synthTextReader,
} as const satisfies Record<string, LabelReader>;

export const writers = {
  placard: placardWriter,
  icdar2013: icdar2013Writer,
  icdar2015: icdar2015Writer,
  'icdar-words': icdarWordsWriter,
  labelme: labelmeWriter,
  via: viaWriter,
  paddleocr: paddleOcrWriter,
  nomeroff: nomeroffWriter,
  crnn: crnnWriter,
} as const satisfies Record<string, LabelWriter>;

export type ReadFormat = keyof typeof readers;
export type WrittenFormat = keyof typeof writers;

export const readFormats = Object.keys(readers) as ReadFormat[];
export const writtenFormats = Object.keys(writers) as WrittenFormat[];

/** In the order in which a folder is tried: what is told by a name first, what is told by contents last. */
export const recognized: readonly LabelReader[] = [
  placardReader,
  icdarScenesReader(),
  synthTextReader,
  mjsynthReader,
  nomeroffReader,
  viaReader,
  labelmeReader,
  icdarWordsReader,
  paddleOcrReader,
  crnnReader,
];
