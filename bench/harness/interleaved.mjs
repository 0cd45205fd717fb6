import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom, shuffled } from './chance.mjs';

/** Between two contenders, so that one's idling threads (ONNX Runtime's spin for a while) take nothing from the next. */
const pauseMs = 50;
/** So long is waited at most for what a contender does behind its answer. */
const mostRestMs = 5000;

/**
 * Warms up each contender on the first pictures, then has them all read picture by picture, in a shuffled order each time, in
 * several rounds: what else the machine does hits all alike.
 * @param {Map<string, import('./contender-process.mjs').ContenderProcess>} contenders
 * @param {string[]} files
 * @param {object} options
 * @param {(name: string) => number} options.roundsOf slow contenders may read in fewer rounds than others
 * @param {number} options.warmUps pictures
 * @param {number} options.seed
 * @param {(done: number, all: number) => void} options.onPicture
 * @returns {Promise<Map<string, object[][]>>} by contender: answers by round and picture, with the CPU milliseconds of each as `cpu`
 */
export async function readInterleaved(contenders, files, { roundsOf, warmUps, seed, onPicture }) {
  for (const contender of contenders.values()) {
    for (const file of files.slice(0, warmUps)) await contender.read(file);
  }
  const random = seededRandom(seed);
  const answers = new Map([...contenders.keys()].map((name) => [name, []]));
  const rounds = Math.max(...[...contenders.keys()].map(roundsOf));
  for (let round = 0; round < rounds; round++) {
    const readers = [...contenders].filter(([name]) => round < roundsOf(name));
    for (const [name] of readers) answers.get(name).push([]);
    for (const [index, file] of files.entries()) {
      // Nobody pays for the disk.
      await readFile(file);
      for (const [name, contender] of shuffled(readers, random)) {
        answers.get(name)[round].push(await readAndRest(contender, file));
      }
      onPicture(round * files.length + index + 1, rounds * files.length);
    }
  }
  return answers;
}

/** Waits until the contender has come to rest; what it did meanwhile counts as its CPU time for the picture. */
async function readAndRest(contender, file) {
  const before = contender.cpuMilliseconds()?.process;
  const answer = await contender.read(file);
  let now = contender.cpuMilliseconds()?.process;
  for (let rested = 0; rested < mostRestMs; rested += pauseMs) {
    const earlier = now;
    await sleep(pauseMs);
    now = contender.cpuMilliseconds()?.process;
    // A tick is 10 ms: less than two of them is rest.
    if (!(now - earlier > 10)) break;
  }
  return before === undefined || now === undefined ? answer : { ...answer, cpu: now - before };
}
