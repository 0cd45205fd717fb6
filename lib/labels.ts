import type { Polygon } from './reading.ts';

/** One character where it stands; blanks have none. */
export interface TrueCharacter {
  polygon: Polygon;
  text: string;
}

/** One word of a line where it stands. */
export interface TrueWord {
  polygon: Polygon;
  text: string;
  /** In reading order, where the labels tell them. */
  characters?: TrueCharacter[];
}

/** One line of a picture as its labels say it. */
export interface TrueLine {
  polygon: Polygon;
  /** Empty where `ignore` is set, and where the labels have an outline alone. */
  text: string;
  /** Illegible or not to be judged: finding it neither helps nor hurts a score. */
  ignore: boolean;
  /** Readings that are accepted too. */
  alternatives: string[];
  vertical?: boolean;
  rightToLeft?: boolean;
  /** In reading order, where the labels tell them. */
  words?: TrueWord[];
  /** Of a line whose words are not told apart: in reading order, where the labels tell them. */
  characters?: TrueCharacter[];
}

interface LabeledPicture {
  /** Path relative to the data set's root, `/` between its parts. */
  image: string;
  width?: number;
  height?: number;
  /** Pictures of one group show the same thing: keep them on one side of a split. */
  group?: string;
  /** Whatever else the label says. */
  attributes?: Record<string, unknown>;
}

/** A photograph with any number of lines. */
export interface SceneSample extends LabeledPicture {
  kind: 'scene';
  lines: TrueLine[];
}

/** A picture that holds one text and little else. */
export interface CropSample extends LabeledPicture {
  kind: 'crop';
  text: string;
  alternatives: string[];
}

/** A page of running text: `text` has one line per printed line, in reading order. */
export interface PageSample extends LabeledPicture {
  kind: 'page';
  text: string;
}

export type Sample = SceneSample | CropSample | PageSample;

export interface Dataset {
  name: string;
  /** The folder that the samples' paths are relative to. */
  root: string;
  samples: Sample[];
}

export interface PredictedLine {
  text: string;
  /** 0 ... 1. */
  confidence?: number;
  /** Absent where the engine reports no position. */
  polygon?: Polygon;
}

/** What an engine said of one picture. */
export interface Prediction {
  /** Relative to the data set's root, or absolute. */
  image: string;
  /** In the engine's reading order; empty where it failed. */
  lines: PredictedLine[];
  /** The whole text as the engine joins it; absent: the lines joined. */
  text?: string;
  /** Wall-clock and CPU milliseconds of the picture. */
  ms?: number;
  cpu?: number;
  error?: { code?: string; message?: string };
}
