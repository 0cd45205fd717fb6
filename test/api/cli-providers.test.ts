import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PlacardError } from '../../lib/errors.ts';
import type { ProviderEntry } from '../../lib/providers/list.ts';
import { folderWith, placard } from './cli-harness.ts';

const cpu: ProviderEntry = {
  name: 'cpu',
  title: 'ONNX Runtime',
  state: 'bundled',
  precisions: ['f32'],
  license: 'MIT',
};
const plugin = (fields: Partial<ProviderEntry>): ProviderEntry => ({
  name: 'openvino',
  title: 'OpenVINO',
  version: '1.8.1',
  state: 'added',
  precisions: ['f32', 'bf16'],
  license: 'MIT',
  ...fields,
});

function providersOf(entry: ProviderEntry, verify: () => Promise<void> = async () => {}) {
  const added: unknown[] = [];
  const providers = {
    list: async () => [cpu, entry],
    add: async (name: string, options: object) => {
      added.push({ name, ...options });
      return entry.state === 'added' ? undefined : '/models/providers/lib.so';
    },
    verify,
  };
  return { context: { providers }, added };
}

describe('placard providers', () => {
  it('lists them', async () => {
    const folder = await folderWith({});
    const { context } = providersOf(plugin({ state: 'not added', note: 'placard providers add openvino' }));
    const { text, exitCode } = await placard(folder, ['providers', 'list'], { context });
    expect(exitCode).toBe(0);
    expect(text).toMatch(/^cpu +bundled +f32 +MIT +ONNX Runtime/m);
    expect(text).toMatch(/^openvino +not added +f32, bf16 +MIT +OpenVINO 1\.8\.1 +placard providers add openvino$/m);
    const json = await placard(folder, ['providers', 'list', '--json'], { context });
    expect(JSON.parse(json.text)).toMatchObject([{ name: 'cpu' }, { name: 'openvino', version: '1.8.1' }]);
  });

  it('adds one, from a file where one is named', async () => {
    const folder = await folderWith({});
    const absent = providersOf(plugin({ state: 'not added' }));
    const args = ['providers', 'add', 'openvino', '--from', 'some.whl', '--models-folder', '/models'];
    const { text, exitCode } = await placard(folder, args, { context: absent.context });
    expect([text, exitCode]).toEqual(['/models/providers/lib.so\n', 0]);
    expect(absent.added).toMatchObject([{ name: 'openvino', from: join(folder, 'some.whl'), modelsFolder: '/models' }]);
    const { context } = providersOf(plugin({}));
    expect((await placard(folder, ['providers', 'add', 'openvino'], { context })).text).toBe(
      'openvino is here already.\n',
    );
  });

  it('verifies those that are here', async () => {
    const folder = await folderWith({});
    const sound = providersOf(plugin({}));
    const { text, exitCode } = await placard(folder, ['providers', 'verify'], { context: sound.context });
    expect([text.trim(), exitCode]).toEqual(['openvino  ok', 0]);
    const fail = async () => {
      throw new PlacardError('PROVIDER_UNAVAILABLE', 'It computes other numbers.');
    };
    const { context } = providersOf(plugin({}), fail);
    const failed = await placard(folder, ['providers', 'verify', 'openvino'], { context });
    expect([failed.text.trim(), failed.exitCode]).toEqual(['openvino  failed  It computes other numbers.', 1]);
    const none = providersOf(plugin({ state: 'not added' }));
    const nothing = await placard(folder, ['providers', 'verify'], { context: none.context });
    expect([nothing.text.trim(), nothing.exitCode]).toEqual(['', 0]);
  });

  it('are told by doctor, a broken one without failing', async () => {
    const folder = await folderWith({});
    const { context } = providersOf(plugin({ state: 'broken', note: 'placard providers add openvino' }));
    const { text, exitCode } = await placard(folder, ['doctor'], { context });
    expect(exitCode).toBe(0);
    expect(text).toMatch(/^note {2}provider openvino +broken\n +→ placard providers add openvino$/m);
    expect(text).toMatch(/^ok {4}provider cpu +bundled \(f32\)$/m);
  });
});
