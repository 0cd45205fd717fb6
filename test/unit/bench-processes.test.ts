import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { benchModule } from './bench-module.ts';

const { ContenderProcess } = await benchModule('harness/contender-process.mjs');

const folder = mkdtempSync(join(tmpdir(), 'placard-contender-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function written(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

/** A contender that reads a file's text; it prints what breaks the protocol, and cannot read what holds "bad". */
const inJavaScript = written(
  'toy.mjs',
  `import { readFileSync } from 'node:fs';
  export async function create({ greeting }) {
    console.log('noise');
    return {
      async read(file) {
        const text = readFileSync(file, 'utf8');
        if (text === 'bad') throw new Error('cannot read bad');
        return greeting + text;
      },
      toAnswer: (text) => ({ lines: [{ text }] }),
      about: () => ({ engine: 'toy' }),
    };
  }`,
);
const inPython = written(
  'toy.py',
  `import pathlib
class Toy:
    def __init__(self, options):
        print("noise")
        self._greeting = options["greeting"]
    def read(self, file):
        text = pathlib.Path(file).read_text()
        if text == "bad":
            raise ValueError("cannot read bad")
        return self._greeting + text
    def to_answer(self, text, _file):
        return {"lines": [{"text": text}]}
    def about(self):
        return {"engine": "toy"}
def create(options):
    return Toy(options)
`,
);
const [good, bad] = [written('good.txt', 'good'), written('bad.txt', 'bad')];

const serve = (name: string) => fileURLToPath(new URL(`../../bench/harness/${name}`, import.meta.url));
const options = JSON.stringify({ greeting: 'hello ' });
const servers = {
  'serve.mjs': { command: process.execPath, args: [serve('serve.mjs'), inJavaScript, options], environment: {} },
  'serve.py': { command: 'python3', args: ['-I', serve('serve.py'), inPython, options], environment: {} },
};

function hasPython(): boolean {
  try {
    execFileSync('python3', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe('a contender and its process', () => {
  for (const [name, start] of Object.entries(servers)) {
    test.skipIf(name === 'serve.py' && !hasPython())(
      `${name} answers, and an error is one picture's alone`,
      async () => {
        const contender = await ContenderProcess.start(start, 20_000);
        try {
          expect(contender.failure).toBeUndefined();
          expect(await contender.about()).toEqual({ engine: 'toy' });
          expect(await contender.read(bad)).toEqual({ ms: expect.any(Number), error: { message: 'cannot read bad' } });
          expect(await contender.read(good)).toEqual({ ms: expect.any(Number), lines: [{ text: 'hello good' }] });
          expect(await contender.readAll([good, bad])).toEqual({
            ms: expect.any(Number),
            answers: [{ lines: [{ text: 'hello good' }] }, { error: { message: 'cannot read bad' } }],
          });
        } finally {
          await contender.close();
        }
      },
    );
  }

  const ready = 'process.stdout.write(\'{"ready":true}\\n\');';
  const script = (code: string) => ({ command: process.execPath, args: ['-e', code], environment: {} });

  test('one that ends says with what', async () => {
    const contender = await ContenderProcess.start(script('throw new TypeError("broken")'), 20_000);
    expect(contender.failure).toBe('ended with code 1: TypeError: broken');
    expect(await contender.read(good)).toEqual({ error: { message: 'ended with code 1: TypeError: broken' } });
    await contender.close();
  });

  test('one that cannot be started, answers nothing, or no JSON, fails', async () => {
    const absent = await ContenderProcess.start({ command: join(folder, 'absent'), args: [], environment: {} }, 20_000);
    expect(absent.failure).toMatch(/could not be started/);
    const mute = await ContenderProcess.start(script(`${ready} setInterval(() => {}, 1000)`), 500);
    expect(await mute.read(good)).toEqual({ error: { message: 'gave no answer within 0.5 s' } });
    const talker = await ContenderProcess.start(
      script(`${ready} process.stdin.once('data', () => console.log('hm'))`),
      20_000,
    );
    expect(await talker.read(good)).toEqual({ error: { message: expect.stringMatching(/said no JSON: hm/) } });
    await Promise.all([absent, mute, talker].map((contender) => contender.close()));
  });

  test.runIf(process.platform === 'linux')('its memory and CPU time are known while it runs', async () => {
    const busy = `${ready} while (process.cpuUsage().user < 400_000); setInterval(() => {}, 1000)`;
    const contender = await ContenderProcess.start(script(busy), 20_000);
    await expect.poll(() => contender.cpuMilliseconds().process, { timeout: 10_000 }).toBeGreaterThan(200);
    const { rssBytes, peakRssBytes } = contender.memory();
    expect(rssBytes).toBeGreaterThan(2 ** 20);
    expect(peakRssBytes).toBeGreaterThanOrEqual(rssBytes);
    await contender.close();
  });
});
