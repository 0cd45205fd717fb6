import { PlacardError } from '../../errors.ts';
import { NetworkComposer } from '../../onnx/composer.ts';
import type { Model } from '../../onnx/model-file.ts';
import { craftValues, featureChannels, mapSides } from './craft.ts';
import { batchNorm, convolution, type Draft, relu } from './layers.ts';
import type { Parameters } from './parameters.ts';

/** Of the branches that look at neighborhoods of several sizes. */
const dilations = [6, 12, 18, 24];

/**
 * A CRAFT network and the LinkRefiner behind it, as one network whose affinity map is the refined one.
 * Throws MODEL_MISMATCH where the detector is no CRAFT network of placard's writing.
 * @param detector is used up
 */
export function refinedCraft(parameters: Parameters, detector: Model): Model {
  const { node, initializer } = detector.graph;
  const head = node.find(({ output }) => output[0] === craftValues.maps);
  const isCraft = head && node.some(({ output }) => output[0] === craftValues.features);
  if (!isCraft || node.some(({ name }) => name === 'refined')) {
    throw new PlacardError(
      'MODEL_MISMATCH',
      'Expected the detector to be a CRAFT network, without a refiner, that placard imported.',
    );
  }
  [head.name, head.output] = ['coarse', ['coarse']];
  const network = new NetworkComposer();
  network.nodes.push(...node);
  network.constants.push(...initializer);
  const refined = refiner({ network, parameters }, ['coarse', craftValues.features]);
  const channels = [[0], [1], [1]].map((list, i) => network.integers(`region.${i}`, list));
  const region = network.node('region', 'Slice', ['coarse', ...channels]);
  network.node(craftValues.maps, 'Concat', [region, refined], { axis: 1 });
  parameters.finish('LinkRefiner');
  const input = { name: 'image', sides: ['batch', 3, 'height', 'width'] };
  return network.model('craft-refined', input, { name: craftValues.maps, sides: mapSides });
}

/** The affinity, of region, affinity and features. */
function refiner(draft: Draft, maps: readonly string[]): string {
  let map = draft.network.node('refiner.maps', 'Concat', maps, { axis: 1 });
  for (const [i, inputs] of [2 + featureChannels, 64, 64].entries()) {
    const key = `last_conv.${3 * i}`;
    const near = convolution(draft, key, map, { inputs, outputs: 64, kernel: 3, padding: 1 });
    map = relu(draft, batchNorm(draft, `last_conv.${3 * i + 1}`, near, 64));
  }
  const branches = dilations.map((dilation, i) => branch(draft, `aspp${i + 1}`, map, dilation));
  return draft.network.node('refined', 'Sum', branches);
}

function branch(draft: Draft, key: string, map: string, dilation: number): string {
  const wide = { inputs: 64, outputs: 128, kernel: 3, padding: dilation, dilation };
  let value = relu(draft, batchNorm(draft, `${key}.1`, convolution(draft, `${key}.0`, map, wide), 128));
  const mixed = convolution(draft, `${key}.3`, value, { inputs: 128, outputs: 128, kernel: 1 });
  value = relu(draft, batchNorm(draft, `${key}.4`, mixed, 128));
  return convolution(draft, `${key}.6`, value, { inputs: 128, outputs: 1, kernel: 1 });
}
