import { readFile, writeFile } from 'node:fs/promises';
import { type Context, type NativeTensor, native } from '../native.ts';
import type { InputFacts, Pass } from '../onnx/pass.ts';
import { type PassOutcome, type Rewritten, rewrite } from '../onnx/prepare.ts';
import type { Contract } from './contract.ts';
import { probesFor } from './probes.ts';

/** Most that an answer may differ after rewriting, as a share of the range of the network's answers. */
const mostDifference = 1e-4;

/** What was done to a network, and what came of it. */
export interface PreparationReport {
  passes: PassOutcome[];
  /** Passes that changed answers, or that the runtime could not follow, and how; the network is without them. */
  leftOut: { name: string; reason: string }[];
  nodesBefore: number;
  nodesAfter: number;
  /** Largest difference between answers of the source and of the result, as a share of their range. */
  difference: number;
}

export interface VerifyOptions {
  runtime: string;
  context: Context;
  passes: readonly Pass[];
  /** Where candidates are written for the runtime to load; the last one written is the result. */
  candidate: string;
}

/** Outputs by probe and by output. */
type Answers = Float32Array[][];

interface Attempt extends Rewritten {
  difference: number;
  /** Why the candidate cannot be taken. */
  failure?: string;
}

/**
 * Rewrites a network, and holds it against its source on drawn and random inputs of several sizes. Where answers differ, the pass
 * that is to blame is found by bisection and left out.
 */
export async function rewriteVerified(
  contract: Contract,
  source: string,
  options: VerifyOptions,
): Promise<PreparationReport> {
  const bytes = await readFile(source);
  const probes = await probesFor(contract, options.context);
  try {
    const expected = await answersOf(source, probes, options);
    const attempt = (passes: readonly Pass[]) => attemptWith(bytes, contract, passes, probes, expected, options);
    return await withoutOffenders(options.passes, attempt);
  } finally {
    for (const probe of probes) probe.dispose();
  }
}

async function withoutOffenders(
  passes: readonly Pass[],
  attempt: (passes: readonly Pass[]) => Promise<Attempt>,
): Promise<PreparationReport> {
  const leftOut: PreparationReport['leftOut'] = [];
  for (let kept = [...passes]; ; ) {
    const { failure, outcomes, nodesBefore, nodesAfter, difference } = await attempt(kept);
    if (failure === undefined) return { passes: outcomes, leftOut, nodesBefore, nodesAfter, difference };
    if (kept.length === 0) throw new Error(failure);
    const offender = await firstOffender(kept, failure, attempt);
    leftOut.push(offender);
    kept = kept.filter(({ name }) => name !== offender.name);
  }
}

/** The last pass of the shortest beginning of the list that fails, by bisection; the whole list fails. */
async function firstOffender(
  passes: readonly Pass[],
  failure: string,
  attempt: (passes: readonly Pass[]) => Promise<Attempt>,
): Promise<{ name: string; reason: string }> {
  let [holds, fails, reason] = [0, passes.length, failure];
  while (fails - holds > 1) {
    const middle = (holds + fails) >> 1;
    const tried = await attempt(passes.slice(0, middle));
    if (tried.failure === undefined) holds = middle;
    else [fails, reason] = [middle, tried.failure];
  }
  return { name: passes[fails - 1]!.name, reason };
}

async function attemptWith(
  source: Uint8Array,
  contract: Contract,
  passes: readonly Pass[],
  probes: readonly NativeTensor[],
  expected: Answers,
  options: VerifyOptions,
): Promise<Attempt> {
  const facts: InputFacts = { batch: 1, ...(contract.input.height && { height: contract.input.height }) };
  const rewritten = await rewrite(source, contract.weights.file, passes, facts);
  await writeFile(options.candidate, rewritten.bytes);
  try {
    const difference = differenceOf(expected, await answersOf(options.candidate, probes, options));
    if (difference <= mostDifference) return { ...rewritten, difference };
    const share = difference.toPrecision(2);
    return { ...rewritten, difference, failure: `answers differ by ${share} of their range` };
  } catch (error) {
    return { ...rewritten, difference: Number.NaN, failure: (error as Error).message };
  }
}

async function answersOf(weights: string, probes: readonly NativeTensor[], options: VerifyOptions): Promise<Answers> {
  const { runtime, context } = options;
  const network = await native().openNetwork(context, { runtime, weights, threads: 1 });
  try {
    const answers: Answers = [];
    for (const input of probes) {
      const outputs = await native().runNetwork(context, { network, input });
      answers.push(outputs.map((output) => output.toFloat32Array()));
      for (const output of outputs) output.dispose();
    }
    return answers;
  } finally {
    network.dispose();
  }
}

/** The largest difference over all probes as a share of the range of the same output; not a number counts as infinite. */
function differenceOf(expected: Answers, actual: Answers): number {
  let worst = 0;
  for (const output of expected[0]!.keys()) {
    let [least, most, difference] = [Infinity, -Infinity, 0];
    for (const [probe, outputs] of expected.entries()) {
      const wanted = outputs[output]!;
      const found = actual[probe]?.[output];
      if (found?.length !== wanted.length) return Infinity;
      for (let i = 0; i < wanted.length; i++) {
        const value = wanted[i]!;
        if (value < least) least = value;
        if (value > most) most = value;
        const gap = Math.abs(value - found[i]!);
        if (gap > difference || Number.isNaN(gap)) difference = Number.isNaN(gap) ? Infinity : gap;
      }
    }
    if (difference > 0) worst = Math.max(worst, difference / (most - least));
  }
  return worst;
}
