#include <algorithm>
#include <cstdint>

#include "bench_abi.h"
#include "kernels/resize_normalize.h"
#include "kernels/warp_perspective.h"

namespace {

// What a picture becomes: planes of red, green and blue, the same reversed, or one of luma.
enum Order { kRgb, kBgr, kLuma };

placard::Normalization NormalizationFrom(const float* scale, const float* offset, int order) {
  placard::Normalization normalization;
  normalization.reverse_channels = order == kBgr;
  normalization.luma = order == kLuma;
  std::copy_n(scale, normalization.planes(), normalization.scale);
  std::copy_n(offset, normalization.planes(), normalization.offset);
  return normalization;
}

placard::Matrix3 MatrixFrom(const double* values) {
  placard::Matrix3 matrix;
  std::copy_n(values, 9, matrix.begin());
  return matrix;
}

placard::BorderRule BorderFrom(int mode) { return {static_cast<placard::Border>(mode), {0, 0, 0}}; }

}  // namespace

// Pictures are packed rows of `channels` bytes a pixel; tensors are packed planes.

PLACARD_BENCH_ABI void placard_bench_resize(const uint8_t* source, int source_width, int source_height, int channels,
                                            uint8_t* destination, int width, int height) {
  placard::Resize({source, source_width, source_height, channels, static_cast<ptrdiff_t>(source_width) * channels},
                  {destination, width, height, channels, static_cast<ptrdiff_t>(width) * channels});
}

PLACARD_BENCH_ABI void placard_bench_resize_normalize(const uint8_t* source, int source_width, int source_height,
                                                      int channels, const float* scale, const float* offset,
                                                      int order, float* destination, int width, int height) {
  placard::ResizeNormalize(
      {source, source_width, source_height, channels, static_cast<ptrdiff_t>(source_width) * channels},
      NormalizationFrom(scale, offset, order),
      {destination, width, height, width, static_cast<ptrdiff_t>(width) * height});
}

PLACARD_BENCH_ABI void placard_bench_warp(const uint8_t* source, int source_width, int source_height, int channels,
                                          const double* matrix, int border, uint8_t* destination, int width, int height) {
  placard::WarpPerspective(
      {source, source_width, source_height, channels, static_cast<ptrdiff_t>(source_width) * channels},
      MatrixFrom(matrix), BorderFrom(border),
      {destination, width, height, channels, static_cast<ptrdiff_t>(width) * channels});
}

PLACARD_BENCH_ABI void placard_bench_warp_normalize(const uint8_t* source, int source_width, int source_height,
                                                    int channels, const double* matrix, int border, int oversample,
                                                    const float* scale, const float* offset, int order,
                                                    float* destination, int width, int height) {
  placard::WarpPerspectiveNormalize(
      {source, source_width, source_height, channels, static_cast<ptrdiff_t>(source_width) * channels},
      MatrixFrom(matrix), BorderFrom(border), oversample, NormalizationFrom(scale, offset, order),
      {destination, width, height, width, static_cast<ptrdiff_t>(width) * height});
}
