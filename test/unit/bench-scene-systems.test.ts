import { describe, expect, test } from 'vitest';
import { benchModule } from './bench-module.ts';

const { contenderTable, isFor } = await benchModule('contenders/table.mjs');
const { sceneComparisons, sceneTables } = await benchModule('figures/scene-systems.mjs');
const { tasks } = await benchModule('harness/tasks.mjs');
const { markdownOf } = await benchModule('harness/markdown.mjs');

interface Measured {
  h?: number;
  milliseconds?: (number | null)[][];
  precision?: string;
}

function row(name: string, { h, milliseconds, precision = 'f32' }: Measured) {
  return {
    name,
    engine: name.startsWith('placard') ? 'placard' : 'easyocr',
    settings: { precision },
    weights: { detector: 'craft' },
    figures: { det_p: 0.5, det_r: 0.25, det_h: h, e2e_h: 0 },
    failed: 0,
    unstable: 0,
    milliseconds,
  };
}

function detection(rows: object[]) {
  return { sets: [{ set: 'icdar15_scene', pictures: 3, rows }] };
}

/** Cells of the comparisons' table. */
function cellsOf(results: object): string[][] {
  return sceneTables(results).flatMap((table: { rows: string[][] }) => table.rows);
}

const ours = row('placard-craft', { h: 0.701, milliseconds: [[1000, 1200, 5000]] });
const theirs = row('easyocr-craft', { h: 0.706, milliseconds: [[1500, 1800, 1900]] });

describe('CRAFT and CRNN beside EasyOCR', () => {
  test('accuracy by its least and by the others’, times by the median picture', () => {
    expect(cellsOf({ detection: detection([ours, theirs]) })).toEqual([
      ['placard CRAFT / EasyOCR CRAFT', 'icdar15_scene', 'det_h, %', '70.1', '70.6', '≥ 70.0', 'yes'],
      ['placard CRAFT / EasyOCR CRAFT', 'icdar15_scene', 'det_h, %', '70.1', '70.6', '≥ theirs - 0.5', 'yes'],
      ['placard CRAFT / EasyOCR CRAFT', 'icdar15_scene', 'p50, ms', '1200', '1800', '≤ theirs / 1.5', 'yes'],
      [
        'placard CRAFT, OpenVINO / EasyOCR CRAFT, bf16',
        'icdar15_scene',
        'p50, ms',
        '-',
        '1800',
        '≤ theirs / 4',
        'not measured',
      ],
    ]);
  });

  test('what is not held says so', () => {
    const worse = row('placard-craft', { h: 0.69, milliseconds: [[1300]] });
    const better = row('easyocr-craft', { h: 0.696, milliseconds: [[1800]] });
    const held = cellsOf({ detection: detection([worse, better]) }).map((cells) => cells.at(-1));
    expect(held).toEqual(['no', 'no', 'no', 'not measured']);
  });

  test('a precision that the processor lacks is not measured', () => {
    const at = (precision: string) => row('placard-craft-openvino', { h: 0.7, milliseconds: [[400]], precision });
    const heldAt = (precision: string) => cellsOf({ detection: detection([ours, theirs, at(precision)]) })[3]!.at(-1);
    expect(heldAt('bf16')).toBe('yes');
    expect(heldAt('f32')).toBe('not measured');
  });

  test('a contender that failed, and a task that was not run, are not measured', () => {
    const failed = { name: 'easyocr-craft', failure: 'ended with code 1' };
    const held = cellsOf({ detection: detection([ours, failed]) }).map((cells) => cells.at(-1));
    expect(held).toEqual(['yes', 'not measured', 'not measured', 'not measured']);
    expect(sceneTables({})).toEqual([]);
    expect(sceneTables({ crops: { sets: [{ set: 'others', rows: [] }] } })).toEqual([]);
  });

  test('recognizers are compared by what is exact', () => {
    const exact = (name: string, share: number) => ({ name, figures: { exact: share } });
    const crops = { sets: [{ set: 'icdar15_words', rows: [exact('placard-crnn', 0.5), exact('easyocr', 0.5)] }] };
    expect(cellsOf({ crops })).toEqual([
      ['placard CRNN / EasyOCR', 'icdar15_words', 'exact, %', '50.0', '50.0', '≥ theirs', 'yes'],
    ]);
  });

  test('who is compared exists, and is measured by the task without being named', () => {
    for (const { task, ours: own, theirs: other } of sceneComparisons) {
      expect(tasks).toHaveProperty(task);
      for (const name of [own, other]) expect(isFor(task, name), `${name} in ${task}`).toBe(true);
    }
  });
});

describe('the task detection', () => {
  test('is for detectors alone, and they are for no other task', () => {
    const inDetection = Object.keys(contenderTable).filter((name) => isFor('detection', name));
    expect(inDetection.length).toBeGreaterThan(2);
    for (const name of inDetection) expect(isFor('latency', name), name).toBe(false);
    expect(isFor('latency', 'placard-v6')).toBe(true);
    expect(isFor('crops', 'placard-v6')).toBe(true);
  });

  test('shows precision, recall and H, and compares times with placard on the same weights', () => {
    const markdown = markdownOf(tasks.detection.tablesOf(detection([ours, theirs])));
    expect(markdown).toMatch(/\| read, % +\| +det_p \| +det_r \| +det_h \| +failed \| +unstable \|/);
    // 1500 + 1800 + 1900 over 1000 + 1200 + 5000.
    expect(markdown).toMatch(/\| EasyOCR CRAFT \|.*\| +0\.72 \(0\.72 … 0\.72\) \| +placard CRAFT \|/);
  });
});
