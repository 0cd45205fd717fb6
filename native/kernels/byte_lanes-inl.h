// Bytes to float lanes and back, for the instruction set that Highway is compiling for.

#if defined(PLACARD_KERNELS_BYTE_LANES_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef PLACARD_KERNELS_BYTE_LANES_INL_H_
#undef PLACARD_KERNELS_BYTE_LANES_INL_H_
#else
#define PLACARD_KERNELS_BYTE_LANES_INL_H_
#endif

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "hwy/highway.h"

// After the parameters of a lambda in an inner loop: compilers give up inlining it at some optimization levels.
#ifndef PLACARD_INLINE_LAMBDA
#define PLACARD_INLINE_LAMBDA HWY_ATTR __attribute__((always_inline))
#endif

HWY_BEFORE_NAMESPACE();
namespace placard {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using Floats = hn::ScalableTag<float>;
using Ints = hn::ScalableTag<int32_t>;
using Words = hn::ScalableTag<uint32_t>;
using Bytes = hn::ScalableTag<uint8_t>;
using FloatVector = hn::VFromD<Floats>;
using WordVector = hn::VFromD<Words>;
using ByteVector = hn::VFromD<Bytes>;

constexpr size_t kLanes = HWY_MAX_BYTES / sizeof(float);
constexpr size_t kByteLanes = HWY_MAX_BYTES;
// SSE2 has no byte shuffle, and Highway's replacement is slower than plain byte moves.
constexpr bool kShufflesBytes = HWY_TARGET != HWY_SSE2;

HWY_INLINE FloatVector ToFloats(WordVector words) { return hn::ConvertTo(Floats(), hn::BitCast(Ints(), words)); }

template <int kByte>
HWY_INLINE FloatVector ByteToFloats(WordVector words) {
  if constexpr (kByte == 3) return ToFloats(hn::ShiftRight<24>(words));
  const WordVector low = hn::Set(Words(), 0xFF);
  if constexpr (kByte == 0) return ToFloats(hn::And(words, low));
  return ToFloats(hn::And(hn::ShiftRight<8 * kByte>(words), low));
}

// Neighbors of one row, first + weight * (second - first).
HWY_INLINE FloatVector Lerp(FloatVector first, FloatVector second, FloatVector weight) {
  return hn::MulAdd(weight, hn::Sub(second, first), first);
}

// Two neighboring RGB pixels in the low six bytes of a 64-bit word (r0 g0 b0 r1 g1 b1), kLanes of them.
struct PixelPairs {
  FloatVector left[3];
  FloatVector right[3];
};

HWY_INLINE PixelPairs LoadPixelPairs(const uint64_t* pairs) {
  WordVector low, high;
  hn::LoadInterleaved2(Words(), reinterpret_cast<const uint32_t*>(pairs), low, high);
  return {{ByteToFloats<0>(low), ByteToFloats<1>(low), ByteToFloats<2>(low)},
          {ByteToFloats<3>(low), ByteToFloats<0>(high), ByteToFloats<1>(high)}};
}

// Rounds to nearest (ties to even) and clamps to 0...255; `load(i)` gives lanes i * kLanes and on, i < 4.
template <class Load>
HWY_INLINE ByteVector RoundToBytes(const Load& load) {
  const hn::ScalableTag<int16_t> shorts;
  const auto low = hn::OrderedDemote2To(shorts, hn::NearestInt(load(0)), hn::NearestInt(load(1)));
  const auto high = hn::OrderedDemote2To(shorts, hn::NearestInt(load(2)), hn::NearestInt(load(3)));
  return hn::OrderedDemote2To(Bytes(), low, high);
}

template <int kChannels>
HWY_INLINE void StorePixels(const ByteVector* planes, uint8_t* pixels) {
  if constexpr (kChannels == 1) {
    hn::StoreU(planes[0], Bytes(), pixels);
  } else if constexpr (!kShufflesBytes) {
    uint8_t bytes[3][kByteLanes];
    for (int c = 0; c < 3; ++c) hn::StoreU(planes[c], Bytes(), bytes[c]);
    for (size_t x = 0; x < kByteLanes; ++x) {
      for (int c = 0; c < 3; ++c) pixels[3 * x + c] = bytes[c][x];
    }
  } else {
    hn::StoreInterleaved3(planes[0], planes[1], planes[2], Bytes(), pixels);
  }
}

// Writes `width` interleaved pixels. `load(channel, x)` gives the float lanes x ... x + kLanes - 1 of a channel, and is
// asked for lanes up to `width` rounded up to kByteLanes.
template <int kChannels, class Load>
HWY_INLINE void StoreRounded(const Load& load, size_t width, uint8_t* pixels) {
  for (size_t x = 0; x < width; x += kByteLanes) {
    ByteVector planes[kChannels];
    HWY_UNROLL(3)
    for (int c = 0; c < kChannels; ++c) {
      planes[c] = RoundToBytes([&](size_t i) PLACARD_INLINE_LAMBDA { return load(c, x + i * kLanes); });
    }
    if (x + kByteLanes <= width) {
      StorePixels<kChannels>(planes, pixels + x * kChannels);
    } else {
      uint8_t tail[kChannels * kByteLanes];
      StorePixels<kChannels>(planes, tail);
      std::memcpy(pixels + x * kChannels, tail, (width - x) * kChannels);
    }
  }
}

// Writes `width` floats, load(x) giving the lanes x ... x + kLanes - 1.
template <class Load>
HWY_INLINE void StoreFloats(const Load& load, size_t width, float* destination) {
  size_t x = 0;
  for (; x + kLanes <= width; x += kLanes) hn::StoreU(load(x), Floats(), destination + x);
  if (x < width) hn::StoreN(load(x), Floats(), destination + x, width - x);
}

}  // namespace HWY_NAMESPACE
}  // namespace placard
HWY_AFTER_NAMESPACE();

#endif  // PLACARD_KERNELS_BYTE_LANES_INL_H_
