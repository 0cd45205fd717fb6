import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { readDataset } from '../datasets/read-dataset.ts';
import type { PseudoLabelSettings } from '../synth/pseudo-label.ts';
import type { CliContext } from './context.ts';
import { modelsFolderOption, positiveInteger } from './engine-options.ts';
import { exitCodes } from './failures.ts';
import { counted, type Progress, startProgress } from './progress.ts';
import { write } from './streams.ts';

interface PseudoLabelValues extends Partial<PseudoLabelSettings> {
  out: string;
  limit?: number;
  samplesPerShard?: number;
  threads?: number;
  modelsFolder?: string;
}

const details = `
DATASET is one with boxes around words or lines, of any format that "placard eval" reads. FOLDER gets shards: pictures with
their labels, and region, affinity and confidence maps. A run that was stopped goes on where it was. docs/training-data.md
tells what the maps hold.
`;

/** `placard pseudo-label`. */
export function registerPseudoLabel(program: Command, context: CliContext, finish: (exitCode: number) => void): void {
  program
    .command('pseudo-label')
    .description('Find the characters of labeled words, to train CRAFT on pictures that have boxes of words alone')
    .argument('<dataset>', 'folder or label file')
    .requiredOption('--out <folder>', 'where to write shards')
    .option('--detector <id>', 'model that looks at each word (default: craft)')
    .addOption(
      new Option('--preset <name>', 'whose Gaussians to draw (default: paper)').choices([
        'paper',
        'brooklyn',
        'backtime',
        'backtime-craft',
      ]),
    )
    .addOption(
      new Option('--split <how>', 'how to tell characters from what is around (default: thresholds)').choices([
        'thresholds',
        'otsu',
      ]),
    )
    .option('--word-side <pixels>', 'what a word’s shorter side is scaled to (default: 96)', positiveInteger)
    .option('--limit <count>', 'only the first pictures', positiveInteger)
    .option('--samples-per-shard <count>', 'pictures in a shard (default: 100)', positiveInteger)
    .option('--threads <count>', 'threads to use (default: the CPUs that this process may use)', positiveInteger)
    .addOption(modelsFolderOption())
    .addHelpText('after', details)
    .action(async (location: string, values: PseudoLabelValues) => {
      await run(location, values, context);
      finish(exitCodes.ok);
    });
}

async function run(location: string, values: PseudoLabelValues, context: CliContext): Promise<void> {
  const { cwd, stdout, stderr, signal } = context;
  const { out, limit, ...options } = values;
  const dataset = await readDataset(resolve(cwd, location));
  const { pseudoLabel } = await import('../synth/pseudo-label.ts');
  const counts = { labels: 0, detector: 0, 'equal-parts': 0 };
  let exact = 0;
  let progress: Progress | undefined;
  let shown = 0;
  try {
    const { count } = await pseudoLabel({ ...dataset, samples: dataset.samples.slice(0, limit) }, resolve(cwd, out), {
      ...options,
      signal,
      onWord({ by, confidence }) {
        counts[by] += 1;
        if (by === 'detector' && confidence === 1) exact += 1;
      },
      onProgress({ done, count: total }) {
        progress ??= startProgress(stderr, total, true);
        for (; shown < done; shown++) progress.advance(false);
      },
    });
    progress?.stop();
    const words = counts.labels + counts.detector + counts['equal-parts'];
    const ways = [
      `${exact} with as many characters as letters`,
      `${counts.detector - exact} with nearly as many`,
      `${counts['equal-parts']} cut into equal parts`,
      `${counts.labels} labeled`,
    ];
    const told = words > 0 ? `, ${counted(words, 'word')} in this run: ${ways.join(', ')}` : '';
    await write(stdout, `${out}: ${counted(count, 'picture')}${told}\n`);
  } finally {
    progress?.stop();
  }
}
