import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createEngine } from '../../lib/engine.ts';
import type { Contract } from '../../lib/models/contract.ts';
import { bundledWeight } from '../../lib/package-files.ts';
import { Random } from '../../lib/synth/random.ts';
import { detectContract, modelsFolder, recognizeContract } from '../unit/models-folder.ts';
import { line, openEngine, samplePath } from './engine-harness.ts';

const weights = (name: string) => {
  const path = bundledWeight(name);
  if (!path) throw new Error(`${name} is not installed: run npm ci.`);
  return readFileSync(path);
};
const finder = weights('ch_PP-OCRv4_det_infer.onnx');
const reader = weights('ch_PP-OCRv4_rec_infer.onnx');
const alphabet = 'a\nb\n';

/** What making an engine of a broken model fails with; the other half of the pair is whole. */
async function refusal(contract: Contract, bytes: Uint8Array, characters = alphabet) {
  const folder = modelsFolder({
    [`${contract.id}/model.json`]: contract,
    [`${contract.id}/weights.onnx`]: bytes,
    [`${contract.id}/alphabet.txt`]: characters,
  });
  const pair = { detector: 'pp-ocrv4-detector', recognizer: 'pp-ocrv4-recognizer' };
  const models = { ...pair, [contract.task === 'detect' ? 'detector' : 'recognizer']: contract.id };
  const began = performance.now();
  const error = await createEngine({ threads: 2, modelsFolder: folder, models }).then(
    () => undefined,
    (reason: { code: string; message: string }) => reason,
  );
  expect(performance.now() - began).toBeLessThan(5000);
  return error;
}

const failure = (code: string, message: RegExp) => ({
  code: `ERR_PLACARD_${code}`,
  message: expect.stringMatching(message),
});

describe('a model', () => {
  it.each<[string, Uint8Array]>([
    ['empty', new Uint8Array(0)],
    ['text', Buffer.from('<html>404 Not Found</html>')],
    ['cut short', finder.subarray(0, finder.length >> 1)],
    ['of one byte too few', finder.subarray(0, -1)],
    ['a picture', readFileSync(samplePath(line.name))],
  ])('whose weights are %s is no network', async (_, bytes) => {
    expect(await refusal(detectContract('broken', bytes), bytes)).toMatchObject(
      failure('MODEL_INVALID', /Cannot load the network .*weights\.onnx/),
    );
  });

  it('whose weights have bytes changed fails with a code, or loads', async () => {
    const random = new Random('weights');
    for (let i = 0; i < 12; i++) {
      const bytes = Buffer.from(finder);
      // The graph's names and shapes stand at both ends; in between are numbers.
      const at = () => (i % 2 === 0 ? random.integer(0, 300) : bytes.length - random.integer(1, 300));
      for (let changes = 0; changes < 6; changes++) bytes[at()] = random.integer(0, 255);
      const error = await refusal(detectContract('changed', bytes), bytes);
      if (error) expect(error.code).toMatch(/^ERR_PLACARD_MODEL_(INVALID|MISMATCH)$/);
    }
  });

  it('of the other task does not fit its contract', async () => {
    expect(await refusal(detectContract('swapped', reader), reader)).toMatchObject(
      failure('MODEL_MISMATCH', /Expected an output of 4 dimensions for swapped but received .*6625/),
    );
    expect(await refusal(recognizeContract('swapped', finder, alphabet), finder)).toMatchObject(
      failure('MODEL_MISMATCH', /an output of 3 dimensions for swapped/),
    );
  });

  it('of another alphabet is told with both numbers', async () => {
    expect(await refusal(recognizeContract('few', reader, alphabet), reader)).toMatchObject(
      failure('MODEL_MISMATCH', /an output of 3 classes for few but received .*6625/),
    );
    expect(await refusal(recognizeContract('many', reader, alphabet, 6625), reader)).toMatchObject(
      failure('MODEL_MISMATCH', /the alphabet makes 3 classes with the blank but the contract says 6625/),
    );
    const longer = `${alphabet}c\n`;
    expect(await refusal(recognizeContract('changed', reader, alphabet, 6625), reader, longer)).toMatchObject(
      failure('DIGEST_MISMATCH', /alphabet\.txt/),
    );
  });

  it('of another height than its network’s is told', async () => {
    const tall = recognizeContract('tall', reader, alphabet, 6625);
    tall.input.height = 64;
    expect(await refusal(tall, reader)).toMatchObject(failure('MODEL_MISMATCH', /64|classes/));
  });

  it('that is broken leaves the process as it was', async () => {
    const engine = await openEngine();
    const before = await engine.recognize(samplePath(line.name), { layout: 'line' });
    const bytes = Buffer.from('no network');
    for (let i = 0; i < 5; i++) expect(await refusal(detectContract('broken', bytes), bytes)).toBeDefined();
    const after = await engine.recognize(samplePath(line.name), { layout: 'line' });
    expect(after.lines).toEqual(before.lines);
    expect(engine.stats().liveBytes).toBe(0);
  });
});
