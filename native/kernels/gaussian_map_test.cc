#include "kernels/gaussian_map.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <vector>

#include "base/cpu_level_test.h"
#include "kernels/noise_picture.h"
#include "kernels/warp_perspective.h"

namespace placard {
namespace {

constexpr int kWidth = 70, kHeight = 50;

// Levels inside a larger map.
struct Canvas {
  GuardedPlanes<uint8_t> levels{kWidth, kHeight, 1};

  Canvas() {
    for (int y = 0; y < kHeight; ++y) std::fill_n(view().row(y), kWidth, uint8_t{0});
  }

  MutableImageView view() { return {levels.data(), kWidth, kHeight, 1, levels.row_stride()}; }
  int At(int x, int y) const { return levels.at(0, y, x); }
  int Sum() const {
    int sum = 0;
    for (int y = 0; y < kHeight; ++y) {
      for (int x = 0; x < kWidth; ++x) sum += At(x, y);
    }
    return sum;
  }
};

Canvas Drawn(const std::vector<Quad>& quads, GaussianPreset preset, GaussianKind kind = GaussianKind::kRegion) {
  Canvas canvas;
  GaussianMap(quads, preset, kind, canvas.view());
  EXPECT_TRUE(canvas.levels.Untouched());
  return canvas;
}

Quad Upright(double left, double top, double right, double bottom) {
  return {{{left, top}, {right, top}, {right, bottom}, {left, bottom}}};
}

constexpr Quad kBox = {{{22, 15}, {46, 15}, {46, 31}, {22, 31}}};
constexpr Quad kSlanted = {{{20, 12}, {48, 18}, {44, 36}, {24, 28}}};

// The level of a point whose place in the quad is (u, v), from -1 to 1.
using Level = std::function<double(double u, double v)>;

// Each pixel is the level at its center, or one close by: on the edge where a Gaussian is cut off, rounding decides.
void ExpectLevels(const Canvas& canvas, const Quad& quad, const Level& level) {
  const Result<Matrix3> m = PerspectiveTransform(quad, Upright(-1, -1, 1, 1));
  ASSERT_TRUE(m.ok());
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) {
      const auto at = [&](size_t row) { return (*m)[row] * (x + .5) + (*m)[row + 1] * (y + .5) + (*m)[row + 2]; };
      const double w = at(6);
      const auto near = [&](double share) { return w > 0 ? 255 * level(share * at(0) / w, share * at(3) / w) : 0; };
      const auto [least, most] = std::minmax({near(1), near(.985), near(1.015)});
      EXPECT_GE(canvas.At(x, y), least - 1) << x << ", " << y;
      EXPECT_LE(canvas.At(x, y), most + 1) << x << ", " << y;
    }
  }
}

double Gaussian(double u, double v, double sigma) { return std::exp(-(u * u + v * v) / (2 * sigma * sigma)); }

class GaussianMapTest : public CpuLevelTest {};
PLACARD_EVERY_CPU_LEVEL(GaussianMapTest);

TEST_P(GaussianMapTest, PaperSpillsOutAsFarAsItCanBeSeen) {
  const Level level = [](double u, double v) { return Gaussian(u, v, .68); };
  for (const GaussianKind kind : {GaussianKind::kRegion, GaussianKind::kAffinity}) {
    ExpectLevels(Drawn({kBox}, GaussianPreset::kPaper, kind), kBox, level);
  }
}

TEST_P(GaussianMapTest, BrooklynEndsAtTheSides) {
  const Level level = [](double u, double v) {
    const double least = std::exp(-4);
    return std::max(std::abs(u), std::abs(v)) > 1 ? 0 : (Gaussian(u, v, .5) - least) / (1 - least);
  };
  for (const Quad& quad : {kBox, kSlanted}) ExpectLevels(Drawn({quad}, GaussianPreset::kBrooklyn), quad, level);
}

TEST_P(GaussianMapTest, BacktimeHasItsThresholdsAtTheSides) {
  const auto level = [](double threshold) {
    const double sigma = 1 / std::sqrt(-2 * std::log(threshold));
    // The Gaussian's picture ends at 3.34 standard deviations.
    return [=](double u, double v) {
      return std::max(std::abs(u), std::abs(v)) > 3.34 * sigma ? 0 : Gaussian(u, v, sigma);
    };
  };
  for (const Quad& quad : {kBox, kSlanted}) {
    ExpectLevels(Drawn({quad}, GaussianPreset::kBacktime), quad, level(.35));
    ExpectLevels(Drawn({quad}, GaussianPreset::kBacktime, GaussianKind::kAffinity), quad, level(.15));
  }
}

TEST_P(GaussianMapTest, BacktimeCraftGrowsQuads) {
  const Level level = [](double u, double v) { return std::hypot(u, v) > 1 ? 0 : Gaussian(u, v, .4); };
  ExpectLevels(Drawn({kBox}, GaussianPreset::kBacktimeCraft), Upright(16, 11, 52, 35), level);
  ExpectLevels(Drawn({kBox}, GaussianPreset::kBacktimeCraft, GaussianKind::kAffinity), Upright(22, 11, 46, 35), level);
  const Quad at_corner = Upright(2, 2, 30, 20);
  ExpectLevels(Drawn({at_corner}, GaussianPreset::kBacktimeCraft), Upright(0, 0, 37, 24.5), level);
}

TEST_P(GaussianMapTest, TheHighestStays) {
  const Quad other = Upright(40, 20, 60, 40);
  const Canvas both = Drawn({kBox, other}, GaussianPreset::kPaper);
  const Canvas first = Drawn({kBox}, GaussianPreset::kPaper), second = Drawn({other}, GaussianPreset::kPaper);
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) EXPECT_EQ(both.At(x, y), std::max(first.At(x, y), second.At(x, y)));
  }
}

TEST_P(GaussianMapTest, CornersMayComeInAnyOrderAndLieOutside) {
  const Quad beyond = Upright(-300, -20, 8, 4);
  for (Quad quad : {kSlanted, beyond}) {
    const int sum = Drawn({quad}, GaussianPreset::kPaper).Sum();
    EXPECT_GT(sum, 0);
    std::reverse(quad.begin(), quad.end());
    EXPECT_NEAR(Drawn({quad}, GaussianPreset::kPaper).Sum(), sum, sum / 500);
  }
}

TEST_P(GaussianMapTest, DrawsNothingOfWhatIsNoQuadOrEndless) {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  const std::vector<Quad> quads = {
      {{{20, 20}, {20, 20}, {20, 20}, {20, 20}}},  // a point
      {{{20, 20}, {30, 20}, {40, 20}, {10, 20}}},  // a line
      {{{20, 20}, {40, 20}, {20, 40}, {40, 40}}},  // crosses itself
      {{{20, 20}, {40, 20}, {26, 24}, {20, 40}}},  // bent inwards
      {{{kNan, 20}, {40, 20}, {40, 40}, {20, 40}}},
      Upright(-1e300, -1e300, 1e300, 1e300),
      Upright(200, 20, 240, 40),
  };
  for (const GaussianPreset preset : {GaussianPreset::kPaper, GaussianPreset::kBrooklyn, GaussianPreset::kBacktime,
                                      GaussianPreset::kBacktimeCraft}) {
    for (const Quad& quad : quads) EXPECT_EQ(Drawn({quad}, preset).Sum(), 0);
  }
  // Its plane's horizon is closer than the Gaussian's end.
  const Quad steep = {{{34, 20}, {36, 20}, {60, 40}, {10, 40}}};
  EXPECT_EQ(Drawn({steep}, GaussianPreset::kBacktime).Sum(), 0);
  EXPECT_GT(Drawn({steep}, GaussianPreset::kPaper).Sum(), 0);
}

}  // namespace
}  // namespace placard
