import type { PreparedModel } from '../models/prepare-models.ts';
import type { CliContext } from './context.ts';
import { exitCodes, failureOf } from './failures.ts';
import { rejectOnAbort, write } from './streams.ts';

export interface PrepareValues {
  modelsFolder?: string;
  json?: boolean;
}

/** `placard models prepare`: all that are here, where none is named. One that cannot be prepared does not stop the others. */
export async function prepare(ids: readonly string[], values: PrepareValues, context: CliContext): Promise<number> {
  const { models, env, stdout, stderr, signal } = context;
  const modelsFolder = models.resolveFolder(values.modelsFolder, env);
  const here = (await models.list(modelsFolder)).filter(({ installed }) => installed).map(({ id }) => id);
  const done: PreparedModel[] = [];
  let isWhole = true;
  for (const id of ids.length > 0 ? ids : here) {
    stderr.write(`Preparing ${id}\n`);
    try {
      const prepared = await rejectOnAbort(models.prepare(id, { modelsFolder, signal }), signal);
      done.push(...prepared);
      if (!values.json) await write(stdout, prepared.map(report).join(''));
    } catch (error) {
      if (signal.aborted) throw error;
      const { code, message } = failureOf(error);
      stderr.write(`error: ${message} (${code})\n`);
      isWhole = false;
    }
  }
  if (values.json) await write(stdout, `${JSON.stringify(done)}\n`);
  return isWhole ? exitCodes.ok : exitCodes.failed;
}

function report(prepared: PreparedModel): string {
  const { model, path, passes, leftOut, nodesBefore, nodesAfter, difference, milliseconds } = prepared;
  const { before, after } = milliseconds;
  const share = Math.round(100 * (1 - after / before));
  const gain = share > 0 ? `, ${share} % less` : '';
  const applied = new Map<string, number>();
  for (const { name, rewrites } of passes) applied.set(name, (applied.get(name) ?? 0) + rewrites);
  const rows: [string, string][] = [
    ['nodes', `${nodesBefore} before, ${nodesAfter} after`],
    ['a run', `${before.toFixed(1)} ms before, ${after.toFixed(1)} ms after${gain} (one thread, median)`],
    ['difference', `${difference.toExponential(1)} of the answers’ range at most`],
    ...[...applied].flatMap(([name, count]): [string, string][] =>
      count > 0 ? [['applied', `${name} (${count})`]] : [],
    ),
    ...passes.flatMap(({ name, declined }): [string, string][] =>
      declined ? [['declined', `${name}: ${declined}`]] : [],
    ),
    ...leftOut.map(({ name, reason }): [string, string] => ['left out', `${name}: ${reason}`]),
    ['file', path],
  ];
  let last = '';
  const lines = rows.map(([name, text]) => {
    const label = name === last ? '' : name;
    last = name;
    return `  ${label.padEnd(10)}  ${text}\n`;
  });
  return `${model}\n${lines.join('')}`;
}
