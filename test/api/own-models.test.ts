import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packagedModels } from '../../lib/package-files.ts';
import { openEngine, samplePath } from './engine-harness.ts';

const truthOf = (name: string) => readFileSync(samplePath(name).replace(/\.\w+$/, '.txt'), 'utf8').trim();

/** Of the words that are there, the share that was read, whatever their order. */
function recall(read: string, truth: string): number {
  const found = new Set(read.toLowerCase().split(/\s+/));
  const words = truth.toLowerCase().split(/\s+/);
  return words.filter((word) => found.has(word)).length / words.length;
}

describe('models that were trained here', () => {
  it('read a line of Latin letters', async () => {
    const engine = await openEngine({ models: { recognizer: 'crnn-latin' } });
    const { text } = await engine.recognize(samplePath('line.png'), { layout: 'line' });
    expect(recall(text, truthOf('line.png'))).toBeGreaterThanOrEqual(0.8);
  });

  it('read a sign of Chinese', async () => {
    const engine = await openEngine({ models: { recognizer: 'crnn-chinese' } });
    const { text } = await engine.recognize(samplePath('right-to-left.jpg'));
    expect(text).toBe(truthOf('right-to-left.jpg'));
  });

  it('find the words of a street', async () => {
    const engine = await openEngine({ models: 'craft-lite' });
    const { text, models } = await engine.recognize(samplePath('street.png'), { reader: 'scene' });
    expect(models.detector).toBe('craft-lite');
    expect(recall(text, truthOf('street.png'))).toBeGreaterThanOrEqual(0.7);
  });

  it.each(['crnn-latin', 'crnn-chinese', 'craft-lite'])(
    '%s says on its card what it learned from and how right it is',
    (id) => {
      const card = readFileSync(join(packagedModels(), id, 'CARD.md'), 'utf8');
      for (const part of [
        `models/${id}/train.py --shards`,
        '| seed |',
        '| machine |',
        'by `placard eval`',
        '"languages"',
      ]) {
        expect(card).toContain(part);
      }
    },
  );
});
