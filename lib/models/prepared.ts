import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type Context, native } from '../native.ts';
import type { Pass } from '../onnx/pass.ts';
import { passesFor } from '../onnx/prepare.ts';
import { bytesDigest } from '../packages/digest.ts';
import { claimedWork } from './claim.ts';
import type { Contract } from './contract.ts';
import { type PreparationReport, rewriteVerified } from './verification.ts';

/** Raised when prepared files mean something else than before. */
const format = 1;

export interface PrepareOptions {
  modelsFolder: string;
  /** Path of the ONNX Runtime library. */
  runtime: string;
  context: Context;
  /** False runs the weights as they came. */
  prepare: boolean;
  /** What will run it; ONNX Runtime's own CPU provider by default. */
  provider?: { name: string };
  /** Those that gain something with the provider by default. */
  passes?: readonly Pass[];
}

/** Whether a network runs prepared, and what is worth knowing of it. */
export interface Preparation {
  state: 'prepared' | 'unprepared' | 'off';
  /** Why it runs unprepared, or which passes were left out. */
  note?: string;
}

/** The file to open for a contract's weights. */
export interface PreparedWeights {
  weights: string;
  preparation: Preparation;
}

const reportSchema = z.object({
  sha256: z.string(),
  passes: z.array(
    z.object({ name: z.string(), version: z.number(), rewrites: z.number(), declined: z.string().optional() }),
  ),
  leftOut: z.array(z.object({ name: z.string(), reason: z.string() })),
  nodesBefore: z.number(),
  nodesAfter: z.number(),
  difference: z.number(),
});

export interface PreparedFile {
  path: string;
  report: PreparationReport;
}

/**
 * A contract's weights rewritten so that they run faster: from the models folder where they were prepared before, else
 * prepared now. Where that cannot be, what was prepared for the CPU provider, which every provider runs; else the weights as
 * they came, with a process warning.
 * @param source the path of the weights, whose digest is the contract's
 */
export async function preparedWeights(
  contract: Contract,
  source: string,
  options: PrepareOptions,
): Promise<PreparedWeights> {
  if (!options.prepare) return { weights: source, preparation: { state: 'off' } };
  try {
    const { path, report } = await prepareOnce(contract, source, options);
    return { weights: path, preparation: { state: 'prepared', ...noteOf(report) } };
  } catch (error) {
    const note = (error as Error).message;
    const forOthers = await findPrepared(preparedPath(contract, options.modelsFolder));
    if (forOthers && !options.passes) {
      return { weights: forOthers.path, preparation: { state: 'prepared', note: `for the provider cpu: ${note}` } };
    }
    warnOnce(`placard runs ${contract.id} as it came, more slowly than it could: ${note}`, 'PLACARD_UNPREPARED');
    return { weights: source, preparation: { state: 'unprepared', note } };
  }
}

const underway = new Map<string, Promise<PreparedFile>>();

/** The prepared file of a contract's weights, made if it is not there or broken. Throws where it can be neither. */
export async function prepareOnce(
  contract: Contract,
  source: string,
  options: Omit<PrepareOptions, 'prepare'>,
): Promise<PreparedFile> {
  const path = preparedPath(contract, options.modelsFolder, passesOf(options));
  const running = underway.get(path) ?? findOrMake(path, contract, source, options);
  underway.set(path, running);
  try {
    return await running;
  } finally {
    underway.delete(path);
  }
}

function passesOf({ passes, provider }: Pick<PrepareOptions, 'passes' | 'provider'>): readonly Pass[] {
  return passes ?? passesFor(provider?.name ?? 'cpu');
}

/** Where the prepared weights of a contract are, whether they are there or not. */
export function preparedPath(
  contract: Contract,
  modelsFolder: string,
  passes: readonly Pass[] = passesFor('cpu'),
): string {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([format, contract.weights.sha256, contract.input.height ?? 0]));
  for (const { name, version } of passes) hash.update(`${name} ${version}\n`);
  return join(modelsFolder, 'prepared', `${contract.id}-${hash.digest('hex').slice(0, 24)}.onnx`);
}

/** What was prepared before; undefined where nothing was, or where it was not written to its end. */
export async function findPrepared(path: string): Promise<PreparedFile | undefined> {
  try {
    const [bytes, text] = await Promise.all([readFile(path), readFile(reportPath(path), 'utf8')]);
    const report = reportSchema.parse(JSON.parse(text));
    return bytesDigest(bytes) === report.sha256 ? { path, report: report as PreparationReport } : undefined;
  } catch {
    return undefined;
  }
}

const reportPath = (path: string): string => path.replace(/\.onnx$/, '.json');

async function findOrMake(
  path: string,
  contract: Contract,
  source: string,
  options: Omit<PrepareOptions, 'prepare'>,
): Promise<PreparedFile> {
  const found = await findPrepared(path);
  if (found) return found;
  await mkdir(join(options.modelsFolder, 'prepared'), { recursive: true });
  return claimedWork(
    `${path}.claim`,
    () => findPrepared(path),
    () => make(path, contract, source, options),
  );
}

async function make(
  path: string,
  contract: Contract,
  source: string,
  options: Omit<PrepareOptions, 'prepare'>,
): Promise<PreparedFile> {
  const {
    runtime,
    context: { cancel, priority },
  } = options;
  // What is spent on this is not what the engine spends on pictures.
  const context = { lane: new (native().Lane)(1), cancel, priority };
  const candidate = `${path}.${process.pid}.partial`;
  try {
    const report = await rewriteVerified(contract, source, { runtime, context, passes: passesOf(options), candidate });
    const sha256 = bytesDigest(await readFile(candidate));
    await rename(candidate, path);
    // Last: what has no report, or another's, counts as not prepared.
    await writeFile(candidate, `${JSON.stringify({ sha256, ...report }, undefined, 2)}\n`);
    await rename(candidate, reportPath(path));
    warnOfLeftOut(contract, report);
    return { path, report };
  } finally {
    await rm(candidate, { force: true }).catch(() => {});
  }
}

function warnOfLeftOut({ id }: Contract, { leftOut }: PreparationReport): void {
  for (const { name, reason } of leftOut) {
    warnOnce(`placard prepared ${id} without ${name}: ${reason}`, 'PLACARD_PASS_LEFT_OUT');
  }
}

function noteOf({ leftOut }: PreparationReport): { note?: string } {
  const notes = leftOut.map(({ name, reason }) => `without ${name}: ${reason}`);
  return notes.length > 0 ? { note: notes.join('; ') } : {};
}

const warned = new Set<string>();

function warnOnce(message: string, code: string): void {
  if (warned.has(message)) return;
  warned.add(message);
  process.emitWarning(message, { type: 'PlacardWarning', code });
}
