import { describe, expect, it } from 'vitest';
import { line } from '../api/engine-harness.ts';
import { endsWell, runProgram } from './program.ts';

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
