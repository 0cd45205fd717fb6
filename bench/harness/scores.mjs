import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, repository } from './folders.mjs';

/** Those of `placard eval` that are about time; the clock here is another. */
const timeFigures = ['p50', 'p95', 'cpu50'];

/**
 * Scores a contender's answers by `placard eval`.
 * @param {import('./pictures.mjs').PictureSet} set with labels
 * @param {string} name of the contender; its predictions are kept
 * @param {object[]} answers one a picture
 * @param {string} [protocol] what fits the labels without it
 * @returns {{ protocol: string, figures: Record<string, number | null> }}
 */
export function score({ name: set, folder, pictures }, name, answers, protocol) {
  const kept = join(cacheFolder, 'predictions');
  mkdirSync(kept, { recursive: true });
  const file = join(kept, `${set}-${name}.jsonl`);
  const predictions = answers.map((answer, i) => JSON.stringify({ image: pictures[i].image, ...answer }));
  writeFileSync(file, predictions.map((line) => `${line}\n`).join(''));
  const args = ['eval', folder, '--limit', String(pictures.length), '--predictions', file, '--json'];
  if (protocol) args.push('--protocol', protocol);
  const command = join(repository, 'dist', 'cli', 'main.js');
  const { stdout, stderr } = spawnSync(process.execPath, [command, ...args], { encoding: 'utf8' });
  // Its exit code also says that pictures failed, which are scored all the same.
  if (!stdout) throw new Error(`placard eval failed: ${stderr}`);
  const { set: _set, protocol: used, ...figures } = JSON.parse(stdout);
  for (const figure of timeFigures) delete figures[figure];
  return { protocol: used, figures };
}
