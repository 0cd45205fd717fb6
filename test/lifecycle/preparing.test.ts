import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { line } from '../api/engine-harness.ts';
import { modelsFolder } from '../unit/models-folder.ts';
import { endsWell, runProgram } from './program.ts';

it('processes that start together prepare their models once and read the same', async () => {
  const folder = modelsFolder();
  const program = `
    const engine = await createEngine({ threads: 1, modelsFolder: ${JSON.stringify(folder)} });
    const { text } = await engine.recognize(line);
    say([text, engine.stats().preparation]);
    await engine.close();`;
  const prepared = { detector: { state: 'prepared' }, recognizer: { state: 'prepared' } };
  const ended = await Promise.all([1, 2, 3].map(() => runProgram(program)));
  for (const one of ended) expect(one).toEqual({ ...endsWell, said: [[line.text, prepared]] });
  const files = readdirSync(join(folder, 'prepared')).map((name) => name.replace(/-\w+\./, '.'));
  expect(files.sort()).toEqual([
    'pp-ocrv4-detector.json',
    'pp-ocrv4-detector.onnx',
    'pp-ocrv4-recognizer.json',
    'pp-ocrv4-recognizer.onnx',
  ]);
});

it('a process that is killed while it prepares leaves nothing that another takes for whole', async () => {
  const folder = modelsFolder();
  const program = `
    const made = createEngine({ threads: 1, modelsFolder: ${JSON.stringify(folder)} });
    say('begun');
    const engine = await made;
    say(engine.stats().preparation.detector.state);
    const { text } = await engine.recognize(line);
    say(text);
    await engine.close();`;
  const killed = await runProgram(program, {
    onSaid: (value, kill) => {
      if (value === 'begun') setTimeout(() => kill('SIGKILL'), 400);
    },
  });
  expect(killed.signal).toBe('SIGKILL');
  const next = await runProgram(program);
  expect(next).toEqual({ ...endsWell, said: ['begun', 'prepared', line.text] });
});
