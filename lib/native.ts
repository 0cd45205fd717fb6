import { loadAddon } from './addon.ts';

/**
 * The typed face of the addon (native/addon). Handles are shared owners of native memory: an operation that has started
 * keeps what it needs, so `dispose()` (idempotent) and garbage collection are safe at any time.
 */
export interface NativeImage {
  readonly width: number;
  readonly height: number;
  readonly disposed: boolean;
  dispose(): void;
}

export interface NativeTensor {
  readonly shape: number[];
  toFloat32Array(): Float32Array;
  dispose(): void;
}

export interface ValueDescription {
  name: string;
  type: string;
  shape: number[];
}

export interface NativeNetwork {
  describe(): {
    inputs: ValueDescription[];
    outputs: ValueDescription[];
    metadata: Record<string, string>;
    /** Shapes of the input that have a session of their own by now. */
    fixedShapes: number[][];
  };
  /** Columns that an input of `width` columns is filled up to. */
  columns(width: number): number;
  dispose(): void;
}

declare const opaque: unique symbol;

/** Words, spelled with the classes of one recognizer. */
export interface NativeLexicon {
  readonly [opaque]: 'Lexicon';
}

/** An n-gram model of characters, by the classes of one recognizer. */
export interface NativeCharacterModel {
  readonly [opaque]: 'CharacterModel';
}

/** Of the numbers inside a network. */
export type Precision = 'f32' | 'bf16';

export interface NetworkOptions {
  /** Path of the ONNX Runtime library. */
  runtime: string;
  /** Path of the ONNX file. */
  weights: string;
  /** Inside one run. */
  threads: number;
  /** That may go on at a time, for providers that prepare for that; 1 by default. */
  runs?: number;
  /** Memory for sessions of one shape each, made in the background for shapes that come often; none by default. */
  shapeBytes?: number;
  /** `cpu` by default. */
  provider?: 'cpu' | 'openvino';
  /** Path of the provider's shared library; `cpu` needs none. */
  providerLibrary?: string;
  /** `f32` by default. */
  precision?: Precision;
}

/** An engine's share of the process's threads. */
export interface Lane {
  /** CPU time spent so far, by kind of work; inside a network only the calling thread's. */
  cpuMilliseconds(): { kernels: number; networks: number; shapes: number; sequence: number };
}

export interface CancelToken {
  cancel(): void;
}

/** Where an operation runs, what stops it, and how urgent it is (higher first). */
export interface Context {
  lane: Lane;
  cancel: CancelToken;
  priority: number;
}

/**
 * `out[c] = sample * scale[c] + offset[c]`, channels reversed for networks that take BGR. One scale and one offset make one
 * channel of the luma (Rec. 601: .299, .587, .114).
 */
export interface Normalization {
  scale: Float32Array;
  offset: Float32Array;
  reverseChannels: boolean;
}

export interface Border {
  border?: 'replicate' | 'constant' | 'reflect';
  /** RGB, for `constant`. */
  borderValue?: Uint8Array;
}

/** Lines to rectify and run: line i is `quads[8i …]` of `images[imageIndices[i]]`, scaled to widths[i] x height. */
export interface LineBatch extends Normalization {
  network: NativeNetwork;
  images: NativeImage[];
  imageIndices: Int32Array;
  quads: Float32Array;
  widths: Int32Array;
  /** Narrower inputs are filled up on the right to these. */
  leastWidths: Int32Array;
  /** The widths are taken as they are; a provider that prefers certain ones stretches lines to them otherwise. */
  exact?: boolean;
  /** With what: `zeros` after normalization (by default), or the line's last column. */
  fill?: 'zeros' | 'edge';
  height: number;
  /** Most samples a side that an output pixel averages where a crop is larger than the input. */
  oversample?: number;
}

/** Symbols of all lines one after the other; line i has `counts[i]` of them over `steps[i]` steps. */
export interface LineSymbols {
  counts: Int32Array;
  steps: Int32Array;
  symbols: Int32Array;
  confidences: Float32Array;
  begins: Int32Array;
  ends: Int32Array;
  /** Highest probability of a space between the symbol before and this one. */
  spaces: Float32Array;
  /** Classes of the best path, `pathSteps[i]` of line i; none unless `raw`. */
  paths: Int32Array;
  pathSteps: Int32Array;
}

/** How a network's answers become symbols. */
export interface CtcDecoding extends BeamBias {
  classes: number;
  blank: number;
  space: number;
  logits: boolean;
  /** Width of a prefix beam search; 0 by default, for the best path. */
  beam?: number;
  /** A byte a class: those that may be read. */
  allowed?: Uint8Array;
  /** Give the best path as well. */
  raw?: boolean;
  /** Steps that the network must give: floor(columns / stepsPer) + stepsPlus; not checked where nothing is said. */
  stepsPer?: number;
  stepsPlus?: number;
}

/** What a beam search prefers beside what the network says. */
export interface BeamBias {
  lexicon?: NativeLexicon;
  /** Nothing but words of the lexicon and separators is read. */
  wordsOnly?: boolean;
  /** Nats that each symbol of a listed word adds. */
  wordWeight?: number;
  characterModel?: NativeCharacterModel;
  /** What the model's log probability counts. */
  modelWeight?: number;
  /** Nats that each symbol adds beside the model. */
  lengthBonus?: number;
}

export interface TextBoxes {
  quads: Float32Array;
  scores: Float32Array;
  polygonCounts: Int32Array;
  polygonPoints: Float32Array;
}

/**
 * What lens, sensor and processing do to a picture, in the order of the fields; what is left out does nothing. Lengths are pixels
 * of the picture before `width` and `height`, levels those of 0 … 255.
 */
export interface CameraSettings {
  /** Gains of red, green and blue at the corners (top left, top right, bottom right, bottom left), bilinear between: 12. */
  light?: Float32Array;
  /** Soft spots of light or shadow, each x, y, the deviation of the Gaussian that it falls off by, and the gain at its center. */
  spots?: Float32Array;
  /** Radius of the disk that a point out of focus becomes. */
  defocus?: number;
  /** Standard deviation of the lens's Gaussian blur. */
  blur?: number;
  /** The way that a point goes while the shutter is open. */
  motion?: [x: number, y: number];
  /** Of the sensor's picture, which averages areas; the picture's own by default. */
  width?: number;
  height?: number;
  /** Standard deviation of the noise that does not depend on light, and of shot noise at level 128. */
  readNoise?: number;
  shotNoise?: number;
  /** How much of the noise is of the luma alone, 0 … 1, and how far it is smeared over neighbors, pixels (deviation). */
  lumaShare?: number;
  grain?: number;
  /** Unsharp masking: how much of the difference to a blur of one pixel's deviation is added. */
  sharpen?: number;
  /** level' = 255 · (gain · level / 255 + lift)^gamma, then saturation about the luma. */
  gain?: number;
  lift?: number;
  gamma?: number;
  saturation?: number;
  /** Of the noise, 0 … 2³² - 1. */
  seed: number;
}

/** Flat pictures to lay over another, one above the other. */
export interface PictureLayers {
  /** RGBA, opacity not multiplied in, of sizes[2 i] x sizes[2 i + 1]; read until the promise settles. */
  pixels: Uint8Array[];
  sizes: Int32Array;
  /** For each layer nine numbers, row by row: from the picture's points to the layer's (a pixel's center is at .5). */
  matrices: Float32Array;
}

/** Constants of the published ways to draw CRAFT's Gaussians (native/kernels/gaussian_map.h). */
export type GaussianPreset = 'paper' | 'brooklyn' | 'backtime' | 'backtime-craft';

/** How a word's characters are told apart on its region map (native/shapes/word_split.h). */
export type SplitPreset = 'otsu' | 'thresholds';

export interface Native {
  Lane: new (threads: number) => Lane;
  CancelToken: new () => CancelToken;

  /** `bf16`: whether the processor multiplies bfloat16 numbers itself. */
  state(): { cpuLevel: string; bf16: boolean; poolThreads: number; liveBytes: number; storedBytes: number };
  /** Gives memory back to the system that was freed: stored scratch, and with glibc what its arenas keep. */
  trim(): void;
  runtimeLibrary(): { path: string; version: string } | undefined;

  openNetwork(context: Context, args: NetworkOptions): Promise<NativeNetwork>;
  /** `data` is read until the promise settles: it must neither change nor be transferred before. */
  imageFromPixels(
    context: Context,
    args: { data: Uint8Array; width: number; height: number; channels: number; stride?: number; bgr?: boolean },
  ): Promise<NativeImage>;
  /** RGB, width x height x 3. */
  imagePixels(context: Context, args: { image: NativeImage }): Promise<Uint8Array>;
  /** A view of the same pixels. */
  imageRegion(
    context: Context,
    args: { image: NativeImage; left: number; top: number; width: number; height: number },
  ): NativeImage;
  turnImage(context: Context, args: { image: NativeImage; turns: number }): Promise<NativeImage>;
  resizeImage(context: Context, args: { image: NativeImage; width: number; height: number }): Promise<NativeImage>;
  warpImage(
    context: Context,
    args: { image: NativeImage; matrix: Float32Array; width: number; height: number } & Border,
  ): Promise<NativeImage>;
  mosaicImage(context: Context, args: { image: NativeImage; block: number; seed: number }): Promise<NativeImage>;
  randomResizeImage(
    context: Context,
    args: { image: NativeImage; smallest: number; largest: number; seed: number; width: number; height: number },
  ): Promise<NativeImage>;
  rectifyImages(
    context: Context,
    args: { image: NativeImage; quads: Float32Array; sizes: Int32Array } & Border,
  ): Promise<NativeImage[]>;
  /** Strip i is the next `counts[i]` quads, rectified to their widths and laid side by side. */
  rectifyStrips(
    context: Context,
    args: { image: NativeImage; quads: Float32Array; widths: Int32Array; counts: Int32Array; height: number },
  ): Promise<NativeImage[]>;
  /** Columns of stacked characters, cut into cells at rows of little ink and laid side by side. */
  cellStrips(
    context: Context,
    args: { images: NativeImage[]; cells: Int32Array; height: number },
  ): Promise<NativeImage[]>;
  imageTensor(
    context: Context,
    args: {
      image: NativeImage;
      width: number;
      height: number;
      tensorWidth?: number;
      tensorHeight?: number;
      /** What is right of the picture and below it: `zeros` after normalization (by default), or black before it. */
      fill?: 'zeros' | 'black';
    } & Normalization,
  ): Promise<NativeTensor>;
  runNetwork(context: Context, args: { network: NativeNetwork; input: NativeTensor }): Promise<NativeTensor[]>;
  /** One map of parts of others: per map left, top, width, height in it, then left, top in the joint one; 0 elsewhere. */
  joinMaps(
    context: Context,
    args: { maps: NativeTensor[]; parts: Int32Array; width: number; height: number },
  ): Promise<NativeTensor>;
  textBoxes(
    context: Context,
    args: {
      map: NativeTensor;
      width: number;
      height: number;
      mapThreshold: number;
      boxThreshold: number;
      minSide: number;
      maxCandidates: number;
    },
  ): Promise<TextBoxes>;
  /**
   * Words, or characters, of a CRAFT network's maps [1, 2, H, W] (region, affinity), in map pixels whose first has its center
   * at (0, 0): (x, y) lies at (2 x + 1, 2 y + 1) of the network's input.
   */
  craftBoxes(
    context: Context,
    args: {
      maps: NativeTensor;
      /** Of the maps' upper left part that holds the picture. */
      width: number;
      height: number;
      /** A word's highest region score is at least this. */
      textThreshold: number;
      /** Pixels of more region score than this are text. */
      lowText: number;
      /** Pixels of more affinity than this link characters. */
      linkThreshold: number;
      /** Of the region map alone; no polygons then. */
      characters: boolean;
      /** Give polygons of 14 points for bent words. */
      polygons: boolean;
      /** In polygons, with the published code's slip (native/shapes/craft_polygon.h). */
      publishedWalk?: boolean;
    },
  ): Promise<TextBoxes>;
  /** A channel of maps [1, C, H, W] as a picture, black to light yellow; mixed half and half with `picture` if given. */
  heatMap(
    context: Context,
    args: {
      maps: NativeTensor;
      channel: number;
      /** Of the maps' upper left part that is drawn. */
      width: number;
      height: number;
      outputWidth: number;
      outputHeight: number;
      /** Of the output's size. */
      picture?: NativeImage;
    },
  ): Promise<NativeImage>;
  /**
   * Draws a picture as a camera takes it: layers over a background, then `camera`. The same arguments give the same bytes at
   * any number of threads. RGB, of the camera's size.
   */
  photograph(
    context: Context,
    args: {
      /** Below the layers, through `matrix` (as the layers'), its border going on as its mirror image. */
      background: NativeImage;
      matrix: Float32Array;
      width: number;
      height: number;
      layers: PictureLayers;
      camera: CameraSettings;
    },
  ): Promise<Uint8Array>;
  /**
   * A map of width x height levels, 0 … 255: a Gaussian for each convex quad (map pixels, a pixel's center at .5), the highest
   * where they overlap. Presets differ in what they make of characters' quads (`region`, by default) and of `affinity`.
   */
  gaussianMap(
    context: Context,
    args: {
      quads: Float32Array;
      width: number;
      height: number;
      preset: GaussianPreset;
      kind?: 'region' | 'affinity';
    },
  ): Promise<Uint8Array>;
  /**
   * The characters of one word on a map of its crop [1, C, H, W] (channel 0, the width x height pixels at the top left), found
   * by watershed: smallest rectangles, clockwise, in map pixels, from left to right.
   */
  splitWord(
    context: Context,
    args: { maps: NativeTensor; width: number; height: number; preset: SplitPreset },
  ): Promise<Float32Array>;
  /** By class: its letter (-1 for none) and its kind (0 separator, 1 letter, 2 ideograph); words of letters, end to end. */
  openLexicon(
    context: Context,
    args: { letters: Int32Array; kinds: Uint8Array; words: Int32Array; lengths: Int32Array },
  ): Promise<NativeLexicon>;
  /** By class its character (-1 for none), and a table of contexts: native/sequence/character_model.h. */
  openCharacterModel(
    context: Context,
    args: {
      letters: Int32Array;
      firsts: Int32Array;
      characters: Int32Array;
      scores: Float32Array;
      next: Int32Array;
      shorter: Int32Array;
      backoffs: Float32Array;
      start: number;
      unknown: number;
    },
  ): Promise<NativeCharacterModel>;
  /** `lexicon` and `characterModel` count where there is a `beam`. */
  recognizeLines(context: Context, args: LineBatch & CtcDecoding): Promise<LineSymbols>;
  suppressOverlaps(
    context: Context,
    args: { quads: Float32Array; scores: Float32Array; classes?: Int32Array; threshold: number },
  ): Promise<Int32Array>;
  connectedComponents(
    context: Context,
    args: { values: Float32Array; width: number; height: number; threshold: number; connectivity: 4 | 8 },
  ): Promise<Int32Array>;
  minAreaRect(context: Context, args: { points: Float32Array }): Float32Array;
  perspectiveTransform(context: Context, args: { from: Float32Array; to: Float32Array }): Float32Array;
}

let loaded: Native | undefined;

/** Where the addon was loaded from, or undefined before that. */
export let addonPath: string | undefined;

/** The addon, loaded on first use. Throws ERR_PLACARD_ADDON_NOT_FOUND with what was tried and what to do. */
export function native(): Native {
  if (!loaded) {
    const { addon, path } = loadAddon();
    loaded = addon as Native;
    addonPath = path;
  }
  return loaded;
}
