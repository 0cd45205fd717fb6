import { expect, it } from 'vitest';
import { Graph } from '../../../lib/onnx/graph.ts';
import { fixShapes } from '../../../lib/onnx/passes/fix-shapes.ts';
import { NetworkBuilder } from '../../unit/onnx-network.ts';

it.each([
  [{ batch: 1 }, [1, 3, undefined, undefined], 1],
  [{ batch: 1, height: 48 }, [1, 3, 48, undefined], 2],
  [{ batch: 1, height: 64, width: 96 }, [1, 3, 64, 96], 3],
])('writes %j into the input', (facts, sides, count) => {
  const network = new NetworkBuilder();
  const model = network.model([network.conv('x', 3, 4)]);
  expect(fixShapes.apply(new Graph(model), facts)).toBe(count);
  const dims = model.graph.input[0]!.type!.tensorType!.shape!.dim;
  expect(dims.map(({ dimValue }) => Number(dimValue) || undefined)).toEqual(sides);
});
