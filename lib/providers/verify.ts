import { readFile, realpath, rename, stat, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { PlacardError } from '../errors.ts';
import { type Context, type NativeNetwork, type NativeTensor, native } from '../native.ts';
import { packagedModels } from '../package-files.ts';
import { bytesDigest } from '../packages/digest.ts';
import { checkFiles, libraryOf, releaseFolder } from './installed.ts';
import type { PluginRelease, ProviderName } from './provider.ts';

export interface VerifyOptions {
  modelsFolder: string;
  /** Path of the ONNX Runtime library. */
  runtime: string;
  context: Context;
}

/** The largest difference from ONNX Runtime's own code that may be, as a share of the range of its answer. */
const tolerance = 1e-4;

/** Of the picture that the check's network sees. */
const width = 160;
const height = 96;

/** Keys of this process's own verifications: nothing has to be read twice. */
const verified = new Set<string>();

/**
 * Proves once that a provider computes what ONNX Runtime's own code does. What was proven for these files, this runtime and
 * this processor is remembered in the models folder, where that may be written. Throws PROVIDER_UNAVAILABLE, saying why.
 */
export async function ensureVerified(release: PluginRelease, options: VerifyOptions): Promise<void> {
  const key = await keyOf(release, options);
  if (verified.has(key) || (await readKeys(release, options)).includes(key)) return;
  await verifyProvider(release, options);
}

/** Whether `ensureVerified` would find the proof that it needs. */
export async function isVerified(release: PluginRelease, options: Pick<VerifyOptions, 'modelsFolder' | 'runtime'>) {
  const key = await keyOf(release, options);
  return verified.has(key) || (await readKeys(release, options)).includes(key);
}

/**
 * Compares the files' digests, then the answers of a small network (models/provider-check) with those of ONNX Runtime's own
 * code, and remembers that they agree. Throws PROVIDER_UNAVAILABLE.
 */
export async function verifyProvider(release: PluginRelease, options: VerifyOptions): Promise<void> {
  const key = await keyOf(release, options);
  await compare(release, options);
  verified.add(key);
  await remember(key, release, options);
}

async function compare(release: PluginRelease, options: VerifyOptions): Promise<void> {
  await checkFiles(release, options.modelsFolder).catch((cause: Error) => {
    throw unavailable(
      `${cause.message} Add ${release.title} again with "placard providers add ${release.name}".`,
      cause,
    );
  });
  const expected = await answer('cpu', undefined, options);
  const actual = await answer(release.name, libraryOf(release, options.modelsFolder), options);
  const range = spread(expected);
  const difference = expected.reduce((most, value, i) => Math.max(most, Math.abs(value - actual[i]!)), 0);
  // Written so that NaN fails as well.
  if (actual.length === expected.length && difference <= tolerance * range) return;
  const share = (difference / range).toExponential(1);
  throw unavailable(
    `${release.title} ${release.version} computes other numbers than ONNX Runtime here: they differ by ${share} of their range, and ${tolerance} is allowed.`,
  );
}

async function answer(
  provider: ProviderName,
  providerLibrary: string | undefined,
  { runtime, context }: VerifyOptions,
): Promise<Float32Array> {
  const weights = join(packagedModels(), 'provider-check', 'network.onnx');
  const network = await native().openNetwork(context, { runtime, weights, threads: 1, provider, providerLibrary });
  try {
    return await run(network, context);
  } finally {
    network.dispose();
  }
}

async function run(network: NativeNetwork, context: Context): Promise<Float32Array> {
  const data = Uint8Array.from({ length: 3 * width * height }, (_, i) => (i * i * 31 + i * 7) % 251);
  const image = await native().imageFromPixels(context, { data, width, height, channels: 3 });
  const made: (NativeTensor | typeof image)[] = [image];
  try {
    const scale = Float32Array.of(1 / 64, 1 / 64, 1 / 64);
    const offset = Float32Array.of(-2, -2, -2);
    const input = await native().imageTensor(context, { image, width, height, scale, offset, reverseChannels: false });
    made.push(input);
    const outputs = await native().runNetwork(context, { network, input });
    made.push(...outputs);
    return outputs[0]!.toFloat32Array();
  } finally {
    for (const handle of made) handle.dispose();
  }
}

function spread(values: Float32Array): number {
  const [least, most] = values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ] as [number, number]);
  return most - least;
}

/** Digest of all that a proof depends on; files by size and time of change, so that it takes no reading of them. */
async function keyOf(
  release: PluginRelease,
  options: Pick<VerifyOptions, 'modelsFolder' | 'runtime'>,
): Promise<string> {
  const folder = releaseFolder(release, options.modelsFolder);
  const runtime = await realpath(options.runtime).catch(() => options.runtime);
  const paths = [...release.files.map(({ file }) => join(folder, file)), runtime];
  const files = await Promise.all(
    paths.map(async (path) => {
      const { size, mtimeMs } = await stat(path).catch(() => ({ size: -1, mtimeMs: 0 }));
      return [path, size, mtimeMs];
    }),
  );
  const { cpuLevel, bf16 } = native().state();
  const processor = [cpus()[0]?.model, cpuLevel, bf16];
  return bytesDigest(JSON.stringify({ wheel: release.wheel.sha256, files, processor, tolerance }));
}

/** Several, since machines with different processors may share a models folder. */
const mostKeys = 32;

function recordPath(release: PluginRelease, modelsFolder: string): string {
  return `${releaseFolder(release, modelsFolder)}.verified.json`;
}

async function readKeys(
  release: PluginRelease,
  { modelsFolder }: Pick<VerifyOptions, 'modelsFolder'>,
): Promise<string[]> {
  const text = await readFile(recordPath(release, modelsFolder), 'utf8').catch(() => '[]');
  try {
    const keys: unknown = JSON.parse(text);
    return Array.isArray(keys) ? keys.filter((key) => typeof key === 'string') : [];
  } catch {
    // Half-written by hand or by a disk that was full: it proves nothing, and is written anew.
    return [];
  }
}

/** A folder that may not be written costs the next process a verification of its own, and nothing else. */
async function remember(key: string, release: PluginRelease, options: VerifyOptions): Promise<void> {
  const path = recordPath(release, options.modelsFolder);
  const partial = `${path}.${process.pid}.partial`;
  try {
    const others = (await readKeys(release, options)).filter((other) => other !== key);
    await writeFile(partial, JSON.stringify([key, ...others].slice(0, mostKeys)));
    await rename(partial, path);
  } catch {
    return;
  }
}

function unavailable(message: string, cause?: Error): PlacardError {
  return new PlacardError('PROVIDER_UNAVAILABLE', message, { cause });
}
