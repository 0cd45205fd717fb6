import { NetworkComposer } from '../../onnx/composer.ts';
import type { Model } from '../../onnx/model-file.ts';
import { batchNorm, convolution, type Draft, maxPool, relu } from './layers.ts';
import type { Parameters } from './parameters.ts';

/** Names of the network's output, and of the decoder's last map, which a refiner looks at. */
export const craftValues = { maps: 'maps', features: 'features' } as const;
export const featureChannels = 32;

export const mapSides = ['batch', 2, 'map height', 'map width'];

/**
 * CRAFT (Baek et al. 2019): the trunk of VGG16 with batch normalization, and a decoder that goes back up. From `image`,
 * batch x 3 x height x width, both sides multiples of 16, to `maps`, batch x 2 x height / 2 x width / 2: how likely a pixel is
 * the center of a character, and how likely the middle between two.
 */
export function craft(parameters: Parameters): Model {
  const draft = { network: new NetworkComposer(), parameters };
  const [half, quarter, eighth, sixteenth] = trunk(draft, 'image') as [string, string, string, string];
  let map = decoderStep(draft, 'upconv1', [deepest(draft, sixteenth), sixteenth], [1536, 512, 256]);
  map = decoderStep(draft, 'upconv2', [doubled(draft, map), eighth], [768, 256, 128]);
  map = decoderStep(draft, 'upconv3', [doubled(draft, map), quarter], [384, 128, 64]);
  map = decoderStep(draft, 'upconv4', [doubled(draft, map), half], [192, 64, featureChannels], craftValues.features);
  head(draft, map);
  parameters.finish('CRAFT');
  const input = { name: 'image', sides: ['batch', 3, 'height', 'width'] };
  return draft.network.model('craft', input, { name: craftValues.maps, sides: mapSides });
}

/** Convolutions of the trunk: their places in VGG16, channels, and whether the map is halved before. A slice ends in a tap. */
const slices: readonly (readonly [place: number, channels: number, halves?: 'halves'][])[] = [
  [
    [0, 64],
    [3, 64],
    [7, 128, 'halves'],
    [10, 128],
  ],
  [
    [14, 256, 'halves'],
    [17, 256],
  ],
  [
    [20, 256],
    [24, 512, 'halves'],
    [27, 512],
  ],
  [
    [30, 512],
    [34, 512, 'halves'],
    [37, 512],
  ],
];
const lastPlace = 37;

/**
 * The maps at 1/2, 1/4, 1/8 and 1/16. The published weights were trained with rectification in place, which reaches the first
 * three taps from the slice that follows each; nothing rectifies the last.
 */
function trunk(draft: Draft, image: string): string[] {
  let [map, inputs] = [image, 3];
  return slices.map((layers, i) => {
    for (const [place, channels, halves] of layers) {
      const slice = `basenet.slice${i + 1}`;
      if (halves) map = maxPool(draft, map, [2, 2]);
      map = convolution(draft, `${slice}.${place}`, map, { inputs, outputs: channels, kernel: 3, padding: 1 });
      map = batchNorm(draft, `${slice}.${place + 1}`, map, channels);
      if (place !== lastPlace) map = relu(draft, map);
      inputs = channels;
    }
    return map;
  });
}

/** What took the place of VGG16's fully connected layers; rectified nowhere. */
function deepest(draft: Draft, tap: string): string {
  const pooled = maxPool(draft, tap, [3, 3], [1, 1], [1, 1]);
  const wide = { inputs: 512, outputs: 1024, kernel: 3, padding: 6, dilation: 6 };
  const map = convolution(draft, 'basenet.slice5.1', pooled, wide);
  return convolution(draft, 'basenet.slice5.2', map, { inputs: 1024, outputs: 1024, kernel: 1 });
}

function decoderStep(
  draft: Draft,
  key: string,
  maps: readonly string[],
  [inputs, middle, outputs]: readonly [number, number, number],
  output?: string,
): string {
  const beside = draft.network.node(`${key}.maps`, 'Concat', maps, { axis: 1 });
  const mixed = convolution(draft, `${key}.conv.0`, beside, { inputs, outputs: middle, kernel: 1 });
  const active = relu(draft, batchNorm(draft, `${key}.conv.1`, mixed, middle));
  const near = convolution(draft, `${key}.conv.3`, active, { inputs: middle, outputs, kernel: 3, padding: 1 });
  return relu(draft, batchNorm(draft, `${key}.conv.4`, near, outputs), output);
}

/** Twice as large both ways, blended between pixel centers (torch: bilinear, without aligned corners). */
function doubled({ network }: Draft, map: string): string {
  const scales = network.floats(`${map}.scales`, [4], Float32Array.of(1, 1, 2, 2));
  const attributes = { mode: 'linear', coordinate_transformation_mode: 'half_pixel' };
  return network.node(`${map}.doubled`, 'Resize', [map, '', scales], attributes);
}

function head(draft: Draft, features: string): void {
  const near = { kernel: 3, padding: 1 };
  let map = relu(draft, convolution(draft, 'conv_cls.0', features, { inputs: 32, outputs: 32, ...near }));
  map = relu(draft, convolution(draft, 'conv_cls.2', map, { inputs: 32, outputs: 32, ...near }));
  map = relu(draft, convolution(draft, 'conv_cls.4', map, { inputs: 32, outputs: 16, ...near }));
  map = relu(draft, convolution(draft, 'conv_cls.6', map, { inputs: 16, outputs: 16, kernel: 1 }));
  convolution(draft, 'conv_cls.8', map, { inputs: 16, outputs: 2, kernel: 1, output: craftValues.maps });
}
