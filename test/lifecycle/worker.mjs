import { parentPort, workerData } from 'node:worker_threads';
import { createEngine } from '../../dist/index.js';

// Reads pictures in turn, all at once, and tells each reading; `ending` says how it leaves.
const { pictures, rounds = 1, ending = 'close', options } = workerData;
const engine = await createEngine({ threads: 2, ...options });
parentPort.postMessage('ready');
for (let round = 0; round < rounds; round++) {
  const readings = pictures.map((picture) => engine.recognize(picture));
  if (ending === 'exit') {
    for (const reading of readings) reading.catch(() => {});
    while (engine.stats().cpuMilliseconds.kernels === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    process.exit(5);
  }
  for (const reading of await Promise.all(readings)) {
    const { timings, ...timeless } = reading;
    parentPort.postMessage(timeless);
  }
}
if (ending === 'close') await engine.close();
