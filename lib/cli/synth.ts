import { join, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { type EffectName, effectNames } from '../synth/effects.ts';
import type { SynthRequest } from '../synth/run.ts';
import type { CliContext } from './context.ts';
import { positiveInteger } from './engine-options.ts';
import { exitCodes, UsageError } from './failures.ts';
import { duration, startProgress } from './progress.ts';
import { write } from './streams.ts';

interface SynthValues {
  out?: string;
  preview?: string;
  count?: number;
  seed: string;
  languages: string[];
  materials?: string;
  fonts?: string[];
  only?: EffectName;
  threads?: number;
  shardSize?: number;
}

const details = `
Shards are WebDataset archives of pictures and labels, listed in index.json; a run that was stopped goes on where it was
when the same command is given again. Fonts are the system's, words and photographs those of the materials folder, which
"npm run materials" fills in a clone of placard. docs/training-data.md has the formats and every effect.
`;

/** `placard synth lines` and `placard synth scenes`. */
export function registerSynth(program: Command, context: CliContext, finish: (exitCode: number) => void): void {
  const synth = program.command('synth').description('Draw pictures whose text is known, to train and test with');
  addSynthOptions(synth.command('lines').description('Lines of text as cameras see them'))
    .addOption(
      new Option('--style <style>', 'camera: signs and print; document: ten characters on paper, 280 x 32')
        .choices(['camera', 'document'])
        .default('camera'),
    )
    .option('--most <characters>', 'longest text', positiveInteger, 25)
    .option('--alphabet <file>', 'draw nothing but its characters, one a line')
    .addOption(
      new Option(
        '--frequencies <which>',
        'natural: words as often as the language has them; flattened: rare ones more often',
      )
        .choices(['flattened', 'natural'])
        .default('flattened'),
    )
    .action(async ({ style, most, alphabet, frequencies, ...values }) => {
      const characters =
        alphabet === undefined ? undefined : await context.synth.readAlphabet(resolve(context.cwd, alphabet));
      finish(
        await draw(values, { kind: 'lines', style, most, frequencies, ...(characters && { characters }) }, context),
      );
    });
  addSynthOptions(synth.command('scenes').description('Pictures with many texts, and where each character stands'))
    .option('--size <pixels>', 'width and height', positiveInteger, 768)
    .addOption(
      new Option('--maps <preset>', 'draw region and affinity maps, with the constants of: ')
        .choices(['none', 'paper', 'brooklyn', 'backtime', 'backtime-craft'])
        .default('paper'),
    )
    .option('--map-scale <factor>', 'pixels of the picture for one of the maps', positiveInteger, 2)
    .action(async ({ size, maps, mapScale, ...values }) => {
      finish(await draw(values, { kind: 'scenes', size, maps, mapScale }, context));
    });
}

function addSynthOptions(command: Command): Command {
  return command
    .option('--out <folder>', 'write shards into this folder')
    .option('--preview <file>', 'draw a contact sheet instead, a PNG')
    .option('--count <samples>', 'how many (default: 10000; 80 lines or 12 scenes on a sheet)', positiveInteger)
    .option('--seed <text>', 'the same seed gives the same bytes', 'placard')
    .option('--languages <codes>', 'such as en,de,zh-Hant', (text) => text.split(',').filter(Boolean), ['en'])
    .option('--materials <folder>', 'words and photographs (default: PLACARD_MATERIALS or the user’s data folder)')
    .option('--fonts <folders...>', 'look for fonts here alone')
    .addOption(new Option('--only <effect>', 'show one effect and no other').choices(effectNames))
    .option('--threads <count>', 'worker threads (default: the CPUs that this process may use)', positiveInteger)
    .option('--shard-size <samples>', 'samples a shard (default: 2000 lines or 200 scenes)', positiveInteger)
    .addHelpText('after', details);
}

async function draw(values: SynthValues, drawing: SynthRequest['drawing'], context: CliContext): Promise<number> {
  const { stdout, stderr, cwd, env, signal, synth } = context;
  const { out, preview, seed, languages, only, shardSize } = values;
  if ((out === undefined) === (preview === undefined)) throw new UsageError('give either --out or --preview');
  const isLines = drawing.kind === 'lines';
  const count = values.count ?? (preview === undefined ? 10_000 : isLines ? 80 : 12);
  const request: SynthRequest = {
    seed,
    drawing,
    languages,
    count,
    materialsFolder: synth.resolveMaterials(values.materials && resolve(cwd, values.materials), env),
    ...(only && { only }),
    ...(values.fonts && { fontFolders: values.fonts.map((folder) => resolve(cwd, folder)) }),
    threads: values.threads ?? synth.threads(),
  };
  const began = performance.now();
  const progress = startProgress(stderr, count, true);
  let shown = 0;
  let before: number | undefined;
  const onProgress = ({ done }: { done: number }) => {
    before ??= done;
    for (; shown < done; shown += 1) progress.advance(false);
  };
  try {
    if (preview !== undefined) {
      const file = resolve(cwd, preview);
      await synth.preview({ ...request, file }, { signal, onProgress });
      await write(stdout, `${file}\n`);
      return exitCodes.ok;
    }
    const folder = resolve(cwd, out!);
    const samplesPerShard = shardSize ?? (isLines ? 2000 : 200);
    const index = await synth.draw({ ...request, folder, samplesPerShard }, { signal, onProgress });
    const bytes = index.shards.reduce((sum, shard) => sum + shard.bytes, 0);
    const drawn = count - (before ?? 0);
    const took = performance.now() - began;
    const rate =
      drawn > 0 ? `, ${drawn} of them drawn in ${duration(took)}: ${((1000 * drawn) / took).toFixed(1)} a second` : '';
    await write(
      stdout,
      `${join(folder, 'index.json')}: ${count} ${drawing.kind} in ${index.shards.length} shards, ${(bytes / 1e6).toFixed(1)} MB${rate}\n`,
    );
    return exitCodes.ok;
  } finally {
    progress.stop();
  }
}
