import { describe, expect, it } from 'vitest';
import type { Detector } from '../../lib/models/loaded.ts';
import type { NativeImage } from '../../lib/native.ts';
import { optionsOf, sizeFor } from '../../lib/readers/detection.ts';

const detector = (decoder: 'db' | 'craft') => ({ contract: { id: `a-${decoder}`, decoder } }) as Detector;
const image = { width: 1280, height: 720 } as NativeImage;

describe('the options of a detector', () => {
  it('are those of its decoder, with its defaults', () => {
    expect(optionsOf(detector('db'), { boxThreshold: 0.5, scale: undefined })).toEqual({
      db: { mapThreshold: 0.3, boxThreshold: 0.5 },
    });
    expect(optionsOf(detector('craft'), { lowText: 0.3 }).craft).toEqual({
      magRatio: 1.5,
      canvasSize: 1280,
      textThreshold: 0.7,
      lowText: 0.3,
      linkThreshold: 0.4,
      granularity: 'word',
      polygons: true,
    });
  });

  it('are those of its contract, where that has its own', () => {
    const own = {
      contract: { id: 'own', decoder: 'craft', detection: { canvasSize: 1920, lowText: 0.3 } },
    } as Detector;
    expect(optionsOf(own, {}).craft).toMatchObject({ magRatio: 1.5, canvasSize: 1920, lowText: 0.3 });
    expect(optionsOf(own, { canvasSize: 640 }).craft).toMatchObject({ canvasSize: 640, lowText: 0.3 });
    expect(sizeFor('fast', image, own).canvasSize).toBe(1536);
  });

  it.each([
    ['db', { granularity: 'word' }, /a-db has no option granularity\. It has: scale, mapThreshold, boxThreshold\./],
    ['craft', { scale: 1 }, /a-craft has no option scale\. It has: magRatio, canvasSize/],
  ] as const)('of %s are refused where they are of another: %j', (decoder, options, message) => {
    expect(() => optionsOf(detector(decoder), options)).toThrowError(message);
  });

  it('ask for two thirds of the pixels where the effort is fast', () => {
    for (const decoder of ['db', 'craft'] as const) expect(sizeFor('thorough', image, detector(decoder))).toEqual({});
    expect(sizeFor('fast', image, detector('db'))).toEqual({ scale: 0.8 });
    const { magRatio, canvasSize, ...others } = sizeFor('fast', image, detector('craft'));
    expect([magRatio, canvasSize, others]).toEqual([expect.closeTo(1.2), 1024, {}]);
  });
});
