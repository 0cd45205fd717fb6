#include "kernels/warp_perspective.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>

#include "base/simd_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/warp_perspective.cc"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "kernels/byte_lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace placard {
namespace HWY_NAMESPACE {
namespace {

// Neighboring pixels of a destination row that are sampled together: enough to hide latencies, and few enough for all
// scratch to stay in the first-level cache.
constexpr int kSpan = 128;

// The homogeneous source coordinates of a span's samples, linear in the sample's number: (x, y, w)(i) = start + i * step.
struct Line {
  double start[3];
  double step[3];

  double At(int coordinate, double i) const { return start[coordinate] + i * step[coordinate]; }
};

// A Line relative to a source pixel, so that float lanes hold small numbers: even at x = 16,000 a sample's place is exact to
// a thousandth of a pixel. Divided by the larger |w| of its ends, which changes no point and keeps floats in range.
struct RelativeLine {
  int x = 0;
  int y = 0;
  float start[3];
  float step[3];

  RelativeLine(const Line& line, int count, int base_x, int base_y) : x(base_x), y(base_y) {
    const double factor = 1 / std::max(std::abs(line.At(2, 0)), std::abs(line.At(2, count - 1)));
    const double base[3] = {static_cast<double>(x), static_cast<double>(y), 0};
    for (int k = 0; k < 3; ++k) {
      start[k] = static_cast<float>((line.start[k] - base[k] * line.start[2]) * factor);
      step[k] = static_cast<float>((line.step[k] - base[k] * line.step[2]) * factor);
    }
  }
};

// Samples a source at the places that a homography names, a span at a time, and sums samples in planes of floats.
template <int kChannels>
class Sampler {
 public:
  Sampler(const ImageView& source, const Matrix3& matrix, const BorderRule& border)
      : source_(source), matrix_(matrix), border_(border) {}

  // Sets (or, unless `first`, adds to) sums()[c][i] the samples at destination places (x + i, y), i < count <= kSpan.
  void Sample(double x, double y, int count, bool first) {
    Line line;
    for (int k = 0; k < 3; ++k) {
      line.start[k] = matrix_[3 * k] * x + matrix_[3 * k + 1] * y + matrix_[3 * k + 2];
      line.step[k] = matrix_[3 * k];
    }
    int base_x, base_y;
    if (Inside(line, count, &base_x, &base_y)) {
      LocateInside(RelativeLine(line, count, base_x, base_y), count);
      FetchInside(source_.row(base_y) + static_cast<ptrdiff_t>(base_x) * kChannels, count);
      BlendInside(count, first);
    } else {
      base_x = Middle(line, 0, count, source_.width);
      base_y = Middle(line, 1, count, source_.height);
      LocateAnywhere(RelativeLine(line, count, base_x, base_y), count);
      FetchAnywhere(base_x, base_y, count);
      BlendAnywhere(count, first);
    }
  }

  const float* sums(int channel) const { return sums_[channel]; }

 private:
  // Whether all samples of the line lie so far inside the source that their neighbors exist and can be read eight bytes at
  // a time. A homography takes a segment to a segment unless w changes its sign on it, and the picture is convex: the ends
  // decide. The slack of a quarter pixel covers the floats' rounding.
  bool Inside(const Line& line, int count, int* base_x, int* base_y) const {
    constexpr double kSlack = 0.25;
    constexpr int kReadPixels = kChannels == 3 ? 3 : 2;
    const double w0 = line.At(2, 0), w1 = line.At(2, count - 1);
    if (!(w0 * w1 > 0) || std::abs(w0) > 4 * std::abs(w1) || std::abs(w1) > 4 * std::abs(w0)) return false;
    const double x0 = line.At(0, 0) / w0, x1 = line.At(0, count - 1) / w1;
    const double y0 = line.At(1, 0) / w0, y1 = line.At(1, count - 1) / w1;
    const double right = source_.width - kReadPixels + 1 - kSlack, bottom = source_.height - 1 - kSlack;
    const auto within = [](double a, double b, double end) { return a >= 0 && b >= 0 && a <= end && b <= end; };
    if (!within(x0, x1, right) || !within(y0, y1, bottom)) return false;
    // Byte offsets below are 32-bit.
    if ((std::abs(y1 - y0) + 2) * static_cast<double>(source_.stride) > (1 << 30)) return false;
    *base_x = static_cast<int>(std::min(x0, x1));
    *base_y = static_cast<int>(std::min(y0, y1));
    return true;
  }

  // The pixel nearest to the span's middle along one axis.
  static int Middle(const Line& line, int axis, int count, int size) {
    const double middle = 0.5 * (count - 1);
    const double place = line.At(axis, middle) / line.At(2, middle);
    return place >= 0 ? static_cast<int>(std::min(place, size - 1.0)) : 0;  // 0 for NaN too
  }

  struct Places {
    FloatVector x, y;
  };

  static HWY_INLINE Places PlacesFrom(const RelativeLine& line, int i) {
    const Floats d;
    const FloatVector index = hn::Iota(d, i);
    const auto at = [&](int k) PLACARD_INLINE_LAMBDA {
      return hn::MulAdd(index, hn::Set(d, line.step[k]), hn::Set(d, line.start[k]));
    };
    const FloatVector inverse = hn::Div(hn::Set(d, 1.0F), at(2));
    return {hn::Mul(at(0), inverse), hn::Mul(at(1), inverse)};
  }

  void LocateInside(const RelativeLine& line, int count) {
    const Floats d;
    const Ints di;
    const auto stride = hn::Set(di, static_cast<int32_t>(source_.stride));
    for (int i = 0; i < count; i += kLanes) {
      const Places place = PlacesFrom(line, i);
      // Never below -1e-3: truncation is floor.
      const auto x = hn::ConvertInRangeTo(di, place.x), y = hn::ConvertInRangeTo(di, place.y);
      hn::Store(hn::Sub(place.x, hn::ConvertTo(d, x)), d, right_ + i);
      hn::Store(hn::Sub(place.y, hn::ConvertTo(d, y)), d, bottom_ + i);
      const auto across = kChannels == 3 ? hn::Add(hn::Add(x, x), x) : x;
      hn::Store(hn::Add(hn::Mul(y, stride), across), di, x_ + i);
    }
  }

  // Plain loads instead of gathers: as fast here, fast on processors whose gathers are slow, and visible to sanitizers.
  void FetchInside(const uint8_t* base, int count) {
    const ptrdiff_t stride = source_.stride;
    for (int i = 0; i < count; ++i) {
      const uint8_t* top = base + x_[i];
      if constexpr (kChannels == 3) {
        std::memcpy(&top_[i], top, 8);
        std::memcpy(&low_[i], top + stride, 8);
      } else {
        std::memcpy(&squares_[2 * i], top, 2);
        std::memcpy(&squares_[2 * i + 1], top + stride, 2);
      }
    }
  }

  void BlendInside(int count, bool first) {
    const Floats d;
    for (int i = 0; i < count; i += kLanes) {
      const FloatVector right = hn::Load(d, right_ + i), bottom = hn::Load(d, bottom_ + i);
      const PixelPairs top = LoadTop(i), low = LoadLow(i);
      HWY_UNROLL(3)
      for (int c = 0; c < kChannels; ++c) {
        const FloatVector upper = Lerp(top.left[c], top.right[c], right), lower = Lerp(low.left[c], low.right[c], right);
        Accumulate(Lerp(upper, lower, bottom), c, i, first);
      }
    }
  }

  // Per axis: the first of the two source samples that a place needs, and both weights. Weights of samples outside the
  // picture are 0; only a constant border has any.
  struct Axis {
    FloatVector first, first_weight, second_weight;
  };

  // `low` and `high` are the picture's first and last sample, relative to the line's base.
  HWY_INLINE Axis AxisFrom(FloatVector place, int base, int size) const {
    const Floats d;
    const FloatVector low = hn::Set(d, static_cast<float>(-base)), high = hn::Set(d, static_cast<float>(size - 1 - base));
    const FloatVector one = hn::Set(d, 1.0F), zero = hn::Zero(d);
    const FloatVector nowhere = hn::Sub(low, one);
    place = hn::IfThenElse(hn::IsNaN(place), nowhere, place);
    if (border_.mode == Border::kConstant) {
      place = hn::Clamp(place, nowhere, hn::Add(high, one));
    } else {
      if (border_.mode == Border::kReflect101 && size > 1) place = Reflect(place, low, high, 2.0F * (size - 1));
      place = hn::Clamp(place, low, high);
    }
    const FloatVector last_first = hn::Max(hn::Sub(high, one), low);
    const FloatVector first = hn::Clamp(hn::Floor(place), low, last_first);
    const FloatVector distance = hn::Sub(place, first);
    const FloatVector first_weight = hn::Max(zero, hn::Sub(one, hn::Abs(distance)));
    const FloatVector second_weight = hn::Max(zero, hn::Sub(one, hn::Abs(hn::Sub(distance, one))));
    return {first, first_weight, size > 1 ? second_weight : zero};
  }

  // The mirror image of a place outside; places inside stay bit by bit.
  static HWY_INLINE FloatVector Reflect(FloatVector place, FloatVector low, FloatVector high, float period) {
    const Floats d;
    const FloatVector periods = hn::Floor(hn::Mul(hn::Sub(place, low), hn::Set(d, 1 / period)));
    place = hn::NegMulAdd(periods, hn::Set(d, period), place);
    const FloatVector mirrored = hn::Sub(hn::Add(high, high), place);
    return hn::IfThenElse(hn::Gt(place, high), mirrored, place);
  }

  void LocateAnywhere(const RelativeLine& line, int count) {
    const Floats d;
    const Ints di;
    for (int i = 0; i < count; i += kLanes) {
      const Places place = PlacesFrom(line, i);
      const Axis x = AxisFrom(place.x, line.x, source_.width), y = AxisFrom(place.y, line.y, source_.height);
      hn::Store(hn::ConvertInRangeTo(di, x.first), di, x_ + i);
      hn::Store(hn::ConvertInRangeTo(di, y.first), di, y_ + i);
      hn::Store(x.first_weight, d, left_ + i);
      hn::Store(x.second_weight, d, right_ + i);
      hn::Store(y.first_weight, d, above_ + i);
      hn::Store(y.second_weight, d, bottom_ + i);
    }
  }

  void FetchAnywhere(int base_x, int base_y, int count) {
    for (int i = 0; i < count; ++i) {
      const int x = base_x + x_[i], y = base_y + y_[i];
      const ptrdiff_t left = static_cast<ptrdiff_t>(x) * kChannels;
      const ptrdiff_t right = static_cast<ptrdiff_t>(std::min(x + 1, source_.width - 1)) * kChannels;
      const uint8_t* rows[2] = {source_.row(y), source_.row(std::min(y + 1, source_.height - 1))};
      if constexpr (kChannels == 3) {
        uint8_t bytes[2][8] = {};
        for (int r = 0; r < 2; ++r) {
          std::memcpy(bytes[r], rows[r] + left, 3);
          std::memcpy(bytes[r] + 3, rows[r] + right, 3);
        }
        std::memcpy(&top_[i], bytes[0], 8);
        std::memcpy(&low_[i], bytes[1], 8);
      } else {
        const uint8_t bytes[4] = {rows[0][left], rows[0][right], rows[1][left], rows[1][right]};
        std::memcpy(&squares_[2 * i], bytes, 4);
      }
    }
  }

  void BlendAnywhere(int count, bool first) {
    const Floats d;
    for (int i = 0; i < count; i += kLanes) {
      const FloatVector left = hn::Load(d, left_ + i), right = hn::Load(d, right_ + i);
      const FloatVector above = hn::Load(d, above_ + i), bottom = hn::Load(d, bottom_ + i);
      const FloatVector outside = hn::NegMulAdd(hn::Add(left, right), hn::Add(above, bottom), hn::Set(d, 1.0F));
      const PixelPairs top = LoadTop(i), low = LoadLow(i);
      HWY_UNROLL(3)
      for (int c = 0; c < kChannels; ++c) {
        const FloatVector upper = hn::MulAdd(top.right[c], right, hn::Mul(top.left[c], left));
        const FloatVector lower = hn::MulAdd(low.right[c], right, hn::Mul(low.left[c], left));
        FloatVector sample = hn::MulAdd(lower, bottom, hn::Mul(upper, above));
        if (border_.mode == Border::kConstant) {
          sample = hn::MulAdd(outside, hn::Set(d, static_cast<float>(border_.value[c])), sample);
        }
        Accumulate(sample, c, i, first);
      }
    }
  }

  // Of one channel, the four bytes that a place needs stand in one word: top left, top right, low left, low right.
  HWY_INLINE PixelPairs LoadTop(int i) const {
    if constexpr (kChannels == 3) return LoadPixelPairs(top_ + i);
    const WordVector square = hn::Load(Words(), reinterpret_cast<const uint32_t*>(squares_ + 2 * i));
    return {{ByteToFloats<0>(square)}, {ByteToFloats<1>(square)}};
  }

  HWY_INLINE PixelPairs LoadLow(int i) const {
    if constexpr (kChannels == 3) return LoadPixelPairs(low_ + i);
    const WordVector square = hn::Load(Words(), reinterpret_cast<const uint32_t*>(squares_ + 2 * i));
    return {{ByteToFloats<2>(square)}, {ByteToFloats<3>(square)}};
  }

  HWY_INLINE void Accumulate(FloatVector sample, int channel, int i, bool first) {
    const Floats d;
    float* sum = sums_[channel] + i;
    hn::Store(first ? sample : hn::Add(sample, hn::Load(d, sum)), d, sum);
  }

  const ImageView source_;
  const Matrix3 matrix_;
  const BorderRule border_;
  // Weights, and what FetchInside (byte offsets in x_) or FetchAnywhere (pixels relative to the base) read by.
  alignas(64) float left_[kSpan] = {};
  alignas(64) float right_[kSpan] = {};
  alignas(64) float above_[kSpan] = {};
  alignas(64) float bottom_[kSpan] = {};
  alignas(64) int32_t x_[kSpan] = {};
  alignas(64) int32_t y_[kSpan] = {};
  alignas(64) uint64_t top_[kSpan] = {};
  alignas(64) uint64_t low_[kSpan] = {};
  alignas(64) uint16_t squares_[2 * kSpan] = {};
  alignas(64) float sums_[kChannels][kSpan] = {};
};

// Samples the whole destination and calls write(x, y, count, sampler) for each span.
template <int kChannels, class Write>
void SampleSpans(const ImageView& source, const Matrix3& matrix, const BorderRule& border, int oversample, int width,
                 int height, const Write& write) {
  Sampler<kChannels> sampler(source, matrix, border);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; x += kSpan) {
      const int count = std::min(kSpan, width - x);
      for (int row = 0; row < oversample; ++row) {
        for (int column = 0; column < oversample; ++column) {
          sampler.Sample(x + (column + 0.5) / oversample - 0.5, y + (row + 0.5) / oversample - 0.5, count,
                         row == 0 && column == 0);
        }
      }
      write(x, y, count, sampler);
    }
  }
}

template <int kChannels>
void WarpTo(const ImageView& source, const Matrix3& matrix, const BorderRule& border, const MutableImageView& destination) {
  const auto write = [&](int x, int y, int count, const Sampler<kChannels>& sampler) PLACARD_INLINE_LAMBDA {
    const auto load = [&](int c, size_t i) PLACARD_INLINE_LAMBDA { return hn::Load(Floats(), sampler.sums(c) + i); };
    StoreRounded<kChannels>(load, count, destination.row(y) + static_cast<ptrdiff_t>(x) * kChannels);
  };
  SampleSpans<kChannels>(source, matrix, border, 1, destination.width, destination.height, write);
}

template <int kChannels>
void WarpNormalizeTo(const ImageView& source, const Matrix3& matrix, const BorderRule& border, int oversample,
                     const Normalization& normalization, const PlanarView& destination) {
  const float mean = 1.0F / (static_cast<float>(oversample) * oversample);
  const auto write = [&](int x, int y, int count, const Sampler<kChannels>& sampler) PLACARD_INLINE_LAMBDA {
    for (int c = 0; c < kChannels; ++c) {
      const float* sums = sampler.sums(normalization.reverse_channels ? kChannels - 1 - c : c);
      const FloatVector scale = hn::Set(Floats(), normalization.scale[c] * mean);
      const FloatVector offset = hn::Set(Floats(), normalization.offset[c]);
      const auto load = [&](size_t i) PLACARD_INLINE_LAMBDA {
        return hn::MulAdd(hn::Load(Floats(), sums + i), scale, offset);
      };
      StoreFloats(load, count, destination.data + c * destination.plane_stride + y * destination.row_stride + x);
    }
  };
  SampleSpans<kChannels>(source, matrix, border, oversample, destination.width, destination.height, write);
}

// Luma is linear in the channels: it is taken of the samples.
void WarpLumaTo(const ImageView& source, const Matrix3& matrix, const BorderRule& border, int oversample,
                const Normalization& normalization, const PlanarView& destination) {
  const float mean = 1.0F / (static_cast<float>(oversample) * oversample);
  const FloatVector offset = hn::Set(Floats(), normalization.offset[0]);
  FloatVector factors[3];
  for (int c = 0; c < 3; ++c) factors[c] = hn::Set(Floats(), normalization.scale[0] * mean * kLumaWeights[c]);
  const auto write = [&](int x, int y, int count, const Sampler<3>& sampler) PLACARD_INLINE_LAMBDA {
    const auto load = [&](size_t i) PLACARD_INLINE_LAMBDA {
      FloatVector sum = offset;
      HWY_UNROLL(3)
      for (int c = 0; c < 3; ++c) sum = hn::MulAdd(hn::Load(Floats(), sampler.sums(c) + i), factors[c], sum);
      return sum;
    };
    StoreFloats(load, count, destination.data + y * destination.row_stride + x);
  };
  SampleSpans<3>(source, matrix, border, oversample, destination.width, destination.height, write);
}

void WarpKernel(const ImageView& source, const Matrix3& matrix, const BorderRule& border,
                const MutableImageView& destination) {
  if (source.channels == 1) {
    WarpTo<1>(source, matrix, border, destination);
  } else {
    WarpTo<3>(source, matrix, border, destination);
  }
}

void WarpNormalizeKernel(const ImageView& source, const Matrix3& matrix, const BorderRule& border, int oversample,
                         const Normalization& normalization, const PlanarView& destination) {
  if (source.channels == 1) {
    WarpNormalizeTo<1>(source, matrix, border, oversample, normalization, destination);
  } else if (normalization.luma) {
    WarpLumaTo(source, matrix, border, oversample, normalization, destination);
  } else {
    WarpNormalizeTo<3>(source, matrix, border, oversample, normalization, destination);
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace placard
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace placard {

void WarpPerspective(const ImageView& source, const Matrix3& matrix, const BorderRule& border,
                     const MutableImageView& destination) {
  if (source.empty() || ImageView(destination).empty()) return;
  PLACARD_DISPATCH(WarpKernel)(source, matrix, border, destination);
}

void WarpPerspectiveNormalize(const ImageView& source, const Matrix3& matrix, const BorderRule& border, int oversample,
                              const Normalization& normalization, const PlanarView& destination) {
  if (source.empty() || destination.width <= 0 || destination.height <= 0) return;
  PLACARD_DISPATCH(WarpNormalizeKernel)(source, matrix, border, std::max(oversample, 1), normalization, destination);
}

}  // namespace placard
#endif  // HWY_ONCE
