import type { Pass } from '../pass.ts';
import { make } from '../schema.ts';

export const fixShapes: Pass = {
  name: 'fix-shapes',
  version: 1,
  about: 'The sides of the input that the caller knows are written into the file.',
  apply(graph, { batch, height, width }) {
    let rewrites = 0;
    for (const input of graph.inputs) {
      const shape = graph.model.graph.input.find(({ name }) => name === input)?.type?.tensorType?.shape;
      if (shape?.dim.length !== 4) continue;
      const wanted = [batch, undefined, height, width];
      for (const [axis, size] of wanted.entries()) {
        const stated = Number(shape.dim[axis]!.dimValue);
        if (size === undefined || stated > 0) continue;
        shape.dim[axis] = make('Dimension', { dimValue: BigInt(size) });
        rewrites++;
      }
    }
    return rewrites;
  },
};
