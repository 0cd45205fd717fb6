import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { seededRandom, shuffled } from './chance.mjs';

const pictureEndings = new Set(['.jpg', '.jpeg', '.png', '.webp', '.avif', '.tif', '.tiff', '.gif']);

/** What is wanted: resident memory at the end over that at the first mark, and CPU time outside networks over theirs. */
const mostGrowth = 1.1;
const mostOverhead = 0.15;

/**
 * Has placard read many pictures, one at a time, in this process, and watches its memory and where its CPU time goes.
 * @param {string[]} folders pictures below them; each folder has the same share of the run, however many it holds
 * @param {object} settings of createEngine
 * @param {{ pictures: number, every: number, seed: number }} options
 */
export async function soak(folders, settings, { pictures, every, seed }) {
  const { createEngine, version } = await import(new URL('../../dist/index.js', import.meta.url));
  const engine = await createEngine(settings);
  const before = { process: process.cpuUsage(), mainThread: mainThreadMilliseconds() };
  const marks = [];
  const errors = {};
  let done = 0;
  for (const file of drawn(folders, pictures, seed)) {
    try {
      await engine.recognize(file);
    } catch (error) {
      errors[error.code ?? error.name] = (errors[error.code ?? error.name] ?? 0) + 1;
    }
    if (++done % every === 0 || done === pictures) marks.push(mark(done, engine));
  }
  const result = {
    pictures,
    every,
    seed,
    settings,
    versions: { placard: version(), node: process.versions.node },
    errors,
    marks,
    rssGrowth: marks.at(-1).rssBytes / marks[0].rssBytes,
    ...cpuTimes(engine, before),
    stages: engine.stats().stages,
  };
  await engine.close();
  const held = result.rssGrowth <= mostGrowth && result.overhead <= mostOverhead;
  console.log(summaryOf(result));
  return { ...result, held };
}

/** Paths in a seeded order: a folder by chance, its pictures shuffled, and again from the start where they run out. */
function* drawn(folders, count, seed) {
  const random = seededRandom(seed);
  const decks = folders.map((folder) => {
    const files = readdirSync(folder, { recursive: true }).filter((name) =>
      pictureEndings.has(extname(name).toLowerCase()),
    );
    if (files.length === 0) throw new Error(`No pictures in ${folder}.`);
    return {
      files: shuffled(
        files.sort().map((name) => join(folder, name)),
        random,
      ),
      next: 0,
    };
  });
  for (let i = 0; i < count; i++) {
    const deck = decks[Math.floor(random() * decks.length)];
    yield deck.files[deck.next++ % deck.files.length];
  }
}

function mark(done, engine) {
  const { rss, heapUsed, external } = process.memoryUsage();
  console.log(`${String(done).padStart(6)} pictures  RSS ${(rss / 2 ** 20).toFixed(0).padStart(5)} MiB`);
  return {
    pictures: done,
    rssBytes: rss,
    heapUsedBytes: heapUsed,
    externalBytes: external,
    liveBytes: engine.stats().liveBytes,
  };
}

/**
 * CPU milliseconds of the run. `overhead` is that of kernels, shapes, sequence and order over the networks'; `overheadAll`
 * takes all of the main thread, decoding's JavaScript and garbage collection there too, in place of order (Linux only). Inside
 * networks only calling threads are counted: with more than one thread both shares are too high rather than too low.
 */
function cpuTimes(engine, before) {
  const { cpuMilliseconds, stages } = engine.stats();
  const { kernels, shapes, sequence, networks } = cpuMilliseconds;
  const order = (stages.order?.mean ?? 0) * (stages.order?.count ?? 0);
  const { user, system } = process.cpuUsage(before.process);
  const mainThread =
    before.mainThread === undefined ? undefined : (mainThreadMilliseconds() ?? Number.NaN) - before.mainThread;
  return {
    cpuMilliseconds: { ...cpuMilliseconds, order, mainThread, process: (user + system) / 1000 },
    overhead: (kernels + shapes + sequence + order) / networks,
    overheadAll: mainThread === undefined ? undefined : (kernels + shapes + sequence + mainThread) / networks,
  };
}

/** CPU time of the thread that runs JavaScript, to a tick of 10 ms. */
function mainThreadMilliseconds() {
  try {
    const stat = readFileSync(`/proc/self/task/${process.pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return undefined;
  }
}

function summaryOf({ marks, rssGrowth, overhead, overheadAll, cpuMilliseconds, errors }) {
  const percent = (share) => (share === undefined ? '-' : `${(100 * share).toFixed(1)} %`);
  const times = Object.entries(cpuMilliseconds).map(
    ([kind, ms]) => `${kind} ${ms === undefined ? '-' : (ms / 1000).toFixed(1)} s`,
  );
  return `
RSS after ${marks.at(-1).pictures} is ${percent(rssGrowth)} of after ${marks[0].pictures} (wanted: at most ${percent(mostGrowth)})
CPU: ${times.join(', ')}
kernels + shapes + sequence + order: ${percent(overhead)} of networks (wanted: at most ${percent(mostOverhead)}); with all JavaScript ${percent(overheadAll)}
errors: ${JSON.stringify(errors)}`;
}
