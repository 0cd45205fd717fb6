import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { figureTables } from '../figures/figures.mjs';
import { sceneTables } from '../figures/scene-systems.mjs';
import { repository, resultsFolder } from './folders.mjs';
import { markdownOf } from './markdown.mjs';
import { accuracyPlot } from './plot.mjs';
import { readResults } from './results.mjs';
import { tasks } from './tasks.mjs';

const reportFile = 'benchmarks.md';
const plotFile = 'images/accuracy-against-time.svg';

/**
 * Writes the tables and the plot of all kept results: into docs/ for the repository's own results, else beside them.
 * @param {string} folder of the results
 * @returns {string[]} the files
 */
export function writeReport(folder) {
  const results = readResults(folder);
  const target = folder === resultsFolder ? join(repository, 'docs') : folder;
  const plot = results.latency && accuracyPlot(results.latency);
  const files = { [reportFile]: reportOf(results, plot !== undefined), ...(plot ? { [plotFile]: plot } : {}) };
  return Object.entries(files).map(([name, text]) => {
    const file = join(target, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  });
}

/** The page: what was measured where, what was wanted, the plot, each task's tables. */
export function reportOf(results, hasPlot) {
  const [first] = Object.values(results);
  if (!first) throw new Error('There are no results yet.');
  return [
    '# Benchmarks\n',
    'Written by `npm run bench -- report` from `bench/results`; [bench](../bench/README.md) tells how each task is measured.\n',
    hasPlot ? `![Accuracy against time](${plotFile})\n` : undefined,
    markdownOf([...figureTables(results), ...sceneTables(results)]),
    ...Object.entries(results).map(([name, result]) => sectionOf(tasks[name], result)),
    versionsOf(Object.values(results)),
  ]
    .filter((part) => part)
    .join('\n');
}

function sectionOf(task, result) {
  const { date, command, commit, options, machine } = result;
  const memory = `${Math.round(machine.memoryBytes / 2 ** 30)} GiB`;
  return [
    `## ${task.title}\n`,
    `${date.slice(0, 10)}, \`${command}\`, commit ${commit}; ${options.threads} threads of ${machine.cores} cores, ` +
      `${machine.cpu}, ${memory}, ${machine.platform}.\n`,
    markdownOf(task.tablesOf(result)),
  ].join('\n');
}

/** Everybody's versions and settings, once each. */
function versionsOf(results) {
  const rows = results.flatMap(({ rows, sets }) => rows ?? sets.flatMap((set) => set.rows));
  const known = new Map(rows.filter(({ engine }) => engine).map((row) => [row.name, row]));
  const failed = rows.filter(({ name, failure }) => failure && !known.has(name));
  const list = (values) =>
    Object.entries(values)
      .map(([name, value]) => `${name} ${value}`)
      .join(', ');
  const table = {
    head: ['contender', 'versions', 'settings'],
    rows: [
      ...[...known.values()].map(({ name, versions, settings }) => [name, list(versions), list(settings)]),
      ...failed.map(({ name, failure }) => [name, '-', failure]),
    ],
  };
  return `## Contenders\n\n${markdownOf([table])}`;
}
