#include "kernels/convolution.h"

#include <cmath>
#include <cstdlib>
#include <numbers>

#include "base/cpu_level_test.h"
#include "kernels/noise_planes.h"

namespace placard {
namespace {

struct Moments {
  double sum = 0, x = 0, y = 0, xx = 0, yy = 0, xy = 0;
};

Moments MomentsOf(const Taps& taps) {
  Moments moments;
  for (const auto& [dx, dy, weight] : taps) {
    moments.sum += weight;
    moments.x += weight * dx;
    moments.y += weight * dy;
    moments.xx += weight * dx * dx;
    moments.yy += weight * dy * dy;
    moments.xy += weight * dx * dy;
  }
  return moments;
}

void ExpectCentered(const Moments& moments) {
  EXPECT_NEAR(moments.sum, 1, 1e-5);
  EXPECT_NEAR(moments.x, 0, 1e-5);
  EXPECT_NEAR(moments.y, 0, 1e-5);
}

TEST(Taps, OfDisksHaveTheDisksArea) {
  for (const double radius : {0.4, 0.5, 0.7, 1.0, 1.6, 3.0, 7.3}) {
    const Taps taps = DiskTaps(radius);
    const Moments moments = MomentsOf(taps);
    ExpectCentered(moments);
    // Inside, a weight is one over the area.
    const double area = std::max(std::numbers::pi * radius * radius, 1.0);
    double highest = 0;
    for (const Tap& tap : taps) highest = std::max<double>(highest, tap.weight);
    if (radius >= 1) {
      EXPECT_NEAR(highest * area, 1, 0.06) << radius;
      // A disk's second moment is a quarter of its radius squared; that its edge is moved to pixels' centers adds up to 1 / 6.
      EXPECT_NEAR(moments.xx, radius * radius / 4, 1.0 / 6) << radius;
    }
    EXPECT_NEAR(moments.xx, moments.yy, 1e-5) << radius;
    EXPECT_NEAR(moments.xy, 0, 1e-5) << radius;
    EXPECT_LE(ReachOf(taps), static_cast<int>(std::ceil(radius))) << radius;
  }
  EXPECT_EQ(DiskTaps(0.01).size(), 1U);
}

TEST(Taps, OfSegmentsLieAlongThem) {
  for (const auto& [x, y] : {std::pair{3.0, 1.0}, {-5.5, 2.0}, {0.0, 7.0}, {0.3, 0.0}, {12.0, -12.0}}) {
    const Taps taps = SegmentTaps(x, y);
    const Moments moments = MomentsOf(taps);
    ExpectCentered(moments);
    // A segment's moments, and those of sharing a point between four pixels: at most 1 / 4.
    EXPECT_NEAR(moments.xx, x * x / 12, 0.27) << x << ", " << y;
    EXPECT_NEAR(moments.yy, y * y / 12, 0.27) << x << ", " << y;
    EXPECT_NEAR(moments.xy, x * y / 12, 0.27) << x << ", " << y;
    EXPECT_LE(ReachOf(taps), static_cast<int>(std::max(std::abs(x), std::abs(y)) / 2) + 1);
  }
}

TEST(Taps, OfGaussiansHaveTheirDeviation) {
  for (const double deviation : {0.6, 1.0, 2.5, 6.0}) {
    const Moments row = MomentsOf(GaussianRow(deviation)), column = MomentsOf(GaussianColumn(deviation));
    ExpectCentered(row);
    ExpectCentered(column);
    EXPECT_NEAR(row.xx / (deviation * deviation), 1, 0.05) << deviation;
    EXPECT_EQ(row.yy, 0);
    EXPECT_EQ(column.yy, row.xx);
    EXPECT_EQ(column.xx, 0);
  }
}

double Reference(const ColorPlanes& source, const Taps& taps, int c, int x, int y) {
  const auto mirrored = [](int i, int size) {
    while (size > 1 && (i < 0 || i >= size)) i = i < 0 ? -i : 2 * (size - 1) - i;
    return size > 1 ? i : 0;
  };
  double sum = 0;
  for (const auto& [dx, dy, weight] : taps) {
    sum += static_cast<double>(weight) * source.row(c, mirrored(y + dy, source.height()))[mirrored(x + dx, source.width())];
  }
  return sum;
}

using ConvolutionTest = CpuLevelTest;

TEST_P(ConvolutionTest, AgreesWithTheReferenceAroundVectorWidths) {
  const Taps uneven = {{-3, 1, 0.5F}, {0, 0, 0.25F}, {2, -4, 1.5F}, {1, 0, -1.0F}};
  for (const Taps& taps : {uneven, DiskTaps(2.2), SegmentTaps(5, 3), GaussianRow(1.3), GaussianColumn(0.7)}) {
    for (const int width : {1, 2, 3, 7, 8, 15, 16, 17, 31, 33, 63, 64, 65, 130}) {
      for (const int height : {1, 2, 9}) {
        const int margin = ReachOf(taps) + width % 2;
        const ColorPlanes source = NoisePlanes(width, height, margin);
        const ColorPlanes destination(width, height, margin);
        Convolve(source, taps, destination);
        const double worst = WorstDifference(destination, [&](int c, int x, int y) { return Reference(source, taps, c, x, y); });
        ASSERT_LT(worst, 1e-3) << width << " x " << height;
      }
    }
  }
}

TEST_P(ConvolutionTest, MirrorsPicturesThatAreSmallerThanTheReach) {
  const Taps taps = SegmentTaps(40, 30);
  const ColorPlanes source = NoisePlanes(3, 2, ReachOf(taps)), destination(3, 2, ReachOf(taps));
  Convolve(source, taps, destination);
  EXPECT_LT(WorstDifference(destination, [&](int c, int x, int y) { return Reference(source, taps, c, x, y); }), 1e-3);
}

PLACARD_EVERY_CPU_LEVEL(ConvolutionTest);

}  // namespace
}  // namespace placard
