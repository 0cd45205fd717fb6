import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addonPath, native } from '../../lib/native.ts';
import { packagedModels } from '../../lib/package-files.ts';
import { newContext, runtimeLibrary } from './native-context.ts';

const folder = mkdtempSync(join(tmpdir(), 'placard-libraries-'));
afterAll(() => rmSync(folder, { recursive: true }));

const context = newContext(1);
const weights = join(packagedModels(), 'provider-check', 'network.onnx');
const open = (providerLibrary: string | undefined, provider: 'cpu' | 'openvino' = 'openvino') =>
  native().openNetwork(context, { runtime: runtimeLibrary(), weights, threads: 1, provider, providerLibrary });

/** A shared library of this machine's that is no provider's: the addon. */
let addon: Buffer;
beforeAll(() => {
  native();
  addon = readFileSync(addonPath!);
});

const aarch64 = 0xb7;

describe.runIf(process.platform === 'linux')('a provider’s library', () => {
  it.each([
    ['that is not there', undefined, /No such file|cannot open/],
    ['that is a text file', () => Buffer.from('this is no library\n'), /invalid ELF header|file too short/],
    ['that is empty', () => Buffer.alloc(0), /file too short/],
    [
      'for another processor',
      () => {
        const other = Buffer.from(addon);
        other.writeUInt16LE(process.arch === 'arm64' ? 0x3e : aarch64, 18);
        return other;
      },
      /ELF|wrong|cannot open/,
    ],
    ['that is no provider’s', () => addon, /CreateEpFactories/],
  ])('%s is named, with the runtime’s version and the reason', async (what, content, reason) => {
    const path = join(folder, `${what.replaceAll(' ', '-')}.so`);
    if (content) writeFileSync(path, content());
    const { message, code } = await open(path).then(
      () => expect.unreachable(),
      (error: Error & { code: string }) => error,
    );
    expect(code).toBe('ERR_PLACARD_PROVIDER_UNAVAILABLE');
    expect(message).toContain(`cannot take ${path} as its OpenVINO library`);
    expect(message).toMatch(/^ONNX Runtime \d+\.\d+\.\d+ /);
    expect(message).toMatch(reason);
  });

  it('leaves networks on other providers as they were', async () => {
    await expect(open(join(folder, 'none.so'))).rejects.toMatchObject({ code: 'ERR_PLACARD_PROVIDER_UNAVAILABLE' });
    const network = await open(undefined, 'cpu');
    expect(network.describe()).toMatchObject({ inputs: [{ shape: [1, 3, -1, -1] }], fixedShapes: [] });
    expect(network.columns(321)).toBe(321);
    network.dispose();
    expect(() => network.columns(321)).toThrow('disposed');
  });

  it('is of a provider that there is', async () => {
    await expect(open(undefined, 'abacus' as 'cpu')).rejects.toMatchObject({
      code: 'ERR_PLACARD_PROVIDER_UNAVAILABLE',
      message: 'There is no provider abacus.',
    });
    const bf16 = { runtime: runtimeLibrary(), weights, threads: 1, precision: 'bf16' } as const;
    await expect(native().openNetwork(context, bf16)).rejects.toMatchObject({
      message: 'The provider cpu computes in f32 alone.',
    });
    const odd = { ...bf16, precision: 'f64' as 'f32' };
    expect(() => native().openNetwork(context, odd)).toThrow("Expected 'f32' or 'bf16' for network.precision");
  });
});
