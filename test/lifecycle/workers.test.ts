import { describe, expect, it } from 'vitest';
import { addonPath, native } from '../../lib/native.ts';
import { line } from '../api/engine-harness.ts';
import { endsWell, runProgram } from './program.ts';

/** Is inside native functions nearly all the time: those that answer at once, or those whose promises it waits for. */
const busyWorker = `
  const { parentPort, workerData } = require('node:worker_threads');
  parentPort.postMessage('loading');
  const { CancelToken, Lane, imageFromPixels, state } = require(workerData.addon);
  const pixels = { data: new Uint8Array(12), width: 2, height: 2, channels: 3 };
  const context = { lane: new Lane(2), cancel: new CancelToken(), priority: 0 };
  const makeImages = () => imageFromPixels(context, pixels).then((image) => { image.dispose(); makeImages(); });
  if (workerData.waits) for (let i = 0; i < 8; i++) makeImages();
  else for (;;) state(new Lane(2).cpuMilliseconds(), new CancelToken());`;

describe('in worker threads', () => {
  it('engines read as in the main thread, all at once', async () => {
    const ended = await runProgram(`
      const pictures = [signs, line];
      const engine = await createEngine({ threads: 2 });
      const wanted = [];
      for (const picture of pictures) wanted.push(timeless(await engine.recognize(picture)));
      say(wanted.map(({ lines }) => lines.length > 0));
      const readIn = async (worker) => {
        const [readings, exits] = [[], new Promise((resolve) => worker.once('exit', resolve))];
        worker.on('message', (message) => message === 'ready' || readings.push(message));
        say(await exits);
        return readings;
      };
      const everywhere = await Promise.all([
        ...['close', 'none'].map((ending) => readIn(startWorker({ pictures, ending }))),
        Promise.all(pictures.map(async (picture) => timeless(await engine.recognize(picture)))),
      ]);
      say(everywhere.map((readings) => isDeepStrictEqual(readings, wanted)));
      await engine.close();
      say(engine.stats().liveBytes);`);
    expect(ended).toEqual({ ...endsWell, said: [[true, true], 0, 0, [true, true, true], 0] });
  });

  it('may be terminated mid-call, time after time, while the main thread reads on', async () => {
    const ended = await runProgram(`
      const engine = await createEngine({ threads: 2 });
      const wanted = timeless(await engine.recognize(signs));
      let [right, wrong, stop] = [0, 0, false];
      const reader = (async () => {
        while (!stop) isDeepStrictEqual(timeless(await engine.recognize(signs)), wanted) ? right++ : wrong++;
      })();
      for (const delay of [0, 30, 90, 200]) {
        const worker = startWorker({ pictures: [receipt, street, line], rounds: 99 });
        await new Promise((resolve, reject) => worker.on('message', resolve).on('error', reject));
        await wait(delay);
        say(await worker.terminate());
      }
      // Before its engine is there, too.
      await startWorker({ pictures: [receipt] }).terminate();
      stop = true;
      await reader;
      say([right > 2, wrong]);
      await engine.close();
      say(engine.stats().liveBytes);`);
    expect(ended).toEqual({ ...endsWell, said: [1, 1, 1, 1, [true, 0], 0] });
  });

  it('may exit mid-call by themselves', async () => {
    const ended = await runProgram(`
      const worker = startWorker({ pictures: [receipt, street], ending: 'exit' });
      say(await new Promise((resolve) => worker.on('exit', resolve)));
      const engine = await createEngine({ threads: 2 });
      say((await engine.recognize(line)).text);
      say(engine.stats().liveBytes);`);
    expect(ended).toEqual({ ...endsWell, said: [5, line.text, 0] });
  });

  it('do not keep the process from exiting mid-call', async () => {
    const ended = await runProgram(`
      const engine = await createEngine({ threads: 2 });
      const workers = [1, 2].map(() => startWorker({ pictures: [street, receipt], rounds: 99 }));
      await Promise.all(workers.map((worker) => new Promise((resolve) => worker.once('message', resolve))));
      await underWay(engine, [engine.recognize(receipt)]);
      say('reading');
      process.exit(7);`);
    expect(ended).toEqual({ ...endsWell, code: 7, said: ['reading'] });
  });

  it('may be stopped inside a native function, from its loading on', async () => {
    native();
    const ended = await runProgram(`
      const startBusy = async (round) => {
        const workerData = { addon: ${JSON.stringify(addonPath)}, waits: round % 2 === 1 };
        const worker = new Worker(${JSON.stringify(busyWorker)}, { eval: true, workerData, execArgv: [] });
        await new Promise((resolve, reject) => worker.once('message', resolve).on('error', reject));
        await wait(round % 9);
        return worker;
      };
      const codes = new Set();
      for (let round = 0; round < 30; round++) codes.add(await (await startBusy(round)).terminate());
      say([...codes]);
      await Promise.all([7, 8].map(startBusy));
      process.exit(7);`);
    expect(ended).toEqual({ ...endsWell, code: 7, said: [[1]] });
  });

  it('refuse handles of another thread and go on', async () => {
    const ended = await runProgram(`
      const engine = await createEngine({ threads: 2 });
      const image = await engine.decode(line);
      const { port1, port2 } = new MessageChannel();
      const told = new Promise((resolve) => { port2.onmessage = ({ data }) => resolve(data); });
      let foreign;
      try { port1.postMessage(image); foreign = await told; } catch (error) { foreign = { name: error.name }; }
      port1.close();
      say((await engine.recognizeLines([foreign]).catch((error) => error)).code);
      say((await engine.recognizeLines([image]))[0].text);
      image.dispose();
      say(engine.stats().liveBytes);`);
    expect(ended).toEqual({ ...endsWell, said: ['ERR_PLACARD_INVALID_ARGUMENT', line.text, 0] });
  });
});
