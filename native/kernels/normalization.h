#ifndef PLACARD_KERNELS_NORMALIZATION_H_
#define PLACARD_KERNELS_NORMALIZATION_H_

namespace placard {

// What red, green and blue count in the luma of Rec. 601.
inline constexpr float kLumaWeights[3] = {0.299F, 0.587F, 0.114F};

// A network's input from 8-bit samples: out[c] = sample[source(c)] * scale[c] + offset[c], where source(c) is c, or
// channels - 1 - c when `reverse_channels` (an RGB picture into a BGR network). scale = 1 / (255 * std), offset = -mean / std.
// With `luma` there is one plane, of the luma of three channels, by scale[0] and offset[0]; it is not rounded.
struct Normalization {
  float scale[3] = {1.0F / 255, 1.0F / 255, 1.0F / 255};
  float offset[3] = {0, 0, 0};
  bool reverse_channels = false;
  bool luma = false;

  // That a picture of three channels becomes.
  int planes() const { return luma ? 1 : 3; }
};

}  // namespace placard

#endif  // PLACARD_KERNELS_NORMALIZATION_H_
