import { expected } from '../errors.ts';

/**
 * How likely characters follow one another: an n-gram model with back-off, as plain data (`structuredClone` keeps it).
 *
 * A context is a sequence of fewer than `order` characters that something followed in the text; 0 is the empty one. Entries of
 * context i stand at firsts[i] … firsts[i + 1] - 1, by rising character. Logarithms are natural.
 */
export interface CharacterModel {
  order: number;
  /** By number, from 0: the first stands for a line's end. */
  characters: string[];
  firsts: Int32Array;
  /** Of entries: the character, its log probability, and the context after it. */
  entries: Int32Array;
  scores: Float32Array;
  next: Int32Array;
  /** Of contexts: the one without the first character, and what its probabilities count where an entry is missing. */
  shorter: Int32Array;
  backoffs: Float32Array;
  /** The context at a line's beginning. */
  start: number;
  /** Log probability of a character that the text does not have. */
  unknown: number;
}

const lineEnd = 0;
/** Stands before a line's first character in contexts. */
const lineStart = -1;

interface Context {
  shorter?: Context;
  counts: Map<number, number>;
  /** By character. */
  longer: Map<number, Context>;
  total: number;
  index: number;
}

/**
 * Counts which characters follow which in a text, line by line, and makes a model of them: an interpolated n-gram model
 * with Witten and Bell's estimate of what is unseen (1991, method C).
 * @param text lines as they are to be read: sentences, names, one word a line. All in small letters it counts for capitals, too
 * @param options `order`: characters that are looked at together, 1 … 10; 5 by default
 */
export function buildCharacterModel(text: string, { order = 5 }: { order?: number } = {}): CharacterModel {
  if (typeof text !== 'string' || text.trim() === '') throw expected('a text that is not empty', 'text', text);
  if (!Number.isInteger(order) || order < 1 || order > 10)
    throw expected('an integer in 1 … 10', 'options.order', order);
  const numbers = new Map<string, number>();
  const root = newContext();
  for (const line of text.split(/\r?\n/)) {
    if (line.trim() === '') continue;
    const symbols = Array.from(line, (character) => {
      const number = numbers.get(character) ?? numbers.size + 1;
      numbers.set(character, number);
      return number;
    });
    countLine(root, symbols, order);
  }
  return layOut(root, ['', ...numbers.keys()], order);
}

function newContext(shorter?: Context): Context {
  return { shorter, counts: new Map(), longer: new Map(), total: 0, index: 0 };
}

/** Contexts grow to the left: below the empty one stands that of the last character, below it that of the last two. */
function countLine(root: Context, symbols: readonly number[], order: number): void {
  const line = [lineStart, ...symbols, lineEnd];
  for (let i = 1; i < line.length; i++) {
    let context: Context | undefined = root;
    for (let length = 0; ; ) {
      context.counts.set(line[i]!, (context.counts.get(line[i]!) ?? 0) + 1);
      context.total++;
      length++;
      if (length === order || length > i) break;
      const before: number = line[i - length]!;
      const longer: Context = context.longer.get(before) ?? newContext(context);
      context.longer.set(before, longer);
      context = longer;
    }
  }
}

function layOut(root: Context, characters: string[], order: number): CharacterModel {
  const contexts = [root];
  // Breadth first: a context's shorter one has a lower number.
  for (let i = 0; i < contexts.length; i++) {
    contexts[i]!.index = i;
    contexts.push(...contexts[i]!.longer.values());
  }
  const probabilities = estimate(contexts, characters.length);
  const histories = historiesOf(contexts);
  const count = contexts.reduce((sum, { counts }) => sum + counts.size, 0);
  const model: CharacterModel = {
    order,
    characters,
    firsts: new Int32Array(contexts.length + 1),
    entries: new Int32Array(count),
    scores: new Float32Array(count),
    next: new Int32Array(count),
    shorter: Int32Array.from(contexts, ({ shorter }) => shorter?.index ?? 0),
    backoffs: Float32Array.from(contexts, ({ counts, total }) => Math.log(counts.size / (total + counts.size))),
    start: root.longer.get(lineStart)?.index ?? 0,
    unknown: Math.log(root.counts.size / (root.total + root.counts.size) / (characters.length + 1)),
  };
  let at = 0;
  for (const [index, context] of contexts.entries()) {
    model.firsts[index] = at;
    for (const character of [...context.counts.keys()].sort((a, b) => a - b)) {
      model.entries[at] = character;
      model.scores[at] = Math.log(probabilities[index]!.get(character)!);
      model.next[at] = character === lineEnd ? 0 : after(root, [...histories[index]!, character], order).index;
      at++;
    }
  }
  model.firsts[contexts.length] = at;
  return model;
}

/** p(c | h) = (n(hc) + t(h) p(c | h')) / (n(h) + t(h)), t(h) being how many characters follow h; below the empty h all alike. */
function estimate(contexts: readonly Context[], characters: number): Map<number, number>[] {
  const uniform = 1 / (characters + 1);
  const all: Map<number, number>[] = [];
  for (const { shorter, counts, total } of contexts) {
    const below = shorter && all[shorter.index]!;
    const distinct = counts.size;
    const probabilities = new Map<number, number>();
    for (const [character, count] of counts) {
      const backed = below ? below.get(character)! : uniform;
      probabilities.set(character, (count + distinct * backed) / (total + distinct));
    }
    all.push(probabilities);
  }
  return all;
}

/** The characters of each context, the last one last. */
function historiesOf(contexts: readonly Context[]): number[][] {
  const histories: number[][] = contexts.map(() => []);
  for (const { index, longer } of contexts) {
    for (const [before, { index: deeper }] of longer) histories[deeper] = [before, ...histories[index]!];
  }
  return histories;
}

/** The longest context that ends a history. */
function after(root: Context, history: readonly number[], order: number): Context {
  let context = root;
  for (let i = 1; i < order && i <= history.length; i++) {
    const longer = context.longer.get(history[history.length - i]!);
    if (!longer) break;
    context = longer;
  }
  return context;
}
