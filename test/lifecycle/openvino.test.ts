import { describe, expect, it } from 'vitest';
import { line } from '../api/engine-harness.ts';
import { hasOpenvino } from '../openvino.ts';
import { endsWell, runProgram } from './program.ts';

const open = `const engine = await createEngine({ threads: 2, provider: 'openvino' });`;
const reading = `${open}
const readings = [street, line, signs, line].map((picture) => engine.recognize(picture));
await underWay(engine, readings);
say('under way');
`;

describe.runIf(hasOpenvino)('a process with OpenVINO', () => {
  it.each([0, 30, 60, 120, 250])('that exits %d ms into its readings ends with its own code', async (delay) => {
    const ended = await runProgram(`${reading} setTimeout(() => process.exit(7), ${delay});`);
    expect(ended).toEqual({ ...endsWell, code: 7, said: ['under way'] });
  });

  it.each([150, 500])('that exits %d ms into the making of engines ends with its own code', async (delay) => {
    const ended = await runProgram(`
      for (let i = 0; i < 3; i++) createEngine({ threads: 2, provider: 'openvino' }).catch(() => {});
      setTimeout(() => process.exit(7), ${delay});`);
    expect(ended).toEqual({ ...endsWell, code: 7, said: [] });
  });

  it('ends by itself, with an engine open and sessions of fixed shapes made', async () => {
    const ended = await runProgram(`${open}
      for (let i = 0; i < 5; i++) await engine.recognize(street);
      say((await engine.recognize(line)).text);`);
    expect(ended).toEqual({ ...endsWell, said: [line.text] });
  });

  it('keeps its signals, CPUs, locale and number formats', async () => {
    const ended = await runProgram(`
      const { readFileSync } = await import('node:fs');
      const state = () => {
        const status = readFileSync('/proc/self/status', 'utf8');
        const rows = ['SigCgt', 'SigIgn', 'SigBlk', 'Cpus_allowed_list', 'Umask'].map((name) =>
          new RegExp('^' + name + ':.*$', 'm').exec(status)[0]);
        return [...rows, (1234.5).toLocaleString(), String(5e-324 * 1), JSON.stringify(process.env)];
      };
      const other = await createEngine({ threads: 2, provider: 'cpu' });
      await other.recognize(line);
      const before = state();
      ${open}
      await engine.recognize(street);
      state().forEach((row, i) => row === before[i] || say([before[i], row]));
      await Promise.all([engine, other].map((one) => one.close()));`);
    expect(ended).toEqual({ ...endsWell, said: [] });
  });

  it('reads in workers, which may end while they do', async () => {
    const ended = await runProgram(`
      const options = { provider: 'openvino' };
      const worker = startWorker({ pictures: [line, street], options });
      const said = await new Promise((resolve) => {
        const readings = [];
        worker.on('message', (message) => readings.push(message));
        worker.on('exit', () => resolve(readings));
      });
      say(said[1].text);
      for (const delay of [5, 60]) {
        const other = startWorker({ pictures: [street, signs, street], rounds: 5, options });
        await new Promise((resolve) => other.once('message', resolve));
        await wait(delay);
        await other.terminate();
      }
      ${open}
      say((await engine.recognize(line)).text);
      await engine.close();`);
    expect(ended).toEqual({ ...endsWell, said: [line.text, line.text] });
  });
});
