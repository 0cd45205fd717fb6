#include "kernels/resize_normalize.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>

#include "base/simd_targets.h"
#include "kernels/aligned_buffer.h"
#include "kernels/resize_axis.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/resize_normalize.cc"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "kernels/byte_lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace placard {
namespace HWY_NAMESPACE {
namespace {

using Shorts = hn::ScalableTag<int16_t>;

constexpr size_t kBlockBytes = 16;
constexpr size_t kBlockOutputs = kBlockBytes / sizeof(float);
// What interpolated rows count a gray level as: weights along x have 14 bits, so that a multiply-add of 16-bit pairs makes
// an output of its two neighbors. That is off by 0.008 gray levels at most.
constexpr int kUnit = 1 << 14;

constexpr size_t RoundUp(size_t n, size_t multiple) { return (n + multiple - 1) / multiple * multiple; }

// A vector from 16-byte blocks that start at bytes + starts[0], bytes + starts[1], ...
template <class D>
HWY_INLINE hn::VFromD<D> LoadBlocks(D d, const uint8_t* bytes, const int32_t* starts) {
  if constexpr (d.MaxBytes() == kBlockBytes) {
    return hn::LoadU(d, bytes + starts[0]);
  } else {
    const hn::Half<D> half;
    const auto low = LoadBlocks(half, bytes, starts);
    return hn::Combine(d, LoadBlocks(half, bytes, starts + half.MaxBytes() / kBlockBytes), low);
  }
}

// Two bytes of 32-bit words as 16-bit halves of one.
template <int kFirst, int kSecond>
HWY_INLINE WordVector Pair(WordVector first, WordVector second) {
  const WordVector low = hn::Set(Words(), 0xFF);
  const WordVector upper = hn::And(hn::ShiftRight<8 * kSecond>(second), low);
  return hn::Or(hn::And(hn::ShiftRight<8 * kFirst>(first), low), hn::ShiftLeft<16>(upper));
}

// Pairs of neighbors, 16 bits each, by pairs of weights that sum up to kUnit.
template <class Pairs>
HWY_INLINE FloatVector Blend(Pairs neighbors, hn::VFromD<Shorts> weights) {
  return hn::ConvertTo(Floats(), hn::WidenMulPairwiseAdd(Ints(), hn::BitCast(Shorts(), neighbors), weights));
}

// Interleaved RGB bytes to three planes.
HWY_INLINE void SplitChannels(const uint8_t* row, size_t width, uint8_t* planes, size_t plane_stride) {
  const Bytes d;
  const auto split = [&](size_t x) PLACARD_INLINE_LAMBDA {
    ByteVector r, g, b;
    hn::LoadInterleaved3(d, row + 3 * x, r, g, b);
    hn::StoreU(r, d, planes + x);
    hn::StoreU(g, d, planes + plane_stride + x);
    hn::StoreU(b, d, planes + 2 * plane_stride + x);
  };
  size_t x = 0;
  for (; x + kByteLanes <= width; x += kByteLanes) split(x);
  if (x < width && width >= kByteLanes) {
    split(width - kByteLanes);
  } else {
    for (; x < width; ++x) {
      for (size_t c = 0; c < 3; ++c) planes[c * plane_stride + x] = row[3 * x + c];
    }
  }
}

// Interpolates source rows along x into float planes, one after the other, each `stride` floats long, in units of 1 / kUnit.
//
// Every four outputs read the planar source bytes of one 16-byte window, and a byte shuffle brings each output's two
// neighbors into its lane, 16 bits each. Where a window is too short (the picture shrinks to less than about a quarter) the neighbors
// are fetched pixel by pixel instead.
template <int kChannels>
class RowInterpolator {
 public:
  RowInterpolator(int source_width, int width)
      : source_width_(source_width),
        stride(RoundUp(width, kByteLanes)),
        plane_stride_(RoundUp(source_width + kByteLanes, kByteLanes)),
        weights_(2 * stride),
        indices_(stride),
        starts_(stride / kBlockOutputs),
        pair_bytes_(stride * sizeof(float)),
        planes_(plane_stride_ * kChannels),
        pairs_(stride) {
    for (size_t x = 0; x < stride; ++x) {
      const ResizeTap tap = ResizeTapAt(std::min<int>(x, width - 1), width, source_width);
      indices_[x] = tap.index;
      weights_[2 * x + 1] = static_cast<int16_t>(std::lround(tap.weight * kUnit));
      weights_[2 * x] = static_cast<int16_t>(kUnit - weights_[2 * x + 1]);
      if (tap.index < source_width - 2) whole_pairs_ = x + 1;
    }
    windows_ = kShufflesBytes && PlanWindows();
  }

  void Interpolate(const uint8_t* row, float* out) {
    if (windows_) {
      InterpolateWindows(row, out);
    } else {
      InterpolatePairs(row, out);
    }
  }

 private:
  const int source_width_;

 public:
  const size_t stride;

 private:
  // Fills the shuffle table; false if some four outputs do not fit a window.
  bool PlanWindows() {
    constexpr uint8_t kZero = 0x80;
    std::memset(pair_bytes_.data(), kZero, stride * sizeof(float));
    for (size_t x = 0; x < stride; ++x) {
      const int start = indices_[x / kBlockOutputs * kBlockOutputs];
      const int within = indices_[x] - start;
      if (within + 1 >= static_cast<int>(kBlockBytes)) return false;
      starts_[x / kBlockOutputs] = start;
      pair_bytes_[x * sizeof(float)] = static_cast<uint8_t>(within);
      pair_bytes_[x * sizeof(float) + 2] = static_cast<uint8_t>(within + 1);
    }
    return true;
  }

  void InterpolateWindows(const uint8_t* row, float* out) {
    if constexpr (kChannels == 1) {
      std::memcpy(planes_.data(), row, source_width_);
    } else {
      SplitChannels(row, source_width_, planes_.data(), plane_stride_);
    }
    // Members are read once: the compiler cannot know that the stores below leave them alone.
    const int16_t* const weights = weights_.data();
    const int32_t* const starts = starts_.data();
    const uint8_t* const pair_bytes = pair_bytes_.data();
    const uint8_t* const planes = planes_.data();
    const size_t plane_stride = plane_stride_;
    const size_t out_stride = stride;
    for (size_t x = 0; x < out_stride; x += kLanes) {
      const ByteVector pair = hn::LoadU(Bytes(), pair_bytes + x * sizeof(float));
      const auto weight = hn::LoadU(Shorts(), weights + 2 * x);
      HWY_UNROLL(3)
      for (size_t c = 0; c < kChannels; ++c) {
        const ByteVector window = LoadBlocks(Bytes(), planes + c * plane_stride, starts + x / kBlockOutputs);
        hn::StoreU(Blend(hn::TableLookupBytesOr0(window, pair), weight), Floats(), out + c * out_stride + x);
      }
    }
  }

  void InterpolatePairs(const uint8_t* row, float* out) {
    FetchPairs(row);
    for (size_t x = 0; x < stride; x += kLanes) {
      WordVector low, high;
      hn::LoadInterleaved2(Words(), reinterpret_cast<const uint32_t*>(pairs_.data() + x), low, high);
      const auto weight = hn::LoadU(Shorts(), weights_.data() + 2 * x);
      const WordVector neighbors[3] = {Pair<0, 3>(low, low), Pair<1, 0>(low, high), Pair<2, 1>(low, high)};
      HWY_UNROLL(3)
      for (int c = 0; c < kChannels; ++c) {
        hn::StoreU(Blend(neighbors[c], weight), Floats(), out + c * stride + x);
      }
    }
  }

  // The two neighbors of every output in six bytes (r0 g0 b0 r1 g1 b1); of one channel, at the places of red.
  void FetchPairs(const uint8_t* row) {
    size_t x = 0;
    if constexpr (kChannels == 3) {
      // Eight bytes from a pixel that has two more on its right stay inside the row.
      for (; x < whole_pairs_; ++x) std::memcpy(&pairs_[x], row + 3 * static_cast<size_t>(indices_[x]), 8);
    }
    for (; x < stride; ++x) {
      const size_t left = indices_[x];
      const size_t right = std::min<size_t>(left + 1, source_width_ - 1);
      uint8_t bytes[8] = {};
      for (int c = 0; c < kChannels; ++c) {
        bytes[c] = row[left * kChannels + c];
        bytes[3 + c] = row[right * kChannels + c];
      }
      std::memcpy(&pairs_[x], bytes, 8);
    }
  }

  const size_t plane_stride_;
  size_t whole_pairs_ = 0;
  bool windows_ = false;
  AlignedBuffer<int16_t> weights_;  // two an output
  AlignedBuffer<int32_t> indices_;
  AlignedBuffer<int32_t> starts_;
  AlignedBuffer<uint8_t> pair_bytes_;
  AlignedBuffer<uint8_t> planes_;
  AlignedBuffer<uint64_t> pairs_;
};

// Calls write(y, upper, lower, stride, weight) for each output row with the two source rows that it lies between, already
// interpolated along x.
template <int kChannels, class Write>
void ResizeRows(const ImageView& source, int width, int height, const Write& write) {
  RowInterpolator<kChannels> interpolator(source.width, width);
  const size_t row_floats = interpolator.stride * kChannels;
  AlignedBuffer<float> ring(2 * row_floats);
  int held[2] = {-1, -1};
  const auto row = [&](int y) {
    float* slot = ring.data() + (y & 1) * row_floats;
    if (held[y & 1] != y) interpolator.Interpolate(source.row(y), slot);
    held[y & 1] = y;
    return static_cast<const float*>(slot);
  };
  for (int y = 0; y < height; ++y) {
    const ResizeTap tap = ResizeTapAt(y, height, source.height);
    const float* upper = row(tap.index);
    const float* lower = tap.weight > 0 ? row(tap.index + 1) : upper;
    write(y, upper, lower, interpolator.stride, tap.weight);
  }
}

template <int kChannels>
void ResizeNormalizeTo(const ImageView& source, const Normalization& normalization, const PlanarView& destination) {
  const auto write = [&](int y, const float* upper, const float* lower, size_t stride, float weight) PLACARD_INLINE_LAMBDA {
    for (int c = 0; c < kChannels; ++c) {
      const int channel = normalization.reverse_channels ? kChannels - 1 - c : c;
      const FloatVector upper_factor = hn::Set(Floats(), normalization.scale[c] * (1 - weight) / kUnit);
      const FloatVector lower_factor = hn::Set(Floats(), normalization.scale[c] * weight / kUnit);
      const FloatVector offset = hn::Set(Floats(), normalization.offset[c]);
      const auto load = [&](size_t x) PLACARD_INLINE_LAMBDA {
        const FloatVector low = hn::MulAdd(hn::LoadU(Floats(), lower + channel * stride + x), lower_factor, offset);
        return hn::MulAdd(hn::LoadU(Floats(), upper + channel * stride + x), upper_factor, low);
      };
      StoreFloats(load, destination.width, destination.data + c * destination.plane_stride + y * destination.row_stride);
    }
  };
  ResizeRows<kChannels>(source, destination.width, destination.height, write);
}

// Luma is linear in the channels: what is interpolated first needs no luma of the source.
void ResizeLumaTo(const ImageView& source, const Normalization& normalization, const PlanarView& destination) {
  const FloatVector offset = hn::Set(Floats(), normalization.offset[0]);
  const auto write = [&](int y, const float* upper, const float* lower, size_t stride, float weight) PLACARD_INLINE_LAMBDA {
    FloatVector upper_factors[3], lower_factors[3];
    for (int c = 0; c < 3; ++c) {
      const float scale = normalization.scale[0] * kLumaWeights[c] / kUnit;
      upper_factors[c] = hn::Set(Floats(), scale * (1 - weight));
      lower_factors[c] = hn::Set(Floats(), scale * weight);
    }
    const auto load = [&](size_t x) PLACARD_INLINE_LAMBDA {
      FloatVector sum = offset;
      HWY_UNROLL(3)
      for (int c = 0; c < 3; ++c) {
        sum = hn::MulAdd(hn::LoadU(Floats(), lower + c * stride + x), lower_factors[c], sum);
        sum = hn::MulAdd(hn::LoadU(Floats(), upper + c * stride + x), upper_factors[c], sum);
      }
      return sum;
    };
    StoreFloats(load, destination.width, destination.data + y * destination.row_stride);
  };
  ResizeRows<3>(source, destination.width, destination.height, write);
}

template <int kChannels>
void ResizeTo(const ImageView& source, const MutableImageView& destination) {
  const auto write = [&](int y, const float* upper, const float* lower, size_t stride, float weight) PLACARD_INLINE_LAMBDA {
    const FloatVector upper_factor = hn::Set(Floats(), (1 - weight) / kUnit);
    const FloatVector lower_factor = hn::Set(Floats(), weight / kUnit);
    const auto load = [&](int c, size_t x) PLACARD_INLINE_LAMBDA {
      const FloatVector low = hn::Mul(hn::LoadU(Floats(), lower + c * stride + x), lower_factor);
      return hn::MulAdd(hn::LoadU(Floats(), upper + c * stride + x), upper_factor, low);
    };
    StoreRounded<kChannels>(load, destination.width, destination.row(y));
  };
  ResizeRows<kChannels>(source, destination.width, destination.height, write);
}

void ResizeNormalizeKernel(const ImageView& source, const Normalization& normalization, const PlanarView& destination) {
  if (source.channels == 1) {
    ResizeNormalizeTo<1>(source, normalization, destination);
  } else if (normalization.luma) {
    ResizeLumaTo(source, normalization, destination);
  } else {
    ResizeNormalizeTo<3>(source, normalization, destination);
  }
}

void ResizeKernel(const ImageView& source, const MutableImageView& destination) {
  if (source.channels == 1) {
    ResizeTo<1>(source, destination);
  } else {
    ResizeTo<3>(source, destination);
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace placard
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace placard {

void ResizeNormalize(const ImageView& source, const Normalization& normalization, const PlanarView& destination) {
  if (source.empty() || destination.width <= 0 || destination.height <= 0) return;
  PLACARD_DISPATCH(ResizeNormalizeKernel)(source, normalization, destination);
}

void Resize(const ImageView& source, const MutableImageView& destination) {
  if (source.empty() || ImageView(destination).empty()) return;
  PLACARD_DISPATCH(ResizeKernel)(source, destination);
}

}  // namespace placard
#endif  // HWY_ONCE
