import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom, shuffled } from './chance.mjs';

/** Between two contenders, so that one's idling threads (ONNX Runtime's spin for a while) take nothing from the next. */
const pauseMs = 100;

/**
 * Warms up each contender on the first pictures, then has them all read picture by picture, in a shuffled order each time, in
 * several rounds: what else the machine does hits all alike.
 * @param {Map<string, import('./contender-process.mjs').ContenderProcess>} contenders
 * @param {{ image: string, file: string }[]} pictures
 * @param {{ rounds: number, warmUps: number, seed: number, onPicture: (done: number) => void }} options
 * @returns {Promise<Map<string, object[][]>>} by contender: answers by round and picture
 */
export async function measure(contenders, pictures, { rounds, warmUps, seed, onPicture }) {
  for (const contender of contenders.values()) {
    for (const { file } of pictures.slice(0, warmUps)) await contender.ask(file);
  }
  const random = seededRandom(seed);
  const answers = new Map([...contenders.keys()].map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const ofContender of answers.values()) ofContender.push([]);
    for (const [index, { file }] of pictures.entries()) {
      // Nobody pays for the disk.
      await readFile(file);
      for (const [name, contender] of shuffled([...contenders], random)) {
        await sleep(pauseMs);
        answers.get(name)[round].push(await contender.ask(file));
      }
      onPicture(round * pictures.length + index + 1);
    }
  }
  return answers;
}
