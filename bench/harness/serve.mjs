// A contender's process: node bench/harness/serve.mjs FILE OPTIONS. README.md has the protocol; serve.py is the same in Python.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

/**
 * What a contender's file makes of its options.
 * @typedef {object} Contender
 * @property {(file: string) => Promise<unknown>} read the clock runs during this alone
 * @property {(files: string[]) => Promise<unknown[]>} [readAll] many pictures by the contender's own means; one by one without it
 * @property {(result: unknown, file: string) => object | Promise<object>} toAnswer `lines` and, where the engine has it, `text`
 * @property {() => object} about engine, versions, settings, weights
 * @property {() => Promise<void>} [close]
 */

const [file, options] = process.argv.slice(2);
const say = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);
// A library that prints would break the protocol.
console.log = console.error;

const { create } = await import(pathToFileURL(file));
const contender = await create(JSON.parse(options));
say({ ready: true });
for await (const line of createInterface({ input: process.stdin })) say(await answerTo(JSON.parse(line)));
await contender.close?.();
// A library's own threads may keep the process alive.
process.exit();

async function answerTo({ image, images }) {
  if (image !== undefined) return answer(() => contender.read(image), image);
  if (images === undefined) return { about: contender.about() };
  return answerAll(images);
}

async function answer(read, image) {
  const started = performance.now();
  try {
    const result = await read();
    const ms = performance.now() - started;
    return { ms, ...(await contender.toAnswer(result, image)) };
  } catch (error) {
    return { ms: performance.now() - started, error: errorOf(error) };
  }
}

async function answerAll(images) {
  // Nobody pays for the disk.
  for (const image of images) readFileSync(image);
  const started = performance.now();
  const results = contender.readAll ? await contender.readAll(images) : await readInTurn(images);
  const ms = performance.now() - started;
  const answers = [];
  for (const [i, result] of results.entries()) {
    answers.push(result instanceof Error ? { error: errorOf(result) } : await contender.toAnswer(result, images[i]));
  }
  return { ms, answers };
}

async function readInTurn(images) {
  const results = [];
  for (const image of images) {
    results.push(await contender.read(image).catch((error) => (error instanceof Error ? error : new Error(error))));
  }
  return results;
}

function errorOf(error) {
  return { message: String(error?.message ?? error).slice(0, 300) };
}
