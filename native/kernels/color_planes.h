#ifndef PLACARD_KERNELS_COLOR_PLANES_H_
#define PLACARD_KERNELS_COLOR_PLANES_H_

#include <cstddef>

#include "base/image_view.h"
#include "kernels/scratch_buffer.h"

namespace placard {

// Red, green and blue levels, 0 ... 255, as planes of floats with a margin around them. What stands in the margin is up to the
// kernel that reads it. Rows start on a cache line's boundary, and kSlack floats after the margin are there for kernels that
// work on whole vectors.
class ColorPlanes {
 public:
  static constexpr int kSlack = 64;

  ColorPlanes() = default;
  // Uninitialized; not `ok` where there is no memory.
  ColorPlanes(int width, int height, int margin)
      : width_(width),
        height_(height),
        margin_(margin),
        left_(RoundUp(margin)),
        stride_(left_ + RoundUp(static_cast<ptrdiff_t>(width) + margin) + kSlack),
        plane_stride_(stride_ * (height + 2 * static_cast<ptrdiff_t>(margin))),
        values_(3 * static_cast<size_t>(plane_stride_)) {}

  bool ok() const { return values_.data() != nullptr; }
  int width() const { return width_; }
  int height() const { return height_; }
  int margin() const { return margin_; }
  ptrdiff_t stride() const { return stride_; }
  // Of the pixel (0, y); -margin <= y < height + margin.
  float* row(int channel, int y) const { return values_.data() + channel * plane_stride_ + (y + margin_) * stride_ + left_; }
  PlanarView view() const { return {row(0, 0), width_, height_, stride_, plane_stride_}; }

 private:
  static constexpr ptrdiff_t kLine = 16;
  static ptrdiff_t RoundUp(ptrdiff_t floats) { return (floats + kSlack - 1) / kSlack * kSlack; }

  int width_ = 0, height_ = 0, margin_ = 0;
  ptrdiff_t left_ = 0, stride_ = 0, plane_stride_ = 0;
  ScratchBuffer<float> values_;
};

}  // namespace placard

#endif  // PLACARD_KERNELS_COLOR_PLANES_H_
