// The benchmarks: npm run bench [-- TASK] [FOLDER…] [--option value…]. See README.md.
import { contenderTable, isFor, isInstalled } from './contenders/table.mjs';
import { figureParts, figureTables } from './figures/figures.mjs';
import { circumstances } from './harness/circumstances.mjs';
import { parseCommand } from './harness/command-line.mjs';
import { sampleCrops, sampleFolder } from './harness/generated.mjs';
import { markdownOf } from './harness/markdown.mjs';
import { readSet } from './harness/pictures.mjs';
import { progress } from './harness/progress.mjs';
import { writeReport } from './harness/report.mjs';
import { isSameRun, readResult, readResults, writeResult } from './harness/results.mjs';
import { tasks } from './harness/tasks.mjs';

const { name, folders, options, contenders, out, resume } = parseCommand(process.argv.slice(2));

if (name === 'figures') {
  for (const part of figureParts(options)) await run(part.task, part.options, part.contenders, true);
  console.log(`\n${markdownOf(figureTables(readResults(out)))}`);
} else if (name !== 'report') {
  await run(name, options, contenders ?? installedContenders(name), resume);
}
if (name === 'figures' || name === 'report') {
  for (const file of writeReport(out)) console.log(`Written: ${file}`);
}

/** Runs a task and prints its tables; `resumes`: what an unfinished run of the same has found need not be found again. */
async function run(taskName, taskOptions, names, resumes) {
  const task = tasks[taskName];
  const sets = await setsOf(taskName, taskOptions.limit);
  const about = {
    task: taskName,
    ...circumstances(),
    options: taskOptions,
    contenders: names,
    pictures: Object.fromEntries(sets.map((set) => [set.name, set.pictures.length])),
  };
  const earlier = resumes ? readResult(out, taskName) : undefined;
  const result = earlier && isSameRun(earlier, about) ? earlier : about;
  await (task.bySet ? measureBySet : measureAll)(task, result, sets);
  progress('');
  console.log(`\n${task.title}, ${taskOptions.threads} threads\n\n${markdownOf(task.tablesOf(result))}`);
  const rows = result.rows ?? result.sets.flatMap((set) => set.rows);
  if (rows.some(({ failure }) => failure)) process.exitCode = 1;
}

async function measureBySet(task, result, sets) {
  result.sets ??= [];
  for (const set of sets) {
    if (result.sets.some((kept) => kept.set === set.name)) continue;
    result.sets.push(await task.measure(set, result.contenders, result.options, progress));
    writeResult(out, result);
  }
}

async function measureAll(task, result, sets) {
  if (result.rows) return;
  Object.assign(result, await task.measure(sets, result.contenders, result.options, progress));
  writeResult(out, result);
}

async function setsOf(taskName, limit) {
  const given = folders.length > 0 ? folders : [taskName === 'crops' ? await sampleCrops() : sampleFolder];
  return given.map((folder) => readSet(folder, limit));
}

function installedContenders(taskName) {
  const names = Object.keys(contenderTable).filter((contender) => isFor(taskName, contender));
  const missing = names.filter((contender) => !isInstalled(contender));
  if (missing.length > 0) console.error(`Left out, not installed by \`npm run bench:setup\`: ${missing.join(', ')}.`);
  return names.filter(isInstalled);
}
