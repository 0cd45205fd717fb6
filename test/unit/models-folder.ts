import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import type { DetectContract, RecognizeContract } from '../../lib/models/contract.ts';
import { bytesDigest } from '../../lib/packages/digest.ts';

const made: string[] = [];
afterAll(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A models folder with these files, removed after the test file. Objects are written as JSON. */
export function modelsFolder(files: Record<string, string | Uint8Array | object> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'placard-models-'));
  made.push(folder);
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    const isText = typeof content === 'string' || content instanceof Uint8Array;
    writeFileSync(path, isText ? content : JSON.stringify(content));
  }
  return folder;
}

const common = {
  title: 'A network for tests',
  license: 'Apache-2.0',
  input: {
    layout: 'nchw' as const,
    order: 'rgb' as const,
    mean: [0.5, 0.5, 0.5] as [number, number, number],
    std: [0.5, 0.5, 0.5] as [number, number, number],
  },
};

const weightsOf = (content: string | Uint8Array) => ({
  file: 'weights.onnx',
  sha256: bytesDigest(Buffer.from(content)),
  bytes: Math.max(1, content.length),
});

export function detectContract(id: string, weights: string | Uint8Array): DetectContract {
  return { ...common, id, task: 'detect', decoder: 'db', weights: weightsOf(weights) };
}

/** A recognizer of a one-character-a-line alphabet file, blank first, no space of its own. */
export function recognizeContract(
  id: string,
  weights: string | Uint8Array,
  alphabet: string,
  classes = alphabet.trimEnd().split('\n').length + 1,
): RecognizeContract {
  return {
    ...common,
    id,
    task: 'recognize',
    decoder: 'ctc',
    input: { ...common.input, height: 48 },
    weights: weightsOf(weights),
    output: {
      values: 'probabilities',
      classes,
      blank: 0,
      space: 'none',
      alphabet: { file: 'alphabet.txt', sha256: bytesDigest(Buffer.from(alphabet)) },
    },
  };
}
