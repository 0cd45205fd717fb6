import { labelOf } from '../contenders/table.mjs';
import { aboutOf, withContenders } from '../harness/contender-group.mjs';
import { fixed, mebibytes, percent } from '../harness/markdown.mjs';
import { drawnPictures } from '../harness/pictures.mjs';

/** Marks of the resident memory over a run. */
const marksWanted = 10;

/**
 * Many mixed pictures, one at a time, in one process: its memory along the way. One contender after the other. Who is slow may stop
 * early (`seconds`); the table says how far each came.
 */
export const memory = {
  title: 'Memory',
  bySet: false,
  defaults: { count: 2000, seconds: 600 },

  async measure(sets, names, options, progress) {
    const files = drawnPictures(sets, options.count, options.seed);
    const rows = [];
    for (const name of names) {
      rows.push(
        await withContenders([name], options, ([[, contender]]) => readAll(name, contender, files, options, progress)),
      );
    }
    return { rows };
  },

  tablesOf: ({ rows }) => [
    {
      head: [
        'MiB',
        'pictures',
        'peak RSS',
        'RSS at the end',
        'of the first mark, %',
        'CPU outside networks, %',
        'failed',
      ],
      rows: rows.map(cellsOf),
    },
  ],
};

async function readAll(name, contender, files, { seconds }, progress) {
  const every = Math.ceil(files.length / marksWanted);
  const until = performance.now() + seconds * 1000;
  const cpuBefore = contender.cpuMilliseconds();
  const marks = [];
  let [done, failed] = [0, 0];
  while (done < files.length && !contender.failure && performance.now() < until) {
    if ((await contender.read(files[done++])).error) failed++;
    if (done % every !== 0) continue;
    marks.push({ pictures: done, ...contender.memory() });
    progress(`${name}: ${done} of ${files.length} pictures, RSS ${mebibytes(marks.at(-1).rssBytes)} MiB`);
  }
  if (done % every !== 0) marks.push({ pictures: done, ...contender.memory() });
  const cpuAfter = contender.cpuMilliseconds();
  const { stats } = (await contender.about()) ?? {};
  return { ...(await aboutOf(name, contender)), pictures: done, failed, marks, ...cpuOf(cpuBefore, cpuAfter, stats) };
}

/**
 * CPU milliseconds of the run: the process's and its main thread's, and what placard counts itself. Inside networks only calling
 * threads are counted, so that the share outside them (`overhead`) is exact with one thread, and too high with more.
 */
function cpuOf(before, after, stats) {
  if (!before || !after) return {};
  const [whole, mainThread] = ['process', 'mainThread'].map((part) => after[part] - before[part]);
  if (!stats) return { cpuMilliseconds: { process: whole, mainThread } };
  const { kernels, shapes, sequence, networks } = stats.cpuMilliseconds;
  const order = (stats.stages.order?.mean ?? 0) * (stats.stages.order?.count ?? 0);
  return {
    cpuMilliseconds: { process: whole, mainThread, kernels, shapes, sequence, networks, order },
    overhead: (kernels + shapes + sequence + order) / networks,
  };
}

/** Resident memory at the end over that at the first mark. */
export function growthOf({ marks }) {
  return marks.length > 1 ? marks.at(-1).rssBytes / marks[0].rssBytes : undefined;
}

function cellsOf(row) {
  const { pictures, marks = [], failure, failed, overhead } = row;
  const last = marks.at(-1);
  return [
    labelOf(row),
    String(pictures),
    mebibytes(last?.peakRssBytes),
    mebibytes(last?.rssBytes),
    fixed(100 * growthOf({ marks }), 0),
    percent(overhead),
    failure ?? String(failed),
  ];
}
