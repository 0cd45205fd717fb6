import { describe, expect, it } from 'vitest';
import { detectionScale, inputSize } from '../../lib/stages/detect-db.ts';

describe('the size that a picture is detected at', () => {
  it.each([
    ['a photograph is made as large as the network was measured to need', [4000, 3000], [1120, 832]],
    ['a scene of that size stays as it is', [1280, 720], [1280, 736]],
    ['so does a smaller picture', [800, 600], [800, 608]],
    ['a small one is enlarged to what lines of text need', [400, 300], [640, 480]],
    ['a long one ends at the longest side', [300, 3000], [128, 1280]],
    ['a huge one keeps a quarter of its size', [600, 8000], [160, 2016]],
    ['a hair keeps what the network needs', [5000, 3], [1280, 32]],
    ['a pixel becomes a picture', [1, 1], [544, 544]],
  ] as const)('%s', (_, [width, height], size) => {
    const picture = { width, height };
    const input = inputSize(picture, 32, detectionScale(picture));
    expect([input.width, input.height]).toEqual(size);
  });

  it('is a multiple of what the network needs', () => {
    for (const multiple of [1, 32, 64]) {
      for (let width = 1; width < 3000; width += 97) {
        const picture = { width, height: 777 };
        const size = inputSize(picture, multiple, detectionScale(picture));
        expect([size.width % multiple, size.height % multiple]).toEqual([0, 0]);
        expect(Math.min(size.width, size.height)).toBeGreaterThanOrEqual(multiple);
      }
    }
  });

  it('grows with the picture', () => {
    let before = 0;
    for (let side = 10; side < 3000; side += 10) {
      const pixels = (side * detectionScale({ width: side, height: side })) ** 2;
      expect(pixels).toBeGreaterThanOrEqual(before - 1);
      before = pixels;
    }
  });
});
