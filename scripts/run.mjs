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
 * @param {{ quiet?: boolean, env?: NodeJS.ProcessEnv }} [options]
 *   quiet: output is kept and returned, not shown
 * @returns {Promise<{ code: number, output: string }>} stdout and stderr as they came, where quiet
 */
export function run(command, args, { quiet = false, env = process.env } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, env, stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit' });
    const chunks = [];
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => chunks.push(chunk));
    child.once('error', (error) => reject(new PlainError(`${command} could not be started: ${error.message}`)));
    child.once('close', (code, signal) => {
      resolve({ code: code ?? (signal ? 128 : 1), output: Buffer.concat(chunks).toString() });
    });
  });
}

/** Runs a program; when it fails, shows all that it said and throws a PlainError. Options are those of run(). */
export async function runOrFail(what, command, args, options) {
  const { code, output } = await run(command, args, options);
  if (code === 0) return output;
  process.stderr.write(output);
  throw new PlainError(`${what} failed: ${[command, ...args].join(' ')} ended with code ${code}.`);
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
