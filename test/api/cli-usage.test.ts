import { describe, expect, it } from 'vitest';
import { PlacardError } from '../../lib/errors.ts';
import { formats } from '../../lib/output/formats.ts';
import { folderWith, placard } from './cli-harness.ts';

describe('wrong usage', () => {
  it.each([
    [['read'], /missing required argument 'files'/],
    [['raed', 'a.png'], /unknown command 'raed'[\s\S]*Did you mean read\?/],
    [['read', 'a.png', '--frmat', 'text'], /unknown option '--frmat'[\s\S]*Did you mean --format\?/],
    [['read', 'a.png', '--format', 'docx'], /Allowed choices are text, json/],
    [['read', 'a.png', '--layout', 'page'], /Allowed choices are auto, line/],
    [['read', 'a.png', '--mode', 'fast'], /Allowed choices are latency, throughput/],
    [['read', 'a.png', '--threads', '0'], /Expected a positive integer/],
    [['read', 'a.png', '--threads', '1.5'], /Expected a positive integer/],
    [['read', 'a.png', '--threads', '2000'], /threads/],
    [['read', 'a.png', '--page', 'two'], /Expected a positive integer/],
    [['read', 'a.png', '--min-confidence', '80'], /Expected a number from 0 to 1/],
    [['read', 'a.png', '--model', 'a', '--detector', 'b'], /cannot be used with option '--detector/],
    [['read', 'a.png', '--granularity', 'word'], /reader 'scene' with it/],
    [['read', 'a.png', '--text-threshold', '7'], /Expected a number from 0 to 1/],
    [['read', 'a.png', '--mag-ratio', '0'], /Expected a number above 0/],
    [['read', 'a.png', '--canvas-size', '9999'], /canvasSize/],
    [['read', 'a.png', '--reader', 'palm'], /reader/],
    [['read', 'a.png', '--effort', 'heroic'], /thorough, fast/],
    [['read', 'a.png', '--provider', 'abacus'], /provider/],
    [['read', '-', '-'], /standard input \(-\) can be read only once/],
    [['read', 'a.png', 'a.png', '--format', 'overlay'], /holds one picture: use --out/],
    [['read', '.', '--format', 'overlay'], /holds one picture: use --out/],
    [['read', 'a.png', '--out', 'a.png'], /--out .* cannot be used/],
    [['bench', 'a.png', '--count', '0'], /Expected a positive integer/],
    [['bench', 'a.png', '--warmup', '-1'], /Expected a positive integer/],
    [['models', 'add'], /missing required argument 'id'/],
    [['models', 'buy', 'x'], /unknown command 'buy'/],
    [['doctor', '--threads', 'x'], /Expected a positive integer/],
    [[], /Usage: placard/],
    [['models'], /Usage: placard models/],
  ])('%j exits with 2 and says why, before anything is read', async (args, message) => {
    const folder = await folderWith({ 'a.png': 'a' });
    const { exitCode, text, stderr, engine } = await placard(folder, args);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(message);
    expect([text, engine]).toEqual(['', undefined]);
  });

  it.each(['pdf', 'overlay'])('keeps binary %s from terminals, and lets it into pipes and files', async (format) => {
    const folder = await folderWith({ 'a.png': 'a' });
    const refused = await placard(folder, ['read', 'a.png', '-f', format], { stdoutIsTerminal: true });
    expect([refused.exitCode, refused.engine]).toEqual([2, undefined]);
    expect(refused.stderr).toContain('binary');
    const elsewhere = await placard(folder, ['read', 'a.png', '-f', format, '-o', 'out'], { stdoutIsTerminal: true });
    expect(elsewhere.exitCode).not.toBe(2);
  });
});

describe('help and version', () => {
  it('go to standard output and exit with 0', async () => {
    expect(await placard('.', ['--version'])).toMatchObject({ exitCode: 0, text: '1.2.3\n', stderr: '' });
    const help = await placard('.', ['read', '--help']);
    expect([help.exitCode, help.stderr]).toEqual([0, '']);
    for (const [name, { summary }] of Object.entries(formats))
      expect(help.text).toMatch(new RegExp(`${name} +${summary}`));
    const general = await placard('.', ['help']);
    for (const name of ['read', 'eval', 'bench', 'models', 'doctor'])
      expect(general.text).toMatch(new RegExp(`^  ${name}`, 'm'));
  });

  it('know the engine options on every command that makes an engine', async () => {
    for (const name of ['read', 'eval', 'bench', 'doctor']) {
      const { text } = await placard('.', [name, '--help']);
      for (const option of ['--model', '--threads', '--models-folder', '--provider'])
        expect(text, name).toContain(option);
    }
  });
});

describe('engines that cannot be made', () => {
  const failing = (error: unknown) => ({
    context: {
      createEngine: async () => {
        throw error;
      },
    },
  });

  it('exit with 1 and the error, or 2 where an option is to blame', async () => {
    const folder = await folderWith({ 'a.png': 'a' });
    const missing = await placard(
      folder,
      ['read', 'a.png'],
      failing(new PlacardError('MODEL_NOT_FOUND', 'There is no bundle "x".')),
    );
    expect(missing.exitCode).toBe(1);
    expect(missing.stderr).toBe('error: There is no bundle "x". (ERR_PLACARD_MODEL_NOT_FOUND)\n');
    const wrong = await placard(folder, ['read', 'a.png'], failing(new PlacardError('INVALID_ARGUMENT', 'No.')));
    expect(wrong.exitCode).toBe(2);
  });

  it('show the stack of what is a defect', async () => {
    const folder = await folderWith({ 'a.png': 'a' });
    const { exitCode, stderr } = await placard(
      folder,
      ['read', 'a.png'],
      failing(new TypeError('x is not a function')),
    );
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/TypeError: x is not a function\n +at /);
  });
});
