import { Command } from 'commander';
import { registerBench } from './bench.ts';
import type { CliContext, CommandEngine } from './context.ts';
import { registerConvert } from './convert.ts';
import { registerDoctor } from './doctor.ts';
import {
  addEngineOptions,
  addReaderOptions,
  type EngineOptionValues,
  engineOptions,
  type ReaderOptionValues,
  recognizeOptions,
} from './engine-options.ts';
import { evalCommand } from './eval.ts';
import { exitCodes, verdictOn } from './failures.ts';
import { registerModels } from './models.ts';
import { registerProviders } from './providers.ts';
import { registerPseudoLabel } from './pseudo-label.ts';
import { registerRead } from './read.ts';
import { handleErrorsOnWrite } from './streams.ts';
import { registerSynth } from './synth.ts';

/**
 * Runs one command line.
 * @param args without the names of Node.js and the program
 * @returns what to exit with: 0; 1 where something failed; 2 for wrong usage; 130 and 143 after Ctrl-C and SIGTERM
 */
export async function run(args: readonly string[], context: CliContext): Promise<number> {
  const { stdout, stderr } = context;
  handleErrorsOnWrite(stdout, stderr);
  let exitCode: number = exitCodes.ok;
  const finish = (code: number) => {
    exitCode = code;
  };
  try {
    await programOf(context, finish).parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    // What fails because everything is being stopped is told as the stop.
    const verdict = verdictOn(context.signal.aborted ? context.signal.reason : error);
    if (verdict.message !== undefined) stderr.write(`${verdict.message}\n`);
    return verdict.exitCode;
  }
}

function programOf(context: CliContext, finish: (exitCode: number) => void): Command {
  const { stdout, stderr, version } = context;
  const program = new Command('placard')
    .description('Reads text in pictures')
    .version(version)
    .showHelpAfterError('(placard help COMMAND tells more)')
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      getOutHelpWidth: () => stdout.columns ?? 100,
      getErrHelpWidth: () => stderr.columns ?? 100,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .exitOverride();
  registerRead(program, context, finish);
  registerEval(program, context, finish);
  registerBench(program, context, finish);
  registerConvert(program, context, finish);
  registerPseudoLabel(program, context, finish);
  registerModels(program, context, finish);
  registerProviders(program, context, finish);
  registerSynth(program, context, finish);
  registerDoctor(program, context, finish);
  return program;
}

/** `eval` reads with one engine, created with the first picture: scoring predictions needs none. */
function registerEval(program: Command, context: CliContext, finish: (exitCode: number) => void): void {
  let engine: Promise<CommandEngine> | undefined;
  const command: Command = evalCommand(
    async (imagePath, options) => {
      const values = command.opts<EngineOptionValues & ReaderOptionValues>();
      engine ??= context.createEngine(engineOptions(values, 'latency'));
      const { layout, page } = options;
      const choices = recognizeOptions({ ...values, layout }, context.cwd);
      return (await engine).recognize(imagePath, { ...choices, ...(page ? { page } : {}), signal: context.signal });
    },
    context,
    finish,
  );
  addReaderOptions(addEngineOptions(command))
    .copyInheritedSettings(program)
    .hook('postAction', async () => (await engine)?.close());
  program.addCommand(command);
}
