#ifndef PLACARD_KERNELS_NORMALIZATION_H_
#define PLACARD_KERNELS_NORMALIZATION_H_

namespace placard {

// A network's input from 8-bit samples: out[c] = sample[source(c)] * scale[c] + offset[c], where source(c) is c, or
// channels - 1 - c when `reverse_channels` (an RGB picture into a BGR network). scale = 1 / (255 * std), offset = -mean / std.
struct Normalization {
  float scale[3] = {1.0F / 255, 1.0F / 255, 1.0F / 255};
  float offset[3] = {0, 0, 0};
  bool reverse_channels = false;
};

}  // namespace placard

#endif  // PLACARD_KERNELS_NORMALIZATION_H_
