import { boxQuad, quadHeight, quadWidth, turnCorners } from '../geometry/quad.ts';
import { findMixedScripts, isRespelled, loadScriptVariants } from '../language/script-variants.ts';
import type { RecognizeContract } from '../models/contract.ts';
import type { NativeImage } from '../native.ts';
import type { Direction, Polygon, Quad } from '../reading.ts';
import {
  type LineInput,
  type ReadChar,
  type ReadLine,
  type RecognizeOptions,
  recognizeCtc,
} from '../stages/recognize-ctc.ts';
import { layCells, straighten } from '../stages/rectify.ts';
import { cjkShare } from '../stages/scripts.ts';
import type { Place } from './places.ts';
import type { ReaderTools, ReadOptions } from './reader.ts';

/** A line as it was found and read, in the pixels of the picture that was detected on. */
export interface FoundLine {
  /** As reported: clockwise from the top-left of the reading direction; for `ttb` from the upper left. */
  quad: Quad;
  polygon?: Polygon;
  direction: Direction;
  /** The corners that `chars` run along: from [0] to [1]. */
  run: Quad;
  text: string;
  confidence: number;
  chars: ReadChar[];
  raw?: string;
  /** Whether `chars` run along `polygon`. */
  isBent?: boolean;
  /** Quarter turns clockwise that the line's reading direction has against the picture's; 2 is upside down. */
  turns: 0 | 1 | 2 | 3;
}

/** A region this many times taller than wide is read as a vertical line. */
const tall = 1.5;
/** One this many times taller than wide never runs across. */
const notAcross = 2.5;

const surelyRead = 0.95;
/** No line that stands right is read with less confidence often; what is upside down hardly ever with more. */
const maybeTurned = 0.85;
const cellsWorthTrying = 0.93;
const clearlyBetter = 0.1;
const better = 0.02;
/** Columns that recognizers were trained on: a short word reads better with room after it, but takes twice as long. */
const usualLineWidth = 320;

export const isTall = (quad: Quad): boolean => quadHeight(quad) >= tall * quadWidth(quad);
/** Running down the picture: the reader tilts the head to the right. */
export const downward = (quad: Quad): Quad => turnCorners(quad, 1);
/** Running up. */
export const upward = (quad: Quad): Quad => turnCorners(quad, 3);

interface Attempt {
  place: Place;
  crop: Quad;
  vertical: boolean;
  /** Corner that the reading begins at, counted clockwise from the upper left. */
  turns: number;
  line: ReadLine;
  cells: boolean;
  /** What it was read from, where that is its outline straightened. */
  straight?: NativeImage;
}

/**
 * Reads places, each along its own direction: wide ones from left to right, and upside down where that is clearly better;
 * tall ones downwards, upwards where that is clearly better, and as a column of upright cells where that agrees.
 */
export async function readPlaces(
  image: NativeImage,
  places: readonly Place[],
  tools: ReaderTools,
  options: ReadOptions,
): Promise<FoundLine[]> {
  const attempts: Attempt[] = places.map((place) => {
    const { crop } = place;
    const vertical = isTall(crop);
    const line = { text: '', confidence: 0, chars: [] };
    return { place, crop, vertical, turns: vertical ? 1 : 0, line, cells: false };
  });
  const read: Read = (inputs, special) =>
    tools.timed('recognize', () => recognizeCtc(inputs, tools.recognizer, { ...options, ...special }, tools.context));

  const first = await read(attempts.map(({ crop, turns }) => ({ image, quad: turnCorners(crop, turns) })));
  first.forEach((line, i) => {
    attempts[i]!.line = line;
  });
  await lookAgain(image, attempts, secondLooks(attempts, tools.recognizer.contract.input, options), read);
  const straightened = await straightenBent(image, attempts, tools);
  try {
    await followBends(straightened, read);
    await tryCells(image, attempts, tools, read);
    await settleScript(image, attempts, read);
    return attempts.map(toLine);
  } finally {
    for (const { strip } of straightened) strip.dispose();
  }
}

type Read = (inputs: LineInput[], special?: Pick<RecognizeOptions, 'forbiddenCharacters'>) => Promise<ReadLine[]>;

/** Another way to read a line of which the first reading was not sure. */
interface SecondLook {
  doubts(attempt: Attempt): boolean;
  turns(attempt: Attempt): number;
  leastWidth?: number;
  convinces(line: ReadLine, before: ReadLine): boolean;
  across?: boolean;
}

const isClearlyBetter = (line: ReadLine, before: ReadLine) => line.confidence >= before.confidence + clearlyBetter;

const turned: SecondLook = {
  doubts: ({ line }) => line.confidence < maybeTurned,
  turns: ({ turns }) => turns + 2,
  convinces: (line, before) => isClearlyBetter(line, before) && line.chars.length >= before.chars.length,
};

/** In a hurry only what is doubtful as a whole is looked at again: it may lie upside down. */
function secondLooks(
  attempts: readonly Attempt[],
  { height, width }: RecognizeContract['input'],
  { effort }: ReadOptions,
): SecondLook[] {
  if (effort === 'fast') return 2 * attempts.filter(turned.doubts).length > attempts.length ? [turned] : [];
  const columns = (crop: Quad) => {
    const [short, long] = [quadWidth(crop), quadHeight(crop)].sort((a, b) => a - b) as [number, number];
    return (long * height) / short;
  };
  const withRoom: SecondLook = {
    doubts: ({ line, crop }) => line.confidence < surelyRead && columns(crop) < usualLineWidth,
    turns: ({ turns }) => turns,
    leastWidth: usualLineWidth,
    convinces: (line, before) => line.confidence > before.confidence + better,
  };
  return [
    turned,
    // A short word is taller than wide at times, and still runs across.
    {
      doubts: ({ line, vertical, crop }) =>
        vertical && line.confidence < surelyRead && quadHeight(crop) < notAcross * quadWidth(crop),
      turns: () => 0,
      convinces: isClearlyBetter,
      across: true,
    },
    // A contract that says how wide its inputs are leaves no room to choose.
    ...(width ? [] : [withRoom]),
  ];
}

/** Takes all looks in one crossing, and weighs them one after the other. */
async function lookAgain(
  image: NativeImage,
  attempts: readonly Attempt[],
  looks: readonly SecondLook[],
  read: Read,
): Promise<void> {
  const doubts = looks.flatMap((look) =>
    attempts.filter(look.doubts).map((attempt) => ({ look, attempt, turns: look.turns(attempt) })),
  );
  const lines = await read(
    doubts.map(({ look: { leastWidth }, attempt, turns }) => ({
      image,
      quad: turnCorners(attempt.crop, turns),
      leastWidth,
    })),
  );
  lines.forEach((line, i) => {
    const { look, attempt, turns } = doubts[i]!;
    if (!look.convinces(line, attempt.line)) return;
    attempt.turns = turns;
    attempt.line = line;
    if (look.across) attempt.vertical = false;
  });
}

interface Straightened {
  attempt: Attempt;
  /** Dispose it. */
  strip: NativeImage;
}

async function straightenBent(
  image: NativeImage,
  attempts: readonly Attempt[],
  { recognizer, context, timed }: ReaderTools,
): Promise<Straightened[]> {
  const bent = attempts.filter(({ place, turns }) => place.bentCrop && turns === 0);
  if (bent.length === 0) return [];
  const outlines = bent.map(({ place }) => place.bentCrop!);
  const strips = await timed('rectify', () => straighten(image, outlines, recognizer.contract.input.height, context));
  return bent.map((attempt, i) => ({ attempt, strip: strips[i]! }));
}

/** Bent text is read along its outline where that reads better. */
async function followBends(straightened: readonly Straightened[], read: Read): Promise<void> {
  const lines = await read(straightened.map(({ strip }) => wholeOf(strip)));
  lines.forEach((line, i) => {
    const { attempt, strip } = straightened[i]!;
    if (line.confidence > attempt.line.confidence) Object.assign(attempt, { line, straight: strip });
  });
}

/** A recognizer that was trained on rows reads a column better with its cells laid side by side. */
async function tryCells(
  image: NativeImage,
  attempts: readonly Attempt[],
  tools: ReaderTools,
  read: Read,
): Promise<void> {
  const columns = attempts.filter(
    ({ vertical, line }) =>
      vertical && line.chars.length > 1 && line.confidence < cellsWorthTrying && cjkShare(line.text) >= 0.5,
  );
  if (columns.length === 0) return;
  const strips = await tools.timed('rectify', () =>
    layCells(
      image,
      columns.map(({ crop }) => crop),
      columns.map(({ line }) => line.chars.length),
      tools.recognizer.contract.input.height,
      tools.context,
    ),
  );
  try {
    const lines = await read(strips.map(wholeOf));
    lines.forEach((line, i) => {
      const column = columns[i]!;
      if (line.chars.length !== column.line.chars.length || line.confidence <= column.line.confidence) return;
      Object.assign(column, { line, turns: 1, cells: true });
    });
  } finally {
    for (const strip of strips) strip.dispose();
  }
}

function wholeOf(strip: NativeImage): LineInput {
  return { image: strip, quad: boxQuad({ left: 0, top: 0, right: strip.width, bottom: strip.height }) };
}

/** A line of traditional characters in which some were read as simplified is read again without those. */
async function settleScript(image: NativeImage, attempts: readonly Attempt[], read: Read): Promise<void> {
  if (!attempts.some(({ line }) => cjkShare(line.text) > 0)) return;
  const variants = await loadScriptVariants();
  const texts = attempts.map(({ line }) => line.text);
  const { mixed, misplaced } = findMixedScripts(texts, variants);
  const doubtful = attempts.filter(({ cells }, i) => mixed[i] && !cells);
  if (doubtful.length === 0) return;
  const lines = await read(
    doubtful.map(({ crop, turns, straight }) =>
      straight ? wholeOf(straight) : { image, quad: turnCorners(crop, turns) },
    ),
    { forbiddenCharacters: misplaced },
  );
  lines.forEach((line, i) => {
    const attempt = doubtful[i]!;
    if (isRespelled(attempt.line.text, line.text, variants)) attempt.line = respell(attempt.line, line);
  });
}

/** The characters are the same in another spelling, so they are as sure as they were. */
function respell(line: ReadLine, { text, chars }: ReadLine): ReadLine {
  return { ...line, text, chars: line.chars.map((char, i) => ({ ...char, text: chars[i]!.text })) };
}

function toLine({ place, vertical, turns, line, cells, straight }: Attempt): FoundLine {
  const run = turnCorners(place.quad, turns);
  const upright = vertical && turns === 1 && (cells || isStacked(line, run));
  const found: FoundLine = {
    quad: upright ? place.quad : run,
    direction: upright ? 'ttb' : 'ltr',
    run,
    text: line.text,
    confidence: line.confidence,
    chars: line.chars,
    ...(line.raw !== undefined && { raw: line.raw }),
    turns: (turns % 4) as FoundLine['turns'],
  };
  return place.polygon ? { ...found, polygon: place.polygon, isBent: straight !== undefined } : found;
}

/** Upright characters under one another fill a square each; those of a line turned as a whole are narrower. */
function isStacked(line: ReadLine, run: Quad): boolean {
  if (cjkShare(line.text) >= 0.5) return true;
  const pitch = quadWidth(run) / Math.max(1, line.chars.length);
  return pitch > 0.85 * quadHeight(run);
}
