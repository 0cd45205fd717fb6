import { readingTables, readSetTimed } from '../harness/reading-times.mjs';

/** One picture at a time, all threads behind it. */
export const latency = {
  title: 'One picture at a time',
  bySet: true,
  defaults: { rounds: 3, 'slow-rounds': 1, warmups: 3 },
  measure: (set, names, options, progress) => readSetTimed(set, names, options, { layout: 'auto' }, progress),
  tablesOf: readingTables,
};
