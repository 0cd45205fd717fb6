#include "kernels/light.h"

#include <cmath>

#include "base/cpu_level_test.h"
#include "kernels/noise_planes.h"

namespace placard {
namespace {

constexpr CornerGains kEven = {{{1, 1, 1}, {1, 1, 1}, {1, 1, 1}, {1, 1, 1}}};
constexpr CornerGains kUneven = {{{1, 0.9F, 0.8F}, {0.5F, 0.6F, 0.7F}, {1.4F, 1.2F, 1}, {0.2F, 0.1F, 0}}};

double Gain(const CornerGains& corners, const std::vector<LightSpot>& spots, int width, int height, int c, int x, int y) {
  const double across = (x + 0.5) / width, down = (y + 0.5) / height;
  double gain = (1 - down) * ((1 - across) * corners[0][c] + across * corners[1][c]) +
                down * ((1 - across) * corners[3][c] + across * corners[2][c]);
  for (const LightSpot& spot : spots) {
    const double dx = x + 0.5 - spot.x, dy = y + 0.5 - spot.y;
    gain *= 1 + (spot.gain - 1) * std::exp(-(dx * dx + dy * dy) / (2 * spot.radius * spot.radius));
  }
  return gain;
}

using LightTest = CpuLevelTest;

TEST_P(LightTest, AgreesWithTheReferenceAroundVectorWidths) {
  const std::vector<LightSpot> spots = {{5, 3, 4, 2}, {-20, 40, 30, 0.3F}};
  for (const int width : {1, 2, 15, 16, 17, 33, 64, 101}) {
    for (const int height : {1, 6}) {
      const ColorPlanes before = NoisePlanes(width, height, 1), planes = NoisePlanes(width, height, 1);
      ShedLight(kUneven, spots, planes);
      const double worst = WorstDifference(planes, [&](int c, int x, int y) {
        return before.row(c, y)[x] * Gain(kUneven, spots, width, height, c, x, y);
      });
      ASSERT_LT(worst, 1e-3) << width << " x " << height;
    }
  }
}

TEST_P(LightTest, OfGainOneLeavesThePicture) {
  const ColorPlanes planes = NoisePlanes(37, 5, 0);
  ShedLight(kEven, {{3, 3, 9, 1}}, planes);
  EXPECT_EQ(ValuesOf(planes), ValuesOf(NoisePlanes(37, 5, 0)));
}

PLACARD_EVERY_CPU_LEVEL(LightTest);

}  // namespace
}  // namespace placard
