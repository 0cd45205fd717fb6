import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { native } from '../../../lib/native.ts';
import { readModel } from '../../../lib/onnx/model-file.ts';
import type { InputFacts, Pass } from '../../../lib/onnx/pass.ts';
import { rewrite } from '../../../lib/onnx/prepare.ts';
import type { NetworkBuilder } from '../../unit/onnx-network.ts';
import { newContext, patternImage, runtimeLibrary, signedNormalization } from '../native-context.ts';

const folder = mkdtempSync(join(tmpdir(), 'placard-passes-'));
afterAll(() => rmSync(folder, { recursive: true }));

const context = newContext(1);
const sizes = [
  [32, 16],
  [17, 9],
] as const;

export interface Applied {
  /** How many rewrites there were, or why the pass declined. */
  result: number | string;
  /** The operators that are left, in order. */
  operators: string[];
  /** Largest difference of an answer, as a share of the answers' range. */
  difference: number;
}

/** Applies passes to a network and runs it before and after, at two sizes. */
export async function applied(
  passes: Pass | readonly Pass[],
  network: NetworkBuilder,
  outputs: readonly string[],
  { opset = 14, rank = 4, facts = {} }: { opset?: number; rank?: number; facts?: InputFacts } = {},
): Promise<Applied> {
  const source = network.bytes(outputs, opset, rank);
  const { bytes, outcomes } = await rewrite(source, 'test.onnx', [passes].flat(), facts);
  const { graph } = readModel(bytes, 'rewritten.onnx');
  const [before, after] = [await answers(source), await answers(bytes)];
  let [difference, least, most] = [0, Infinity, -Infinity];
  expect(after.length).toBe(before.length);
  for (const [i, value] of before.entries()) {
    difference = Math.max(difference, Math.abs(value - after[i]!));
    [least, most] = [Math.min(least, value), Math.max(most, value)];
  }
  expect(most).toBeGreaterThan(least);
  const { rewrites, declined } = outcomes.at(-1)!;
  return {
    result: declined ?? rewrites,
    operators: graph.node.map(({ opType }) => opType),
    difference: difference / (most - least),
  };
}

/** Rounding, where sums are taken in another order. */
export const rounding = 2e-6;

let files = 0;

async function answers(bytes: Uint8Array): Promise<number[]> {
  const path = join(folder, `${files++}.onnx`);
  writeFileSync(path, bytes);
  const network = await native().openNetwork(context, { runtime: runtimeLibrary(), weights: path, threads: 1 });
  const values: number[] = [];
  for (const [width, height] of sizes) {
    const image = await patternImage(context, width, height);
    const input = await native().imageTensor(context, { image, width, height, ...signedNormalization });
    for (const output of await native().runNetwork(context, { network, input })) {
      for (const value of output.toFloat32Array()) values.push(value);
    }
    input.dispose();
    image.dispose();
  }
  network.dispose();
  return values;
}
