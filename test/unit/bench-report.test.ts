import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { benchModule } from './bench-module.ts';

const { comparisons, figureParts, figureTables } = await benchModule('figures/figures.mjs');
const { markdownOf } = await benchModule('harness/markdown.mjs');
const { accuracyPlot } = await benchModule('harness/plot.mjs');
const { reportOf } = await benchModule('harness/report.mjs');
const { readResults } = await benchModule('harness/results.mjs');
const { tasks } = await benchModule('harness/tasks.mjs');

const results = readResults(fileURLToPath(new URL('bench-results', import.meta.url)));

/** Cells of the first table under a title, by its rows' first cell. */
function rowsOf(markdown: string, title: string): Record<string, string[]> {
  const [, after = ''] = markdown.split(`### ${title}\n`);
  const table = after.trimStart().split('\n\n')[0]!;
  const rows = table.split('\n').filter((line) => line.startsWith('| '));
  const cells = rows.map((line) => line.split('|').slice(1, -1));
  return Object.fromEntries(cells.map(([first = '', ...rest]) => [first.trim(), rest.map((cell) => cell.trim())]));
}

describe('tables of the benchmarks', () => {
  test('one picture at a time: medians, who is compared with whom, and who failed', () => {
    const markdown = markdownOf(tasks.latency.tablesOf(results.latency));
    expect(markdown).toContain('### streets, 3 pictures');
    const times = markdown.split('ms a picture')[1]!;
    const [, ...openvino] = times
      .match(/\| RapidOCR v6, OpenVINO .*/)![0]
      .split('|')
      .map((cell: string) => cell.trim());
    // Medians 100, 110, 100 over 42, 50, 58 of the placard with the same weights on OpenVINO.
    expect(openvino.slice(1, 7)).toEqual(['100', '109', '110', '100', '2.07 (2.00 … 2.13)', 'placard v6, OpenVINO']);
    const [, ...slow] = times
      .match(/\| RapidOCR v6 {2,}.*/)![0]
      .split('|')
      .map((cell: string) => cell.trim());
    // Its third picture failed: 700 over 105 + 120 of placard's first two.
    expect(slow.slice(5, 7)).toEqual(['3.11 (3.04 … 3.18)', 'placard v6']);
    expect(rowsOf(markdown, 'streets, 3 pictures')['faster-paddle small']).toContain('ended with SIGKILL: no message');
  });

  test('all cores: the faster way counts, a way that failed says why', () => {
    const rows = rowsOf(markdownOf(tasks.throughput.tablesOf(results.throughput)), 'streets, receipts, 5 pictures');
    expect(rows['placard v6, OpenVINO']).toEqual(['11.11', '11.11 (10.00 … 12.50)', '5.00 (5.00 … 5.00)', '0', '500']);
    expect(rows['RapidOCR v6, OpenVINO']?.slice(0, 3)).toEqual([
      '2.38',
      '2.38 (2.27 … 2.50)',
      'gave no answer within 120 s',
    ]);
  });

  test('memory: peak, end, growth over the first mark', () => {
    const rows = rowsOf(`### here\n${markdownOf(tasks.memory.tablesOf(results.memory))}`, 'here');
    expect(rows['placard v6, OpenVINO']).toEqual(['20', '460', '404', '101', '5.0', '0']);
    expect(rows['RapidOCR v6, OpenVINO']).toEqual(['20', '2000', '1800', '200', '-', '0']);
  });

  test('cold start: the sums of start and first picture', () => {
    const rows = rowsOf(markdownOf(tasks['cold-start'].tablesOf(results['cold-start'])), 'To the text of a.jpg');
    expect(rows['placard v6, OpenVINO']).toEqual(['400', '400 … 400', '310', '90', '0']);
    expect(rows['RapidOCR v6, OpenVINO']).toEqual(['-', '-', '-', '-', 'could not be started: no such file']);
  });

  test('a stream: by size class, against the same picture', () => {
    const rows = rowsOf(markdownOf(tasks.stream.tablesOf(results.stream)), '0.25 to 1 megapixel');
    expect(rows['placard v6, OpenVINO']).toEqual(['3', '30', '118', '120', '3.94', '3.94', '0']);
    const large = rowsOf(markdownOf(tasks.stream.tablesOf(results.stream)), '4 to 12 megapixels');
    expect(large['placard v6, OpenVINO']?.at(-1)).toBe('1');
  });
});

describe('what is wanted of the figures', () => {
  const markdown = markdownOf(figureTables(results));
  const lines = markdown.split('\n').map((line: string) => line.split('|').map((cell) => cell.trim()));
  const row = (pair: string, measure: string): string[] =>
    lines.find((cells: string[]) => cells[1] === pair && cells[2] === measure)!.slice(3, -1);

  test('ratios of summed medians, of pictures a second and of peak memory, over all sets', () => {
    const pair = 'placard v6, OpenVINO / RapidOCR v6, OpenVINO';
    // (42 + 50 + 58 + 200 + 300) over (100 + 110 + 100 + 400 + 300) is not within 0.6.
    expect(row(pair, 'ms a picture')).toEqual(['130.0', '202.0', '0.64 (0.64 … 0.65)', '≤ 0.6', 'no']);
    expect(row(pair, 'pictures/s')).toEqual(['11.11', '2.38', '4.67', '≥ 2.5', 'yes']);
    expect(row(pair, 'peak RSS, MiB')).toEqual(['460', '2000', '0.23', '≤ 0.4', 'yes']);
  });

  test('peak memory is compared after as many pictures as both have read', () => {
    const [ours, theirs] = results.memory.rows;
    const slower = { ...theirs, marks: [theirs.marks[0], { ...theirs.marks[1], pictures: 13 }] };
    const early = markdownOf(figureTables({ ...results, memory: { ...results.memory, rows: [ours, slower] } }));
    expect(early).toMatch(/peak RSS, MiB \| +450 \| +1000 \| +0\.45 \| +≤ 0\.4 \| +no \|/);
  });

  test('pictures that one of the two failed on do not count', () => {
    // 105 + 120 + 400 + 600 over 300 + 400 + 900 + 1100.
    expect(row('placard v6 / RapidOCR v6', 'ms a picture').slice(0, 3)).toEqual([
      '306.3',
      '675.0',
      expect.stringMatching(/^0\.45 /),
    ]);
  });

  test('what was not measured is not held', () => {
    expect(row('placard v6 / faster-paddle small', 'ms a picture').at(-1)).toBe('not measured');
    expect(row('placard v4 / @gutenye/ocr-node v4', 'ms a picture').at(-1)).toBe('not measured');
  });

  test('where sizes are mixed, p99 stays near p50 in each class', () => {
    const sizes = lines.filter((cells: string[]) => cells[1] === 'placard v6, OpenVINO' && cells.length === 9);
    expect(sizes.map((cells: string[]) => cells.slice(2, -1))).toEqual([
      ['up to 0.25 megapixels', '10', '10', '1.00', '≤ 3', 'yes'],
      ['0.25 to 1 megapixel', '30', '118', '3.94', '≤ 3', 'no'],
      ['1 to 4 megapixels', '30', '30', '1.00', '≤ 3', 'yes'],
      ['4 to 12 megapixels', '40', '40', '1.00', '≤ 3', 'yes'],
    ]);
  });

  test('another provider must read the same: differences in points', () => {
    const streets = lines.find((cells: string[]) => cells[1] === 'streets' && cells[2] === 'text_recall');
    expect(streets?.slice(3, 6)).toEqual(['90.0', '90.5', '-0.5']);
  });

  test('the parts measure everybody that is compared', () => {
    const parts = figureParts({ threads: 2, seed: 1, timeout: 120, rounds: 2, 'slow-rounds': 1, limit: 60 });
    expect(parts.map(({ task }: { task: string }) => task)).toEqual(['latency', 'throughput', 'memory', 'stream']);
    for (const { ours, theirs } of comparisons) {
      expect(parts[0].contenders).toEqual(expect.arrayContaining([ours, theirs]));
    }
    expect(parts[0].options).toEqual({
      threads: 2,
      seed: 1,
      timeout: 120,
      limit: 60,
      rounds: 2,
      'slow-rounds': 1,
      warmups: 2,
    });
    expect(parts[2].options).toEqual({ threads: 2, seed: 1, timeout: 120, limit: 60, count: 120, seconds: 300 });
  });
});

describe('the report', () => {
  test('has every task with its command, and every contender with its versions', () => {
    const report = reportOf(results, true);
    for (const task of Object.keys(results)) expect(report).toContain(`\`node bench/run.mjs ${task}\``);
    expect(report).toContain('![Accuracy against time](images/accuracy-against-time.svg)');
    expect(report).toMatch(/\| rapidocr-openvino +\| +rapidocr 3\.10\.0, runtime 1\.30\.0 \|/);
    expect(report).toMatch(/\| faster-paddle-small +\| +- \| +ended with SIGKILL/);
    expect(() => reportOf({}, false)).toThrow('no results');
  });

  test('the plot has a panel for all sets and one for each, each dot with its label', () => {
    const plot: string = accuracyPlot(results.latency);
    const titles = [...plot.matchAll(/font-weight="600">([^<]+)</g)].map(([, title]) => title);
    expect(titles).toEqual(
      expect.arrayContaining(['All 2 sets, 5 pictures', 'streets, 3 pictures', 'receipts, 2 pictures']),
    );
    expect(plot.match(/<circle /g)).toHaveLength(3 * 4);
    expect(plot.match(/>RapidOCR v6, OpenVINO</g)).toHaveLength(3);
    expect(plot.match(/<svg|<\/svg>/g)).toHaveLength(2);
    expect(plot).not.toMatch(/NaN|undefined|Infinity/);
  });

  test('a faster contender stands further left, a more exact one higher', () => {
    const plot: string = accuracyPlot(results.latency);
    const circles = [...plot.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)"/g)].map(([, x, y]) => [
      Number(x),
      Number(y),
    ]);
    const [ours, , theirs] = circles as [number, number][];
    expect(ours![0]).toBeLessThan(theirs![0]);
    expect(ours![1]).toBeLessThan(theirs![1]);
    expect(
      accuracyPlot({ sets: [{ set: 'plain', pictures: 1, rows: [{ name: 'placard-v4', milliseconds: [[5]] }] }] }),
    ).toBe(undefined);
  });
});
