import { expect, it } from 'vitest';
import { nearest } from '../../lib/nearest.ts';

const known = ['threads', 'mode', 'modelsFolder', 'minConfidence'];

it.each([
  ['thread', 'threads'],
  ['MODE', 'mode'],
  ['mods', 'mode'],
  ['confidence', 'minConfidence'],
  ['models_folder', 'modelsFolder'],
  ['minconfidance', 'minConfidence'],
])('%s means %s', (name, meant) => {
  expect(nearest(name, known)).toBe(meant);
});

it.each(['batch', 'provider', 'm'])('%s means none of them', (name) => {
  expect(nearest(name, known)).toBeUndefined();
});

it('is nothing among no names', () => {
  expect(nearest('mode', [])).toBeUndefined();
});
