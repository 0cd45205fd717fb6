import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { expected, PlacardError } from '../errors.ts';
import { type Model, readModel } from '../onnx/model-file.ts';
import { packagedModels } from '../package-files.ts';
import { bytesDigest } from '../packages/digest.ts';
import { layOutAlphabet, readAlphabetFile } from './alphabet.ts';
import {
  type CrnnPreset,
  craftFacts,
  crnnFacts,
  easyocrFacts,
  type RecognizeFacts,
} from './architectures/contracts.ts';
import { type Converted, convert } from './architectures/convert.ts';
import { contractsOf } from './catalog.ts';
import { type Architecture, type Contract, idPattern, type RecognizeContract } from './contract.ts';
import { requireFile } from './weights.ts';

export interface ImportOptions {
  modelsFolder: string;
  architecture: Architecture;
  /** Of the new model; by default the file's name in lower case. */
  id?: string;
  /** Path of a recognizer's alphabet file. */
  alphabet?: string;
  /** Id of the CRAFT detector that a refiner is joined to. */
  detector?: string;
  /** Of a CRNN; `fixed` by default. */
  preset?: CrnnPreset;
}

const networkFile = 'network.onnx';
const alphabetFile = 'alphabet.txt';

/** What a contract says that is the same for every import. */
type Origin = Pick<Contract, 'id' | 'title' | 'weights' | 'checkpoint' | 'license' | 'precisions'>;

/**
 * Writes a PyTorch checkpoint as a model of the models folder: contract, network and alphabet, all at once or not at all.
 * Throws FILE_UNREADABLE, what `convert` throws, INVALID_ARGUMENT for options that do not go together, MODEL_MISMATCH and MODEL_INVALID for
 * alphabets that do not fit, and INSTALL_FAILED where a model of that id is there already or nothing can be written.
 * @returns the paths that were written
 */
export async function importModel(path: string, options: ImportOptions): Promise<string[]> {
  checkOptions(options);
  const file = basename(path);
  const id = options.id ?? idOf(file);
  if (!idPattern.test(id)) throw expected('lower-case letters, digits, "-" and "."', 'id', id);
  const bytes = await readFile(path).catch((cause: Error) => {
    throw new PlacardError('FILE_UNREADABLE', `Cannot read ${path}: ${cause.message}`, { cause });
  });
  const { architecture } = options;
  const converted = convert(architecture, bytes, file, await detectorOf(options));
  const { network } = converted;
  const origin: Origin = {
    id,
    title: `Imported from ${file}`,
    weights: { file: networkFile, sha256: bytesDigest(network), bytes: network.length },
    checkpoint: { architecture, file, sha256: bytesDigest(bytes) },
    license: 'not known',
    precisions: { f32: 'reference' },
  };
  if (architecture === 'craft' || architecture === 'craft-refiner') {
    return writeModelFolder({ ...origin, ...craftFacts }, { network }, options.modelsFolder);
  }
  const { contract, alphabet } = await recognizerOf(origin, converted, options);
  return writeModelFolder(contract, { network, alphabet }, options.modelsFolder);
}

const optionsOf = {
  craft: [],
  'craft-refiner': ['detector'],
  crnn: ['alphabet', 'preset'],
  'crnn-easyocr': ['alphabet'],
} satisfies Record<Architecture, (keyof ImportOptions)[]>;

function checkOptions(options: ImportOptions): void {
  const { architecture, detector } = options;
  const own: readonly string[] = optionsOf[architecture];
  const foreign = (['alphabet', 'detector', 'preset'] as const).find(
    (name) => options[name] !== undefined && !own.includes(name),
  );
  if (foreign) {
    throw new PlacardError(
      'INVALID_ARGUMENT',
      `Expected no ${foreign} for a checkpoint of the architecture ${architecture}.`,
    );
  }
  if (detector === undefined && architecture === 'craft-refiner') {
    throw expected('the id of the CRAFT model that the refiner belongs to', 'detector', detector);
  }
}

/** "english_g2.pth" is "english-g2". */
function idOf(file: string): string {
  const name = basename(file, extname(file)).toLowerCase();
  return name.replace(/[^a-z0-9.]+/g, '-').replace(/^[^a-z0-9]+|-+$/g, '');
}

async function detectorOf({ detector, modelsFolder }: ImportOptions): Promise<Model | undefined> {
  if (detector === undefined) return undefined;
  const [contract] = (await contractsOf(detector, modelsFolder)) as [Contract];
  const path = await requireFile(contract, contract.weights, modelsFolder);
  return readModel(await readFile(path), path);
}

async function recognizerOf(
  origin: Origin,
  { classes }: Converted,
  { architecture, alphabet, preset = 'fixed' }: ImportOptions,
): Promise<{ contract: RecognizeContract; alphabet: string }> {
  const facts: RecognizeFacts = architecture === 'crnn' ? crnnFacts[preset] : easyocrFacts;
  const entries =
    alphabet === undefined ? await usualAlphabet(architecture, classes!) : await readAlphabetFile(alphabet);
  const text = entries.map((entry) => `${entry}\n`).join('');
  const output = { ...facts.output, classes: classes!, alphabet: { file: alphabetFile, sha256: bytesDigest(text) } };
  const contract = { ...origin, ...facts, output };
  layOutAlphabet(entries, contract);
  return { contract, alphabet: text };
}

/** What the published English weights of an architecture write, where the classes are as many. */
async function usualAlphabet(architecture: Architecture, classes: number): Promise<string[]> {
  const usual =
    architecture === 'crnn'
      ? [...'0123456789abcdefghijklmnopqrstuvwxyz']
      : await readAlphabetFile(join(packagedModels(), 'crnn-english', alphabetFile));
  if (usual.length + 1 === classes) return usual;
  throw expected(`a file of the ${classes - 1} characters that the network writes, one a line,`, 'alphabet', undefined);
}

async function writeModelFolder(
  contract: Contract,
  { network, alphabet }: { network: Uint8Array; alphabet?: string },
  modelsFolder: string,
): Promise<string[]> {
  const folder = join(modelsFolder, contract.id);
  const files: [string, string | Uint8Array][] = [
    ['model.json', `${JSON.stringify(contract, undefined, 2)}\n`],
    [networkFile, network],
    ...(alphabet === undefined ? [] : [[alphabetFile, alphabet] as [string, string]]),
  ];
  let staging: string | undefined;
  try {
    await mkdir(modelsFolder, { recursive: true });
    // Two levels deep, where nobody looks for contracts before it is whole.
    staging = await mkdtemp(join(modelsFolder, '.import-'));
    const whole = join(staging, contract.id);
    await mkdir(whole);
    for (const [file, content] of files) await writeFile(join(whole, file), content);
    await rename(whole, folder);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const isThere = staging && ['EEXIST', 'ENOTDIR', 'ENOTEMPTY'].includes(code ?? '');
    const reason = isThere ? 'it is there already; remove it, or choose another id' : message;
    throw new PlacardError('INSTALL_FAILED', `Cannot write ${folder}: ${reason}.`, { cause });
  } finally {
    if (staging) await rm(staging, { recursive: true, force: true });
  }
  return files.map(([file]) => join(folder, file));
}
