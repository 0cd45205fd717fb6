import { readingTables, readSetTimed } from '../harness/reading-times.mjs';

/** Where the words are, and nothing else, one picture at a time: by the rules of ICDAR 2015, whose truths are words. */
export const detection = {
  title: 'Detection of words',
  bySet: true,
  defaults: { rounds: 1, 'slow-rounds': 1, warmups: 2 },
  measure: (set, names, options, progress) =>
    readSetTimed(set, names, options, { layout: 'auto', protocol: 'icdar15' }, progress),
  tablesOf: (result) => readingTables(result, ['det_p', 'det_r', 'det_h']),
};
