import { labelOf } from '../contenders/table.mjs';
import { mean, pictureMedians } from './statistics.mjs';

/** What stands for accuracy, by protocol of `placard eval`. */
const accuracyOf = {
  scene: 'text_recall',
  'scene-loose': 'text_recall',
  'one-plate': 'plate_in',
  crop: 'exact',
  'plate-crop': 'exact',
  page: 'char_acc',
};
const named = { text_recall: 'text recall', plate_in: 'plates read', exact: 'exact', char_acc: 'character accuracy' };

const colors = {
  ink: '#24292f',
  faint: '#6e7781',
  grid: '#d8dee4',
  paper: '#ffffff',
  own: '#0969da',
  other: '#8c959f',
};
const width = 960;
const letter = 6.4;
const lineHeight = 14;
const dot = 5;
/** Who reads less than this share of the best stands on the lower edge, so that the others can be told apart. */
const shownShare = 0.6;

/**
 * Accuracy against milliseconds a picture (logarithmic, so that equal ratios are equal distances): one panel for all sets that
 * have the same measure, one for each set.
 * @param {{ sets: object[] }} latency result of that task
 * @returns {string | undefined} SVG; undefined where nothing was scored
 */
export function accuracyPlot({ sets }) {
  const scored = sets.map(panelOf).filter(({ points }) => points.length > 0);
  if (scored.length === 0) return undefined;
  const alike = scored.filter(({ measure }) => measure === scored[0].measure);
  const panels = alike.length > 1 ? [meanPanel(alike), ...scored] : scored;
  const columns = 2;
  const [large, small] = [400, 340];
  const first = { ...panels[0], left: 0, top: 0, width, height: large };
  const others = panels.slice(1).map((panel, i) => ({
    ...panel,
    left: (i % columns) * (width / columns),
    top: large + Math.floor(i / columns) * small,
    width: width / columns,
    height: small,
  }));
  const height = large + Math.ceil(others.length / columns) * small;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="11" role="img" aria-label="Accuracy against milliseconds a picture">`,
    `<rect width="${width}" height="${height}" rx="6" fill="${colors.paper}"/>`,
    ...[first, ...others].map(panelSvg),
    '</svg>\n',
  ].join('\n');
}

function panelOf({ set, pictures, rows }) {
  const protocol = rows.find((row) => row.protocol)?.protocol;
  const figure = accuracyOf[protocol];
  const points = rows.flatMap((row) => {
    const accuracy = row.figures?.[figure];
    const ms = mean(pictureMedians(row.milliseconds ?? []).filter((value) => value !== null));
    return accuracy == null || !ms ? [] : [pointOf(row, ms, accuracy)];
  });
  return { title: `${set}, ${pictures} pictures`, measure: named[figure], points, pictures };
}

function pointOf(row, ms, accuracy) {
  return { name: row.name, label: labelOf(row), own: row.engine === 'placard', ms, accuracy: 100 * accuracy };
}

/** Contenders that stand in all panels: milliseconds are the mean of all pictures, accuracy that of the sets. */
function meanPanel(panels) {
  const all = panels.reduce((sum, { pictures }) => sum + pictures, 0);
  const points = panels[0].points.flatMap((point) => {
    const same = panels.map(({ points: others }) => others.find(({ name }) => name === point.name));
    if (same.some((other) => other === undefined)) return [];
    const ms = same.reduce((sum, other, i) => sum + other.ms * panels[i].pictures, 0) / all;
    return [{ ...point, ms, accuracy: mean(same.map(({ accuracy }) => accuracy)) }];
  });
  return { title: `All ${panels.length} sets, ${all} pictures`, measure: panels[0].measure, points };
}

function panelSvg({ title, measure, points, left, top, width: panelWidth, height }) {
  const frame = { left: left + 52, right: left + panelWidth - 20, top: top + 62, bottom: top + height - 42 };
  const lowest = shownShare * Math.max(...points.map(({ accuracy }) => accuracy));
  const shown = points.filter(({ accuracy }) => accuracy >= lowest);
  const across = logarithmicScale(
    points.map(({ ms }) => ms),
    frame.left,
    frame.right,
  );
  const up = linearScale(
    shown.map(({ accuracy }) => accuracy),
    frame.bottom,
    frame.top,
  );
  const placed = points.map((point) =>
    shown.includes(point)
      ? { ...point, x: across.at(point.ms), y: up.at(point.accuracy) }
      : { ...point, x: across.at(point.ms), y: frame.bottom, label: `${point.label}: ${Math.round(point.accuracy)} %` },
  );
  return [
    text(left + 16, top + 24, title, { size: 13, weight: 600 }),
    text(left + 16, top + 42, `${measure}, %`, { fill: colors.faint }),
    text(frame.right, frame.bottom + 32, 'milliseconds a picture', { fill: colors.faint, anchor: 'end' }),
    ...across.ticks.flatMap((tick) => [
      line(across.at(tick), frame.top, across.at(tick), frame.bottom),
      text(across.at(tick), frame.bottom + 16, String(tick), { fill: colors.faint, anchor: 'middle' }),
    ]),
    ...up.ticks.flatMap((tick) => [
      line(frame.left, up.at(tick), frame.right, up.at(tick)),
      text(frame.left - 8, up.at(tick) + 4, String(tick), { fill: colors.faint, anchor: 'end' }),
    ]),
    ...placeLabels(placed, frame).flatMap(labelSvg),
    ...placed.map(dotSvg),
  ].join('\n');
}

function dotSvg({ x, y, own }) {
  return `<circle cx="${round(x)}" cy="${round(y)}" r="${dot}" fill="${own ? colors.own : colors.other}"/>`;
}

/** A label, and a line from its dot where it does not stand beside it. */
function labelSvg({ x, y, label, own, box }) {
  const [nearX, nearY] = [clamp(x, box.left, box.right), clamp(y, box.top, box.bottom)];
  const leads = Math.hypot(nearX - x, nearY - y) > 2 * dot;
  return [
    ...(leads ? [line(x, y, nearX, nearY, colors.other)] : []),
    text(box.left, box.top + lineHeight - 3, label, { fill: own ? colors.own : colors.ink, weight: own ? 600 : 400 }),
  ];
}

/** A place beside each dot where its label covers no other label and no dot, the nearest that there is. */
function placeLabels(points, frame) {
  const taken = points.map(({ x, y }) => ({ left: x - dot, right: x + dot, top: y - dot, bottom: y + dot }));
  return points.map((point) => {
    const long = point.label.length * (point.own ? 1.1 : 1) * letter;
    const boxes = labelOffsets(long).map(([right, down]) => boxAt(point.x + right, point.y + down, long));
    const inside = boxes.filter(
      (box) =>
        box.left >= frame.left &&
        box.right <= frame.right + 16 &&
        box.top >= frame.top - lineHeight &&
        box.bottom <= frame.bottom,
    );
    const box = inside.find((candidate) => taken.every((other) => !overlap(candidate, other))) ?? inside[0] ?? boxes[0];
    taken.push(box);
    return { ...point, box };
  });
}

/** From a dot to the top left of its label, the best places first. */
function labelOffsets(long) {
  const [right, left, middle] = [dot + 4, -long - dot - 4, -long / 2];
  const beside = -lineHeight / 2;
  const farther = [1, 2, 3, 4, 5, 6].flatMap((step) =>
    [beside - step * lineHeight, beside + step * lineHeight].flatMap((down) => [
      [middle, down],
      [right, down],
      [left, down],
    ]),
  );
  return [[right, beside], [left, beside], ...farther];
}

function boxAt(left, top, long) {
  return { left, top, right: left + long, bottom: top + lineHeight };
}

function overlap(a, b) {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

function logarithmicScale(values, from, to) {
  const [least, most] = [Math.min(...values) / 1.25, Math.max(...values) * 1.25];
  const at = (value) => from + ((to - from) * Math.log(value / least)) / Math.log(most / least);
  const powers = Array.from({ length: 8 }, (_, i) => 10 ** (i - 1));
  const ticks = powers.flatMap((power) => [power, 2 * power, 5 * power]);
  return { at, ticks: ticks.filter((tick) => tick >= least && tick <= most) };
}

function linearScale(values, from, to) {
  const [lowest, highest] = [Math.min(...values), Math.max(...values)];
  const step = [1, 2, 5, 10, 20].find((size) => (highest - lowest) / size <= 6) ?? 25;
  const least = Math.floor(lowest / step - 0.2) * step;
  const most = Math.min(100, Math.ceil(highest / step + 0.2) * step);
  const ticks = Array.from({ length: Math.round((most - least) / step) + 1 }, (_, i) => least + i * step);
  return { at: (value) => from + ((to - from) * (value - least)) / (most - least), ticks };
}

function line(x1, y1, x2, y2, color = colors.grid) {
  return `<path d="M${round(x1)} ${round(y1)}L${round(x2)} ${round(y2)}" stroke="${color}"/>`;
}

function clamp(value, least, most) {
  return Math.min(most, Math.max(least, value));
}

function text(x, y, content, { fill = colors.ink, anchor, size, weight } = {}) {
  const attributes = Object.entries({ fill, 'text-anchor': anchor, 'font-size': size, 'font-weight': weight })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${value}"`);
  return `<text x="${round(x)}" y="${round(y)}"${attributes.join('')}>${escaped(content)}</text>`;
}

function escaped(content) {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

function round(value) {
  return Math.round(value * 10) / 10;
}
