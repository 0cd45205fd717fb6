import { access, constants, stat } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import type { ModelEntry } from '../models/catalog.ts';
import { usableThreads } from '../options.ts';
import type { CliContext } from './context.ts';
import { addEngineOptions, type EngineOptionValues, engineOptions } from './engine-options.ts';
import { exitCodes, failureOf } from './failures.ts';
import { stateOf } from './models.ts';
import { write } from './streams.ts';

/** One fact about this machine and installation. */
export interface Finding {
  name: string;
  value: string;
  /** `warning` is worth knowing and keeps nothing from working. */
  state: 'ok' | 'warning' | 'failed';
  /** What to do, where something is wrong. */
  fix?: string;
}

/** `placard doctor`: what is here, what is wrong, and how it is put right. Exits with 1 where something has failed. */
export function registerDoctor(program: Command, context: CliContext, finish: (exitCode: number) => void): void {
  addEngineOptions(program.command('doctor').description('Check the installation: versions, libraries, models'))
    .option('--json', 'print one JSON object')
    .action(async (values: EngineOptionValues & { json?: boolean }) => {
      const findings = await examine(values, context);
      const isSound = findings.every(({ state }) => state !== 'failed');
      const text = values.json ? `${JSON.stringify({ ok: isSound, findings })}\n` : report(findings);
      await write(context.stdout, text);
      finish(isSound ? exitCodes.ok : exitCodes.failed);
    });
}

/** All findings, in the order in which one thing needs the other. */
async function examine(values: EngineOptionValues, context: CliContext): Promise<Finding[]> {
  const folder = context.models.resolveFolder(values.modelsFolder, context.env);
  return [
    { name: 'placard', value: context.version, state: 'ok' },
    nodeFinding(),
    platformFinding(),
    await sharpFinding(),
    addonFinding(context),
    threadsFinding(values.threads),
    memoryFinding(),
    await folderFinding(folder),
    ...(await modelFindings(folder, context)),
    ...(await providerFindings(folder, context)),
    ...(await engineFindings(values, context)),
  ];
}

function nodeFinding(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const isRecent = major > 20 || (major === 20 && minor >= 3);
  if (isRecent) return { name: 'Node.js', value: process.versions.node, state: 'ok' };
  return { name: 'Node.js', value: process.versions.node, state: 'failed', fix: 'Install Node.js 20.3 or later.' };
}

function platformFinding(): Finding {
  const { header } = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  const libc = header?.glibcVersionRuntime ? `, glibc ${header.glibcVersionRuntime}` : '';
  return { name: 'platform', value: `${process.platform}-${process.arch}${libc}`, state: 'ok' };
}

async function sharpFinding(): Promise<Finding> {
  try {
    const { default: sharp } = await import('sharp');
    return { name: 'sharp', value: `${sharp.versions.sharp}, libvips ${sharp.versions.vips}`, state: 'ok' };
  } catch (error) {
    const fix = 'Install placard again with optional dependencies: npm install --include=optional.';
    return { name: 'sharp', value: failed('sharp', error).value, state: 'failed', fix };
  }
}

function addonFinding({ native }: CliContext): Finding {
  try {
    const { path, cpuLevel } = native.addon();
    return { name: 'addon', value: `${path} (${cpuLevel})`, state: 'ok' };
  } catch (error) {
    return failed('addon', error);
  }
}

function threadsFinding(asked: number | undefined): Finding {
  const [usable, available] = [usableThreads(), availableParallelism()];
  const quota = usable < available ? `, of ${available} CPUs, by the container's quota` : '';
  if (asked === undefined || asked <= usable)
    return { name: 'threads', value: `${asked ?? usable}${quota}`, state: 'ok' };
  const fix = `More threads than CPUs slow every picture down: --threads ${usable} or none.`;
  return { name: 'threads', value: `${asked} on ${usable} CPUs${quota}`, state: 'warning', fix };
}

function memoryFinding(): Finding {
  const total = totalmem();
  // Zero or absurdly large where no control group limits this process.
  const allowed = process.constrainedMemory() ?? 0;
  const isLimited = allowed > 0 && allowed < total;
  const gibibytes = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
  const value = isLimited ? `${gibibytes(allowed)} allowed of ${gibibytes(total)}` : gibibytes(total);
  const least = 2 ** 30;
  if (!isLimited || allowed >= least) return { name: 'memory', value, state: 'ok' };
  return { name: 'memory', value, state: 'warning', fix: 'Allow 1 GiB or more; large pictures need it.' };
}

/** A models folder is needed only for added models, so its absence is no failure. */
async function folderFinding(folder: string): Promise<Finding> {
  const name = 'models folder';
  const stats = await stat(folder).catch(() => undefined);
  if (stats && !stats.isDirectory()) {
    return {
      name,
      value: folder,
      state: 'failed',
      fix: 'It is a file: choose a folder with --models-folder or PLACARD_MODELS.',
    };
  }
  const existing = stats ? folder : await nearestExisting(folder);
  const isWritable = await access(existing, constants.W_OK).then(
    () => true,
    () => false,
  );
  const value = `${folder}${stats ? '' : ' (not there yet)'}`;
  if (isWritable) return { name, value, state: 'ok' };
  return {
    name,
    value: `${value}, read-only`,
    state: 'warning',
    fix: 'Models that are there work; to add others, make it writable.',
  };
}

async function nearestExisting(folder: string): Promise<string> {
  for (let current = dirname(folder); ; current = dirname(current)) {
    const exists = await stat(current).catch(() => undefined);
    if (exists || current === dirname(current)) return current;
  }
}

async function modelFindings(folder: string, { models }: CliContext): Promise<Finding[]> {
  try {
    const entries = await models.list(folder);
    return await Promise.all(entries.map((entry) => modelFinding(entry, folder, models)));
  } catch (error) {
    return [failed('models', error)];
  }
}

async function modelFinding(entry: ModelEntry, folder: string, models: CliContext['models']): Promise<Finding> {
  const name = `model ${entry.id}`;
  const state = stateOf(entry, folder);
  if (state === 'not added') return { name, value: state, state: 'ok' };
  const wrong = (await models.verify(entry.id, folder)).filter(({ status }) => status !== 'ok');
  if (wrong.length === 0) return { name, value: `${state}, digests right`, state: 'ok' };
  const value = wrong
    .map(({ file, status }) => `${file}: ${status === 'missing' ? 'missing' : 'wrong digest'}`)
    .join(', ');
  const [bundle = entry.id] = entry.bundles;
  const again = `Remove ${wrong.map(({ file }) => join(folder, entry.id, file)).join(', ')}, then: placard models add ${bundle}.`;
  return { name, value, state: 'failed', fix: state === 'bundled' ? 'Install placard again.' : again };
}

/** Readings do not need the providers that can be added: what is wrong with one is worth knowing, and no failure. */
async function providerFindings(folder: string, { providers }: CliContext): Promise<Finding[]> {
  try {
    const entries = await providers.list(folder);
    return entries.map(({ name, state, precisions, note }): Finding => {
      const isUsable = state === 'bundled' || state === 'added' || state === 'verified';
      const value = isUsable ? `${state} (${precisions.join(', ')})` : state;
      const found = { name: `provider ${name}`, value };
      return state === 'broken' ? { ...found, state: 'warning', fix: note } : { ...found, state: 'ok' };
    });
  } catch (error) {
    return [failed('providers', error)];
  }
}

/** Proof that the parts work together: an engine with the models asked for, and what it runs on. */
async function engineFindings(values: EngineOptionValues, context: CliContext): Promise<Finding[]> {
  try {
    const engine = await context.createEngine(engineOptions(values, 'latency'));
    const reading = await engine.recognize(await blankPicture());
    const runtime = context.native.runtime();
    await engine.close();
    const names = [reading.models.detector, reading.models.recognizer].filter(Boolean).join(' + ');
    return [
      { name: 'ONNX Runtime', value: runtime ? `${runtime.version}, ${runtime.path}` : 'unknown', state: 'ok' },
      { name: 'engine', value: `reads with ${names} on ${reading.provider} (${reading.precision})`, state: 'ok' },
    ];
  } catch (error) {
    return [failed('engine', error)];
  }
}

/** What an error says first, and as the fix what it says further, else what helps against errors of its code. */
function failed(name: string, error: unknown): Finding {
  const { code, message } = failureOf(error);
  const [value = '', ...rest] = message.split('\n').map((line) => line.trim());
  const fix = rest.length > 0 ? rest.join('\n') : fixes[code];
  return { name, value: `${value.replace(/:$/, '')} (${code})`, state: 'failed', ...(fix ? { fix } : {}) };
}

const fixes: Readonly<Record<string, string>> = {
  ERR_PLACARD_ADDON_NOT_FOUND: 'See "addon" above.',
  ERR_PLACARD_DIGEST_MISMATCH: 'Add the model again, or install placard again for the models that come with it.',
  ERR_PLACARD_MODEL_INVALID: 'Put the contract right, or remove it.',
  ERR_PLACARD_MODEL_NOT_FOUND: 'See what there is: placard models list. Add a bundle: placard models add BUNDLE.',
  ERR_PLACARD_RUNTIME_NOT_FOUND: 'Install placard again, or name a library in PLACARD_ONNXRUNTIME.',
  ERR_PLACARD_RUNTIME_VERSION: 'Name a newer library in PLACARD_ONNXRUNTIME, or unset it.',
};

async function blankPicture(): Promise<Uint8Array> {
  const { default: sharp } = await import('sharp');
  return sharp({ create: { width: 64, height: 64, channels: 3, background: '#fff' } })
    .png()
    .toBuffer();
}

const marks = { ok: 'ok', warning: 'note', failed: 'FAIL' } as const;

function report(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ name }) => name.length));
  const rows = findings.map(({ name, value, state, fix }) => {
    const indent = `\n${' '.repeat(width + 8)}`;
    const advice = fix ? `${indent}→ ${fix.replaceAll('\n', `${indent}  `)}` : '';
    return `${marks[state].padEnd(4)}  ${name.padEnd(width)}  ${value}${advice}\n`;
  });
  return rows.join('');
}
