import type { NetworkBuilder } from '../../unit/onnx-network.ts';

export interface LevelOptions {
  narrow?: number;
  bias?: boolean;
  widened?: boolean;
  scale?: number;
  kernel?: number;
  /** How the coarse map is upsampled. */
  mode?: 'nearest' | 'linear';
}

const wide = 8;

/** A level of a pyramid: conv(gate · widen(x) + upsample(y)). */
export function level(
  network: NetworkBuilder,
  options: LevelOptions = {},
): { end: string; map: string; gated: string } {
  const { narrow = 3, bias = false, widened = false, scale = 2, kernel = 3, mode = 'nearest' } = options;
  const coarse = network.node('AveragePool', ['x'], { kernel_shape: [8, 8], strides: [8, 8] });
  const repeated = (value: string, times: number, mode = 'nearest') =>
    network.node('Resize', [value, network.floats([0], []), network.floats([4], [1, 1, times, times])], {
      mode,
      coordinate_transformation_mode: 'asymmetric',
      nearest_mode: 'floor',
    });
  const upsampled = repeated(network.conv(repeated(coarse, 8 / scale), 3, wide, { kernel: 3, pad: 1 }), scale, mode);
  const x = network.conv(repeated(coarse, 8), 3, narrow, { kernel: 3, pad: 1 });
  const map = network.conv(x, narrow, wide, { bias: widened });
  const mean = network.node('GlobalAveragePool', [x]);
  const gate = network.node('Add', [network.node('Sigmoid', [network.conv(mean, narrow, wide)]), network.scalar(1)]);
  const gated = network.node('Mul', [map, gate]);
  const sum = network.node('Add', [gated, upsampled]);
  const end = network.conv(sum, wide, 5, { kernel, pad: kernel >> 1, bias });
  return { end, map, gated };
}
