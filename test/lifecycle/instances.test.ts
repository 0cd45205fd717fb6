import { describe, expect, it } from 'vitest';
import { line } from '../api/engine-harness.ts';
import { endsWell, runProgram } from './program.ts';

const loading = `
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import vm from 'node:vm';
const require = createRequire(library);
const bundle = require.resolve('./index.cjs');
/** Engines of the built library, loaded once more with an instance of the addon of its own. */
const openAgain = (load) => {
  for (const path of Object.keys(require.cache)) if (path === bundle || path.endsWith('.node')) delete require.cache[path];
  return load().createEngine({ threads: 2 });
};
`;

describe('a process', () => {
  it('may load placard by import and require, and the addon more than once', async () => {
    const ended = await runProgram(`${loading}
      const engines = [await openAgain(() => ({ createEngine }))];
      for (let i = 0; i < 3; i++) engines.push(await openAgain(() => require(bundle)));
      say(new Set(engines.map(({ constructor }) => constructor)).size);
      const texts = await Promise.all(engines.map((engine) => engine.recognize(line)));
      say(texts.map(({ text }) => text));
      const image = await engines[2].decode(line);
      say((await engines[3].recognizeLines([image]).catch((error) => error)).code);
      say((await engines[2].recognizeLines([image]))[0].text);
      image.dispose();
      await engines[2].close();
      say((await engines[3].recognize(line)).text);
      say(engines[0].stats().liveBytes);`);
    const { text } = line;
    expect(ended).toEqual({
      ...endsWell,
      said: [4, [text, text, text, text], 'ERR_PLACARD_INVALID_ARGUMENT', text, text, 0],
    });
  });

  it('may run placard in a vm context, as test runners do', async () => {
    const ended = await runProgram(`${loading}
      const globals = { Buffer, performance, process, setTimeout, clearTimeout, setImmediate, TextDecoder, URL, AbortSignal, AbortController };
      const context = vm.createContext(globals);
      const names = ['exports', 'require', 'module', '__filename', '__dirname'];
      const run = vm.compileFunction(readFileSync(bundle, 'utf8'), names, { filename: bundle, parsingContext: context });
      const module = { exports: {} };
      run(module.exports, require, module, bundle, dirname(bundle));
      const placard = module.exports;
      const engine = await placard.createEngine({ threads: 2 });
      say((await engine.recognize(line)).text);
      say((await engine.recognize(new Uint8Array(readFileSync(line)))).text);
      globals.bytes = readFileSync(line);
      say((await engine.recognize(vm.runInContext('Uint8Array.from(bytes)', context))).text);
      const failures = [
        () => engine.recognize(Buffer.from('no picture')),
        () => engine.recognize(line, { region: { left: 0, top: 0, width: 9999, height: 1 } }),
        () => placard.createEngine({ runtimeLibrary: bundle }),
        () => engine.recognize(line, { timeoutMs: 1 }),
      ];
      for (const fails of failures) {
        const error = await fails().catch((reason) => reason);
        say([placard.PlacardError.is(error), error.code]);
      }
      const image = await engine.decode(line);
      image.dispose();
      const disposed = await engine.recognizeLines([image]).catch((error) => error);
      say([placard.PlacardError.is(disposed), disposed.code]);
      await engine.close();`);
    const { text } = line;
    const failed = (name: string) => [true, `ERR_PLACARD_${name}`];
    expect(ended).toEqual({
      ...endsWell,
      said: [
        text,
        text,
        text,
        failed('UNSUPPORTED_FORMAT'),
        failed('INVALID_ARGUMENT'),
        failed('RUNTIME_VERSION'),
        failed('TIMEOUT'),
        failed('DISPOSED'),
      ],
    });
  });
});

describe('garbage collection', () => {
  it('takes nothing that readings still need, and everything else', async () => {
    const ended = await runProgram(
      `${loading}
      const sharp = createRequire(library)('sharp');
      const engine = await createEngine({ threads: 2 });
      const bytes = readFileSync(line);
      const { data, info } = await sharp(line).removeAlpha().raw().toBuffer({ resolveWithObject: true });
      const pixels = () => ({ data: Uint8Array.from(data), width: info.width, height: info.height, channels: 3 });
      const wanted = timeless(await engine.recognize(line));
      const lines = await engine.recognizeLines([await engine.decode(line)]);
      let collecting = true;
      const collector = (async () => { while (collecting) { gc(); await wait(0); } })();
      /** Gives the buffer's memory away: whoever still reads it reads garbage. */
      const lose = ({ buffer }) => structuredClone(buffer, { transfer: [buffer] }) && undefined;
      const read = {
        async encoded() { const copy = Uint8Array.from(bytes); const reading = engine.recognize(copy); lose(copy); return timeless(await reading); },
        async raw() { const raw = pixels(); const reading = engine.recognize(raw); lose(raw.data); return timeless(await reading); },
        async dropped() { return engine.recognizeLines([await engine.decode(line)]); },
        async disposed() { const image = await engine.decode(line); const read = engine.recognizeLines([image]); image.dispose(); return read; },
      };
      for (let round = 0; round < 2; round++) {
        const names = Object.keys(read).flatMap((name) => [name, name]);
        const readings = await Promise.all(names.map((name) => read[name]()));
        say(readings.every((one) => isDeepStrictEqual(one, Array.isArray(one) ? lines : wanted)));
      }
      for (let i = 0; i < 100 && engine.stats().liveBytes > 0; i++) await wait(5);
      collecting = false;
      await collector;
      say(engine.stats().liveBytes);`,
      { flags: ['--expose-gc'] },
    );
    expect(ended).toEqual({ ...endsWell, said: [true, true, 0] });
  });

  it('of an engine that nobody closed gives its networks back', async () => {
    const ended = await runProgram(
      `const resident = () => process.memoryUsage().rss / 2 ** 20;
      const use = async () => { await (await createEngine({ threads: 1 })).recognize(line, { layout: 'line' }); };
      const settle = async () => { for (let i = 0; i < 5; i++) { gc(); await wait(5); } };
      for (let i = 0; i < 3; i++) await use();
      await settle();
      const before = resident();
      for (let i = 0; i < 6; i++) { await use(); await settle(); }
      say(resident() - before);`,
      { flags: ['--expose-gc'] },
    );
    expect(ended).toMatchObject(endsWell);
    // Six engines whose networks stay would hold some 30 MB each.
    expect(ended.said[0]).toBeLessThan(80);
  });
});
