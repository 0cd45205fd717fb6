import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { type CrnnPreset, crnnPresets } from '../models/architectures/contracts.ts';
import { type Architecture, architectures } from '../models/contract.ts';
import type { CliContext } from './context.ts';
import { modelsFolderOption } from './engine-options.ts';
import { exitCodes } from './failures.ts';
import { write } from './streams.ts';

interface ImportValues {
  as: Architecture;
  id?: string;
  alphabet?: string;
  detector?: string;
  preset?: CrnnPreset;
  modelsFolder?: string;
}

/** `placard models import`. */
export function registerImport(models: Command, context: CliContext, finish: (exitCode: number) => void): void {
  models
    .command('import')
    .description(
      'Convert a PyTorch checkpoint to a model of the models folder; runs neither Python nor code of the file',
    )
    .argument('<file>', 'a state dictionary that torch.save wrote')
    .addOption(
      new Option('--as <architecture>', 'what the checkpoint belongs to').choices(architectures).makeOptionMandatory(),
    )
    .option('--id <id>', 'what to call the model (default: the file’s name in lower case)')
    .option('--alphabet <file>', 'of a recognizer: its characters, one a line, in the order of the classes')
    .option('--detector <id>', 'of craft-refiner: the imported CRAFT model that it refines')
    .addOption(
      new Option('--preset <name>', 'of crnn: 100 columns a line, or 4/7 of its width (default: fixed)').choices(
        crnnPresets,
      ),
    )
    .addOption(modelsFolderOption())
    .action(async (file: string, values: ImportValues) => finish(await importFile(file, values, context)));
}

async function importFile(file: string, values: ImportValues, context: CliContext): Promise<number> {
  const { models, env, cwd, stdout } = context;
  const { as: architecture, alphabet, modelsFolder, ...others } = values;
  const paths = await models.import(resolve(cwd, file), {
    ...others,
    ...(alphabet !== undefined && { alphabet: resolve(cwd, alphabet) }),
    architecture,
    modelsFolder: models.resolveFolder(modelsFolder, env),
  });
  await write(stdout, paths.map((path) => `${path}\n`).join(''));
  return exitCodes.ok;
}
