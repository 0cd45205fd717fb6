#include "kernels/sensor_noise.h"

#include <cmath>
#include <vector>

#include "base/cpu_level_test.h"
#include "kernels/noise_planes.h"

namespace placard {
namespace {

double MeanProduct(const std::vector<float>& a, size_t a_start, const std::vector<float>& b, size_t b_start, size_t count) {
  double sum = 0;
  for (size_t i = 0; i < count; ++i) sum += static_cast<double>(a[a_start + i]) * b[b_start + i];
  return sum / static_cast<double>(count);
}

using SensorNoiseTest = CpuLevelTest;

TEST_P(SensorNoiseTest, IsTheDocumentedHash) {
  // MurmurHash3's finalizer by hand, for one place of each plane.
  const auto mixed = [](uint32_t word) {
    word ^= word >> 16;
    word *= 0x85EBCA6B;
    word ^= word >> 13;
    word *= 0xC2B2AE35;
    return word ^ (word >> 16);
  };
  const ColorPlanes noise(70, 4, 3);
  UnitNoise(77, 0.0, noise);
  const double worst = WorstDifference(noise, [&](int c, int x, int y) {
    const uint32_t key = mixed(mixed(77 + (c + 1) * 0x9E3779B9U) + y * 0x9E3779B9U);
    const uint32_t hash = mixed(key + x * 0x9E3779B9U);
    const double sum = (hash & 255) + (hash >> 8 & 255) + (hash >> 16 & 255) + (hash >> 24);
    return (sum - 510) / std::sqrt(4 * (256.0 * 256 - 1) / 12);
  });
  EXPECT_LT(worst, 1e-5);
}

TEST_P(SensorNoiseTest, HasMeanZeroVarianceOneAndTheShareOfLuma) {
  constexpr int kSide = 256;
  constexpr size_t kCount = kSide * kSide;
  const double slack = 5 * std::sqrt(2.0 / kCount);  // five deviations of a mean square
  for (const double share : {0.0, 0.3, 1.0}) {
    const ColorPlanes noise(kSide, kSide, 0);
    UnitNoise(3, share, noise);
    const std::vector<float> values = ValuesOf(noise), ones(kCount, 1);
    for (size_t c = 0; c < 3; ++c) {
      EXPECT_NEAR(MeanProduct(values, c * kCount, ones, 0, kCount), 0, slack);
      EXPECT_NEAR(MeanProduct(values, c * kCount, values, c * kCount, kCount), 1, slack);
      EXPECT_NEAR(MeanProduct(values, c * kCount, values, (c + 1) % 3 * kCount, kCount), share, slack);
    }
    // Neighbors along a row and from row to row know nothing of each other.
    EXPECT_NEAR(MeanProduct(values, 0, values, 1, kCount - 1), 0, slack);
    EXPECT_NEAR(MeanProduct(values, 0, values, kSide, kCount - kSide), 0, slack);
  }
}

TEST_P(SensorNoiseTest, IsNormalEnough) {
  const ColorPlanes noise(256, 256, 0);
  UnitNoise(9, 0.5, noise);
  int beyond_one = 0, beyond_two = 0;
  const std::vector<float> values = ValuesOf(noise);
  for (const float value : values) {
    beyond_one += std::abs(value) > 1;
    beyond_two += std::abs(value) > 2;
  }
  const auto count = static_cast<double>(values.size());
  EXPECT_NEAR(beyond_one / count, 0.317, 0.015);
  EXPECT_NEAR(beyond_two / count, 0.0455, 0.008);
}

TEST_P(SensorNoiseTest, DependsOnTheSeedAndThePlaceAlone) {
  const ColorPlanes noise(40, 9, 2), wider(95, 12, 0), other(40, 9, 2);
  UnitNoise(5, 0.4, noise);
  UnitNoise(5, 0.4, wider);
  UnitNoise(6, 0.4, other);
  EXPECT_EQ(WorstDifference(noise, [&](int c, int x, int y) { return wider.row(c, y)[x]; }), 0);
  EXPECT_GT(WorstDifference(noise, [&](int c, int x, int y) { return other.row(c, y)[x]; }), 1);
}

TEST_P(SensorNoiseTest, GrowsWithTheRootOfTheLight) {
  for (const int width : {1, 15, 16, 17, 40}) {
    const ColorPlanes before = NoisePlanes(width, 3, 0), planes = NoisePlanes(width, 3, 0), noise(width, 3, 0);
    before.row(1, 1)[0] = planes.row(1, 1)[0] = -20;
    UnitNoise(1, 0.2, noise);
    AddNoise(noise, 1.5, 3, 7, planes);
    const double worst = WorstDifference(planes, [&](int c, int x, int y) {
      const double level = before.row(c, y)[x];
      return level + noise.row(c, y)[x] * 1.5 * std::sqrt(9 + 49 * std::max(level, 0.0) / 128);
    });
    ASSERT_LT(worst, 1e-3) << width;
  }
}

PLACARD_EVERY_CPU_LEVEL(SensorNoiseTest);

}  // namespace
}  // namespace placard
