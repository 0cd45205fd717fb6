import { Graph } from './graph.ts';
import { type Model, readModel, writeModel } from './model-file.ts';
import type { InputFacts, Pass } from './pass.ts';
import { affineToConvolution } from './passes/affine-to-convolution.ts';
import { convolveBeforeUpsampling } from './passes/convolve-before-upsampling.ts';
import { deferDepthToSpace } from './passes/defer-depth-to-space.ts';
import { fillBlocks } from './passes/fill-blocks.ts';
import { fixShapes } from './passes/fix-shapes.ts';
import { foldBatchNorm } from './passes/fold-batch-norm.ts';
import { foldMultiplyAdd } from './passes/fold-multiply-add.ts';
import { gateWeights } from './passes/gate-weights.ts';
import { gateWidening } from './passes/gate-widening.ts';
import { hardSwish } from './passes/hard-swish.ts';
import { joinGate } from './passes/join-gate.ts';
import { poolFirst } from './passes/pool-first.ts';
import { raiseOpset } from './passes/raise-opset.ts';
import { rejoinBlocks } from './passes/rejoin-blocks.ts';
import { removeIdentities } from './passes/remove-identities.ts';
import { splitConcat } from './passes/split-concat.ts';
import { transposePixels } from './passes/transpose-pixels.ts';
import { unfoldTransposedConvolution } from './passes/unfold-transposed-convolution.ts';
import { zeroDenormals } from './passes/zero-denormals.ts';

/** In their order: each finds what those before it left. */
const passes: readonly Pass[] = [
  removeIdentities,
  zeroDenormals,
  raiseOpset,
  hardSwish,
  foldMultiplyAdd,
  foldBatchNorm,
  foldMultiplyAdd,
  joinGate,
  unfoldTransposedConvolution,
  deferDepthToSpace,
  convolveBeforeUpsampling,
  poolFirst,
  gateWeights,
  gateWidening,
  affineToConvolution,
  splitConcat,
  fillBlocks,
  rejoinBlocks,
  transposePixels,
  fixShapes,
];

/** Those that gain something with a provider. */
export function passesFor(provider: string): readonly Pass[] {
  return passes.filter((pass) => pass.provider === undefined || pass.provider === provider);
}

/** What became of a pass. */
export interface PassOutcome {
  name: string;
  version: number;
  rewrites: number;
  /** Why it declined. */
  declined?: string;
}

export interface Rewritten {
  bytes: Uint8Array<ArrayBuffer>;
  outcomes: PassOutcome[];
  nodesBefore: number;
  nodesAfter: number;
}

/**
 * Applies passes to a network's file. Throws MODEL_INVALID where it is none. Between passes the event loop gets its turn.
 * @param name of the file, for messages
 */
export async function rewrite(
  source: Uint8Array,
  name: string,
  chosen: readonly Pass[],
  facts: InputFacts,
): Promise<Rewritten> {
  const model: Model = readModel(source, name);
  const nodesBefore = model.graph.node.length;
  const graph = new Graph(model);
  const outcomes: PassOutcome[] = [];
  for (const pass of chosen) {
    const result = pass.apply(graph, facts);
    const outcome = typeof result === 'string' ? { rewrites: 0, declined: result } : { rewrites: result };
    outcomes.push({ name: pass.name, version: pass.version, ...outcome });
    await new Promise(setImmediate);
  }
  // Shapes that the exporter noted no longer fit, and the runtime finds them itself.
  if (outcomes.some(({ rewrites }) => rewrites > 0)) model.graph.valueInfo = [];
  return { bytes: writeModel(model), outcomes, nodesBefore, nodesAfter: model.graph.node.length };
}
