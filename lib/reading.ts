/** A point in pixels of the picture as a person sees it (EXIF applied): x to the right, y down. */
export type Point = [x: number, y: number];

/** Four points, clockwise from the top-left of the reading direction. */
export type Quad = [Point, Point, Point, Point];

/** Any number of points, clockwise from the start of the reading direction. */
export type Polygon = Point[];

/** Text as a detector found it. */
export interface TextRegion {
  /** Around the text, clockwise from the upper left, in the picture's pixels. */
  quad: Quad;
  /** What to cut out to have it read: recognizers want a margin. */
  crop: Quad;
  /** Mean text probability, 0 … 1. */
  score: number;
  /** The outline of bent text: half of its points along the upper side, half back along the lower one. */
  polygon?: Polygon;
}

/** How a line's characters follow one another: left to right, right to left, or top to bottom. */
export type Direction = 'ltr' | 'rtl' | 'ttb';

/** Degrees that the page's content is turned clockwise. */
export type Rotation = 0 | 90 | 180 | 270;

export interface Char {
  /** One character as the alphabet spells it. */
  text: string;
  /** 0 ... 1. */
  confidence: number;
  quad: Quad;
}

export interface Word {
  text: string;
  /** Mean of its characters' confidences, 0 ... 1. */
  confidence: number;
  quad: Quad;
}

export interface Line {
  text: string;
  /** Mean of its characters' confidences, 0 ... 1. */
  confidence: number;
  quad: Quad;
  /** The outline of bent text; absent where the quad says it all. */
  polygon?: Polygon;
  direction: Direction;
  /** The likeliest character of each of the network's steps, `-` for the blank: only where it was asked for. */
  raw?: string;
  words: Word[];
  chars: Char[];
}

export interface Block {
  quad: Quad;
  /** Indices into `lines`, in reading order. */
  lines: number[];
}

/** Milliseconds by stage; `total` is from the call to the result, waiting included. */
export interface Timings {
  queue: number;
  decode: number;
  detect: number;
  orient: number;
  rectify: number;
  recognize: number;
  order: number;
  total: number;
}

/** What a reader found in a picture. Plain data: `JSON.stringify` and `structuredClone` keep all of it. */
export interface Reading {
  /** In reading order: lines of a row joined by a space, rows by `\n`, blocks by `\n\n`. */
  text: string;
  /** Pixels, after EXIF orientation. */
  width: number;
  height: number;
  rotation: Rotation;
  /** In reading order. */
  lines: Line[];
  /** Columns and paragraphs, in reading order; each line is in exactly one. */
  blocks: Block[];
  timings: Timings;
  /** The reader and models that made this. */
  reader: string;
  models: { detector?: string; recognizer: string };
  /** What ran the models: `cpu` or `openvino`. */
  provider: string;
  /** Of the numbers inside the models: `f32`, `bf16`, or `mixed` where only one of them computes in bf16. */
  precision: string;
}
