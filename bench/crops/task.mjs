import { readingTables, readSetTimed } from '../harness/reading-times.mjs';

/** Pictures of one line each, one at a time; who knows such pictures is told, the others look for text in them first. */
export const crops = {
  title: 'Crops of one line',
  bySet: true,
  defaults: { rounds: 3, 'slow-rounds': 1, warmups: 3 },
  measure: (set, names, options, progress) => readSetTimed(set, names, options, { layout: 'line' }, progress),
  tablesOf: readingTables,
};
