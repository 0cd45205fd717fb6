import { describe, expect, it } from 'vitest';
import { detectDefaults, inputSize } from '../../lib/stages/detect-db.ts';

const options = { longSide: 960, mostEnlarged: 4 };

describe('the size that a picture is detected at', () => {
  it.each([
    [
      { width: 1920, height: 1080 },
      { width: 960, height: 544 },
    ],
    [
      { width: 1080, height: 1920 },
      { width: 544, height: 960 },
    ],
    [
      { width: 480, height: 480 },
      { width: 960, height: 960 },
    ],
    [
      { width: 100, height: 40 },
      { width: 416, height: 160 },
    ],
    [
      { width: 5000, height: 3 },
      { width: 960, height: 32 },
    ],
    [
      { width: 1, height: 1 },
      { width: 32, height: 32 },
    ],
  ])('of %j is %j', (picture, size) => {
    expect(inputSize(picture, 32, options)).toEqual(size);
  });

  it('is a multiple of what the network needs', () => {
    for (const multiple of [1, 32, 64]) {
      for (let width = 1; width < 3000; width += 97) {
        const size = inputSize({ width, height: 777 }, multiple, detectDefaults);
        expect([size.width % multiple, size.height % multiple]).toEqual([0, 0]);
        expect(Math.min(size.width, size.height)).toBeGreaterThanOrEqual(multiple);
      }
    }
  });
});
