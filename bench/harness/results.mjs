import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { repository } from './folders.mjs';
import { tasks } from './tasks.mjs';

/** A task's kept result; undefined without one. */
export function readResult(folder, task) {
  const file = join(folder, `${task}.json`);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

/** The kept results by task. @returns {Record<string, object>} */
export function readResults(folder) {
  const found = Object.keys(tasks).map((task) => [task, readResult(folder, task)]);
  return Object.fromEntries(found.filter(([, result]) => result !== undefined));
}

/** Whether two runs of a task asked for the same, of the same code, on the same machine. */
export function isSameRun(one, other) {
  const asked = ({ commit, options, contenders, pictures, machine: { cpu, cores } }) =>
    JSON.stringify([commit, options, contenders, pictures, cpu, cores]);
  return asked(one) === asked(other);
}

/** Writes a result, whole or not at all; paths of this machine are no part of it. */
export function writeResult(folder, result) {
  mkdirSync(folder, { recursive: true });
  const text = JSON.stringify(result, (_key, value) => (typeof value === 'number' ? rounded(value) : value), 2)
    .replaceAll(repository, '')
    .replaceAll(process.env.PLACARD_MODELS || homedir(), '~')
    .replaceAll(homedir(), '~')
    // Times of many pictures stand on one line.
    .replaceAll(/\[\s+(?:(?:-?[\d.e+-]+|null)(?:,\s+|\s+))+\]/g, (numbers) => numbers.replaceAll(/\s+/g, ' '));
  const file = join(folder, `${result.task}.json`);
  writeFileSync(`${file}.partial`, `${text}\n`);
  renameSync(`${file}.partial`, file);
}

function rounded(value) {
  return Number.isInteger(value) ? value : Number(value.toPrecision(6));
}
