import { contenderTable, labelOf } from '../contenders/table.mjs';
import { fixed, percent, range } from '../harness/markdown.mjs';
import { mean, quantiles, timeRatio } from '../harness/statistics.mjs';
import { tasks } from '../harness/tasks.mjs';
import { sizeClasses } from '../stream/sizes.mjs';
import { timesInClass } from '../stream/task.mjs';
import { bestWay, countOf } from '../throughput/task.mjs';

/**
 * What placard wants to hold against others, over all sets of the latency task together: at most this share of their time
 * (`time`) and peak memory (`peakRss`), at least so many times their pictures a second (`throughput`), and a text recall that is
 * not under theirs (`textRecall`).
 */
export const comparisons = [
  { ours: 'placard-v6-openvino', theirs: 'rapidocr-openvino', time: 0.6, throughput: 2.5, peakRss: 0.4 },
  { ours: 'placard-v6', theirs: 'rapidocr', time: 0.33 },
  { ours: 'placard-v6', theirs: 'faster-paddle-small', time: 0.45 },
  { ours: 'placard-v4', theirs: 'gutenye', time: 0.45 },
  { ours: 'placard-v4', theirs: 'ppu-paddle-ocr', time: 0.6 },
  { ours: 'placard-v4-openvino', theirs: 'faster-paddle-tiny', time: 1, textRecall: true },
  { ours: 'placard-v4-openvino-fast', theirs: 'faster-paddle-tiny', time: 1, textRecall: true },
];

/** Where sizes are mixed, p99 within a size class is at most so many times p50. */
const mixedSizes = { contenders: ['placard-v6-openvino'], mostSpread: 3 };

/** Enough for the ratios within minutes: a set's first pictures, the slow contenders once. The caller may give others. */
export const figureDefaults = { limit: 60, rounds: 2, 'slow-rounds': 1 };
const fixedOptions = {
  latency: { warmups: 2 },
  throughput: { warmups: 2 },
  memory: { count: 120, seconds: 300 },
  stream: { count: 160, warmups: 40 },
};

/** The same weights with another provider must read the same. */
const providers = [
  { ours: 'placard-v6-openvino', theirs: 'placard-v6' },
  { ours: 'placard-v4-openvino', theirs: 'placard-v4' },
];
const accuracyFigures = ['text_recall', 'word_h', 'e2e_h', 'exact', 'char_acc', 'plate_in'];

/** The tasks that the comparisons need: all contenders one picture at a time, those of which more is wanted in the others too. */
export function figureParts(options) {
  const named = (wanted) => {
    const names = comparisons.filter(wanted).flatMap(({ ours, theirs }) => [ours, theirs]);
    return Object.keys(contenderTable).filter((name) => names.includes(name));
  };
  const part = (task, contenders) => {
    const known = ['threads', 'seed', 'timeout', 'limit', ...Object.keys(tasks[task].defaults)];
    const own = { ...options, ...fixedOptions[task] };
    return { task, contenders, options: Object.fromEntries(known.map((name) => [name, own[name]])) };
  };
  return [
    part(
      'latency',
      named(() => true),
    ),
    part(
      'throughput',
      named(({ throughput }) => throughput !== undefined),
    ),
    part(
      'memory',
      named(({ peakRss }) => peakRss !== undefined),
    ),
    part('stream', mixedSizes.contenders),
  ];
}

/** @param {Record<string, object>} results by task @returns {import('../harness/markdown.mjs').Table[]} */
export function figureTables(results) {
  const { latency } = results;
  if (!latency) return [];
  const pictures = latency.sets.reduce((sum, set) => sum + set.pictures, 0);
  return [
    {
      title: 'What was wanted',
      note: `${pictures} pictures of ${latency.sets.map(({ set }) => set).join(', ')}; milliseconds are the mean of the pictures' medians.`,
      head: ['ours / theirs', 'measure', 'ours', 'theirs', 'ratio', 'wanted', 'held'],
      rows: comparisons.flatMap((comparison) => comparisonRows(comparison, results)),
    },
    {
      title: 'A stream of mixed sizes',
      head: ['contender', 'size', 'p50', 'p99', 'p99 / p50', 'wanted', 'held'],
      rows: mixedSizes.contenders.flatMap((name) => sizeRows(name, results.stream)),
    },
    {
      title: 'The same weights with another provider',
      note: 'Percent, and the difference in points.',
      head: ['set', 'figure', ...providers.flatMap(({ ours, theirs }) => [ours, theirs, 'difference'])],
      rows: latency.sets.flatMap(providerRows),
    },
  ].filter(({ rows }) => rows.length > 0);
}

function comparisonRows(comparison, { latency, throughput, memory }) {
  const { ours, theirs } = comparison;
  const row = (measure, own, other, ratio, spread, wanted, held) => [
    `${labelOf({ name: ours })} / ${labelOf({ name: theirs })}`,
    measure,
    own,
    other,
    ratio === undefined ? '-' : `${fixed(ratio, 2)}${spread ? ` ${range(spread)}` : ''}`,
    wanted,
    held === undefined ? 'not measured' : held ? 'yes' : 'no',
  ];
  const found = { latency, throughput, memory };
  return Object.entries(measures)
    .filter(([measure]) => comparison[measure] !== undefined)
    .map(([, compare]) => compare(comparison, found, row));
}

function sizeRows(name, stream) {
  const row = stream?.rows.find((candidate) => candidate.name === name);
  if (!row?.milliseconds) return [];
  return sizeClasses.map((size, sizeClass) => {
    const { p50, p99 } = quantiles(timesInClass(row, stream, sizeClass));
    const held = p99 / p50 <= mixedSizes.mostSpread;
    const wanted = `≤ ${mixedSizes.mostSpread}`;
    return [labelOf(row), size.name, fixed(p50, 0), fixed(p99, 0), fixed(p99 / p50, 2), wanted, held ? 'yes' : 'no'];
  });
}

const measures = {
  time({ ours, theirs, time }, { latency }, row) {
    const sets = latency.sets.map(({ rows }) => [ours, theirs].map((name) => millisecondsIn(rows, name)));
    const complete = sets.every((pair) => pair.every((rounds) => rounds !== undefined));
    const compared = complete && timeRatio(...[0, 1].map((side) => sets.map((pair) => pair[side])));
    const wanted = `≤ ${time}`;
    if (!compared) return row('ms a picture', '-', '-', undefined, undefined, wanted);
    const { ratio, milliseconds, otherMilliseconds, pictures } = compared;
    const each = [milliseconds, otherMilliseconds].map((sum) => fixed(sum / pictures, 1));
    return row('ms a picture', ...each, ratio, compared, wanted, ratio <= time);
  },

  throughput({ ours, theirs, throughput: wanted }, { throughput }, row) {
    const [own, other] = [ours, theirs].map((name) => {
      const measured = throughput?.rows.find((candidate) => candidate.name === name);
      return measured && bestWay(measured, countOf(throughput.pictures))?.speed;
    });
    const ratio = own && other && own / other;
    return row('pictures/s', fixed(own, 2), fixed(other, 2), ratio, undefined, `≥ ${wanted}`, ratio && ratio >= wanted);
  },

  peakRss({ ours, theirs, peakRss: wanted }, { memory }, row) {
    const [ownMarks, otherMarks] = [ours, theirs].map(
      (name) => memory?.rows.find((candidate) => candidate.name === name)?.marks ?? [],
    );
    // After as many pictures as both have read: one of them may have run out of time.
    const last = ownMarks.filter(({ pictures }) => otherMarks.some((mark) => mark.pictures === pictures)).at(-1);
    const own = last?.peakRssBytes;
    const other = otherMarks.find((mark) => mark.pictures === last?.pictures)?.peakRssBytes;
    const ratio = own && other && own / other;
    const shown = [own, other].map((bytes) => fixed(bytes && bytes / 2 ** 20, 0));
    return row('peak RSS, MiB', ...shown, ratio, undefined, `≤ ${wanted}`, ratio && ratio <= wanted);
  },

  textRecall({ ours, theirs }, { latency }, row) {
    const [own, other] = [ours, theirs].map((name) =>
      mean(latency.sets.flatMap(({ rows }) => rows.find((one) => one.name === name)?.figures?.text_recall ?? [])),
    );
    const held = own === undefined || other === undefined ? undefined : own >= other;
    return row('text recall, %, mean of the sets', percent(own), percent(other), undefined, undefined, '≥', held);
  },
};

function millisecondsIn(rows, name) {
  return rows.find((row) => row.name === name)?.milliseconds;
}

function providerRows({ set, rows }) {
  const figuresOf = (name) => rows.find((row) => row.name === name)?.figures;
  return accuracyFigures
    .filter((figure) =>
      providers.some(({ ours, theirs }) => [ours, theirs].every((name) => figuresOf(name)?.[figure] != null)),
    )
    .map((figure) => [
      set,
      figure,
      ...providers.flatMap(({ ours, theirs }) => {
        const [own, other] = [ours, theirs].map((name) => figuresOf(name)?.[figure]);
        const difference = own == null || other == null ? undefined : own - other;
        return [percent(own), percent(other), percent(difference)];
      }),
    ]);
}
