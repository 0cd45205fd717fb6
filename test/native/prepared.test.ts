import { mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Contract } from '../../lib/models/contract.ts';
import { type PrepareOptions, preparedPath, preparedWeights, prepareOnce } from '../../lib/models/prepared.ts';
import type { Pass } from '../../lib/onnx/pass.ts';
import { removeIdentities } from '../../lib/onnx/passes/remove-identities.ts';
import { zeroDenormals } from '../../lib/onnx/passes/zero-denormals.ts';
import { passesFor } from '../../lib/onnx/prepare.ts';
import { detectContract, modelsFolder } from '../unit/models-folder.ts';
import { NetworkBuilder } from '../unit/onnx-network.ts';
import { newContext, runtimeLibrary } from './native-context.ts';

const network = new NetworkBuilder();
const conv = network.conv(network.node('Identity', ['x']), 3, 1, { kernel: 3, pad: 1 });
const end = network.node('Sigmoid', [conv]);
const source = network.bytes([end]);

/** A detector's folder, and what preparing it takes. */
function detector(extra: Partial<PrepareOptions> = {}) {
  const contract: Contract = detectContract('small', source);
  const folder = modelsFolder({ 'small/model.json': contract, 'small/weights.onnx': source });
  const options = { modelsFolder: folder, runtime: runtimeLibrary(), context: newContext(1), prepare: true, ...extra };
  return { contract, folder, weights: join(folder, 'small', 'weights.onnx'), options };
}

/** Lets the answers grow by a share of themselves. */
const wrong = (share: number, name = 'wrong'): Pass => ({
  name,
  version: 1,
  about: 'Changes answers.',
  apply(graph) {
    const tensor = graph.model.graph.initializer.find(({ dims }) => dims.length === 4)!;
    const values = new Float32Array(Uint8Array.from(tensor.rawData).buffer).map((value) => value * (1 + share));
    tensor.rawData = new Uint8Array(values.buffer);
    return 1;
  },
});

const broken: Pass = {
  name: 'broken',
  version: 1,
  about: 'Leaves what no runtime loads.',
  apply(graph) {
    graph.setInputs(graph.nodes.find(({ opType }) => opType === 'Conv')!, ['x']);
    return 1;
  },
};

const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
beforeEach(() => warn.mockClear());
afterEach(() => vi.useRealTimers());

describe('preparing', () => {
  it('rewrites once and finds it again', async () => {
    const { contract, weights, options, folder } = detector();
    const first = await preparedWeights(contract, weights, options);
    expect(first).toEqual({ weights: preparedPath(contract, folder), preparation: { state: 'prepared' } });
    const before = readFileSync(first.weights);
    // Were it prepared again, this pretended source would be read.
    expect(await preparedWeights(contract, join(folder, 'nowhere.onnx'), options)).toEqual(first);
    expect(readFileSync(first.weights)).toEqual(before);
    expect(readdirSync(join(folder, 'prepared')).map((name) => name.replace(/^.*\./, ''))).toEqual(['json', 'onnx']);
    expect(warn).not.toHaveBeenCalled();
  });

  it('can be switched off', async () => {
    const { contract, weights, options, folder } = detector({ prepare: false });
    expect(await preparedWeights(contract, weights, options)).toEqual({ weights, preparation: { state: 'off' } });
    expect(readdirSync(folder)).toEqual(['small']);
  });

  it('names files by source, passes and their versions', () => {
    const { contract, folder } = detector();
    const other = { ...contract, weights: { ...contract.weights, sha256: '0'.repeat(64) } };
    const paths = [
      preparedPath(contract, folder),
      preparedPath(other, folder),
      preparedPath(contract, folder, [removeIdentities]),
      preparedPath(contract, folder, [{ ...removeIdentities, version: 2 }]),
      preparedPath(contract, folder, [zeroDenormals]),
    ];
    expect(new Set(paths).size).toBe(paths.length);
  });

  it('prepares anew for a provider that other passes suit', async () => {
    const passesRun = async (provider: string) => {
      const { contract, weights, options } = detector({ provider: { name: provider } });
      const { path, report } = await prepareOnce(contract, weights, options);
      return { file: basename(path), names: report.passes.map(({ name }) => name) };
    };
    const [cpu, other] = [await passesRun('cpu'), await passesRun('openvino')];
    expect(cpu.file).not.toBe(other.file);
    expect(cpu.names).toContain('fill-blocks');
    expect(other.names).not.toContain('fill-blocks');
    expect(cpu.names).toEqual(expect.arrayContaining(other.names));
  });

  it('takes what was prepared for the CPU provider where nothing else can be written', async () => {
    const { contract, weights, options, folder } = detector();
    const { path } = await prepareOnce(contract, weights, options);
    const provider = { name: 'openvino' };
    const own = preparedPath(contract, folder, passesFor('openvino'));
    mkdirSync(`${own}.${process.pid}.partial`);
    const found = await preparedWeights(contract, weights, { ...options, provider });
    const note = expect.stringMatching(/^for the provider cpu: .*EISDIR/);
    expect(found).toEqual({ weights: path, preparation: { state: 'prepared', note } });
    expect(warn).not.toHaveBeenCalled();
  });

  it.each([
    ['cut short', (path: string) => writeFileSync(path, readFileSync(path).subarray(0, -1))],
    ['changed', (path: string) => writeFileSync(path, readFileSync(path).fill(7, 200, 203))],
    ['empty', (path: string) => writeFileSync(path, '')],
    ['without a report', (path: string) => writeFileSync(path.replace(/onnx$/, 'json'), '{"sha256":')],
  ])('does again what is %s', async (_, spoil) => {
    const { contract, weights, options } = detector();
    const { path } = await prepareOnce(contract, weights, options);
    const whole = readFileSync(path);
    spoil(path);
    expect((await prepareOnce(contract, weights, options)).path).toBe(path);
    expect(readFileSync(path)).toEqual(whole);
  });

  it('is done once by engines that start together', async () => {
    let runs = 0;
    const counting: Pass = {
      ...removeIdentities,
      apply(...args) {
        runs++;
        return removeIdentities.apply(...args);
      },
    };
    const { contract, weights, options } = detector({ passes: [counting] });
    const found = await Promise.all([1, 2, 3].map(() => preparedWeights(contract, weights, options)));
    expect(new Set(found.map(({ weights: path }) => path)).size).toBe(1);
    expect(runs).toBe(1);
  });

  it('takes over from a process that died at it', async () => {
    const { contract, weights, options, folder } = detector();
    const claim = `${preparedPath(contract, folder)}.claim`;
    mkdirSync(join(folder, 'prepared'));
    writeFileSync(claim, '');
    const longAgo = new Date(Date.now() - 60_000);
    utimesSync(claim, longAgo, longAgo);
    expect((await preparedWeights(contract, weights, options)).preparation).toEqual({ state: 'prepared' });
    expect(readdirSync(join(folder, 'prepared'))).toHaveLength(2);
  });

  it('gives the weights as they came, with one warning, where nothing can be written', async () => {
    const { contract, weights, options, folder } = detector();
    writeFileSync(join(folder, 'prepared'), 'a file where the folder would be');
    const found = await preparedWeights(contract, weights, options);
    expect(found).toEqual({
      weights,
      preparation: { state: 'unprepared', note: expect.stringMatching(/EEXIST|ENOTDIR/) },
    });
    await preparedWeights(contract, weights, options);
    expect(warn.mock.calls).toEqual([
      [expect.stringMatching(/^placard runs small as it came/), { type: 'PlacardWarning', code: 'PLACARD_UNPREPARED' }],
    ]);
  });
});

describe('verification', () => {
  it.each([
    ['changes answers', wrong(0.01), /^answers differ by \d\S+ of their range$/],
    ['leaves no network', broken, /Cannot load the network/],
  ])('finds the pass that %s and leaves it out', async (_, bad, reason) => {
    const passes = [removeIdentities, bad, zeroDenormals];
    const { contract, weights, options } = detector({ passes });
    const { report } = await prepareOnce(contract, weights, options);
    expect(report.passes.map(({ name }) => name)).toEqual(['remove-identities', 'zero-denormals']);
    expect(report.leftOut).toEqual([{ name: bad.name, reason: expect.stringMatching(reason) }]);
    expect(report.difference).toBe(0);
    const { preparation } = await preparedWeights(contract, weights, options);
    expect(preparation).toEqual({ state: 'prepared', note: expect.stringContaining(`without ${bad.name}: `) });
    expect(warn.mock.calls.at(0)?.[1]).toEqual({ type: 'PlacardWarning', code: 'PLACARD_PASS_LEFT_OUT' });
  });

  it('finds several', async () => {
    const passes = [wrong(0.02, 'first'), removeIdentities, wrong(-0.05, 'second')];
    const { contract, weights, options } = detector({ passes });
    const { report } = await prepareOnce(contract, weights, options);
    expect(report.passes).toMatchObject([{ name: 'remove-identities', rewrites: 1 }]);
    expect(report.leftOut.map(({ name }) => name).sort()).toEqual(['first', 'second']);
  });

  it('lets rounding pass', async () => {
    const { contract, weights, options } = detector({ passes: [wrong(1e-5)] });
    const { report } = await prepareOnce(contract, weights, options);
    expect(report.leftOut).toEqual([]);
    expect(report.difference).toBeGreaterThan(0);
  });
});
