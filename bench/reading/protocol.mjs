import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

/**
 * What every contender takes: `--threads N`, and as far as it has them `--model`, `--provider`, `--layout`.
 * @returns {{ threads: number, model?: string, provider?: string, layout?: 'auto' | 'line' }}
 */
export function contenderOptions() {
  const text = { type: /** @type {const} */ ('string') };
  const { values } = parseArgs({ options: { threads: text, model: text, provider: text, layout: text } });
  return { ...values, threads: Number(values.threads) };
}

/** SHA-256 of a file, in hexadecimal. */
export function digestOf(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

/**
 * The contender's side of the protocol (README.md) in Node.js: says what it is, then answers one line of standard input after
 * the other until there is no more.
 * @template T
 * @param {object} contender
 * @param {object} contender.description engine, versions, settings, weights
 * @param {(file: string) => Promise<T>} contender.read the clock runs during this alone
 * @param {(result: T, file: string) => { lines: object[], text?: string } | Promise<{ lines: object[], text?: string }>} contender.toAnswer
 */
export async function serve({ description, read, toAnswer }) {
  const say = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);
  // A library that prints would break the protocol.
  console.log = console.error;
  say({ ready: description });
  for await (const line of createInterface({ input: process.stdin })) say(await answer(JSON.parse(line).image));

  async function answer(image) {
    const started = performance.now();
    try {
      const result = await read(image);
      const ms = performance.now() - started;
      return { ms, ...(await toAnswer(result, image)) };
    } catch (error) {
      return { ms: performance.now() - started, error: { message: String(error?.message ?? error).slice(0, 300) } };
    }
  }
}
