import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, homedir, loadavg, totalmem } from 'node:os';
import { basename, dirname, isAbsolute, relative } from 'node:path';
import { repository } from './folders.mjs';
import { slowness, timesOf, troubles } from './statistics.mjs';

/** Figures of the table, as far as the protocol has them; all stand in the JSON. */
const shownFigures = ['det_h', 'e2e_h', 'word_h', 'text_recall', 'exact', 'ned', 'char_acc', 'word_recall', 'plate_in'];

/** The machine and the run, for the JSON. */
export function circumstances() {
  return {
    date: new Date().toISOString(),
    command: ['node', relative(repository, process.argv[1]), ...process.argv.slice(2).map(withoutFolder)].join(' '),
    commit: commit(),
    machine: {
      cpu: cpus()[0]?.model.trim(),
      cores: availableParallelism(),
      memoryBytes: totalmem(),
      platform: `${process.platform}-${process.arch}`,
      loadAverage: loadavg()[0],
    },
  };
}

/**
 * One row a contender; the failed ones too.
 * @param {Map<string, import('./contender-process.mjs').ContenderProcess>} contenders
 * @param {Map<string, object[][]>} answers
 * @param {(name: string, answers: object[]) => { protocol: string, figures: object }} scoreOf
 */
export function rowsOf(contenders, answers, scoreOf) {
  return [...contenders].map(([name, { description, failure, peakRssBytes }]) => {
    const rounds = answers.get(name);
    const about = { name, ...description, ...(failure ? { failure } : {}) };
    if (!description) return about;
    const against = referenceFor(name, contenders);
    return {
      ...about,
      ...scoreOf(name, rounds[0]),
      ...troubles(rounds),
      milliseconds: timesOf(rounds),
      timesPlacard: against && { ...against, ...slowness(rounds, answers.get(against.reference)) },
      peakRssBytes,
    };
  });
}

/** The tables that are printed: accuracy first. Who failed has a row as well. */
export function tablesOf(rows) {
  const shown = shownFigures.filter((figure) => rows.some(({ figures }) => figures && figure in figures));
  const failures = rows.filter(({ failure }) => failure).map(({ name, failure }) => `FAILED ${name}: ${failure}\n`);
  const accuracy = [['accuracy, %', ...shown, 'failed', 'unstable'], ...rows.map((row) => accuracyCells(row, shown))];
  const times = [
    ['ms a picture', 'p50', 'p95', 'x placard', '(rounds)', 'against', 'peak RSS MiB'],
    ...rows.map((row) => timeCells(row)),
  ];
  return `${aligned(accuracy)}\n${aligned(times)}${failures.join('')}`;
}

function accuracyCells({ name, figures, failed, unstable }, shown) {
  const percents = shown.map((figure) => (figures?.[figure] == null ? '-' : (100 * figures[figure]).toFixed(1)));
  return [name, ...percents, String(failed ?? '-'), String(unstable ?? '-')];
}

function timeCells({ name, milliseconds, timesPlacard, peakRssBytes }) {
  const { median, least, most, reference, sameWeights } = timesPlacard ?? {};
  return [
    name,
    fixed(milliseconds?.p50, 0),
    fixed(milliseconds?.p95, 0),
    fixed(median, 2),
    median ? `(${fixed(least, 2)} ... ${fixed(most, 2)})` : '-',
    reference ? `${reference}${sameWeights ? '' : ', other weights'}` : '-',
    peakRssBytes ? fixed(peakRssBytes / 2 ** 20, 0) : '-',
  ];
}

/** Writes a result; paths of this machine are no part of it. */
export function writeResult(file, result) {
  mkdirSync(dirname(file), { recursive: true });
  const text = JSON.stringify(result, (_key, value) => (typeof value === 'number' ? rounded(value) : value), 2);
  writeFileSync(file, `${text.replaceAll(repository, '').replaceAll(homedir(), '~')}\n`);
}

/** placard with the same weights; else the first placard, which is no comparison of engines alone. */
function referenceFor(name, contenders) {
  const { weights } = contenders.get(name).description;
  const placards = [...contenders].filter(([, { description }]) => description?.engine === 'placard');
  const same = placards.find(([, { description }]) => sameWeights(description.weights, weights));
  const reference = (placards.find(([other]) => other === name) ?? same ?? placards[0])?.[0];
  return reference && { reference, sameWeights: same !== undefined };
}

function sameWeights(a, b) {
  return a.detector === b.detector && a.recognizer === b.recognizer;
}

function aligned(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const cell = (text, column) => (column === 0 ? text.padEnd(widths[column]) : text.padStart(widths[column]));
  return rows.map((row) => `${row.map(cell).join('  ').trimEnd()}\n`).join('');
}

function fixed(value, digits) {
  return value === undefined ? '-' : value.toFixed(digits);
}

function rounded(value) {
  return Number.isInteger(value) ? value : Number(value.toPrecision(6));
}

function withoutFolder(argument) {
  return isAbsolute(argument) ? basename(argument) : argument;
}

/** The commit that runs, `+` where files differ from it; undefined outside a clone. */
function commit() {
  const git = (...args) => execFileSync('git', args, { cwd: repository, encoding: 'utf8', stdio: 'pipe' }).trim();
  try {
    return git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain', '--untracked-files=no') ? '+' : '');
  } catch {
    return undefined;
  }
}
