/**
 * @typedef {object} Table
 * @property {string} [title] above it
 * @property {string} [note] below the title
 * @property {string[]} head
 * @property {string[][]} rows
 */

/** Tables as Markdown, their columns aligned so that a terminal shows them as well. @param {Table[]} tables */
export function markdownOf(tables) {
  return tables
    .map(({ title, note, head, rows }) =>
      [title && `### ${title}\n`, note && `${note}\n`, aligned([head, ...rows])]
        .filter((part) => part !== undefined)
        .join('\n'),
    )
    .join('\n');
}

function aligned(rows) {
  const escaped = rows.map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = escaped[0].map((_, column) => Math.max(3, ...escaped.map((row) => row[column].length)));
  const line = (row) =>
    `| ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join(' | ')} |\n`;
  const rule = `|${widths.map((width, i) => (i === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|\n`;
  return line(escaped[0]) + rule + escaped.slice(1).map(line).join('');
}

/** A number with some digits after the point; `-` for none. */
export function fixed(value, digits) {
  return value === undefined || value === null || Number.isNaN(value) ? '-' : value.toFixed(digits);
}

/** A share as percent. */
export function percent(share) {
  return share === undefined || share === null ? '-' : (100 * share).toFixed(1);
}

/** How far chance alone moves a ratio. */
export function range({ least, most }) {
  return `(${fixed(least, 2)} … ${fixed(most, 2)})`;
}

export const mebibytes = (bytes) => (bytes ? fixed(bytes / 2 ** 20, 0) : '-');
