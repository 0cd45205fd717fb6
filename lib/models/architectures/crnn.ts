import { NetworkComposer } from '../../onnx/composer.ts';
import type { Model } from '../../onnx/model-file.ts';
import { batchNorm, bidirectionalLstm, convolution, type Draft, linear, maxPool, relu } from './layers.ts';
import type { Parameters } from './parameters.ts';

export const crnnHeight = 32;

/** A recognizer's network and what its checkpoint says of it. */
export interface Recurrent {
  model: Model;
  /** With the blank. */
  classes: number;
}

/**
 * CRNN (Shi et al. 2015) as its PyTorch versions have it. From `line`, batch x 1 x 32 x width, to `logits`, batch x steps x
 * classes, with floor(width / 4) + 1 steps.
 */
export function crnn(parameters: Parameters): Recurrent {
  const [classes] = parameters.shapeOf('rnn.1.embedding.weight', 2) as [number, number];
  const [, hidden] = parameters.shapeOf('rnn.0.rnn.weight_hh_l0', 2) as [number, number];
  const draft = { network: new NetworkComposer(), parameters };
  const { network } = draft;
  const columns = network.node('columns', 'Squeeze', [features(draft, 'line'), network.integers('height', [2])]);
  // Steps x batch x channels, as recurrent layers take them.
  let steps = network.node('steps', 'Transpose', [columns], { perm: [2, 0, 1] });
  steps = bidirectionalLstm(draft, 'rnn.0.rnn', steps, 512, hidden);
  steps = linear(draft, 'rnn.0.embedding', steps, 2 * hidden, hidden);
  steps = bidirectionalLstm(draft, 'rnn.1.rnn', steps, hidden, hidden);
  steps = linear(draft, 'rnn.1.embedding', steps, 2 * hidden, classes);
  network.node('logits', 'Transpose', [steps], { perm: [1, 0, 2] });
  parameters.finish('CRNN');
  const input = { name: 'line', sides: ['batch', 1, crnnHeight, 'width'] };
  return { model: network.model('crnn', input, { name: 'logits', sides: ['batch', 'steps', classes] }), classes };
}

interface Layer {
  outputs: number;
  normalized?: boolean;
  pool?: 'square' | 'tall';
}

const layers: readonly Layer[] = [
  { outputs: 64, pool: 'square' },
  { outputs: 128, pool: 'square' },
  { outputs: 256, normalized: true },
  { outputs: 256, pool: 'tall' },
  { outputs: 512, normalized: true },
  { outputs: 512, pool: 'tall' },
];

/** Batch x 512 x 1 x steps. */
function features(draft: Draft, line: string): string {
  let [map, inputs] = [line, 1];
  for (const [i, { outputs, normalized, pool }] of layers.entries()) {
    map = convolution(draft, `cnn.conv${i}`, map, { inputs, outputs, kernel: 3, padding: 1 });
    if (normalized) map = batchNorm(draft, `cnn.batchnorm${i}`, map, outputs);
    map = relu(draft, map);
    if (pool === 'square') map = maxPool(draft, map, [2, 2]);
    // Halves the height alone, and makes a row one wider.
    if (pool === 'tall') map = maxPool(draft, map, [2, 2], [2, 1], [0, 1]);
    inputs = outputs;
  }
  const last = convolution(draft, 'cnn.conv6', map, { inputs, outputs: 512, kernel: 2 });
  return relu(draft, batchNorm(draft, 'cnn.batchnorm6', last, 512));
}
