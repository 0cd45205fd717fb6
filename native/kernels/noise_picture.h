#ifndef PLACARD_KERNELS_NOISE_PICTURE_H_
#define PLACARD_KERNELS_NOISE_PICTURE_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/image_view.h"

namespace placard {

// For tests: a picture of reproducible noise, the worst case for interpolation. The bytes after the last pixel and those
// between rows (`padding` a row) are not the kernel's: the allocation ends with the last pixel, for sanitizers to see.
class NoisePicture {
 public:
  // The noise is that of bench/kernels/opencv_vectors.py: the top byte of a linear congruential generator, row by row.
  NoisePicture(int width, int height, int channels, uint32_t seed = 1, int padding = 0)
      : width_(width),
        height_(height),
        channels_(channels),
        stride_(static_cast<ptrdiff_t>(width) * channels + padding),
        bytes_(static_cast<size_t>(stride_) * height - padding) {
    for (int y = 0; y < height; ++y) {
      for (int i = 0; i < width * channels; ++i) {
        seed = seed * 1664525U + 1013904223U;
        bytes_[static_cast<size_t>(y * stride_ + i)] = static_cast<uint8_t>(seed >> 24);
      }
    }
  }

  ImageView view() const { return {bytes_.data(), width_, height_, channels_, stride_}; }

 private:
  int width_, height_, channels_;
  ptrdiff_t stride_;
  std::vector<uint8_t> bytes_;
};

// For tests: a destination inside a larger one. `Untouched` tells whether a kernel kept to its pixels.
template <typename T>
class GuardedPlanes {
 public:
  static constexpr T kGuard = static_cast<T>(-77);
  static constexpr int kMargin = 5;

  // `planes` planes of `width` x `height`; for interleaved pixels one plane of `width` * channels.
  GuardedPlanes(int width, int height, int planes)
      : width_(width),
        height_(height),
        planes_(planes),
        stride_(width + kMargin),
        values_(static_cast<size_t>(stride_) * (height + 1) * planes + kMargin, kGuard) {}

  T* data() { return values_.data() + kMargin; }
  ptrdiff_t row_stride() const { return stride_; }
  ptrdiff_t plane_stride() const { return stride_ * (height_ + 1); }
  T at(int plane, int y, int x) const { return values_[kMargin + plane * plane_stride() + y * stride_ + x]; }

  bool Untouched() const {
    for (size_t i = 0; i < values_.size(); ++i) {
      const ptrdiff_t place = static_cast<ptrdiff_t>(i) - kMargin;
      const ptrdiff_t plane = place >= 0 ? place / plane_stride() : planes_;
      const ptrdiff_t within = place >= 0 ? place % plane_stride() : 0;
      const bool inside = plane < planes_ && within / stride_ < height_ && within % stride_ < width_;
      if (!inside && values_[i] != kGuard) return false;
    }
    return true;
  }

 private:
  int width_, height_, planes_;
  ptrdiff_t stride_;
  std::vector<T> values_;
};

}  // namespace placard

#endif  // PLACARD_KERNELS_NOISE_PICTURE_H_
