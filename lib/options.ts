import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { expected, PlacardError } from './errors.ts';
import type { CharacterModel } from './language/character-model.ts';
import { craftOptions } from './models/contract.ts';
import { nearest } from './nearest.ts';

const positive = z.int().min(1);

const limitsSchema = z.strictObject({
  /** Most pixels that a picture may have, told from its header before it is decoded; 100 million by default. */
  pixels: positive.default(100_000_000),
  /** Most calls in the engine, waiting and running; 1024 by default. */
  queueLength: positive.default(1024),
  /** Most pixels of their pictures together; 400 million by default. One picture alone is always admitted. */
  queuePixels: positive.default(400_000_000),
});

const engineSchema = z.strictObject({
  /** CPU threads; as many as the process may use by default, the container's quota included. */
  threads: z.int().min(1).max(1024).optional(),
  /**
   * `latency` (default) puts all threads behind one picture, `throughput` reads as many pictures at a time as there are
   * threads. Readings are the same.
   */
  mode: z.enum(['latency', 'throughput']).default('latency'),
  /** A bundle's name, or a detector and a recognizer by id; `pp-ocrv4` by default, and for what is left out of a pair. */
  models: z
    .union([
      z.string().min(1),
      z.strictObject({ detector: z.string().min(1).optional(), recognizer: z.string().min(1).optional() }),
    ])
    .optional(),
  /** Folder of added weights; PLACARD_MODELS or the XDG data folder by default. */
  modelsFolder: z.string().min(1).optional(),
  /** Rewrite networks once so that they run faster, and keep them in the models folder; true by default. */
  prepare: z.boolean().default(true),
  /**
   * What computes the networks: ONNX Runtime's own code (`cpu`) or OpenVINO, once it was added (`openvino`); `auto` (default)
   * takes the fastest that is here.
   */
  provider: z.enum(['auto', 'cpu', 'openvino']).default('auto'),
  /**
   * Of the numbers inside the networks; `auto` (default) takes the fastest that the provider, the processor and the models
   * have, `f32` is exact.
   */
  precision: z.enum(['auto', 'f32', 'bf16']).default('auto'),
  /** Path of another ONNX Runtime library; PLACARD_ONNXRUNTIME or the one that placard brings by default. */
  runtimeLibrary: z.string().min(1).optional(),
  /** `low` gives scratch memory back after every picture, `balanced` (default) keeps a bounded store of it. */
  memory: z.enum(['balanced', 'low']).default('balanced'),
  /** What is refused: pictures with IMAGE_TOO_LARGE, calls with QUEUE_FULL. */
  limits: limitsSchema.default(limitsSchema.parse({})),
});

const regionSchema = z.strictObject({
  /** Pixels of the picture as a person sees it (EXIF applied), like `top`, `width` and `height`. */
  left: z.int().min(0),
  top: z.int().min(0),
  width: z.int().min(1),
  height: z.int().min(1),
});

const share = z.number().min(0).max(1);
const abortSignal = z.custom<AbortSignal>((value) => value instanceof AbortSignal, 'an AbortSignal').optional();
const milliseconds = z
  .number()
  .positive()
  .max(2 ** 31 - 1)
  .optional();

const detectionSchema = z.strictObject({
  /** DB: how many times the picture is enlarged, up to 8.3 million pixels; chosen by its size if left out. */
  scale: z.number().optional(),
  /** DB: a map pixel is text above this probability; 0.3 by default. */
  mapThreshold: share.optional(),
  /** DB: mean probability that a line needs; 0.4 by default. */
  boxThreshold: share.optional(),
  ...craftOptions.shape,
  /** CRAFT: give polygons for bent words; true by default. */
  polygons: z.boolean().optional(),
});

const detectSchema = detectionSchema.extend({
  /** CRAFT: what is found: characters, words (default) or lines. */
  granularity: z.enum(['char', 'word', 'line']).optional(),
  /** Page of a TIFF or frame of an animation; 0 is the first. */
  page: z.int().min(0).default(0),
  /** Ends the call: it rejects at once with the signal's reason. */
  signal: abortSignal,
  /** Milliseconds from the call after which it rejects with TIMEOUT, waiting included; none by default. */
  timeoutMs: milliseconds,
});

const lineSchema = z.strictObject({
  /** Only the characters of this string may be read; all that the model knows by default. */
  allowedCharacters: z.string().min(1).optional(),
  /** Width of a prefix beam search; 0 takes the best path. 16 by default with `words` or a `languageModel`, else 0. */
  beam: z.int().min(0).max(1000).optional(),
  /**
   * Words that are likely, in any case. They begin and end at spaces, punctuation and the line's ends; Chinese and Japanese
   * ones also beside one another. The array is worked out once: it must not change.
   */
  words: z.custom<readonly string[]>(Array.isArray, 'an array of words').optional(),
  /** Nothing but these words, spaces and punctuation may be read; false by default. */
  wordsOnly: z.boolean().optional(),
  /** Nats that each character of such a word adds; 1 by default, 0 with `wordsOnly`. */
  wordWeight: z.number().optional(),
  /** A model of `buildCharacterModel`; worked out once: it must not change. */
  languageModel: z.custom<CharacterModel>(isCharacterModel, 'a model of buildCharacterModel').optional(),
  /** What the model's log probability counts; 0.25 by default. */
  languageWeight: z.number().optional(),
  /** Nats that each character adds beside the model, which alone prefers short lines; 0.5 by default. */
  lengthBonus: z.number().optional(),
  /** Give lines their `raw` view: the likeliest character of each of the network's steps, `-` for CTC's blank. */
  raw: z.boolean().optional(),
});

const recognizeLinesSchema = lineSchema.extend({
  /** Ends the call: it rejects at once with the signal's reason. */
  signal: abortSignal,
  /** Milliseconds from the call after which it rejects with TIMEOUT, waiting included; none by default. */
  timeoutMs: milliseconds,
});

const recognizeFields = lineSchema.extend({
  /**
   * How the picture is read: `general` (default) takes anything with text, `scene` takes each word that a detector finds as it
   * stands, as CRAFT and CRNN were published.
   */
  reader: z.enum(['general', 'scene']).default('general'),
  /** What the lines of the `scene` reader are: words (default) or lines of words. */
  granularity: z.enum(['word', 'line']).optional(),
  /** How text is found; each detector has the options of its decoder. */
  detection: detectionSchema.optional(),
  /** `line` takes the whole picture for one line; `auto` (default) finds out. */
  layout: z.enum(['auto', 'line']).default('auto'),
  /**
   * `fast` looks once, at two thirds of the pixels: sooner, with some words less. `thorough` (default) looks again at what is
   * doubtful or small.
   */
  effort: z.enum(['thorough', 'fast']).default('thorough'),
  /** Ends the call: it rejects at once with the signal's reason. */
  signal: abortSignal,
  /** Milliseconds from the call after which it rejects with TIMEOUT, waiting included; none by default. */
  timeoutMs: milliseconds,
  /** Higher goes first among what waits, -1000 … 1000; 0 by default. */
  priority: z.int().min(-1000).max(1000).default(0),
  /** Only this part is read; coordinates in the result stay the whole picture's. */
  region: regionSchema.optional(),
  /** Lines of less confidence are left out; 0.5 by default, 0.2 where the picture is a crop that is known to hold text. */
  minConfidence: share.optional(),
  /** Page of a TIFF or frame of an animation; 0 is the first. */
  page: z.int().min(0).default(0),
});

const recognizeSchema = recognizeFields.refine(
  ({ reader, granularity }) => reader === 'scene' || granularity === undefined,
  { path: ['granularity'], error: "reader 'scene' with it" },
);

const recognizeManySchema = z.strictObject({
  /** Pictures taken from the iterable ahead of the results; twice the threads by default. */
  lookAhead: positive.max(10_000).optional(),
  /** Ends the iteration, and the readings that have begun: it throws the signal's reason. */
  signal: abortSignal,
});

/** Options of `createEngine`; all may be left out. */
export type EngineOptions = z.input<typeof engineSchema>;
export type EngineSettings = z.output<typeof engineSchema>;
/** A part of a picture: a rectangle in its pixels, inside it. */
export type Region = z.output<typeof regionSchema>;
/** Options of `Engine.detect`; all may be left out. */
export type DetectOptions = z.input<typeof detectSchema>;
/** Options of `Engine.recognizeLines`; all may be left out. */
export type RecognizeLinesOptions = z.input<typeof recognizeLinesSchema>;
/** Options of `Engine.recognize`; all may be left out. */
export type RecognizeOptions = z.input<typeof recognizeSchema>;
export type RecognizeSettings = z.output<typeof recognizeSchema>;
/** Options of `Engine.recognizeMany`; all may be left out. */
export type RecognizeManyOptions = z.input<typeof recognizeManySchema>;

export const parseEngineOptions = (value: unknown): EngineSettings => parse(engineSchema, value, 'options');
export const parseRecognizeOptions = (value: unknown): RecognizeSettings => parse(recognizeSchema, value, 'options');
export const parseDetectOptions = (value: unknown) => parse(detectSchema, value, 'options');
export const parseRecognizeLinesOptions = (value: unknown) => parse(recognizeLinesSchema, value, 'options');
export const parseRecognizeManyOptions = (value: unknown) => parse(recognizeManySchema, value, 'options');

function isCharacterModel(value: unknown): boolean {
  return Array.isArray((value as CharacterModel | null)?.characters);
}

function parse<S extends z.ZodType>(schema: S, value: unknown, path: string): z.output<S> {
  const result = schema.safeParse(value ?? {});
  if (result.success) return result.data;
  throw explain(result.error.issues, schema, value, path);
}

/** One issue said in full: a name that nobody knows before a value that does not fit. */
function explain(issues: readonly z.core.$ZodIssue[], schema: unknown, value: unknown, path: string): PlacardError {
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0]!;
  const at = [path, ...issue.path.map(String)].join('.');
  const received = issue.path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown>)?.[key], value);
  const inner = schemaAt(schema, issue.path);
  // A union says so itself where only one of its kinds is an object.
  const fields = [inner, ...(inner?.options ?? []).map(unwrap)].find((kind) => kind?.shape)?.shape ?? {};
  if (issue.code === 'unrecognized_keys') return unknownKey(issue.keys[0]!, Object.keys(fields), at);
  if (issue.code !== 'invalid_union') return expected(wanted(issue), at, received);
  // What was meant is the kind that got further than its own type.
  const meant = issue.errors.findIndex((errors) => errors.some((error) => error.path.length > 0 || 'keys' in error));
  if (meant >= 0) return explain(issue.errors[meant]!, inner?.options?.[meant], received, at);
  return expected(issue.errors.map(([error]) => wanted(error!)).join(' or '), at, received);
}

const typeNames: Record<string, string> = {
  int: 'an integer',
  number: 'a finite number',
  object: 'an object',
  string: 'a string',
};

/** "a number of at least 1" for what an issue misses. */
function wanted(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return typeNames[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return issue.values.map((value) => `'${String(value)}'`).join(' or ');
    case 'too_small':
      if (issue.origin === 'string') return 'a string that is not empty';
      return `a number ${issue.inclusive ? 'of at least' : 'above'} ${issue.minimum}`;
    case 'too_big':
      return `a number of at most ${issue.maximum}`;
    default:
      return issue.message;
  }
}

function unknownKey(key: string, known: readonly string[], at: string): PlacardError {
  const near = nearest(key, known);
  const hint = near ? ` Did you mean ${near}?` : '';
  return new PlacardError('INVALID_ARGUMENT', `Unknown option ${at}.${key}.${hint} Known: ${known.join(', ')}.`);
}

interface SchemaParts {
  /** Of an object. */
  shape?: Record<PropertyKey, unknown>;
  /** Of a union. */
  options?: unknown[];
}

function schemaAt(schema: unknown, path: readonly PropertyKey[]): SchemaParts | undefined {
  return path.reduce<SchemaParts | undefined>((current, key) => unwrap(current?.shape?.[key]), unwrap(schema));
}

/** What an optional or defaulted schema is about. */
function unwrap(schema: unknown): SchemaParts | undefined {
  let inner = schema as (SchemaParts & { def?: { innerType?: unknown } }) | undefined;
  while (inner?.def?.innerType) inner = inner.def.innerType as typeof inner;
  return inner;
}

/** Threads that the process may use: its affinity, lowered by a cgroup's CPU quota (v2 or v1). */
export function usableThreads(): number {
  const quota = cgroupQuota();
  const available = availableParallelism();
  return Math.max(1, Math.min(available, quota === undefined ? available : Math.ceil(quota)));
}

function cgroupQuota(): number | undefined {
  const read = (path: string) => {
    try {
      return readFileSync(path, 'utf8').trim();
    } catch {
      return undefined;
    }
  };
  const [quota, period] = read('/sys/fs/cgroup/cpu.max')?.split(' ') ?? [
    read('/sys/fs/cgroup/cpu/cpu.cfs_quota_us'),
    read('/sys/fs/cgroup/cpu/cpu.cfs_period_us'),
  ];
  const share = Number(quota) / Number(period);
  return Number.isFinite(share) && share > 0 ? share : undefined;
}
