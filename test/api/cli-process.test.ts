import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const program = join(root, 'dist', 'cli', 'main.js');

/** The built program in a process of its own, as `npm test` builds it first. */
function start(...args: string[]): ChildProcessWithoutNullStreams {
  if (!existsSync(program)) throw new Error(`${program} is not there: run npm run build:lib.`);
  return spawn(process.execPath, [program, ...args], { cwd: root });
}

async function ended(child: ChildProcessWithoutNullStreams) {
  let [text, complaint] = ['', ''];
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  child.stderr.on('data', (chunk) => {
    complaint += chunk;
  });
  const [exitCode, signal] = await once(child, 'close');
  return { exitCode, signal, text, complaint };
}

describe('the program', () => {
  it('knows its version', async () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    expect(await ended(start('--version'))).toMatchObject({ exitCode: 0, text: `${version}\n`, complaint: '' });
  });

  it('exits with 2 for wrong usage', async () => {
    expect(await ended(start('read'))).toMatchObject({ exitCode: 2, text: '' });
  });

  it('reads a picture that is piped in', async () => {
    const child = start('read', '-', '--format', 'jsonl', '--quiet');
    child.stdin.end(readFileSync(join(root, 'samples', 'line.png')));
    const { exitCode, text, complaint } = await ended(child);
    expect([exitCode, complaint]).toEqual([0, '']);
    const words = (line: string) => line.trim().split(/\s+/);
    const truth = words(readFileSync(join(root, 'samples', 'line.txt'), 'utf8'));
    expect(words(JSON.parse(text).text).filter((word) => truth.includes(word)).length).toBeGreaterThan(
      truth.length / 2,
    );
  });

  it('is quiet when the reader of its output goes away', async () => {
    const child = start('models', 'list');
    child.stdout.destroy();
    expect(await ended(child)).toMatchObject({ exitCode: 0, complaint: '' });
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('stops on %s with %i, while it waits for input', async (signal, code) => {
    const child = start('read', 'nothing-*.png', '-');
    const end = ended(child);
    // A pattern without matches is reported once the engine is there; standard input is read from then on.
    await once(child.stderr, 'data');
    child.kill(signal);
    const { exitCode, complaint } = await end;
    expect(exitCode).toBe(code);
    expect(complaint).toContain('1 not read');
    expect(complaint).toContain('Stopped by');
  });
});
