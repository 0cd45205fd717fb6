import { mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { bytesDigest } from '../../lib/packages/digest.ts';
import { addProvider, addRelease } from '../../lib/providers/add.ts';
import { choosePrecision, chooseProvider, type Wish } from '../../lib/providers/choose.ts';
import { libraryOf, releaseFolder } from '../../lib/providers/installed.ts';
import { listProviders } from '../../lib/providers/list.ts';
import { openvino } from '../../lib/providers/openvino.ts';
import type { PluginRelease } from '../../lib/providers/provider.ts';
import { newContext, runtimeLibrary } from '../native/native-context.ts';
import { modelsFolder } from './models-folder.ts';

afterEach(() => vi.restoreAllMocks());

const isHere = `${process.platform}-${process.arch}` === openvino.platform;
const runtime = runtimeLibrary();

function wish(folder: string, fields: Partial<Wish> = {}): Wish {
  const models = [{ id: 'finder', precisions: { f32: 'reference' } }];
  const defaults = { provider: 'auto', precision: 'auto', hasBf16: false } as const;
  return { ...defaults, modelsFolder: folder, runtime, context: newContext(1), models, ...fields };
}

/** Files of the right names and sizes that hold nothing. */
function hollowOpenvino(): string {
  const folder = modelsFolder();
  mkdirSync(releaseFolder(openvino, folder), { recursive: true });
  for (const { file, bytes } of openvino.files) {
    const path = join(releaseFolder(openvino, folder), file);
    writeFileSync(path, '');
    truncateSync(path, bytes);
  }
  return folder;
}

const unavailable = (message: RegExp) => ({
  code: 'ERR_PLACARD_PROVIDER_UNAVAILABLE',
  message: expect.stringMatching(message),
});

describe('chooseProvider', () => {
  it('takes cpu where nothing was added, and says nothing', async () => {
    const warned = vi.spyOn(process, 'emitWarning');
    for (const provider of ['auto', 'cpu'] as const) {
      const chosen = await chooseProvider(wish(modelsFolder(), { provider }));
      expect(chosen).toEqual({ name: 'cpu', precision: 'f32', notes: [] });
    }
    expect(warned).not.toHaveBeenCalled();
  });

  it.runIf(isHere)('says what would add the provider that was asked for', async () => {
    const folder = modelsFolder();
    await expect(chooseProvider(wish(folder, { provider: 'openvino' }))).rejects.toMatchObject(
      unavailable(/^OpenVINO is not in .*openvino-1\.8\.1\. Add it with "placard providers add openvino"\.$/),
    );
  });

  it('has no bf16 on cpu', async () => {
    for (const provider of ['auto', 'cpu'] as const) {
      const asked = wish(modelsFolder(), { provider, precision: 'bf16', hasBf16: true });
      await expect(chooseProvider(asked)).rejects.toMatchObject(unavailable(/^The provider cpu computes in f32 alone/));
    }
  });

  it.runIf(isHere)('refuses files that are cut short, or does without them and warns', async () => {
    const folder = hollowOpenvino();
    truncateSync(libraryOf(openvino, folder), 5);
    const said = unavailable(/^Files of OpenVINO in .* are missing or cut short\. Add it again with/);
    await expect(chooseProvider(wish(folder, { provider: 'openvino' }))).rejects.toMatchObject(said);
    const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const chosen = await chooseProvider(wish(folder));
    expect(chosen).toEqual({ name: 'cpu', precision: 'f32', notes: [said.message] });
    expect(warned).toHaveBeenCalledWith(expect.stringContaining('are missing or cut short'), {
      type: 'PlacardWarning',
      code: 'PLACARD_PROVIDER',
    });
  });

  it.runIf(isHere)('refuses files of other contents, or does without them', async () => {
    const folder = hollowOpenvino();
    const said = unavailable(/^Expected SHA-256 \w{64} for .*plugin\.so but received \w{64}\. Add OpenVINO again/);
    await expect(chooseProvider(wish(folder, { provider: 'openvino' }))).rejects.toMatchObject(said);
    vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    expect(await chooseProvider(wish(folder))).toEqual({ name: 'cpu', precision: 'f32', notes: [said.message] });
    // What was found wrong is no proof.
    expect(readdirSync(join(folder, 'providers'))).toEqual(['openvino-1.8.1']);
  });

  it.runIf(isHere)('takes bf16 only of processors and models that have it', async () => {
    const asked = wish(hollowOpenvino(), { provider: 'openvino', precision: 'bf16' });
    await expect(chooseProvider(asked)).rejects.toMatchObject(unavailable(/^This processor has no bf16/));
    await expect(chooseProvider({ ...asked, hasBf16: true })).rejects.toMatchObject(
      unavailable(/^The contract of finder names no bf16/),
    );
  });
});

describe('choosePrecision', () => {
  const [plain, measured] = [{ id: 'reader' }, { id: 'finder', precisions: { f32: 'reference', bf16: 'holds' } }];

  it.each([
    ['bf16 where one of the models holds it', true, [plain, measured], 'bf16'],
    ['f32 where none does', true, [plain, plain], 'f32'],
    ['f32 where the processor would emulate it', false, [measured, measured], 'f32'],
  ])('takes %s', (_, hasBf16, models, precision) => {
    expect(choosePrecision({ precision: 'auto', hasBf16, models })).toBe(precision);
    expect(choosePrecision({ precision: 'f32', hasBf16, models })).toBe('f32');
  });

  it('asked for by name has to hold for all', () => {
    const asked = { precision: 'bf16', hasBf16: true, models: [plain, measured] } as const;
    expect(() => choosePrecision(asked)).toThrow(/^The contract of reader names no bf16/);
    expect(choosePrecision({ ...asked, models: [measured] })).toBe('bf16');
  });
});

describe('listProviders', () => {
  it.runIf(isHere)('tells what is here and what would add the rest', async () => {
    const list = (folder: string) => listProviders({ modelsFolder: folder, runtime, hasBf16: true });
    const [cpu, plugin] = await list(modelsFolder());
    expect(cpu).toMatchObject({ name: 'cpu', state: 'bundled', precisions: ['f32'] });
    expect(plugin).toMatchObject({
      name: 'openvino',
      version: '1.8.1',
      state: 'not added',
      precisions: ['f32', 'bf16'],
    });
    expect(plugin!.note).toBe('placard providers add openvino');
    const folder = hollowOpenvino();
    expect((await list(folder))[1]).toMatchObject({ state: 'added', path: libraryOf(openvino, folder) });
    truncateSync(libraryOf(openvino, folder), 0);
    expect((await list(folder))[1]).toMatchObject({ state: 'broken' });
  });
});

describe('adding a provider', () => {
  const encoder = new TextEncoder();

  /** A release of a wheel of these files, and the wheel. */
  function releaseOf(files: Record<string, string>): { release: PluginRelease; folder: string; from: string } {
    const folder = modelsFolder();
    const contents = Object.fromEntries(Object.entries(files).map(([file, text]) => [file, encoder.encode(text)]));
    const wheel = zipSync(
      Object.fromEntries(Object.entries(contents).map(([file, text]) => [`package/${file}`, text])),
    );
    const from = join(folder, 'some.whl');
    writeFileSync(from, wheel);
    const release: PluginRelease = {
      ...openvino,
      platform: `${process.platform}-${process.arch}`,
      wheel: { file: 'some.whl', sha256: bytesDigest(wheel), bytes: wheel.length },
      folder: 'package',
      library: Object.keys(files)[0]!,
      files: Object.entries(contents).map(([file, text]) => ({ file, sha256: bytesDigest(text), bytes: text.length })),
    };
    return { release, folder, from };
  }

  it('puts its files in place in one step, and leaves what is sound alone', async () => {
    const { release, folder, from } = releaseOf({ 'lib.so': 'library', 'other.so': 'other' });
    const path = await addRelease(release, { modelsFolder: folder, from });
    expect(path).toBe(libraryOf(release, folder));
    expect(readFileSync(path!, 'utf8')).toBe('library');
    expect(readdirSync(join(folder, 'providers'))).toEqual(['openvino-1.8.1']);
    expect(await addRelease(release, { modelsFolder: folder })).toBeUndefined();
  });

  it('replaces what is broken', async () => {
    const { release, folder, from } = releaseOf({ 'lib.so': 'library', 'other.so': 'other' });
    await addRelease(release, { modelsFolder: folder, from });
    writeFileSync(libraryOf(release, folder), 'changed');
    await addRelease(release, { modelsFolder: folder, from });
    expect(readFileSync(libraryOf(release, folder), 'utf8')).toBe('library');
    expect(readdirSync(join(folder, 'providers'))).toEqual(['openvino-1.8.1']);
  });

  it.each([
    ['another wheel', 'DIGEST_MISMATCH', /^Expected SHA-256 \w{64} for .*other\.whl, which is that of some\.whl, but/],
    ['no file', 'INSTALL_FAILED', /^Cannot read .*none\.whl/],
  ])('leaves all as it was for %s', async (what, code, message) => {
    const { release, folder } = releaseOf({ 'lib.so': 'library' });
    const from = join(folder, what === 'no file' ? 'none.whl' : 'other.whl');
    if (what !== 'no file') writeFileSync(from, 'something else');
    await expect(addRelease(release, { modelsFolder: folder, from })).rejects.toMatchObject({
      code: `ERR_PLACARD_${code}`,
      message: expect.stringMatching(message),
    });
    expect(readdirSync(folder)).not.toContain('providers');
  });

  it('says where it may not write', async () => {
    const { release, folder, from } = releaseOf({ 'lib.so': 'library' });
    writeFileSync(join(folder, 'providers'), 'a file in the way');
    await expect(addRelease(release, { modelsFolder: folder, from })).rejects.toMatchObject({
      code: 'ERR_PLACARD_INSTALL_FAILED',
      message: expect.stringContaining('Cannot write'),
    });
  });

  it('refuses names and platforms that no release is for', async () => {
    const { release, folder, from } = releaseOf({ 'lib.so': 'library' });
    await expect(addProvider('abacus', { modelsFolder: folder })).rejects.toMatchObject({
      code: 'ERR_PLACARD_INVALID_ARGUMENT',
      message: 'Expected \'openvino\' for provider but received "abacus" (string).',
    });
    const elsewhere = { ...release, platform: 'plan9-mips' };
    await expect(addRelease(elsewhere, { modelsFolder: folder, from })).rejects.toMatchObject(
      unavailable(/^OpenVINO is for plan9-mips, and this is/),
    );
  });
});
