import type { Evaluation } from '../metrics/evaluate.ts';

/** Figures that are no shares: counts, and milliseconds. */
const counts = new Set(['n', 'gt', 'pred', 'missing', 'err']);
const milliseconds = new Set(['p50', 'p95', 'cpu50']);

/** A column for each data set and a row for each figure; shares in percent, times in milliseconds. */
export function evaluationTable(evaluations: readonly Evaluation[]): string {
  const names = [...new Set(evaluations.flatMap(({ figures }) => Object.keys(figures)))].sort(countsFirst);
  const rows = [
    ['', ...evaluations.map(({ set }) => set)],
    ['protocol', ...evaluations.map(({ protocol }) => protocol)],
    ...names.map((name) => [label(name), ...evaluations.map(({ figures }) => cell(name, figures[name]))]),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (row: string[]) =>
    row.map((text, i) => (i === 0 ? text.padEnd(widths[i]!) : text.padStart(widths[i]!))).join('  ');
  return rows.map((row) => `${line(row).trimEnd()}\n`).join('');
}

/** Keeps the order in which the figures came, with counts above shares and times last. */
function countsFirst(a: string, b: string): number {
  const rank = (name: string) => (counts.has(name) ? 0 : milliseconds.has(name) ? 2 : 1);
  return rank(a) - rank(b);
}

function label(name: string): string {
  return counts.has(name) ? name : milliseconds.has(name) ? `${name} ms` : `${name} %`;
}

function cell(name: string, value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return '-';
  if (counts.has(name)) return String(value);
  return milliseconds.has(name) ? value.toFixed(0) : (value * 100).toFixed(1);
}
