import { contenderTable, labelOf } from '../contenders/table.mjs';
import { aboutOf, withContenders } from './contender-group.mjs';
import { readInterleaved } from './interleaved.mjs';
import { fixed, mebibytes, percent, range } from './markdown.mjs';
import { score } from './scores.mjs';
import { mean, millisecondsOf, pictureMedians, quantiles, timeRatio, troubles } from './statistics.mjs';

/** Figures of the table where the task names no others, as far as a protocol has them; all stand in the JSON. */
const usualFigures = ['det_h', 'e2e_h', 'word_h', 'text_recall', 'exact', 'ned', 'char_acc', 'word_recall', 'plate_in'];

/**
 * Has all contenders read a set, one picture at a time: scored by their first answers, then timed.
 * @param {import('./pictures.mjs').PictureSet} set
 * @param {string[]} names
 * @param {object} options of the run
 * @param {{ layout: 'auto' | 'line', protocol?: string }} how scored by what fits the labels without a protocol
 * @param {(text: string) => void} progress
 */
export async function readSetTimed(set, names, options, { layout, protocol }, progress) {
  const { rounds, 'slow-rounds': slowRounds, warmups: warmUps, seed } = options;
  return withContenders(names, { ...options, layout }, async (contenders) => {
    const answers = await readInterleaved(
      contenders,
      set.pictures.map(({ file }) => file),
      {
        roundsOf: (name) => (contenderTable[name].slow ? Math.min(slowRounds, rounds) : rounds),
        warmUps,
        seed,
        onPicture: (done, all) => progress(`${set.name}: ${done} of ${all} pictures`),
      },
    );
    const rows = [];
    for (const [name, contender] of contenders) {
      rows.push(await rowOf(name, contender, answers.get(name), set, protocol));
    }
    return { set: set.name, pictures: set.pictures.length, rows };
  });
}

async function rowOf(name, contender, rounds, set, protocol) {
  const about = await aboutOf(name, contender);
  if (!about.engine) return about;
  return {
    ...about,
    ...(set.labeled ? score(set, name, rounds[0], protocol) : {}),
    ...troubles(rounds),
    milliseconds: millisecondsOf(rounds),
    cpuMilliseconds: mean(rounds.flat().flatMap(({ cpu }) => cpu ?? [])),
    ...contender.memory(),
  };
}

/** Two tables a set: what was read, and how long it took. Who failed has a row as well. */
export function readingTables({ sets }, figures = usualFigures) {
  return sets.flatMap(({ set, pictures, rows }) => [
    { title: `${set}, ${pictures} pictures`, ...accuracyTable(rows, figures) },
    timesTable(rows),
  ]);
}

function accuracyTable(rows, wanted) {
  const shown = wanted.filter((figure) => rows.some(({ figures }) => figures && figure in figures));
  const cells = (row) => [
    labelOf(row),
    ...shown.map((figure) => percent(row.figures?.[figure])),
    ...(row.failure ? [row.failure, '-'] : [String(row.failed), String(row.unstable)]),
  ];
  return { head: ['read, %', ...shown, 'failed', 'unstable'], rows: rows.map(cells) };
}

function timesTable(rows) {
  const cells = (row) => {
    const { p50, p95, p99 } = quantiles(pictureMedians(row.milliseconds ?? []).filter((ms) => ms !== null));
    const reference = referenceFor(row, rows);
    const against = reference && row.milliseconds && timeRatio([row.milliseconds], [reference.milliseconds]);
    return [
      labelOf(row),
      ...[p50, p95, p99, row.cpuMilliseconds].map((ms) => fixed(ms, 0)),
      against ? `${fixed(against.ratio, 2)} ${range(against)}` : '-',
      reference ? labelOf(reference) : '-',
      mebibytes(row.peakRssBytes),
    ];
  };
  const head = ['ms a picture', 'p50', 'p95', 'p99', 'CPU', 'times', 'of', 'peak RSS MiB'];
  return { head, rows: rows.map(cells) };
}

/** placard with the same weights on the same kind of runtime, as far as there is one; else on that kind of runtime. */
function referenceFor({ name, weights }, rows) {
  const placards = rows.filter(({ engine, milliseconds }) => engine === 'placard' && milliseconds);
  const same = placards.filter((row) => ownWeights(row) === ownWeights({ weights }));
  const alike = (row) => row.name.endsWith('-openvino') === name.endsWith('-openvino');
  const own = placards.find((row) => row.name === name);
  return own ?? same.find(alike) ?? same[0] ?? placards.find(alike) ?? placards[0];
}

/** What tells engines apart: the recognizer's weights, or the detector's of one that reads nothing. */
function ownWeights({ weights }) {
  return weights?.recognizer ?? weights?.detector;
}
