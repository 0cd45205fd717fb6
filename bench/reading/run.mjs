// Reading, one picture at a time, beside other engines; or placard alone for long. See README.md.
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ContenderProcess } from './contender-process.mjs';
import { contenderTable, defaultContenders } from './contenders.mjs';
import { resultsFolder } from './folders.mjs';
import { measure } from './measure.mjs';
import { circumstances, rowsOf, tablesOf, writeResult } from './report.mjs';
import { score } from './scores.mjs';
import { soak } from './soak.mjs';

const usage = `node bench/reading/run.mjs DATASET... [--limit N] [--contenders A,B] [--rounds N] [--warmup N]
                               [--threads N] [--model M] [--provider P] [--layout L] [--seed N] [--timeout SECONDS]
node bench/reading/run.mjs --soak N FOLDER... [--every N] [--threads N] [--model M] [--provider P] [--seed N]
Both: [--out FOLDER] for the JSON (bench/results).`;

const text = { type: /** @type {const} */ ('string') };
const { values, positionals } = parseArguments();
const threads = count('threads') ?? availableParallelism();
const seed = count('seed') ?? 1;
const out = values.out ?? resultsFolder;

if (values.soak === undefined) {
  let everybodyRan = true;
  for (const dataset of positionals) everybodyRan = (await compare(resolve(dataset))) && everybodyRan;
  process.exitCode = everybodyRan ? 0 : 1;
} else {
  const { model = 'pp-ocrv6-small', provider } = values;
  const settings = { models: model, threads, ...(provider ? { provider } : {}) };
  const pictures = count('soak');
  const result = await soak(positionals, settings, { pictures, every: count('every') ?? 200, seed });
  writeResult(join(out, 'reading-soak.json'), { ...circumstances(), ...result });
  process.exitCode = result.held ? 0 : 1;
}

/** Compares the contenders on one data set; tells whether each of them ran to its end. */
async function compare(dataset) {
  const set = basename(dataset);
  const pictures = readPictures(dataset).slice(0, count('limit'));
  const [rounds, warmUps, timeoutMs] = [count('rounds') ?? 3, count('warmup') ?? 3, 1000 * (count('timeout') ?? 120)];
  const about = circumstances();
  const contenders = new Map();
  try {
    for (const [name, start] of chosenContenders()) {
      contenders.set(name, await ContenderProcess.start(start, { threads, timeoutMs }));
    }
    const onPicture = (done) => progress(`${set}: ${done} of ${rounds * pictures.length} pictures`);
    const answers = await measure(contenders, pictures, { rounds, warmUps, seed, onPicture });
    progress('');
    const rows = rowsOf(contenders, answers, (name, first) => score(dataset, `${set}-${name}`, pictures, first));
    console.log(`\n${set}: ${pictures.length} pictures, ${rounds} rounds, ${threads} threads\n\n${tablesOf(rows)}`);
    const run = { set, pictures: pictures.length, rounds, warmUps, threads, seed };
    writeResult(join(out, `reading-${set}.json`), { ...about, ...run, contenders: rows });
    return rows.every(({ failure }) => !failure);
  } finally {
    await Promise.all([...contenders.values()].map((contender) => contender.close()));
  }
}

function chosenContenders() {
  const table = contenderTable(values);
  const names = values.contenders?.split(',') ?? defaultContenders;
  const unknown = names.find((name) => !(name in table));
  if (unknown !== undefined) fail(`No contender ${unknown}; there are ${Object.keys(table).join(', ')}.`);
  return new Map(names.map((name) => [name, table[name]]));
}

/** Pictures of a data set in the format of docs/labels.md, in its order. */
function readPictures(dataset) {
  const file = join(dataset, 'labels.jsonl');
  if (!existsSync(file)) fail(`${file} does not exist; docs/labels.md has the format.`);
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line)).map(({ image }) => ({ image, file: join(dataset, image) }));
}

function parseArguments() {
  const names = [
    'limit',
    'contenders',
    'rounds',
    'warmup',
    'threads',
    'model',
    'provider',
    'layout',
    'seed',
    'timeout',
    'soak',
    'every',
    'out',
  ];
  const options = Object.fromEntries(names.map((name) => [name, text]));
  try {
    const parsed = parseArgs({ options, allowPositionals: true });
    return parsed.positionals.length > 0 ? parsed : fail(usage);
  } catch (error) {
    return fail(`${error.message}\n${usage}`);
  }
}

/** An option's whole number; undefined where it is not given. */
function count(name) {
  const given = values[name];
  if (given === undefined) return undefined;
  return /^\d+$/.test(given) && Number(given) >= (name === 'warmup' || name === 'seed' ? 0 : 1)
    ? Number(given)
    : fail(`Expected a count for --${name} but received ${given}.`);
}

function progress(line) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${line}`);
}

function fail(message) {
  console.error(message);
  process.exit(2);
}
