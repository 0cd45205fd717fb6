import { CommanderError } from 'commander';
import { PlacardError } from '../errors.ts';

/** What `placard` exits with. 128 + n follows a signal n, as shells have it. */
export const exitCodes = { ok: 0, failed: 1, usage: 2, SIGINT: 130, SIGTERM: 143 } as const;

/** The command line asks for something that cannot be. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** The reason of an abort by a signal from outside. */
export class Interruption extends Error {
  override name = 'Interruption';
  readonly signalName: 'SIGINT' | 'SIGTERM';

  constructor(signalName: 'SIGINT' | 'SIGTERM') {
    super(`Stopped by ${signalName === 'SIGINT' ? 'Ctrl-C' : signalName}.`);
    this.signalName = signalName;
  }
}

/** Standard output takes no more (a full disk): nothing that follows could be written either. */
export class OutputLost extends Error {
  override name: string = 'OutputLost';
}

/** Whoever read our output is gone (`placard … | head`): no failure, and nothing more to do. */
export class BrokenPipe extends OutputLost {
  override name = 'BrokenPipe';
}

/** The code and message that stand in outputs for a failure of any kind. */
export function failureOf(error: unknown): { code: string; message: string } {
  if (error instanceof Error) {
    const code = PlacardError.is(error) ? error.code : (error as NodeJS.ErrnoException).code;
    return { code: code ?? 'ERR_PLACARD_INTERNAL', message: error.message };
  }
  return { code: 'ERR_PLACARD_INTERNAL', message: String(error) };
}

/**
 * What to exit with for an error that ended a command, and what to tell the person; commander has said its own already.
 */
export function verdictOn(error: unknown): { exitCode: number; message?: string } {
  if (error instanceof CommanderError) return { exitCode: error.exitCode === 0 ? exitCodes.ok : exitCodes.usage };
  if (error instanceof BrokenPipe) return { exitCode: exitCodes.ok };
  if (error instanceof Interruption) return { exitCode: exitCodes[error.signalName], message: error.message };
  if (error instanceof OutputLost) return { exitCode: exitCodes.failed, message: `error: ${error.message}` };
  if (error instanceof UsageError) return { exitCode: exitCodes.usage, message: `error: ${error.message}` };
  if (PlacardError.is(error)) {
    const isUsage = error.code === 'ERR_PLACARD_INVALID_ARGUMENT';
    return {
      exitCode: isUsage ? exitCodes.usage : exitCodes.failed,
      message: `error: ${error.message} (${error.code})`,
    };
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { exitCode: exitCodes.failed, message: `error: ${detail}` };
}
