import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeNode } from '../../lib/onnx/graph.ts';
import { readModel, writeModel } from '../../lib/onnx/model-file.ts';
import { make } from '../../lib/onnx/schema.ts';
import { floatsOf, floatTensor, integersOf, integerTensor } from '../../lib/onnx/tensor.ts';
import { bundledWeight } from '../../lib/package-files.ts';
import { NetworkBuilder } from './onnx-network.ts';

function small(): NetworkBuilder {
  const network = new NetworkBuilder();
  const pooled = network.node('GlobalAveragePool', [network.conv('x', 3, 4, { kernel: 3 })]);
  network.node('Reshape', [pooled, network.integers([1, -1])]);
  return network;
}

const end = 'reshape2';

describe('an ONNX file', () => {
  it.each(['ch_PP-OCRv4_det_infer.onnx', 'ch_PP-OCRv4_rec_infer.onnx'])('%s is written as it was read', (name) => {
    const bytes = readFileSync(bundledWeight(name)!);
    const model = readModel(bytes, name);
    expect(model.graph.node.length).toBeGreaterThan(600);
    expect(Buffer.compare(writeModel(model), bytes)).toBe(0);
  });

  it('keeps fields that nobody here knows', () => {
    const bytes = small().bytes([end]);
    // Model: field 6 (doc_string), and field 90 of the future.
    const added = Buffer.from([0x32, 2, 0x68, 0x69, 0xd2, 0x05, 1, 7]);
    const written = writeModel(readModel(Buffer.concat([bytes, added]), 'x.onnx'));
    expect(Buffer.from(written).includes(added.subarray(0, 4))).toBe(true);
    expect(Buffer.from(written).includes(added.subarray(4))).toBe(true);
  });

  it('gives its tensors’ values, however they are stored', () => {
    const values = [1.5, -2, 2 ** -140];
    const raw = floatTensor('raw', [3], Float32Array.from(values));
    const listed = make('Tensor', { dims: [3n], dataType: 1, floatData: values });
    expect([floatsOf(raw), floatsOf(listed)]).toEqual([Float32Array.from(values), Float32Array.from(values)]);
    expect(integersOf(integerTensor('i', [2], [-1, 2 ** 40]))).toEqual([-1, 2 ** 40]);
    expect(integersOf(make('Tensor', { dims: [2n], dataType: 6, int32Data: [-7, 9] }))).toEqual([-7, 9]);
    expect(floatsOf(make('Tensor', { dims: [1n], dataType: 1, dataLocation: 1 }))).toBeUndefined();
  });
});

const refused = (message: RegExp) =>
  expect.objectContaining({ code: 'ERR_PLACARD_MODEL_INVALID', message: expect.stringMatching(message) });

const refusal = (bytes: Uint8Array): unknown => {
  try {
    readModel(bytes, 'x.onnx');
  } catch (error) {
    return error;
  }
  return undefined;
};

/** A field of a protobuf message that holds bytes. */
function delimited(field: number, bytes: Uint8Array): Buffer {
  const length: number[] = [];
  for (let rest = bytes.length; ; rest >>>= 7) {
    length.push(rest > 127 ? (rest & 127) | 128 : rest);
    if (rest <= 127) break;
  }
  return Buffer.concat([Buffer.from([(field << 3) | 2, ...length]), bytes]);
}

describe('a broken ONNX file', () => {
  it('that is empty, text or another message is told', () => {
    expect(refusal(new Uint8Array(0))).toEqual(refused(/x\.onnx holds no network/));
    expect(refusal(Buffer.from('<html>404 Not Found</html>'))).toEqual(refused(/x\.onnx/));
    expect(refusal(Buffer.from('\x0a\x03abc'))).toEqual(refused(/x\.onnx/));
  });

  it('that uses what nobody makes is told', () => {
    const network = new NetworkBuilder();
    network.node('Add', ['x', 'nowhere']);
    expect(refusal(network.bytes(['add0']))).toEqual(refused(/no node before its use makes "nowhere"/));
    expect(refusal(small().bytes(['elsewhere']))).toEqual(refused(/makes "elsewhere"/));
    const model = small().model([end]);
    model.graph.node.reverse();
    expect(refusal(writeModel(model))).toEqual(refused(/no node before its use/));
  });

  it('that makes a value twice is told', () => {
    const model = small().model([end]);
    model.graph.node.push(makeNode('Relu', ['x'], [end]));
    expect(refusal(writeModel(model))).toEqual(refused(/two nodes make "reshape2"/));
  });

  it('whose tensors have more or less than their shape says is told', () => {
    const withTensor = (tensor: ReturnType<typeof floatTensor>) => {
      const model = small().model([end]);
      model.graph.initializer.push(tensor);
      return writeModel(model);
    };
    expect(refusal(withTensor(floatTensor('t', [3], new Float32Array(2))))).toEqual(refused(/"t" has 8 bytes for 3/));
    expect(refusal(withTensor(make('Tensor', { name: 't', dims: [2n], dataType: 1, floatData: [1] })))).toEqual(
      refused(/"t" has 1 values for a shape of 2/),
    );
    expect(refusal(withTensor(floatTensor('t', [-1], new Float32Array(1))))).toEqual(refused(/shape of \[-1\]/));
    const vast = make('Tensor', { name: 't', dims: [2n ** 40n, 2n ** 40n], dataType: 1 });
    expect(refusal(withTensor(vast))).toEqual(refused(/shape of/));
  });

  it('of graphs in graphs without end is told', () => {
    let graph: Uint8Array = Buffer.from('');
    // A graph's node (1), its attribute (5), and the graph in that (6).
    for (let depth = 0; depth < 5000; depth++)
      graph = [6, 5, 1].reduce((inner, field) => delimited(field, inner), graph);
    const opsets = delimited(8, Buffer.from([0x10, 14]));
    expect(refusal(Buffer.concat([delimited(7, graph), opsets]))).toEqual(refused(/x\.onnx is no ONNX file/));
  });

  it('cut short or with bytes changed is read or told, soon', () => {
    const whole = small().bytes([end]);
    const change = fc.record({ at: fc.nat(whole.length - 1), to: fc.nat(255) });
    const cases = fc.record({ length: fc.nat(whole.length), changes: fc.array(change, { maxLength: 8 }) });
    fc.assert(
      fc.property(cases, ({ length, changes }) => {
        const bytes = Uint8Array.from(whole);
        for (const { at, to } of changes) bytes[at] = to;
        const began = performance.now();
        const error = refusal(bytes.subarray(0, length));
        expect(performance.now() - began).toBeLessThan(1000);
        if (error !== undefined) expect(error).toEqual(refused(/./));
      }),
      { numRuns: 2000 },
    );
  });
});
