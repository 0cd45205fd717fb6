import type { Detector, Recognizer } from '../models/loaded.ts';
import type { Context, NativeImage } from '../native.ts';
import type { Block, Line, Rotation, Timings } from '../reading.ts';
import type { BiasOptions } from '../stages/beam-bias.ts';
import type { DetectionOptions } from './detection.ts';

export type Layout = 'auto' | 'line';
export type Effort = 'thorough' | 'fast';

export interface ReadOptions extends BiasOptions {
  /** `line` takes the whole picture for one line; `auto` finds out. */
  layout: Layout;
  effort: Effort;
  /** Of the detector's decoder. */
  detection?: DetectionOptions;
  /** What each line of the scene reader is. */
  granularity?: 'word' | 'line';
  /** Lines of less confidence are left out; the reader has a default. */
  minConfidence?: number;
  allowedCharacters?: string;
  beam?: number;
  raw?: boolean;
}

export type StageName = Exclude<keyof Timings, 'queue' | 'total'>;

/** What a reader works with: models, the request's context, and a clock that is asked for at every stage. */
export interface ReaderTools {
  detector: Detector;
  recognizer: Recognizer;
  context: Context;
  /** Adds the stage's wall time to the Reading's timings and ends a request that was cancelled. */
  timed<T>(stage: StageName, work: () => T | Promise<T>): Promise<T>;
}

/** What a reader makes of a picture; the engine adds the rest of the Reading. */
export interface Draft {
  text: string;
  rotation: Rotation;
  lines: Line[];
  blocks: Block[];
}

export type Reader = (image: NativeImage, tools: ReaderTools, options: ReadOptions) => Promise<Draft>;
