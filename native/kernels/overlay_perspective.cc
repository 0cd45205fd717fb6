#include "kernels/overlay_perspective.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <utility>

#include "base/simd_targets.h"
#include "kernels/homography.h"
#include "kernels/scratch_buffer.h"

#ifndef PLACARD_KERNELS_OVERLAY_PERSPECTIVE_CC_
#define PLACARD_KERNELS_OVERLAY_PERSPECTIVE_CC_
namespace placard {

// A layer inside a transparent frame of one pixel above and to the left and two below and to the right: the four neighbors of
// every place from (-1, -1) to (width, height), in pixels' centers, exist.
struct FramedLayer {
  FramedLayer(int width, int height)
      : width(width),
        height(height),
        stride(static_cast<ptrdiff_t>(width) + 3),
        pixels(static_cast<size_t>(stride) * (static_cast<size_t>(height) + 3)) {}

  uint8_t* row(int y) const { return reinterpret_cast<uint8_t*>(pixels.data() + (y + 1) * stride + 1); }

  int width, height;
  ptrdiff_t stride;
  ScratchBuffer<uint32_t> pixels;
};

// Pixels of a row, begin <= x < end.
struct RowRange {
  int begin, end;
};

}  // namespace placard
#endif  // PLACARD_KERNELS_OVERLAY_PERSPECTIVE_CC_

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/overlay_perspective.cc"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "kernels/byte_lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace placard {
namespace HWY_NAMESPACE {
namespace {

// Neighboring pixels that are sampled together: all scratch stays in the first-level cache.
constexpr int kSpan = 128;

// Samples a layer at the places of a span of pixels and sums the samples: opacity, and colors times opacity, in 255ths.
class LayerSampler {
 public:
  // w must be positive at the points that are in sight.
  LayerSampler(const FramedLayer& layer, const Matrix3& matrix) : layer_(layer), matrix_(matrix) {}

  void Clear() {
    std::memset(sums_, 0, sizeof(sums_));
    seen_ = false;
  }

  // Adds the samples at the points (x + i, y), i < count <= kSpan.
  void Add(double x, double y, int count) {
    Locate(x, y, count);
    if (!Fetch(count)) return;
    Blend(count);
    seen_ = true;
  }

  // Whether any sample since Clear was not transparent.
  bool seen() const { return seen_; }

  // Lays the mean of `samples` samples over the levels at row[c].
  void Cover(int samples, int count, float* const (&row)[3]) const {
    const Floats d;
    const FloatVector share = hn::Set(d, 1.0F / (255.0F * static_cast<float>(samples)));
    for (int i = 0; i < count; i += kLanes) {
      const FloatVector rest = hn::NegMulAdd(hn::Load(d, sums_[3] + i), share, hn::Set(d, 1.0F));
      HWY_UNROLL(3)
      for (int c = 0; c < 3; ++c) {
        const FloatVector ink = hn::Mul(hn::Load(d, sums_[c] + i), share);
        hn::StoreU(hn::MulAdd(hn::LoadU(d, row[c] + i), rest, ink), d, row[c] + i);
      }
    }
  }

 private:
  void Locate(double x, double y, int count) {
    float start[3], step[3];
    const auto& m = matrix_;
    const double first_w = m[6] * x + m[7] * y + m[8], last_w = first_w + (count - 1) * m[6];
    // Changes no point, and keeps floats in range.
    const double factor = 1 / std::max(std::abs(first_w), std::abs(last_w));
    for (int k = 0; k < 3; ++k) {
      start[k] = static_cast<float>((m[3 * k] * x + m[3 * k + 1] * y + m[3 * k + 2]) * factor);
      step[k] = static_cast<float>(m[3 * k] * factor);
    }
    const Floats d;
    const Ints di;
    const FloatVector zero = hn::Zero(d), half = hn::Set(d, 0.5F), one = hn::Set(d, 1.0F);
    const FloatVector right = hn::Set(d, static_cast<float>(layer_.width) + 1);
    const FloatVector bottom = hn::Set(d, static_cast<float>(layer_.height) + 1);
    const auto stride = hn::Set(di, static_cast<int32_t>(layer_.stride));
    for (int i = 0; i < count; i += kLanes) {
      const FloatVector index = hn::Iota(d, i);
      const auto at = [&](int k) PLACARD_INLINE_LAMBDA {
        return hn::MulAdd(index, hn::Set(d, step[k]), hn::Set(d, start[k]));
      };
      const FloatVector w = at(2), inverse = hn::Div(one, w);
      // Of the framed layer's pixel centers: a half more than the layer's points.
      FloatVector u = hn::MulAdd(at(0), inverse, half), v = hn::MulAdd(at(1), inverse, half);
      const auto within = [&](FloatVector place, FloatVector end) PLACARD_INLINE_LAMBDA {
        return hn::And(hn::Ge(place, zero), hn::Le(place, end));  // false for NaN
      };
      const auto seen = hn::And(hn::Gt(w, zero), hn::And(within(u, right), within(v, bottom)));
      u = hn::IfThenElseZero(seen, u);
      v = hn::IfThenElseZero(seen, v);
      const auto column = hn::ConvertInRangeTo(di, u), row = hn::ConvertInRangeTo(di, v);
      hn::Store(hn::Sub(u, hn::ConvertTo(d, column)), d, right_ + i);
      hn::Store(hn::Sub(v, hn::ConvertTo(d, row)), d, bottom_ + i);
      hn::Store(hn::Add(hn::Mul(row, stride), column), di, places_ + i);
    }
  }

  // False where all is transparent. Rounded up to whole vectors, whose places are located too.
  bool Fetch(int count) {
    const uint32_t* const pixels = layer_.pixels.data();
    const ptrdiff_t stride = layer_.stride;
    const int end = (count + static_cast<int>(kLanes) - 1) / static_cast<int>(kLanes) * static_cast<int>(kLanes);
    uint64_t all = 0;
    for (int i = 0; i < end; ++i) {
      std::memcpy(&top_[i], pixels + places_[i], 8);
      std::memcpy(&low_[i], pixels + places_[i] + stride, 8);
      all |= top_[i] | low_[i];
    }
    return (all & 0xFF000000FF000000U) != 0;
  }

  void Blend(int count) {
    const Floats d;
    const FloatVector one = hn::Set(d, 1.0F);
    for (int i = 0; i < count; i += kLanes) {
      const FloatVector right = hn::Load(d, right_ + i), left = hn::Sub(one, right);
      const FloatVector bottom = hn::Load(d, bottom_ + i), above = hn::Sub(one, bottom);
      WordVector words[4];
      hn::LoadInterleaved2(Words(), reinterpret_cast<const uint32_t*>(top_ + i), words[0], words[1]);
      hn::LoadInterleaved2(Words(), reinterpret_cast<const uint32_t*>(low_ + i), words[2], words[3]);
      const FloatVector weights[4] = {hn::Mul(left, above), hn::Mul(right, above), hn::Mul(left, bottom),
                                      hn::Mul(right, bottom)};
      FloatVector opacities[4];
      FloatVector opacity = hn::Load(d, sums_[3] + i);
      HWY_UNROLL(4)
      for (int k = 0; k < 4; ++k) {
        opacities[k] = hn::Mul(weights[k], ByteToFloats<3>(words[k]));
        opacity = hn::Add(opacity, opacities[k]);
      }
      hn::Store(opacity, d, sums_[3] + i);
      AddColor<0>(words, opacities, i);
      AddColor<1>(words, opacities, i);
      AddColor<2>(words, opacities, i);
    }
  }

  template <int kChannel>
  HWY_INLINE void AddColor(const WordVector (&words)[4], const FloatVector (&opacities)[4], int i) {
    const Floats d;
    FloatVector sum = hn::Load(d, sums_[kChannel] + i);
    HWY_UNROLL(4)
    for (int k = 0; k < 4; ++k) sum = hn::MulAdd(opacities[k], ByteToFloats<kChannel>(words[k]), sum);
    hn::Store(sum, d, sums_[kChannel] + i);
  }

  const FramedLayer& layer_;
  const Matrix3 matrix_;
  bool seen_ = false;
  alignas(64) float right_[kSpan] = {};
  alignas(64) float bottom_[kSpan] = {};
  alignas(64) int32_t places_[kSpan] = {};
  alignas(64) uint64_t top_[kSpan] = {};
  alignas(64) uint64_t low_[kSpan] = {};
  alignas(64) float sums_[4][kSpan] = {};
};

void OverlaySpanKernel(const FramedLayer& layer, const Matrix3& matrix, const ColorPlanes& planes, const RowRange* ranges) {
  LayerSampler sampler(layer, matrix);
  for (int y = 0; y < planes.height(); ++y) {
    for (int x = ranges[y].begin; x < ranges[y].end; x += kSpan) {
      const int count = std::min(kSpan, ranges[y].end - x);
      const PixelSteps steps = PixelStepsAt(matrix, x + 0.5 * count, y + 0.5);
      const int columns = SamplesAlong(steps.across), rows = SamplesAlong(steps.down);
      sampler.Clear();
      for (int j = 0; j < rows; ++j) {
        for (int i = 0; i < columns; ++i) sampler.Add(x + (i + 0.5) / columns, y + (j + 0.5) / rows, count);
      }
      if (!sampler.seen()) continue;
      sampler.Cover(rows * columns, count, {planes.row(0, y) + x, planes.row(1, y) + x, planes.row(2, y) + x});
    }
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace placard
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace placard {
namespace {

Status OutOfMemory() { return {Code::kOutOfMemory, "No memory for a copy of a layer."}; }

void ClearFrame(const FramedLayer& framed) {
  uint32_t* const pixels = framed.pixels.data();
  const ptrdiff_t stride = framed.stride;
  std::memset(pixels, 0, stride * sizeof(uint32_t));
  std::memset(pixels + (framed.height + 1) * stride, 0, 2 * stride * sizeof(uint32_t));
  for (int y = 0; y < framed.height; ++y) {
    uint32_t* const row = pixels + (y + 1) * stride;
    row[0] = row[stride - 2] = row[stride - 1] = 0;
  }
}

// Means of two by two pixels, colors weighted by opacity; what is beyond an odd edge is transparent, as the frame is.
void Halve(const FramedLayer& layer, const FramedLayer& half) {
  const ptrdiff_t stride = 4 * layer.stride;
  for (int y = 0; y < half.height; ++y) {
    const uint8_t* from = layer.row(2 * y);
    uint8_t* to = half.row(y);
    for (int x = 0; x < half.width; ++x, from += 8, to += 4) {
      const uint8_t* const corners[4] = {from, from + 4, from + stride, from + stride + 4};
      uint32_t opacity = 0, colors[3] = {0, 0, 0};
      for (const uint8_t* corner : corners) {
        opacity += corner[3];
        for (int c = 0; c < 3; ++c) colors[c] += corner[3] * corner[c];
      }
      for (int c = 0; c < 3; ++c) to[c] = static_cast<uint8_t>(opacity > 0 ? (colors[c] + opacity / 2) / opacity : 0);
      to[3] = static_cast<uint8_t>((opacity + 2) / 4);
    }
  }
}

Point Applied(const Matrix3& m, const Point& point, double* w) {
  *w = m[6] * point.x + m[7] * point.y + m[8];
  return {(m[0] * point.x + m[1] * point.y + m[2]) / *w, (m[3] * point.x + m[4] * point.y + m[5]) / *w};
}

// Where a layer and a pixel around it lie in the planes.
struct Footprint {
  Matrix3 matrix;  // w > 0 at the points in sight
  bool whole;      // false where the layer's plane vanishes within it: the corners say nothing then
  Quad corners;
};

Footprint FootprintOf(const Matrix3& matrix, double width, double height) {
  Footprint footprint{matrix, true, {}};
  const Matrix3 back = Adjugate(matrix);
  const double determinant = matrix[0] * back[0] + matrix[1] * back[3] + matrix[2] * back[6];
  double w;
  Applied(back, {width / 2, height / 2}, &w);
  // matrix * back = determinant * identity: at the layer's middle `matrix` gives determinant / w as w.
  const double sign = determinant * w < 0 ? -1 : 1;
  for (double& value : footprint.matrix) value *= sign;
  const Quad frame = {{{-1, -1}, {width + 1, -1}, {width + 1, height + 1}, {-1, height + 1}}};
  for (size_t i = 0; i < 4; ++i) {
    double corner_w;
    footprint.corners[i] = Applied(back, frame[i], &corner_w);
    if (!(corner_w * w > 0)) footprint.whole = false;
  }
  if (!IsFinite(footprint.corners)) footprint.whole = false;
  return footprint;
}

// The pixels of row y that a convex quad touches, and one on either side.
RowRange RangeOf(const Quad& quad, int y, int width) {
  double left = std::numeric_limits<double>::infinity(), right = -left;
  for (size_t i = 0; i < 4; ++i) {
    const Point &a = quad[i], &b = quad[(i + 1) % 4];
    const double low = std::max(std::min(a.y, b.y), y - 1.0), high = std::min(std::max(a.y, b.y), y + 2.0);
    if (low > high) continue;
    for (const double at : {low, high}) {
      const double x = a.y == b.y ? a.x : a.x + (at - a.y) / (b.y - a.y) * (b.x - a.x);
      left = std::min(left, x);
      right = std::max(right, x);
    }
    if (a.y == b.y) right = std::max(right, b.x), left = std::min(left, b.x);
  }
  const auto clamped = [width](double x) { return static_cast<int>(std::clamp(x, 0.0, static_cast<double>(width))); };
  return {clamped(std::floor(left) - 1), clamped(std::ceil(right) + 1)};
}

// How often a layer can be halved before a pixel of it is larger than a pixel of the planes.
int HalvingsFor(const Footprint& footprint) {
  if (!footprint.whole) return 0;
  double least = std::numeric_limits<double>::infinity();
  for (const Point& corner : footprint.corners) {
    const PixelSteps steps = PixelStepsAt(footprint.matrix, corner.x, corner.y);
    least = std::min({least, steps.across, steps.down});
  }
  int halvings = 0;
  for (; least >= 2 && halvings < 15; least /= 2) ++halvings;
  return halvings;
}

}  // namespace

int SamplesAlong(double pixels) {
  return pixels < kMostSamples ? std::max(static_cast<int>(std::ceil(pixels - 0.25)), 1) : kMostSamples;  // NaN is most
}

PixelSteps PixelStepsAt(const Matrix3& m, double x, double y) {
  double w;
  const Point place = Applied(m, {x, y}, &w);
  return {std::hypot(m[0] - place.x * m[6], m[3] - place.y * m[6]) / std::abs(w),
          std::hypot(m[1] - place.x * m[7], m[4] - place.y * m[7]) / std::abs(w)};
}

Status OverlayPerspective(const ImageView& layer, const Matrix3& matrix, const ColorPlanes& planes) {
  if (layer.empty()) return {};
  Footprint footprint = FootprintOf(matrix, layer.width, layer.height);
  FramedLayer framed(layer.width, layer.height);
  const ScratchBuffer<RowRange> ranges(static_cast<size_t>(planes.height()));
  if (framed.pixels.data() == nullptr || ranges.data() == nullptr) return OutOfMemory();
  ClearFrame(framed);
  for (int y = 0; y < layer.height; ++y) std::memcpy(framed.row(y), layer.row(y), 4 * static_cast<size_t>(layer.width));
  for (int halvings = HalvingsFor(footprint); halvings > 0; --halvings) {
    FramedLayer half((framed.width + 1) / 2, (framed.height + 1) / 2);
    if (half.pixels.data() == nullptr) return OutOfMemory();
    ClearFrame(half);
    Halve(framed, half);
    framed = std::move(half);
    for (int i = 0; i < 6; ++i) footprint.matrix[i] /= 2;
  }
  for (int y = 0; y < planes.height(); ++y) {
    ranges.data()[y] = footprint.whole ? RangeOf(footprint.corners, y, planes.width()) : RowRange{0, planes.width()};
  }
  PLACARD_DISPATCH(OverlaySpanKernel)(framed, footprint.matrix, planes, ranges.data());
  return {};
}

}  // namespace placard
#endif  // HWY_ONCE
