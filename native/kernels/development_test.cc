#include "kernels/development.h"

#include <algorithm>
#include <cmath>

#include "base/cpu_level_test.h"
#include "kernels/noise_planes.h"
#include "kernels/normalization.h"

namespace placard {
namespace {

double Toned(double level, const ToneCurve& curve) {
  return 255 * std::pow(std::clamp(curve.gain * level / 255 + curve.lift, 0.0, 1.0), curve.gamma);
}

double Reference(const ColorPlanes& planes, const ToneCurve& curve, int c, int x, int y) {
  double luma = 0;
  for (int k = 0; k < 3; ++k) luma += kLumaWeights[k] * Toned(planes.row(k, y)[x], curve);
  const double color = luma + curve.saturation * (Toned(planes.row(c, y)[x], curve) - luma);
  return std::clamp(color, 0.0, 255.0);
}

using DevelopmentTest = CpuLevelTest;

TEST_P(DevelopmentTest, AgreesWithTheReferenceAroundVectorWidths) {
  for (const ToneCurve& curve : {ToneCurve{}, ToneCurve{1.2F, -0.05F, 0.45F, 1.3F}, ToneCurve{0.7F, 0.2F, 2.2F, 0},
                                 ToneCurve{3, 0, 40, 1}, ToneCurve{1, -1.5F, 0.02F, 1}}) {
    for (const int width : {1, 2, 15, 16, 17, 31, 32, 33, 63, 64, 65, 130}) {
      const ColorPlanes before = NoisePlanes(width, 3, 1), planes = NoisePlanes(width, 3, 1);
      GuardedPlanes<uint8_t> pixels(3 * width, 3, 1);
      Develop(planes, curve, {pixels.data(), width, 3, 3, pixels.row_stride()});
      for (int y = 0; y < 3; ++y) {
        for (int i = 0; i < 3 * width; ++i) {
          ASSERT_NEAR(pixels.at(0, y, i), Reference(before, curve, i % 3, i / 3, y), 0.51) << width << ", gamma " << curve.gamma;
        }
      }
      EXPECT_TRUE(pixels.Untouched());
    }
  }
}

TEST_P(DevelopmentTest, RaisesToPowersAsDocumented) {
  // The planes are toned in place: what is rounded can be looked at.
  constexpr int kWidth = 4096;
  for (const float gamma : {0.3F, 0.9F, 1.7F, 5.0F}) {
    const ColorPlanes planes(kWidth, 1, 0);
    for (int c = 0; c < 3; ++c) {
      for (int x = 0; x < kWidth; ++x) planes.row(c, 0)[x] = 255.0F * static_cast<float>(x) / (kWidth - 1);
    }
    std::vector<uint8_t> bytes(3 * kWidth);
    Develop(planes, {1, 0, gamma, 1}, {bytes.data(), kWidth, 1, 3, 3 * kWidth});
    const double worst = WorstDifference(planes, [&](int, int x, int) {
      return 255 * std::pow(static_cast<double>(x) / (kWidth - 1), gamma);
    });
    EXPECT_LT(worst / 255, 1e-5) << gamma;
  }
}

TEST_P(DevelopmentTest, SharpensByTheDifferenceToABlurredCopy) {
  for (const int width : {1, 16, 19}) {
    const ColorPlanes before = NoisePlanes(width, 2, 0), planes = NoisePlanes(width, 2, 0), blurred = NoisePlanes(width, 2, 0, 9);
    Sharpen(blurred, 0.6, planes);
    const double worst = WorstDifference(planes, [&](int c, int x, int y) {
      return before.row(c, y)[x] + 0.6 * (before.row(c, y)[x] - blurred.row(c, y)[x]);
    });
    ASSERT_LT(worst, 1e-3);
  }
}

PLACARD_EVERY_CPU_LEVEL(DevelopmentTest);

}  // namespace
}  // namespace placard
