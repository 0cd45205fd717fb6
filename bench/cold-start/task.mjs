import { labelOf } from '../contenders/table.mjs';
import { seededRandom, shuffled } from '../harness/chance.mjs';
import { aboutOf, withContenders } from '../harness/contender-group.mjs';
import { fixed } from '../harness/markdown.mjs';
import { median } from '../harness/statistics.mjs';

/**
 * A fresh process each time, from its start to the answer to the first picture: the interpreter, what is imported, the models, and
 * the reading. The first of all starts does not count: it fills the disk's cache.
 */
export const coldStart = {
  title: 'Cold start',
  bySet: false,
  defaults: { starts: 5 },

  async measure(sets, names, options, progress) {
    const [{ image, file }] = sets[0].pictures;
    const random = seededRandom(options.seed);
    const rows = new Map(names.map((name) => [name, { name, startMs: [], firstMs: [] }]));
    for (let start = 0; start <= options.starts; start++) {
      for (const name of shuffled(names, random)) {
        progress(`start ${start} of ${options.starts}: ${name}`);
        await addStart(rows.get(name), file, options, start > 0);
      }
    }
    return { picture: image, rows: [...rows.values()] };
  },

  tablesOf: ({ picture, rows }) => [
    {
      title: `To the text of ${picture}`,
      head: ['ms', 'to the first text', 'from … to', 'until it can read', 'first picture', 'failed'],
      rows: rows.map(cellsOf),
    },
  ],
};

function addStart(row, file, options, counts) {
  return withContenders([row.name], options, async (contenders) => {
    const [contender] = contenders.values();
    const { ms, error } = await contender.read(file);
    Object.assign(row, await aboutOf(row.name, contender));
    if (error) row.failure ??= error.message;
    else if (counts) {
      row.startMs.push(contender.startMs);
      row.firstMs.push(ms);
    }
  });
}

function cellsOf(row) {
  const totals = row.startMs.map((ms, i) => ms + row.firstMs[i]);
  const spread = totals.length > 0 ? `${fixed(Math.min(...totals), 0)} … ${fixed(Math.max(...totals), 0)}` : '-';
  const medians = [row.startMs, row.firstMs].map((times) => fixed(median(times), 0));
  return [labelOf(row), fixed(median(totals), 0), spread, ...medians, row.failure ?? '0'];
}
