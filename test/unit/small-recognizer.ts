import { formulaTensor } from './formula.ts';
import { stateFile } from './torch-file.ts';

/** Shapes of a recognizer of EasyOCR's kind, as small as that architecture can be. */
export function recognizerShapes({ channels = 8, hidden = 4, classes = 3 } = {}): Map<string, number[]> {
  const [eighth, quarter, half] = [channels / 8, channels / 4, channels / 2];
  const net = 'FeatureExtraction.ConvNet';
  const shapes = new Map<string, number[]>();
  const convolution = (place: number, inputs: number, outputs: number, kernel = 3, bias = true) => {
    shapes.set(`${net}.${place}.weight`, [outputs, inputs, kernel, kernel]);
    if (bias) shapes.set(`${net}.${place}.bias`, [outputs]);
  };
  convolution(0, 1, eighth);
  convolution(3, eighth, quarter);
  convolution(6, quarter, half);
  convolution(8, half, half);
  for (const [place, inputs] of [
    [11, half],
    [14, channels],
  ] as const) {
    convolution(place, inputs, channels, 3, false);
    for (const name of ['weight', 'bias', 'running_mean', 'running_var']) {
      shapes.set(`${net}.${place + 1}.${name}`, [channels]);
    }
  }
  convolution(18, channels, channels, 2);
  for (const [layer, inputs] of [channels, hidden].entries()) {
    const key = `SequenceModeling.${layer}`;
    for (const way of ['', '_reverse']) {
      shapes.set(`${key}.rnn.weight_ih_l0${way}`, [4 * hidden, inputs]);
      shapes.set(`${key}.rnn.weight_hh_l0${way}`, [4 * hidden, hidden]);
      shapes.set(`${key}.rnn.bias_ih_l0${way}`, [4 * hidden]);
      shapes.set(`${key}.rnn.bias_hh_l0${way}`, [4 * hidden]);
    }
    shapes.set(`${key}.linear.weight`, [hidden, 2 * hidden]);
    shapes.set(`${key}.linear.bias`, [hidden]);
  }
  shapes.set('Prediction.weight', [classes, hidden]);
  shapes.set('Prediction.bias', [classes]);
  return shapes;
}

/** A checkpoint of these shapes, with weights by formula. */
export function checkpointOf(shapes: Iterable<readonly [string, readonly number[]]>): Uint8Array {
  return stateFile(
    [...shapes].map(([name, shape]) => [
      name,
      name.endsWith('num_batches_tracked') ? { shape } : { shape, values: formulaTensor(name, shape) },
    ]),
  );
}
