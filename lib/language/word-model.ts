import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { PlacardError } from '../errors.ts';
import { packagedModels } from '../package-files.ts';

/** How likely Chinese text is as a sequence of words: enough to tell one reading of a sign from another. */
export interface WordModel {
  /**
   * Natural logarithm of the probability of the best split of `text` into words, each drawn on its own (a unigram
   * model): ≤ 0, the higher the likelier. Simplified and traditional spelling get the same figure.
   *
   * What is not Han counts nothing and ends words, so that the figures of two texts compare only where both hold the
   * same characters: a line and its reverse, the rows and the columns of a sign.
   */
  logProbability(text: string): number;
}

const magic = 'PLZH';
const headerBytes = 20;
const stepsPerNat = 8;

/** A trie whose nodes stand in breadth-first order; node i's children are firstChild[i] … firstChild[i + 1] - 1. */
interface Lexicon {
  /** Every UTF-16 code unit's simplified spelling; itself for most. */
  folding: Uint16Array;
  roots: number;
  characters: Uint16Array;
  firstChild: Uint32Array;
  /** In steps of 1/8 nat; 0 where no word ends. */
  costs: Uint8Array;
  unknownCost: number;
}

let loading: Promise<WordModel> | undefined;

/**
 * The word model for Chinese; reads models/lexicon-zh/words.bin.gz on the first call and keeps it (about 1 MB).
 * A failure is not kept: the next call tries again.
 * @throws PlacardError FILE_UNREADABLE where the file is not there, MODEL_INVALID where it is not a word list
 */
export function loadWordModel(): Promise<WordModel> {
  loading ??= readModel(join(packagedModels(), 'lexicon-zh', 'words.bin.gz')).catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function readModel(path: string): Promise<WordModel> {
  const packed = await readFile(path).catch((cause: unknown) => {
    throw new PlacardError('FILE_UNREADABLE', `Cannot read the Chinese word list ${path}.`, { cause });
  });
  return decodeWordModel(packed);
}

/**
 * The word model in a file's bytes (its format: models/lexicon-zh/build.py).
 * @throws PlacardError MODEL_INVALID where they are not a whole word list
 */
export async function decodeWordModel(packed: Uint8Array): Promise<WordModel> {
  const bytes = await promisify(gunzip)(packed).catch((cause: unknown) => {
    throw new PlacardError('MODEL_INVALID', 'The Chinese word list is no gzip file or is cut short.', { cause });
  });
  const lexicon = decodeLexicon(bytes);
  return { logProbability: (text) => bestSplit(lexicon, text) };
}

function decodeLexicon(bytes: Buffer): Lexicon {
  if (bytes.length < headerBytes || bytes.toString('latin1', 0, 4) !== magic) {
    throw new PlacardError('MODEL_INVALID', `The Chinese word list does not start with ${magic}.`);
  }
  const nodes = bytes.readUInt32LE(4);
  const roots = bytes.readUInt32LE(8);
  const folds = bytes.readUInt32LE(12);
  const unknownCost = bytes.readUInt32LE(16);
  const wanted = headerBytes + 4 * folds + 5 * nodes;
  if (bytes.length !== wanted || roots > nodes) {
    throw new PlacardError(
      'MODEL_INVALID',
      `The Chinese word list has ${bytes.length} bytes, its header says ${wanted}.`,
    );
  }
  let at = headerBytes;
  const next = (count: number): Uint16Array => {
    const values = joinPlanes(bytes, at, count);
    at += 2 * count;
    return values;
  };
  const folding = makeFolding(next(folds), next(folds));
  const differences = next(nodes);
  const firstChild = sumChildren(next(nodes), roots);
  const costs = new Uint8Array(bytes.subarray(at));
  const characters = undoDifferences(differences, firstChild, roots);
  return { folding, roots, characters, firstChild, costs, unknownCost };
}

/** Low bytes, then high bytes. */
function joinPlanes(bytes: Uint8Array, at: number, count: number): Uint16Array {
  const values = new Uint16Array(count);
  for (let i = 0; i < count; i++) values[i] = bytes[at + i]! | (bytes[at + count + i]! << 8);
  return values;
}

function makeFolding(fromDifferences: Uint16Array, to: Uint16Array): Uint16Array {
  const folding = Uint16Array.from({ length: 0x10000 }, (_, code) => code);
  let from = 0;
  for (let i = 0; i < to.length; i++) {
    from += fromDifferences[i]!;
    folding[from & 0xffff] = to[i]!;
  }
  return folding;
}

/** Where each node's children begin, with one entry more that ends the last's. */
function sumChildren(counts: Uint16Array, roots: number): Uint32Array {
  const firstChild = new Uint32Array(counts.length + 1);
  let first = roots;
  for (let i = 0; i < counts.length; i++) {
    firstChild[i] = first;
    first += counts[i]!;
  }
  firstChild[counts.length] = first;
  if (first !== counts.length) {
    throw new PlacardError('MODEL_INVALID', `The Chinese word list has ${counts.length} nodes, its trie ${first}.`);
  }
  return firstChild;
}

function undoDifferences(differences: Uint16Array, firstChild: Uint32Array, roots: number): Uint16Array {
  const characters = differences;
  const undo = (start: number, end: number): void => {
    for (let i = start + 1; i < end; i++) characters[i] = characters[i]! + characters[i - 1]!;
  };
  undo(0, roots);
  for (let node = 0; node + 1 < firstChild.length; node++) undo(firstChild[node]!, firstChild[node + 1]!);
  return characters;
}

/** Viterbi over word ends: best[i] is the least cost of the first i code units. */
function bestSplit(lexicon: Lexicon, text: string): number {
  const { folding, costs, firstChild, roots, unknownCost } = lexicon;
  const length = text.length;
  const codes = new Uint16Array(length);
  for (let i = 0; i < length; i++) codes[i] = folding[text.charCodeAt(i)]!;
  const best = new Uint32Array(length + 1).fill(0xffffffff);
  best[0] = 0;
  for (let start = 0; start < length; start++) {
    const before = best[start]!;
    const alone = before + (isHan(codes[start]!) ? unknownCost : 0);
    if (alone < best[start + 1]!) best[start + 1] = alone;
    let from = 0;
    let to = roots;
    for (let end = start; end < length && from < to; end++) {
      const node = findSibling(lexicon.characters, from, to, codes[end]!);
      if (node < 0) break;
      const cost = costs[node]!;
      if (cost > 0 && before + cost < best[end + 1]!) best[end + 1] = before + cost;
      from = firstChild[node]!;
      to = firstChild[node + 1]!;
    }
  }
  return best[length] === 0 ? 0 : -best[length]! / stepsPerNat;
}

/** The index of `code` in the rising characters[from … to), or -1. */
function findSibling(characters: Uint16Array, from: number, to: number, code: number): number {
  let low = from;
  let high = to - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const character = characters[middle]!;
    if (character === code) return middle;
    if (character < code) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/** CJK Unified Ideographs and Extension A. */
function isHan(code: number): boolean {
  return code >= 0x3400 && code <= 0x9fff;
}
