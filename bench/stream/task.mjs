import { labelOf } from '../contenders/table.mjs';
import { aboutOf, withContenders } from '../harness/contender-group.mjs';
import { readInterleaved } from '../harness/interleaved.mjs';
import { fixed } from '../harness/markdown.mjs';
import { median, millisecondsOf, quantiles } from '../harness/statistics.mjs';
import { drawSizes, sizeClasses } from './sizes.mjs';

/**
 * A stream of pictures of all sizes, hardly two of one shape: a few pictures scaled to sizes by chance, so that what is in them is
 * the same in every size class. The first ones warm up and do not count.
 */
export const stream = {
  title: 'A stream of mixed sizes',
  bySet: false,
  defaults: { count: 400, warmups: 40 },

  async measure(sets, names, options, progress) {
    const items = await drawSizes(sets, options.count + options.warmups, options.seed, progress);
    return withContenders(names, options, async (contenders) => {
      const answers = await readInterleaved(
        contenders,
        items.map(({ file }) => file),
        {
          roundsOf: () => 1,
          warmUps: 0,
          seed: options.seed,
          onPicture: (done, all) => progress(`${done} of ${all} pictures`),
        },
      );
      const rows = [];
      for (const [name, contender] of contenders) {
        const [milliseconds] = millisecondsOf(answers.get(name));
        rows.push({ ...(await aboutOf(name, contender)), milliseconds: milliseconds.slice(options.warmups) });
      }
      const counted = items.slice(options.warmups);
      return {
        classes: counted.map((item) => item.sizeClass),
        originals: counted.map(({ original }) => original),
        rows,
      };
    });
  },

  tablesOf: (result) =>
    sizeClasses.map(({ name }, sizeClass) => ({
      title: name,
      head: ['ms', 'pictures', 'p50', 'p99', 'most', 'p99 / p50', 'p99 of its picture', 'failed'],
      rows: result.rows.map((row) => cellsOf(row, result, sizeClass)),
    })),
};

function cellsOf(row, result, sizeClass) {
  const inClass = indicesIn(result, sizeClass);
  const read = row.milliseconds ? inClass.filter((i) => row.milliseconds[i] !== null) : [];
  const times = read.map((i) => row.milliseconds[i]);
  const { p50, p99 } = quantiles(times);
  return [
    labelOf(row),
    String(read.length),
    fixed(p50, 0),
    fixed(p99, 0),
    fixed(times.length > 0 ? Math.max(...times) : undefined, 0),
    fixed(p99 / p50, 2),
    fixed(quantiles(overOwnMedian(read, row.milliseconds, result.originals)).p99, 2),
    row.failure ?? String(inClass.length - read.length),
  ];
}

/** Milliseconds of the pictures of a size class that a contender read. */
export function timesInClass({ milliseconds }, result, sizeClass) {
  return indicesIn(result, sizeClass).flatMap((i) => milliseconds[i] ?? []);
}

function indicesIn({ classes }, sizeClass) {
  return classes.map((_, i) => i).filter((i) => classes[i] === sizeClass);
}

/** Each time over the median of the same picture in this size class: what is left is the size's own, and stalls. */
export function overOwnMedian(indices, milliseconds, originals) {
  return indices.map((i) => {
    const same = indices.filter((other) => originals[other] === originals[i]);
    return milliseconds[i] / median(same.map((other) => milliseconds[other]));
  });
}
