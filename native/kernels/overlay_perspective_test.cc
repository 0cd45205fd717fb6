#include "kernels/overlay_perspective.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "base/cpu_level_test.h"
#include "kernels/noise_planes.h"

namespace placard {
namespace {

constexpr Matrix3 kShifted = {1, 0, -3, 0, 1, -2, 0, 0, 1};
constexpr Matrix3 kTurned = {0.8, 0.5, -9.25, -0.45, 0.85, 6.5, 0, 0, 1};
constexpr Matrix3 kSlanted = {1.3, 0.2, -6.25, -0.15, 1.2, 3.5, 0.006, -0.004, 1.0};
constexpr Matrix3 kSqueezed = {1.9, 0, 0, 0, 0.4, 0, 0, 0, 1};
// Vanishes within the picture: at x = 50 there is nothing more to see.
constexpr Matrix3 kVanishing = {1, 0, 0, 0, 1, 0, -0.02, 0, 1};

// Red, green, blue times opacity and opacity of one pixel, in 255ths; nothing beyond the edges.
std::array<double, 4> Ink(const ImageView& layer, int64_t x, int64_t y) {
  if (x < 0 || y < 0 || x >= layer.width || y >= layer.height) return {};
  const uint8_t* pixel = layer.row(static_cast<int>(y)) + 4 * x;
  const double opacity = pixel[3] / 255.0;
  return {pixel[0] * opacity, pixel[1] * opacity, pixel[2] * opacity, opacity};
}

// One bilinear sample at a point of the picture, in double.
std::array<double, 4> Sample(const ImageView& layer, const Matrix3& m, double x, double y) {
  const double w = m[6] * x + m[7] * y + m[8];
  if (w <= 0) return {};
  const double u = (m[0] * x + m[1] * y + m[2]) / w - 0.5, v = (m[3] * x + m[4] * y + m[5]) / w - 0.5;
  if (!(std::abs(u) < 1e6 && std::abs(v) < 1e6)) return {};
  const auto left = static_cast<int64_t>(std::floor(u)), top = static_cast<int64_t>(std::floor(v));
  std::array<double, 4> sum{};
  for (int j = 0; j < 2; ++j) {
    for (int i = 0; i < 2; ++i) {
      const double weight = (i == 0 ? left + 1 - u : u - left) * (j == 0 ? top + 1 - v : v - top);
      const std::array<double, 4> ink = Ink(layer, left + i, top + j);
      for (size_t k = 0; k < 4; ++k) sum[k] += weight * ink[k];
    }
  }
  return sum;
}

// What a pixel becomes where `columns` x `rows` samples make it.
double Reference(const ImageView& layer, const Matrix3& m, int columns, int rows, double before, int c, int x, int y) {
  double ink = 0, opacity = 0;
  for (int j = 0; j < rows; ++j) {
    for (int i = 0; i < columns; ++i) {
      const std::array<double, 4> sample = Sample(layer, m, x + (i + 0.5) / columns, y + (j + 0.5) / rows);
      ink += sample[static_cast<size_t>(c)];
      opacity += sample[3];
    }
  }
  const double share = 1.0 / (columns * rows);
  return before * (1 - opacity * share) + ink * share;
}

using OverlayPerspectiveTest = CpuLevelTest;

// `matrix` has the same number of samples everywhere.
void ExpectOverlay(const ImageView& layer, const Matrix3& matrix, int width, int height) {
  SCOPED_TRACE(std::to_string(layer.width) + " x " + std::to_string(layer.height) + " over " + std::to_string(width) + " x " +
               std::to_string(height));
  const ColorPlanes before = NoisePlanes(width, height, 1, 5), planes = NoisePlanes(width, height, 1, 5);
  ASSERT_TRUE(OverlayPerspective(layer, matrix, planes).ok());
  const PixelSteps steps = PixelStepsAt(matrix, width / 2.0, height / 2.0);
  const int columns = SamplesAlong(steps.across), rows = SamplesAlong(steps.down);
  const double worst = WorstDifference(planes, [&](int c, int x, int y) {
    return Reference(layer, matrix, columns, rows, before.row(c, y)[x], c, x, y);
  });
  EXPECT_LT(worst, 0.05);
}

TEST_P(OverlayPerspectiveTest, AgreesWithTheReferenceAroundVectorWidths) {
  for (const Matrix3& matrix : {kShifted, kTurned, kSqueezed}) {
    for (const auto& [width, height] : {std::pair{1, 1}, {7, 5}, {16, 16}, {33, 21}}) {
      const NoisePicture layer(width, height, 4, 3, 2);
      for (const int picture : {1, 15, 16, 17, 40, 127, 128, 129, 300}) ExpectOverlay(layer.view(), matrix, picture, 24);
    }
  }
}

TEST(SamplesAlong, CoversAllPixelsButAQuarterOfOne) {
  const double pixels[] = {0, 1, 1.25, 1.26, 2.2, 2.3, 7.2, 8, 1e9, INFINITY, NAN};
  const int samples[] = {1, 1, 1, 2, 2, 3, 7, 8, 8, 8, 8};
  for (size_t i = 0; i < std::size(pixels); ++i) EXPECT_EQ(SamplesAlong(pixels[i]), samples[i]) << pixels[i];
}

TEST_P(OverlayPerspectiveTest, TakesAsManySamplesAsPixelsAreCovered) {
  const NoisePicture noise(64, 48, 4);
  // Along one axis only: the other one forbids to halve the layer.
  for (const double scale : {1.0, 1.2, 2.0, 2.7, 5.0}) {
    ExpectOverlay(noise.view(), {scale, 0, -4, 0, 0.9, -2, 0, 0, 1}, 70, 50);
    ExpectOverlay(noise.view(), {0.9, 0, -4, 0, scale, -2, 0, 0, 1}, 70, 50);
  }
}

TEST_P(OverlayPerspectiveTest, SeesPlanesThatSlantAndVanish) {
  const NoisePicture noise(64, 48, 4);
  for (const Matrix3& matrix : {kSlanted, kVanishing}) {
    const ColorPlanes before = NoisePlanes(90, 60, 0, 5), planes = NoisePlanes(90, 60, 0, 5);
    ASSERT_TRUE(OverlayPerspective(noise.view(), matrix, planes).ok());
    // The number of samples is that of the middle of each span, which here is a row's part in sight.
    for (int y = 0; y < 60; ++y) {
      for (int x = 0; x < 90; ++x) {
        double nearest = 1e9;
        for (int columns = 1; columns <= kMostSamples; ++columns) {
          for (int rows = 1; rows <= kMostSamples; ++rows) {
            const double expected = Reference(noise.view(), matrix, columns, rows, before.row(1, y)[x], 1, x, y);
            nearest = std::min(nearest, std::abs(expected - planes.row(1, y)[x]));
          }
        }
        ASSERT_LT(nearest, 0.05) << x << ", " << y;
      }
    }
  }
}

TEST_P(OverlayPerspectiveTest, DrawsTheSameByAMatrixOfTheOtherSign) {
  const NoisePicture noise(40, 30, 4);
  Matrix3 negative = kSlanted;
  for (double& value : negative) value *= -7;
  const ColorPlanes planes = NoisePlanes(60, 40, 0), others = NoisePlanes(60, 40, 0);
  ASSERT_TRUE(OverlayPerspective(noise.view(), kSlanted, planes).ok());
  ASSERT_TRUE(OverlayPerspective(noise.view(), negative, others).ok());
  EXPECT_LT(WorstDifference(planes, [&](int c, int x, int y) { return others.row(c, y)[x]; }), 0.01);
}

TEST_P(OverlayPerspectiveTest, AveragesLayersThatBecomeSmall) {
  // A checkerboard of opaque and transparent pixels is half of its color, however small it becomes; the color of what is
  // transparent counts for nothing.
  constexpr int kSide = 512;
  std::vector<uint8_t> bytes;
  for (int i = 0; i < kSide * kSide; ++i) {
    const bool ink = (i % kSide + i / kSide) % 2 == 0;
    bytes.insert(bytes.end(), {static_cast<uint8_t>(ink ? 200 : 7), 100, 50, static_cast<uint8_t>(ink ? 255 : 0)});
  }
  const ImageView layer{bytes.data(), kSide, kSide, 4, 4 * kSide};
  for (const double scale : {2.0, 3.3, 8.0, 20.0}) {
    const int side = static_cast<int>(kSide / scale) - 2;
    const ColorPlanes planes = NoisePlanes(side, side, 0);
    for (int c = 0; c < 3; ++c) {
      for (int y = 0; y < side; ++y) std::fill_n(planes.row(c, y), side, 80.0F);
    }
    ASSERT_TRUE(OverlayPerspective(layer, {scale, 0, scale, 0, scale, scale, 0, 0, 1}, planes).ok());
    const double worst = WorstDifference(planes, [](int c, int, int) { return c == 0 ? 140 : c == 1 ? 90 : 65; });
    EXPECT_LT(worst, 1.0) << scale;
  }
}

TEST_P(OverlayPerspectiveTest, CoversWhereItIsOpaqueAndLeavesWhatIsBeyond) {
  const std::vector<uint8_t> bytes(4 * 10 * 8, 255);
  const ColorPlanes before = NoisePlanes(40, 30, 2), planes = NoisePlanes(40, 30, 2);
  ASSERT_TRUE(OverlayPerspective({bytes.data(), 10, 8, 4, 40}, {1, 0, -20, 0, 1, -10, 0, 0, 1}, planes).ok());
  const double worst = WorstDifference(planes, [&](int c, int x, int y) {
    return x >= 20 && x < 30 && y >= 10 && y < 18 ? 255 : before.row(c, y)[x];
  });
  EXPECT_LT(worst, 1e-3);
}

TEST_P(OverlayPerspectiveTest, DrawsNothingOfWhatIsFarOffOrHasNoArea) {
  const NoisePicture noise(20, 20, 4);
  for (const Matrix3& matrix : {Matrix3{1, 0, 1e9, 0, 1, 0, 0, 0, 1}, Matrix3{1, 0, 0, 0, 1, 0, 0, 0, 0},
                                Matrix3{0, 0, 0, 0, 0, 0, 0, 0, 0}, Matrix3{0, 0, -1e30, 0, 0, -1e30, 1e-30, 0, 1e-30}}) {
    const ColorPlanes planes = NoisePlanes(40, 30, 0);
    ASSERT_TRUE(OverlayPerspective(noise.view(), matrix, planes).ok());
    EXPECT_EQ(ValuesOf(planes), ValuesOf(NoisePlanes(40, 30, 0)));
  }
  const ColorPlanes planes = NoisePlanes(8, 8, 0);
  ASSERT_TRUE(OverlayPerspective({nullptr, 0, 0, 4, 0}, kShifted, planes).ok());
  EXPECT_EQ(ValuesOf(planes), ValuesOf(NoisePlanes(8, 8, 0)));
}

PLACARD_EVERY_CPU_LEVEL(OverlayPerspectiveTest);

}  // namespace
}  // namespace placard
