import { PlacardError } from '../errors.ts';
import { decodeMessage, encodeMessage, type Onnx } from './schema.ts';
import { checkTensor } from './tensor.ts';

/** A network as its file has it. */
export type Model = Onnx<'Model'> & { graph: Onnx<'Graph'> };

/**
 * Reads an ONNX file. Values are views of the bytes, which must not change afterwards. Throws MODEL_INVALID where the bytes are none:
 * broken encoding, a graph that is missing, that uses values nobody makes or is not in order, or tensors of the wrong size.
 * @param name of the file, for messages
 */
export function readModel(bytes: Uint8Array, name: string): Model {
  let model: Onnx<'Model'>;
  try {
    model = decodeMessage('Model', bytes);
  } catch (cause) {
    throw new PlacardError('MODEL_INVALID', `${name} is no ONNX file: ${(cause as Error).message}`, { cause });
  }
  const { graph } = model;
  if (!graph || graph.node.length === 0 || model.opsetImport.length === 0) {
    throw new PlacardError('MODEL_INVALID', `${name} holds no network.`);
  }
  checkGraph(graph, name, new Set());
  return model as Model;
}

export function writeModel(model: Model): Uint8Array<ArrayBuffer> {
  return encodeMessage('Model', model);
}

function checkGraph(graph: Onnx<'Graph'>, name: string, outer: ReadonlySet<string>): void {
  const known = new Set(['', ...outer]);
  for (const tensor of graph.initializer) {
    checkTensor(tensor);
    known.add(tensor.name);
  }
  for (const { name: input } of graph.input) known.add(input);
  for (const node of graph.node) {
    const missing = node.input.find((input) => !known.has(input));
    if (missing !== undefined) throw unknownValue(name, missing);
    for (const { t, g, graphs } of node.attribute) {
      if (t) checkTensor(t);
      for (const inner of g ? [g, ...graphs] : graphs) checkGraph(inner, name, known);
    }
    for (const output of node.output) {
      if (output !== '' && known.has(output) && !outer.has(output)) {
        throw new PlacardError('MODEL_INVALID', `${name}: two nodes make ${JSON.stringify(output)}.`);
      }
      known.add(output);
    }
  }
  const lost = graph.output.find(({ name: output }) => !known.has(output));
  if (lost) throw unknownValue(name, lost.name);
}

function unknownValue(name: string, value: string): PlacardError {
  return new PlacardError('MODEL_INVALID', `${name}: no node before its use makes ${JSON.stringify(value)}.`);
}
