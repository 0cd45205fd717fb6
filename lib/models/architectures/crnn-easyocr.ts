import { NetworkComposer } from '../../onnx/composer.ts';
import type { Recurrent } from './crnn.ts';
import { batchNorm, bidirectionalLstm, convolution, type Draft, linear, maxPool, relu } from './layers.ts';
import type { Parameters } from './parameters.ts';

export const easyocrHeight = 64;

/**
 * EasyOCR's recognizers of the second generation: a smaller convolutional part, whose rows are averaged. From `line`,
 * batch x 1 x 64 x width, to `logits`, batch x steps x classes, with floor(width / 4) - 1 steps.
 */
export function easyocrCrnn(parameters: Parameters): Recurrent {
  const [classes] = parameters.shapeOf('Prediction.weight', 2) as [number, number];
  const [channels] = parameters.shapeOf('FeatureExtraction.ConvNet.18.weight', 4) as [number];
  const [, hidden] = parameters.shapeOf('SequenceModeling.0.rnn.weight_hh_l0', 2) as [number, number];
  const draft = { network: new NetworkComposer(), parameters };
  const { network } = draft;
  const columns = network.node('columns', 'ReduceMean', [features(draft, 'line', channels)], {
    axes: [2],
    keepdims: 0,
  });
  // Steps x batch x channels, as recurrent layers take them.
  let steps = network.node('steps', 'Transpose', [columns], { perm: [2, 0, 1] });
  for (const [i, inputs] of [channels, hidden].entries()) {
    const key = `SequenceModeling.${i}`;
    steps = bidirectionalLstm(draft, `${key}.rnn`, steps, inputs, hidden);
    steps = linear(draft, `${key}.linear`, steps, 2 * hidden, hidden);
  }
  steps = linear(draft, 'Prediction', steps, hidden, classes);
  network.node('logits', 'Transpose', [steps], { perm: [1, 0, 2] });
  parameters.finish('recognizer of EasyOCR’s second generation');
  const input = { name: 'line', sides: ['batch', 1, easyocrHeight, 'width'] };
  return {
    model: network.model('crnn-easyocr', input, { name: 'logits', sides: ['batch', 'steps', classes] }),
    classes,
  };
}

interface Layer {
  /** Among the published layers. */
  place: number;
  /** Of the last layer's channels. */
  share: number;
  normalized?: boolean;
  pool?: readonly [number, number];
}

const layers: readonly Layer[] = [
  { place: 0, share: 1 / 8, pool: [2, 2] },
  { place: 3, share: 1 / 4, pool: [2, 2] },
  { place: 6, share: 1 / 2 },
  { place: 8, share: 1 / 2, pool: [2, 1] },
  { place: 11, share: 1, normalized: true },
  { place: 14, share: 1, normalized: true, pool: [2, 1] },
];

/** Batch x channels x 3 x steps. */
function features(draft: Draft, line: string, channels: number): string {
  const net = 'FeatureExtraction.ConvNet';
  let [map, inputs] = [line, 1];
  for (const { place, share, normalized, pool } of layers) {
    const outputs = Math.floor(channels * share);
    const shape = { inputs, outputs, kernel: 3, padding: 1, bias: !normalized };
    map = convolution(draft, `${net}.${place}`, map, shape);
    if (normalized) map = batchNorm(draft, `${net}.${place + 1}`, map, outputs);
    map = relu(draft, map);
    if (pool) map = maxPool(draft, map, pool);
    inputs = outputs;
  }
  return relu(draft, convolution(draft, `${net}.18`, map, { inputs, outputs: channels, kernel: 2 }));
}
