import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { line, samplePath } from '../api/engine-harness.ts';
import { endsWell, runProgram } from './program.ts';

/** Four readings, of which at least one is inside native code. */
const reading = `
const engine = await createEngine({ threads: 2 });
const readings = [street, line, signs, line].map((picture) => engine.recognize(picture));
await underWay(engine, readings);
say(engine.stats().queue.count);
`;

describe('a process', () => {
  it.each([0, 30, 120])('that exits %d ms into its readings ends with its own code', async (delay) => {
    const ended = await runProgram(`${reading} setTimeout(() => process.exit(7), ${delay});`);
    expect(ended).toEqual({ ...endsWell, code: 7, said: [expect.any(Number)] });
    expect(ended.said[0]).toBeGreaterThan(1);
  });

  it('that exits while networks are loaded ends with its own code', async () => {
    const ended = await runProgram(`
      for (let i = 0; i < 3; i++) createEngine({ threads: 2 }).catch(() => {});
      setTimeout(() => process.exit(7), 60);`);
    expect(ended).toEqual({ ...endsWell, code: 7, said: [] });
  });

  it('that exits with undisposed images and an open engine ends with its own code', async () => {
    const ended = await runProgram(`
      const engine = await createEngine({ threads: 2 });
      globalThis.kept = await engine.decode(street);
      const regions = await engine.detect(globalThis.kept);
      say(regions.length > 0);
      process.exit(7);`);
    expect(ended).toEqual({ ...endsWell, code: 7, said: [true] });
  });

  it('of which nothing is left to do ends, though its engine is open and its time limits are long', async () => {
    const began = performance.now();
    const ended = await runProgram(`
      const engine = await createEngine({ threads: 2 });
      const { text } = await engine.recognize(line, { timeoutMs: 600_000, signal: new AbortController().signal });
      say(text);`);
    expect(ended).toEqual({ ...endsWell, said: [line.text] });
    expect(performance.now() - began).toBeLessThan(20_000);
  });

  it('waits for readings that nobody waits for', async () => {
    const ended = await runProgram(`${reading} for (const one of readings) one.then(({ text }) => say(text));`);
    expect(ended).toMatchObject(endsWell);
    expect(ended.said).toHaveLength(5);
    expect(ended.said.filter((text) => text === line.text)).toHaveLength(2);
  });

  it('that dies of an exception says only that', async () => {
    const ended = await runProgram(`${reading} setTimeout(() => { throw new Error('on purpose'); }, 20);`);
    expect(ended).toMatchObject({ code: 1, signal: null });
    const trace = /^file:\/\/\S+\n.*\n\s*\^\n\nError: on purpose\n(\s+at .*\n)+\nNode\.js v\S+\n$/;
    expect(ended.complaint.replace(/^\[eval1\]:\d+/, 'file://eval')).toMatch(trace);
  });

  it('that catches the exception goes on reading', async () => {
    const ended = await runProgram(`${reading}
      process.on('uncaughtException', (error) => say(error.message));
      setTimeout(() => { throw new Error('on purpose'); }, 20);
      say((await readings[1]).text);
      say((await Promise.all(readings)).length);
      await engine.close();`);
    expect(ended).toMatchObject(endsWell);
    expect(ended.said.slice(1).sort()).toEqual([4, line.text, 'on purpose'].sort());
  });

  it('that closes its engine on SIGTERM finishes what it has', async () => {
    const program = `${reading}
      process.on('SIGTERM', async () => {
        const closing = engine.close();
        say((await engine.recognize(line).catch((error) => error)).code);
        await closing;
        say((await Promise.all(readings)).map(({ text }) => text));
        process.exit(0);
      });
      say('ready');
      setInterval(() => {}, 1000);`;
    const ended = await runProgram(program, {
      onSaid: (value, kill) => {
        if (value === 'ready') kill('SIGTERM');
      },
    });
    expect(ended).toMatchObject(endsWell);
    const [, , refusal, texts] = ended.said as [number, string, string, string[]];
    expect(refusal).toBe('ERR_PLACARD_CLOSED');
    expect([texts[1], texts[3]]).toEqual([line.text, line.text]);
    const streetTruth = readFileSync(samplePath('street.txt'), 'utf8');
    expect(texts[0]!.length).toBeGreaterThan(streetTruth.length / 2);
  });

  it('that destroys its engine on SIGTERM ends at once', async () => {
    const program = `${reading}
      process.on('SIGTERM', async () => {
        await engine.destroy('SIGTERM');
        say((await Promise.allSettled(readings)).map(({ reason }) => [reason?.code, reason?.cause]));
        say(engine.stats().liveBytes);
      });
      say('ready');
      await wait(20);`;
    const ended = await runProgram(program, {
      onSaid: (value, kill) => {
        if (value === 'ready') kill('SIGTERM');
      },
    });
    expect(ended).toMatchObject(endsWell);
    const destroyed = ['ERR_PLACARD_DESTROYED', 'SIGTERM'];
    expect(ended.said.slice(2)).toEqual([[destroyed, destroyed, destroyed, destroyed], 0]);
  });

  it('that drops a destroyed reading dies of its error, as of any other', async () => {
    const ended = await runProgram(`
      const engine = await createEngine({ threads: 2 });
      engine.recognize(street);
      setTimeout(() => engine.destroy(), 30);`);
    expect(ended).toMatchObject({ code: 1, signal: null });
    expect(ended.complaint).toContain('PlacardError: The engine was destroyed.');
    expect(ended.complaint).toContain("code: 'ERR_PLACARD_DESTROYED'");
  });
});
