import { labelOf } from '../contenders/table.mjs';
import { fixed, percent } from '../harness/markdown.mjs';
import { pictureMedians, quantiles } from '../harness/statistics.mjs';

const [scenes, words] = ['icdar15_scene', 'icdar15_words'];
const craft = { task: 'detection', set: scenes, ours: 'placard-craft', theirs: 'easyocr-craft' };
const openvino = { ...craft, ours: 'placard-craft-openvino' };
const crnn = { task: 'crops', set: words, ours: 'placard-crnn', theirs: 'easyocr' };

/**
 * What CRAFT and CRNN want to hold: a figure of at least `least`, or not under that of EasyOCR with the same weights by more than
 * `mostUnder`; or a p50 that is so many `times` shorter, where ours computes in `precision`.
 */
export const sceneComparisons = [
  { ...craft, figure: 'det_h', least: 0.7 },
  { ...craft, figure: 'det_h', mostUnder: 0.005 },
  { ...craft, times: 1.5 },
  { ...openvino, times: 4, precision: 'bf16' },
  { ...crnn, figure: 'exact', mostUnder: 0 },
];

/** @param {Record<string, object>} results by task @returns {import('../harness/markdown.mjs').Table[]} */
export function sceneTables(results) {
  const measured = sceneComparisons.filter(({ task, set }) => rowsOf(results, task, set).length > 0);
  if (measured.length === 0) return [];
  return [
    {
      title: 'CRAFT and CRNN beside EasyOCR with the same weights',
      head: ['ours / theirs', 'set', 'measure', 'ours', 'theirs', 'wanted', 'held'],
      rows: measured.map((comparison) => comparisonRow(comparison, results)),
    },
  ];
}

function comparisonRow({ task, set, ours, theirs, figure, precision, ...wanted }, results) {
  const rows = rowsOf(results, task, set);
  const [own, other] = [ours, theirs].map((name) => rows.find((row) => row.name === name));
  const computes = precision === undefined || own?.settings?.precision === precision;
  const [value, otherValue] = [own, other].map((row) => (figure ? row?.figures?.[figure] : medianOf(row)));
  const known = computes && value !== undefined && (otherValue !== undefined || wanted.least !== undefined);
  const { text, isHeld } = figure ? accuracyWanted(wanted) : timeWanted(wanted);
  const shown = (number) => (figure ? percent(number) : fixed(number, 0));
  return [
    `${labelOf({ name: ours })} / ${labelOf({ name: theirs })}${precision ? `, ${precision}` : ''}`,
    set,
    figure ? `${figure}, %` : 'p50, ms',
    shown(computes ? value : undefined),
    shown(otherValue),
    text,
    known ? (isHeld(value, otherValue) ? 'yes' : 'no') : 'not measured',
  ];
}

function accuracyWanted({ least, mostUnder }) {
  if (least !== undefined) return { text: `≥ ${percent(least)}`, isHeld: (own) => own >= least };
  const margin = mostUnder > 0 ? ` - ${percent(mostUnder)}` : '';
  return { text: `≥ theirs${margin}`, isHeld: (own, other) => own >= other - mostUnder };
}

function timeWanted({ times }) {
  return { text: `≤ theirs / ${times}`, isHeld: (own, other) => own * times <= other };
}

function rowsOf(results, task, set) {
  return results[task]?.sets.find((one) => one.set === set)?.rows ?? [];
}

/** The median picture's milliseconds. */
function medianOf(row) {
  return row?.milliseconds && quantiles(pictureMedians(row.milliseconds).filter((ms) => ms !== null)).p50;
}
