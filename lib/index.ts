export { createEngine, type Engine, type PictureTask, type SettledReading } from './engine.ts';
export { type ErrorCode, PlacardError } from './errors.ts';
export type { MatLike, PictureInput, RawPixels } from './input.ts';
export { kernels } from './kernels.ts';
export { buildCharacterModel, type CharacterModel } from './language/character-model.ts';
export type { NativeImage as Image } from './native.ts';
export type {
  DetectOptions,
  EngineOptions,
  RecognizeLinesOptions,
  RecognizeManyOptions,
  RecognizeOptions,
  Region,
} from './options.ts';
export type { Chunk, DocumentWriter, OutputOptions, Page, PageFailure } from './output/document.ts';
export { type Format, type FormatName, formats } from './output/formats.ts';
export { packageVersion as version } from './package-files.ts';
export type { HeatMaps } from './readers/heat-maps.ts';
export type * from './reading.ts';
export type { ReadChar, ReadLine } from './stages/recognize-ctc.ts';
