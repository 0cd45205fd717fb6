import { expected, PlacardError } from './errors.ts';
import { boxQuad } from './geometry/quad.ts';
import { encodedBytes, type Picture, type PictureInput, toPicture } from './input.ts';
import { type Context, type Lane, type NativeImage, native } from './native.ts';
import { type Networks, openNetworks, warmWidths } from './networks.ts';
import {
  type DetectOptions,
  type EngineOptions,
  type EngineSettings,
  parseDetectOptions,
  parseEngineOptions,
  parseRecognizeLinesOptions,
  parseRecognizeManyOptions,
  parseRecognizeOptions,
  type RecognizeLinesOptions,
  type RecognizeManyOptions,
  type RecognizeOptions,
  type RecognizeSettings,
  usableThreads,
} from './options.ts';
import { findText } from './readers/detection.ts';
import { moveDraft } from './readers/draft.ts';
import { readGeneral } from './readers/general.ts';
import { drawHeatMaps, type HeatMaps } from './readers/heat-maps.ts';
import type { Draft, Reader } from './readers/reader.ts';
import { readScene } from './readers/scene.ts';
import type { Quad, Reading, TextRegion } from './reading.ts';
import { Admission, type Ticket } from './scheduling/admission.ts';
import { settleAhead } from './scheduling/look-ahead.ts';
import { Request, type RequestOptions } from './scheduling/request.ts';
import { StageHistograms, StageTimes } from './scheduling/stage-times.ts';
import { Turns } from './scheduling/turns.ts';
import { checkPixels, decode, readHeader } from './stages/decode.ts';
import { type ReadLine, recognizeCtc } from './stages/recognize-ctc.ts';
import { checkQuads, rectify } from './stages/rectify.ts';

const readers: Record<RecognizeSettings['reader'], Reader> = { general: readGeneral, scene: readScene };

/** A picture for `recognizeMany`, with options of its own. */
export interface PictureTask {
  input: PictureInput;
  /** As for `recognize`. */
  options?: RecognizeOptions;
  /** The caller's: it comes back with the result. */
  key?: unknown;
}

/** What became of one picture of `recognizeMany`; `index` counts them from 0. */
export type SettledReading =
  | { index: number; key: unknown; status: 'fulfilled'; value: Reading }
  | { index: number; key: unknown; status: 'rejected'; reason: unknown };

type State = 'open' | 'closing' | 'closed';

/**
 * Loads models and makes an engine. Fails early: rejects with MODEL_NOT_FOUND, DIGEST_MISMATCH, MODEL_INVALID,
 * MODEL_MISMATCH, PROVIDER_UNAVAILABLE, RUNTIME_NOT_FOUND, RUNTIME_VERSION, ADDON_NOT_FOUND or INVALID_ARGUMENT.
 */
export async function createEngine(options?: EngineOptions): Promise<Engine> {
  const settings = parseEngineOptions(options);
  const threads = settings.threads ?? usableThreads();
  const lane = new (native().Lane)(threads);
  const context: Context = { lane, cancel: new (native().CancelToken)(), priority: 0 };
  return new Engine(settings, threads, lane, await openNetworks(settings, threads, context));
}

/** Reads pictures. Made by {@link createEngine}; several may live in a process, and share its threads. */
export class Engine {
  readonly #settings: EngineSettings;
  readonly #threads: number;
  readonly #lane: Lane;
  readonly #networks: Networks;
  readonly #admission: Admission;
  readonly #turns: Turns;
  readonly #histograms = new StageHistograms();
  readonly #requests = new Set<Request>();
  #state: State = 'open';
  #closed: Promise<void> | undefined;
  #destroyed = false;
  #completed = 0;
  #failed = 0;

  /** @internal */
  constructor(settings: EngineSettings, threads: number, lane: Lane, networks: Networks) {
    this.#settings = settings;
    this.#threads = threads;
    this.#lane = lane;
    this.#networks = networks;
    this.#admission = new Admission(settings.limits);
    this.#turns = new Turns(settings.mode === 'latency' ? 1 : threads);
  }

  /**
   * Reads a picture. Bytes and pixels are copied by the call: they may be reused or transferred at once.
   * @param input an encoded picture's bytes or path, raw pixels, or an OpenCV Mat
   * @throws PlacardError, or the signal's own reason. Of the picture: DECODE_FAILED, DETACHED_BUFFER, EMPTY_INPUT,
   *   FILE_UNREADABLE, IMAGE_TOO_LARGE, PAGE_OUT_OF_RANGE, UNSUPPORTED_FORMAT. Of the engine: CLOSED, DESTROYED,
   *   QUEUE_FULL, TIMEOUT. Of the call: INVALID_ARGUMENT
   */
  async recognize(input: PictureInput, options?: RecognizeOptions): Promise<Reading> {
    return this.#admit(parseRecognizeOptions(options), (settings, request, ticket) =>
      this.#read(toPicture(input), settings, request, ticket),
    );
  }

  /**
   * Reads pictures as they come and yields what becomes of each, in order: a bad picture is a result, not the end. Takes at
   * most `lookAhead` pictures from the iterable before their results have been asked for.
   * @throws the signal's reason, or what the iterable itself throws
   */
  async *recognizeMany(
    pictures: Iterable<PictureInput | PictureTask> | AsyncIterable<PictureInput | PictureTask>,
    options?: RecognizeManyOptions,
  ): AsyncGenerator<SettledReading> {
    const { lookAhead, signal } = parseRecognizeManyOptions(options);
    const ahead = Math.min(lookAhead ?? 2 * this.#threads, this.#settings.limits.queueLength);
    const keys: unknown[] = [];
    const work = (item: PictureInput | PictureTask) => {
      const task = isTask(item) ? item : { input: item };
      keys.push(task.key);
      return this.recognize(task.input, { ...task.options, signal: bothSignals(signal, task.options?.signal) });
    };
    for await (const settled of settleAhead(pictures, ahead, work, signal))
      yield { ...settled, key: keys[settled.index] };
  }

  /**
   * Decodes a picture for the stages below: EXIF orientation applied, alpha laid on white, 8-bit RGB. Dispose the image when
   * it is no longer needed.
   * @throws PlacardError as `recognize` does
   */
  async decode(input: PictureInput, options?: RequestOptions & { page?: number }): Promise<NativeImage> {
    const page = parseRecognizeOptions({ page: options?.page }).page;
    return this.#stage(options, (context, request, ticket) =>
      this.#decode(toPicture(input), page, context, request, ticket),
    );
  }

  /**
   * Finds text in the picture's pixels: DB detectors lines, CRAFT detectors words, or what `granularity` says. `crop` is what
   * `rectify` should cut out for `recognizeLines`.
   */
  async detect(image: NativeImage | PictureInput, options?: DetectOptions): Promise<TextRegion[]> {
    const { signal, timeoutMs, page, ...chosen } = parseDetectOptions(options);
    return this.#withImage(image, { signal, timeoutMs, page }, async (decoded, context) => {
      const places = await findText(decoded, this.#networks.detector, chosen, context);
      return places.map(({ quad, crop, score, polygon }) => ({ quad, crop, score, ...(polygon && { polygon }) }));
    });
  }

  /**
   * Draws what the detector sees: each of its maps in colors over the picture, as PNG files of the picture's size; `text` of a
   * DB detector, `region` and `affinity` of a CRAFT one.
   */
  async heatMaps(image: NativeImage | PictureInput, options?: DetectOptions): Promise<HeatMaps> {
    const { signal, timeoutMs, page, ...chosen } = parseDetectOptions(options);
    return this.#withImage(image, { signal, timeoutMs, page }, (decoded, context) =>
      drawHeatMaps(decoded, this.#networks.detector, chosen, context),
    );
  }

  /**
   * Cuts quads out of a picture, each upright at its own size. Dispose the images when they are no longer needed.
   * @param quads any four points each, clockwise from the top-left of the reading direction
   */
  async rectify(
    image: NativeImage | PictureInput,
    quads: readonly Quad[],
    options?: RequestOptions,
  ): Promise<NativeImage[]> {
    checkQuads(quads, this.#settings.limits.pixels);
    return this.#withImage(image, options, (decoded, context) => rectify(decoded, quads, context));
  }

  /** Reads images of one line each, all together; results come in the images' order. */
  async recognizeLines(images: readonly NativeImage[], options?: RecognizeLinesOptions): Promise<ReadLine[]> {
    checkImages(images);
    const { signal, timeoutMs, ...chosen } = parseRecognizeLinesOptions(options);
    return this.#stage({ signal, timeoutMs }, (context) => {
      const lines = images.map((image) => ({ image, quad: wholeQuad(image) }));
      return recognizeCtc(lines, this.#networks.recognizer, chosen, context);
    });
  }

  /**
   * Runs every stage once on a drawn picture, and lines of all usual widths where the provider prepares itself for each, so
   * that the first real picture meets warm networks.
   */
  async warmUp(): Promise<void> {
    const [width, height] = [640, 480];
    const data = new Uint8Array(width * height).fill(255);
    for (let x = 100; x < 540; x++) if (x % 24 < 12) for (let y = 220; y < 260; y++) data[y * width + x] = 0;
    await this.recognize({ data, width, height, channels: 1 });
    await this.recognize({ data, width, height, channels: 1 }, { layout: 'line' });
    if (this.#networks.provider.name === 'cpu') return;
    await this.#stage({}, (context) => warmWidths(this.#networks, this.#threads, { ...context, priority: -1000 }));
  }

  /**
   * Counters since the engine was made: wall-clock milliseconds by stage, CPU milliseconds of native code by kind (inside
   * networks only the calling threads' count), what is in the queue, and what runs. `liveBytes` is the native memory of
   * images and tensors that were not freed, over the process.
   */
  stats() {
    return {
      state: this.#state,
      threads: this.#threads,
      mode: this.#settings.mode,
      provider: this.#networks.provider.name,
      precision: this.#networks.precision,
      notes: this.#networks.provider.notes,
      models: { detector: this.#networks.detector.contract.id, recognizer: this.#networks.recognizer.contract.id },
      preparation: { detector: this.#networks.detector.preparation, recognizer: this.#networks.recognizer.preparation },
      queue: { count: this.#admission.count, pixels: this.#admission.pixels, waiting: this.#turns.waiting },
      completed: this.#completed,
      failed: this.#failed,
      stages: this.#histograms.summary(),
      cpuMilliseconds: this.#lane.cpuMilliseconds(),
      liveBytes: native().state().liveBytes,
    };
  }

  /** Takes no more requests, finishes those that it has, and gives the networks back. May be called more than once. */
  close(): Promise<void> {
    if (this.#state === 'open') this.#state = 'closing';
    this.#closed ??= this.#admission.idle().then(() => {
      this.#state = 'closed';
      this.#networks.detector.network.dispose();
      this.#networks.recognizer.network.dispose();
      native().trim();
    });
    return this.#closed;
  }

  /** Fails what waits and runs with ERR_PLACARD_DESTROYED (its `cause` is the reason), then closes. */
  destroy(reason?: unknown): Promise<void> {
    this.#destroyed = true;
    const error = new PlacardError('DESTROYED', 'The engine was destroyed.', { cause: reason });
    for (const request of this.#requests) request.fail(error);
    return this.close();
  }

  /** `close()`, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #admit<T>(
    settings: RecognizeSettings,
    work: (settings: RecognizeSettings, request: Request, ticket: Ticket) => Promise<T>,
  ): Promise<T> {
    if (this.#state !== 'open') {
      const name = this.#destroyed ? 'DESTROYED' : 'CLOSED';
      throw new PlacardError(name, `The engine is ${this.#destroyed ? 'destroyed' : this.#state}.`);
    }
    settings.signal?.throwIfAborted();
    const ticket = this.#admission.enter();
    const request = new Request();
    this.#requests.add(request);
    const guarded = async () => {
      try {
        return await work(settings, request, ticket);
      } finally {
        this.#requests.delete(request);
        ticket.leave();
      }
    };
    return request.run(guarded, settings).then(
      (value) => {
        this.#completed++;
        return value;
      },
      (error: unknown) => {
        this.#failed++;
        throw error;
      },
    );
  }

  #stage<T>(
    options: RequestOptions | undefined,
    work: (context: Context, request: Request, ticket: Ticket) => Promise<T>,
  ) {
    const { signal, timeoutMs } = options ?? {};
    return this.#admit(parseRecognizeOptions({ signal, timeoutMs }), async (settings, request, ticket) => {
      const context = { lane: this.#lane, cancel: request.cancel, priority: settings.priority };
      return work(context, request, ticket);
    });
  }

  #withImage<T>(
    image: NativeImage | PictureInput,
    options: (RequestOptions & { page?: number }) | undefined,
    work: (image: NativeImage, context: Context) => Promise<T>,
  ): Promise<T> {
    return this.#stage(options, async (context, request, ticket) => {
      if (isImage(image)) return work(image, context);
      const decoded = await this.#decode(toPicture(image), options?.page ?? 0, context, request, ticket);
      try {
        return await work(decoded, context);
      } finally {
        decoded.dispose();
      }
    });
  }

  async #decode(
    picture: Picture,
    page: number,
    context: Context,
    request: Request,
    ticket: Ticket,
  ): Promise<NativeImage> {
    const pixelLimit = this.#settings.limits.pixels;
    if (picture.kind === 'pixels') {
      checkPixels(picture.width, picture.height, pixelLimit);
      ticket.hold(picture.width * picture.height);
      return native().imageFromPixels(context, picture);
    }
    const bytes = await encodedBytes(picture, request.signal);
    request.check();
    const header = await readHeader(bytes, { page, pixelLimit });
    request.check();
    ticket.hold(header.width * header.height);
    return decode(bytes, { page, pixelLimit }, context);
  }

  async #read(picture: Picture, settings: RecognizeSettings, request: Request, ticket: Ticket): Promise<Reading> {
    const times = new StageTimes();
    const context: Context = { lane: this.#lane, cancel: request.cancel, priority: settings.priority };
    const image = await times.time('decode', () => this.#decode(picture, settings.page, context, request, ticket));
    let done: (() => void) | undefined;
    try {
      done = await times.time('queue', () => this.#turns.take(settings.priority, request.signal));
      const draft = await this.#readRegion(image, settings, context, times, request);
      const { width, height } = image;
      const models = {
        detector: this.#networks.detector.contract.id,
        recognizer: this.#networks.recognizer.contract.id,
      };
      const timings = times.finish();
      this.#histograms.add(timings);
      return {
        ...draft,
        width,
        height,
        timings,
        reader: settings.reader,
        models,
        provider: this.#networks.provider.name,
        precision: this.#networks.precision,
      };
    } finally {
      done?.();
      image.dispose();
      if (this.#settings.memory === 'low') native().trim();
    }
  }

  async #readRegion(
    image: NativeImage,
    settings: RecognizeSettings,
    context: Context,
    times: StageTimes,
    request: Request,
  ): Promise<Draft> {
    const tools = {
      detector: this.#networks.detector,
      recognizer: this.#networks.recognizer,
      context,
      timed: async <T>(stage: Parameters<StageTimes['time']>[0], work: () => T | Promise<T>) => {
        request.check();
        return times.time(stage, work);
      },
    };
    const read = readers[settings.reader];
    if (!settings.region) return read(image, tools, settings);
    const { left, top, width, height } = settings.region;
    if (left + width > image.width || top + height > image.height) {
      throw expected(
        `a region inside ${image.width} x ${image.height}`,
        'options.region',
        JSON.stringify(settings.region),
      );
    }
    const part = native().imageRegion(context, { image, ...settings.region });
    try {
      return moveDraft(await read(part, tools, settings), left, top);
    } finally {
      part.dispose();
    }
  }
}

function isTask(item: PictureInput | PictureTask): item is PictureTask {
  return typeof item === 'object' && item !== null && 'input' in item;
}

function isImage(value: unknown): value is NativeImage {
  return typeof value === 'object' && value !== null && 'dispose' in value && 'disposed' in value;
}

function bothSignals(a: AbortSignal | undefined, b: AbortSignal | undefined): AbortSignal | undefined {
  return a && b ? AbortSignal.any([a, b]) : (a ?? b);
}

function wholeQuad({ width, height }: { width: number; height: number }): Quad {
  return boxQuad({ left: 0, top: 0, right: width, bottom: height });
}

function checkImages(images: readonly NativeImage[]): void {
  if (!Array.isArray(images)) throw expected('an array of images', 'images', images);
  images.forEach((image: unknown, i) => {
    if (!isImage(image)) throw expected('an image of decode() or rectify()', `images[${i}]`, image);
  });
}
