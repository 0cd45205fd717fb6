#include "kernels/sensor_noise.h"

#include <cmath>
#include <cstddef>

#include "base/simd_targets.h"

#ifndef PLACARD_KERNELS_SENSOR_NOISE_CC_
#define PLACARD_KERNELS_SENSOR_NOISE_CC_
namespace placard {

// The bijection of 32-bit words that ends MurmurHash3, and the step of SplitMix32.
constexpr uint32_t kMixFactors[2] = {0x85EBCA6B, 0xC2B2AE35};
constexpr uint32_t kStep = 0x9E3779B9;

// How much the common noise and a plane's own count.
struct NoiseShares {
  float common, own;
};

}  // namespace placard
#endif  // PLACARD_KERNELS_SENSOR_NOISE_CC_

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/sensor_noise.cc"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "kernels/byte_lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace placard {
namespace HWY_NAMESPACE {
namespace {

HWY_INLINE FloatVector NoiseAt(WordVector counters, uint32_t key) {
  const Words d;
  WordVector mixed = hn::Add(counters, hn::Set(d, key));
  mixed = hn::Mul(hn::Xor(mixed, hn::ShiftRight<16>(mixed)), hn::Set(d, kMixFactors[0]));
  mixed = hn::Mul(hn::Xor(mixed, hn::ShiftRight<13>(mixed)), hn::Set(d, kMixFactors[1]));
  mixed = hn::Xor(mixed, hn::ShiftRight<16>(mixed));
  const WordVector bytes = hn::Set(d, 0x00FF00FF);
  const WordVector pairs = hn::Add(hn::And(mixed, bytes), hn::And(hn::ShiftRight<8>(mixed), bytes));
  const WordVector sum = hn::And(hn::Add(pairs, hn::ShiftRight<16>(pairs)), hn::Set(d, 0xFFFF));
  // Four bytes have the mean 4 * 255 / 2 and the variance 4 * (256² - 1) / 12.
  constexpr float kMean = 510.0F, kDeviation = 147.80054F;
  return hn::Mul(hn::Sub(ToFloats(sum), hn::Set(Floats(), kMean)), hn::Set(Floats(), 1 / kDeviation));
}

// keys: of the row, for what is common to the planes and for each plane.
void UnitNoiseRow(const uint32_t (&keys)[4], const NoiseShares& shares, int width, float* const (&rows)[3]) {
  const Floats d;
  const FloatVector common_share = hn::Set(d, shares.common), own_share = hn::Set(d, shares.own);
  for (int x = 0; x < width; x += kLanes) {
    const WordVector counters = hn::Mul(hn::Iota(Words(), x), hn::Set(Words(), kStep));
    const FloatVector common = shares.common > 0 ? hn::Mul(NoiseAt(counters, keys[0]), common_share) : hn::Zero(d);
    for (int c = 0; c < 3; ++c) {
      const FloatVector own = shares.own > 0 ? NoiseAt(counters, keys[c + 1]) : hn::Zero(d);
      hn::StoreU(hn::MulAdd(own, own_share, common), d, rows[c] + x);
    }
  }
}

void AddNoiseRow(const float* noise, float read_variance, float shot_variance, int width, float* row) {
  const Floats d;
  for (int x = 0; x < width; x += kLanes) {
    const FloatVector level = hn::LoadU(d, row + x);
    const FloatVector light = hn::Max(level, hn::Zero(d));
    const FloatVector deviation = hn::Sqrt(hn::MulAdd(light, hn::Set(d, shot_variance), hn::Set(d, read_variance)));
    hn::StoreU(hn::MulAdd(hn::LoadU(d, noise + x), deviation, level), d, row + x);
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace placard
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace placard {
namespace {

uint32_t Mixed(uint32_t word) {
  word = (word ^ (word >> 16)) * kMixFactors[0];
  word = (word ^ (word >> 13)) * kMixFactors[1];
  return word ^ (word >> 16);
}

}  // namespace

void UnitNoise(uint32_t seed, double luma_share, const ColorPlanes& noise) {
  const NoiseShares shares{static_cast<float>(std::sqrt(luma_share)), static_cast<float>(std::sqrt(1 - luma_share))};
  const auto unit_noise_row = PLACARD_DISPATCH(UnitNoiseRow);
  for (int y = 0; y < noise.height(); ++y) {
    uint32_t keys[4];
    for (uint32_t i = 0; i < 4; ++i) keys[i] = Mixed(Mixed(seed + i * kStep) + static_cast<uint32_t>(y) * kStep);
    unit_noise_row(keys, shares, noise.width(), {noise.row(0, y), noise.row(1, y), noise.row(2, y)});
  }
}

void AddNoise(const ColorPlanes& noise, double unit, double read, double shot, const ColorPlanes& planes) {
  const auto read_variance = static_cast<float>(read * read * unit * unit);
  const auto shot_variance = static_cast<float>(shot * shot * unit * unit / 128);
  const auto add_noise_row = PLACARD_DISPATCH(AddNoiseRow);
  for (int c = 0; c < 3; ++c) {
    for (int y = 0; y < planes.height(); ++y) {
      add_noise_row(noise.row(c, y), read_variance, shot_variance, planes.width(), planes.row(c, y));
    }
  }
}

}  // namespace placard
#endif  // HWY_ONCE
