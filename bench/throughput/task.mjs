import { labelOf } from '../contenders/table.mjs';
import { seededRandom, shuffled } from '../harness/chance.mjs';
import { aboutOf, startContender } from '../harness/contender-group.mjs';
import { fixed, mebibytes } from '../harness/markdown.mjs';
import { median } from '../harness/statistics.mjs';

/**
 * All pictures at once, on all threads. Each contender reads them in two ways, and the faster one counts: `together`, one process
 * with all threads, which reads many by the contender's own means; `apart`, a process a thread, each with one, which take pictures
 * from one queue.
 */
export const throughput = {
  title: 'All cores',
  bySet: false,
  defaults: { rounds: 3, warmups: 3 },

  async measure(sets, names, options, progress) {
    const random = seededRandom(options.seed);
    const files = shuffled(
      sets.flatMap(({ pictures }) => pictures.map(({ file }) => file)),
      random,
    );
    const rows = new Map();
    for (let round = 0; round < options.rounds; round++) {
      for (const name of shuffled(names, random)) {
        progress(`round ${round + 1} of ${options.rounds}: ${name}`);
        const row = rows.get(name) ?? { name, ways: {} };
        rows.set(name, row);
        for (const way of ['together', 'apart']) await addRound(row, way, files, options);
      }
    }
    return { rows: names.map((name) => rows.get(name)) };
  },

  tablesOf: ({ pictures, rows }) => [
    {
      title: `${Object.keys(pictures).join(', ')}, ${countOf(pictures)} pictures`,
      head: ['pictures/s', 'best', 'one process', 'a process a thread', 'failed', 'peak RSS MiB'],
      rows: rows.map((row) => cellsOf(row, countOf(pictures))),
    },
  ],
};

/** All pictures of a run, by its numbers of them by set. */
export function countOf(pictures) {
  return Object.values(pictures).reduce((sum, count) => sum + count, 0);
}

/** Pictures a second, the median of the rounds; undefined where the contender did not get through. */
export function picturesPerSecond({ seconds }, pictures) {
  return seconds.length === 0 ? undefined : pictures / median(seconds);
}

/** The way in which a contender was faster: its name and the pictures a second; undefined where it got through in none. */
export function bestWay({ ways }, pictures) {
  const speeds = Object.entries(ways).map(([way, measured]) => ({ way, speed: picturesPerSecond(measured, pictures) }));
  return speeds.filter(({ speed }) => speed !== undefined).sort((a, b) => b.speed - a.speed)[0];
}

async function addRound(row, way, files, options) {
  row.ways[way] ??= { seconds: [], failed: 0, peakRssBytes: 0 };
  const measured = row.ways[way];
  // Who failed has had its chance.
  if (measured.failure) return;
  const count = way === 'together' ? 1 : options.threads;
  const threads = way === 'together' ? options.threads : 1;
  const starts = Array.from({ length: count }, () =>
    startContender(row.name, { ...options, threads, mode: 'throughput' }),
  );
  const processes = await Promise.all(starts);
  try {
    for (const contender of processes) {
      for (const file of files.slice(0, options.warmups)) await contender.read(file);
    }
    const { milliseconds, failed } = await (way === 'together' ? readTogether : readApart)(processes, files);
    measured.failure = processes.find(({ failure }) => failure)?.failure;
    if (!measured.failure) measured.seconds.push(milliseconds / 1000);
    measured.failed = Math.max(measured.failed, failed);
    const peak = processes.reduce((sum, contender) => sum + (contender.memory()?.peakRssBytes ?? Number.NaN), 0);
    measured.peakRssBytes = Math.max(measured.peakRssBytes, peak);
    Object.assign(row, await aboutOf(row.name, processes[0]));
  } finally {
    await Promise.all(processes.map((contender) => contender.close()));
  }
}

async function readTogether([contender], files) {
  const { ms, answers = [] } = await contender.readAll(files);
  return { milliseconds: ms, failed: answers.filter(({ error }) => error).length };
}

async function readApart(processes, files) {
  const queue = files[Symbol.iterator]();
  let failed = 0;
  const started = performance.now();
  const readers = processes.map(async (contender) => {
    for (const file of queue) {
      if ((await contender.read(file)).error) failed++;
      if (contender.failure) return;
    }
  });
  await Promise.all(readers);
  return { milliseconds: performance.now() - started, failed };
}

function cellsOf(row, pictures) {
  const best = bestWay(row, pictures);
  const cellOf = (way) => {
    const measured = row.ways[way];
    if (measured.failure) return measured.failure;
    const slowest = pictures / Math.max(...measured.seconds);
    const fastest = pictures / Math.min(...measured.seconds);
    return `${fixed(picturesPerSecond(measured, pictures), 2)} (${fixed(slowest, 2)} … ${fixed(fastest, 2)})`;
  };
  const { failed, peakRssBytes } = row.ways[best?.way] ?? {};
  return [
    labelOf(row),
    fixed(best?.speed, 2),
    cellOf('together'),
    cellOf('apart'),
    String(failed ?? '-'),
    mebibytes(peakRssBytes),
  ];
}
