import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { contenderTable } from '../contenders/table.mjs';
import { figureDefaults } from '../figures/figures.mjs';
import { resultsFolder } from './folders.mjs';
import { tasks } from './tasks.mjs';

const usage = `npm run bench -- [${Object.keys(tasks).join(' | ')}] [FOLDER…] [--option value…]
npm run bench -- figures FOLDER…
npm run bench -- report
bench/README.md tells the options.`;

/** Of every task. */
const commonDefaults = { threads: availableParallelism(), seed: 1, timeout: 120 };

/**
 * @param {string[]} args
 * @returns {{ name: string, folders: string[], options: Record<string, number>, contenders?: string[], out: string,
 *   resume: boolean }} leaves the process with code 2 where it makes no sense
 */
export function parseCommand(args) {
  const [first, ...others] = args;
  const named = first in tasks || first === 'figures' || first === 'report';
  const name = named ? first : 'latency';
  const defaults = { ...commonDefaults, ...(name === 'figures' ? figureDefaults : tasks[name]?.defaults) };
  const { values, positionals } = parsed(named ? others : args, [...Object.keys(defaults), 'limit']);
  const options = { ...defaults };
  for (const option of [...Object.keys(defaults), 'limit']) {
    if (values[option] !== undefined) options[option] = count(option, values[option]);
  }
  const contenders = values.contenders?.split(',');
  const unknown = contenders?.find((contender) => !(contender in contenderTable));
  if (unknown !== undefined) fail(`No contender ${unknown}; there are ${Object.keys(contenderTable).join(', ')}.`);
  return {
    name,
    folders: positionals,
    options,
    contenders,
    out: values.out ? resolve(values.out) : resultsFolder,
    resume: values.resume ?? false,
  };
}

function parsed(args, numbers) {
  const text = { type: /** @type {const} */ ('string') };
  const options = {
    ...Object.fromEntries(numbers.map((name) => [name, text])),
    contenders: text,
    out: text,
    resume: { type: /** @type {const} */ ('boolean') },
  };
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    return fail(`${error.message}\n${usage}`);
  }
}

function count(name, given) {
  const least = ['warmups', 'seed'].includes(name) ? 0 : 1;
  return /^\d+$/.test(given) && Number(given) >= least
    ? Number(given)
    : fail(`Expected a whole number of at least ${least} for --${name} but received ${given}.`);
}

function fail(message) {
  console.error(message);
  process.exit(2);
}
