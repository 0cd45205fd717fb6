import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { convertDataset } from '../datasets/convert.ts';
import { type ReadFormat, readFormats, type WrittenFormat, writtenFormats } from '../datasets/formats.ts';
import type { PlacardError } from '../errors.ts';
import type { CliContext } from './context.ts';
import { exitCodes } from './failures.ts';
import { counted, type Progress, startProgress } from './progress.ts';
import { write } from './streams.ts';

interface ConvertValues {
  to: WrittenFormat;
  from?: ReadFormat | 'shards';
  alphabet?: string;
  copy?: boolean;
  link?: boolean;
  skipInvalid?: boolean;
}

const details = `
DATASET is a folder of labels and pictures, a label file, or a folder of shards that "placard synth" or "placard pseudo-label"
wrote. FOLDER must be new or empty; it appears when it is whole. docs/labels.md explains the formats.
`;

/** `placard convert`. */
export function registerConvert(program: Command, context: CliContext, finish: (exitCode: number) => void): void {
  program
    .command('convert')
    .description('Write a data set’s labels in another format, its pictures with them')
    .argument('<dataset>', 'folder or label file')
    .argument('<folder>', 'where to write it')
    .addOption(new Option('--to <format>', 'the format to write').choices(writtenFormats).makeOptionMandatory())
    .addOption(
      new Option('--from <format>', 'the format to read (default: what the folder holds)').choices([
        ...readFormats,
        'shards',
      ]),
    )
    .option('--alphabet <file>', 'of crnn: the file that tells which character each number of a label stands for')
    .addOption(new Option('--copy', 'copy the pictures (default)').conflicts('link'))
    .option('--link', 'link to the pictures where they are')
    .option('--skip-invalid', 'name labels that do not fit their picture, and leave them out')
    .addHelpText('after', details)
    .action(async (dataset: string, folder: string, values: ConvertValues) => {
      await convert(dataset, folder, values, context);
      finish(exitCodes.ok);
    });
}

async function convert(dataset: string, folder: string, values: ConvertValues, context: CliContext): Promise<void> {
  const { cwd, stdout, stderr, signal } = context;
  let progress: Progress | undefined;
  const onMisfit = ({ message, code }: PlacardError) => {
    const line = `placard: ${message} (${code})`;
    if (progress) progress.note(line);
    else stderr.write(`${line}\n`);
  };
  try {
    const count = await convertDataset(resolve(cwd, dataset), resolve(cwd, folder), {
      to: values.to,
      from: values.from,
      alphabet: values.alphabet === undefined ? undefined : resolve(cwd, values.alphabet),
      pictures: values.link ? 'link' : 'copy',
      ...(values.skipInvalid ? { onMisfit } : {}),
      signal,
      onProgress(_done, total) {
        progress ??= startProgress(stderr, total, true);
        progress.advance(false);
      },
    });
    progress?.stop();
    await write(stdout, `${folder}: ${counted(count, 'picture')}\n`);
  } finally {
    progress?.stop();
  }
}
