import { PassThrough, Readable, Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { Interruption } from '../../lib/cli/failures.ts';
import { folderWith, placard } from './cli-harness.ts';

/** Fails like a pipe whose reader has gone, after so many writes. */
function brokenPipe(writes: number, code = 'EPIPE'): Writable {
  let left = writes;
  return new Writable({
    write(_chunk, _encoding, callback) {
      left -= 1;
      callback(left >= 0 ? null : Object.assign(new Error(`write ${code}`), { code }));
    },
  });
}

function stopSoon(signalName: 'SIGINT' | 'SIGTERM'): AbortSignal {
  const stop = new AbortController();
  setTimeout(() => stop.abort(new Interruption(signalName)), 60);
  return stop.signal;
}

describe('Ctrl-C', () => {
  it.each([
    ['SIGINT', 130, 'Stopped by Ctrl-C.'],
    ['SIGTERM', 143, 'Stopped by SIGTERM.'],
  ] as const)('by %s ends work that would never end, with %i', async (signalName, code, message) => {
    const folder = await folderWith({ 'a.png': 'a', 'b.png': 'endless', 'c.png': 'c' });
    const args = ['read', 'a.png', 'b.png', 'c.png', '-f', 'json', '--mode', 'latency'];
    const { exitCode, text, stderr, engine } = await placard(folder, args, {
      hangsOn: 'endless',
      signal: stopSoon(signalName),
    });
    expect(exitCode).toBe(code);
    expect(stderr).toContain(`1 picture, 2 not read in `);
    expect(stderr.endsWith(`${message}\n`)).toBe(true);
    expect(engine!.destroyedFor).toBeInstanceOf(Interruption);
    // What was read before stays valid.
    expect(JSON.parse(text)).toMatchObject([{ image: 'a.png', text: 'a' }]);
  });

  it('ends waiting for standard input', async () => {
    const stdin = new PassThrough();
    stdin.write('the beginning');
    const { exitCode, text } = await placard('.', ['read', '-'], { stdin, signal: stopSoon('SIGINT') });
    expect([exitCode, text]).toEqual([130, '']);
    expect(stdin.destroyed).toBe(true);
  });

  it('before the start reads nothing', async () => {
    const folder = await folderWith({ 'a.png': 'a' });
    const signal = AbortSignal.abort(new Interruption('SIGINT'));
    expect(await placard(folder, ['read', 'a.png'], { signal })).toMatchObject({
      exitCode: 130,
      text: '',
      engine: undefined,
    });
  });

  it('ends a benchmark and a fetch', async () => {
    const folder = await folderWith({ 'a.png': 'endless' });
    const bench = await placard(folder, ['bench', 'a.png'], { hangsOn: 'endless', signal: stopSoon('SIGINT') });
    expect(bench.exitCode).toBe(130);
    expect(bench.engine!.destroyedFor).toBeInstanceOf(Interruption);
    const models = {
      list: async () => [],
      import: async () => [],
      run: async () => [],
      prepare: async () => [],
      verify: async () => [],
      resolveFolder: () => folder,
      add: () => new Promise<never>(() => {}),
    };
    expect(
      (await placard(folder, ['models', 'add', 'x'], { signal: stopSoon('SIGINT'), context: { models } })).exitCode,
    ).toBe(130);
  });
});

describe('a reader that goes away', () => {
  it('ends the run quietly', async () => {
    const folder = await folderWith({ 'a.png': 'a', 'b.png': 'b', 'c.png': 'c', 'd.png': 'd' });
    const { exitCode, stderr, engine } = await placard(folder, ['read', '.', '-f', 'jsonl'], { stdout: brokenPipe(1) });
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(engine!.destroyedFor).toBeDefined();
  });

  it.each([[['--help']], [['models', 'list']], [['doctor']]])('ends %j quietly', async (args) => {
    expect(await placard('.', args, { stdout: brokenPipe(0) })).toMatchObject({ exitCode: 0, stderr: '' });
  });
});

describe('output that fails otherwise', () => {
  it('ends the run with the reason, once', async () => {
    const folder = await folderWith({ 'a.png': 'a', 'b.png': 'b', 'c.png': 'c' });
    const { exitCode, stderr, engine } = await placard(folder, ['read', '.', '-f', 'jsonl'], {
      stdout: brokenPipe(1, 'ENOSPC'),
    });
    expect(exitCode).toBe(1);
    expect(stderr).toBe('error: Standard output cannot be written: write ENOSPC\n');
    expect(engine!.destroyedFor).toBeDefined();
  });
});

describe('a slow reader', () => {
  it('slows the work down instead of filling memory', async () => {
    const folder = await folderWith(
      Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`${index}.png`, `text ${index}`])),
    );
    const lengths: number[] = [];
    let mostBuffered = 0;
    const stdout = new Writable({
      highWaterMark: 1,
      write(chunk: Buffer, _encoding, callback) {
        lengths.push(chunk.length);
        setTimeout(() => {
          mostBuffered = Math.max(mostBuffered, stdout.writableLength);
          callback();
        }, 5);
      },
    });
    const { exitCode } = await placard(folder, ['read', '.', '-f', 'jsonl'], { stdout });
    expect(exitCode).toBe(0);
    expect(lengths).toHaveLength(12);
    expect(mostBuffered).toBeLessThanOrEqual(Math.max(...lengths));
  });

  it('of standard input may be as slow as it likes', async () => {
    const stdin = Readable.from(
      (async function* () {
        for (const part of ['a ', 'slow ', 'picture']) {
          await new Promise((resolve) => setTimeout(resolve, 5));
          yield Buffer.from(part);
        }
      })(),
    );
    expect((await placard('.', ['read', '-'], { stdin })).text).toBe('a slow picture\n');
  });
});
