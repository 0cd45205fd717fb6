import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of package.json. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** A failure that the person at the terminal can act on: shown without a stack trace. */
export class PlainError extends Error {}

/**
 * Runs a program in the project's root.
 * @param {string} command
 * @param {string[]} args
 * @param {{ quiet?: boolean, echo?: boolean, env?: NodeJS.ProcessEnv, cwd?: string }} [options]
 *   quiet: output is kept and shown only when the program fails; echo: output is both shown and returned
 * @returns {Promise<{ code: number, output: string }>} stdout and stderr as they came
 */
export function run(command, args, { quiet = false, echo = false, env = process.env, cwd = root } = {}) {
  return new Promise((resolve, reject) => {
    const piped = quiet || echo;
    const child = spawn(command, args, { cwd, env, stdio: piped ? ['ignore', 'pipe', 'pipe'] : 'inherit' });
    const chunks = [];
    for (const [stream, sink] of [
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ]) {
      stream?.on('data', (chunk) => {
        chunks.push(chunk);
        if (echo) sink.write(chunk);
      });
    }
    child.once('error', (error) => reject(new PlainError(`${command} could not be started: ${error.message}`)));
    child.once('close', (code, signal) => {
      const output = Buffer.concat(chunks).toString();
      if (quiet && code !== 0) process.stderr.write(output);
      resolve({ code: code ?? (signal ? 128 : 1), output });
    });
  });
}

/** Runs a program and throws a PlainError when it fails; see run() for the rest. */
export async function runOrFail(what, command, args, options) {
  const { code, output } = await run(command, args, options);
  if (code !== 0) throw new PlainError(`${what} failed: ${[command, ...args].join(' ')} ended with code ${code}.`);
  return output;
}

/** Runs a script's main function: PlainErrors are shown as their message, any other error with its stack. */
export async function main(body) {
  try {
    process.exitCode = (await body()) ?? 0;
  } catch (error) {
    console.error(error instanceof PlainError ? `\n${error.message}\n` : error);
    process.exitCode = 1;
  }
}
