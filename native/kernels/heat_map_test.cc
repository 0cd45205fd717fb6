#include "kernels/heat_map.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "kernels/noise_picture.h"

namespace placard {
namespace {

// A destination inside a larger one.
struct Canvas {
  Canvas(int width, int height)
      : pixels(width * 3, height, 1), view{pixels.data(), width, height, 3, pixels.row_stride()} {}

  int Channel(int x, int y, int channel) const { return view.row(y)[3 * x + channel]; }
  int Sum(int x, int y) const { return Channel(x, y, 0) + Channel(x, y, 1) + Channel(x, y, 2); }

  GuardedPlanes<uint8_t> pixels;
  MutableImageView view;
};

void ExpectColor(const Canvas& canvas, int x, int y, int red, int green, int blue) {
  EXPECT_EQ(canvas.Channel(x, y, 0), red);
  EXPECT_EQ(canvas.Channel(x, y, 1), green);
  EXPECT_EQ(canvas.Channel(x, y, 2), blue);
}

TEST(HeatMapTest, ColorsRiseFromBlackToLightYellow) {
  std::vector<float> values(256);
  for (size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i) / 255;
  Canvas canvas(256, 1);
  HeatMap({values.data(), 256, 1, 256}, {}, canvas.view);
  EXPECT_TRUE(canvas.pixels.Untouched());
  ExpectColor(canvas, 0, 0, 0, 0, 4);
  ExpectColor(canvas, 255, 0, 252, 255, 164);
  double before = -1;
  for (int x = 0; x < 256; ++x) {
    const double luma = .299 * canvas.Channel(x, 0, 0) + .587 * canvas.Channel(x, 0, 1) + .114 * canvas.Channel(x, 0, 2);
    EXPECT_GT(luma, before) << x;
    before = luma;
  }
}

TEST(HeatMapTest, WhatIsNoProbabilityIsTheNearestOne) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  const std::vector<float> values = {std::numeric_limits<float>::quiet_NaN(), -kInfinity, -3, 7, kInfinity};
  Canvas canvas(5, 1);
  HeatMap({values.data(), 5, 1, 5}, {}, canvas.view);
  for (int x = 0; x < 3; ++x) ExpectColor(canvas, x, 0, 0, 0, 4);
  for (int x = 3; x < 5; ++x) ExpectColor(canvas, x, 0, 252, 255, 164);
}

TEST(HeatMapTest, ScalesCornerOnCorner) {
  // Two columns of a wider map; its padding would show.
  const std::vector<float> values = {0, 1, 9, 0, 1, 9};
  Canvas canvas(8, 3);
  HeatMap({values.data(), 2, 2, 3}, {}, canvas.view);
  for (int y = 0; y < 3; ++y) {
    for (const int x : {0, 1}) ExpectColor(canvas, x, y, 0, 0, 4);
    for (const int x : {6, 7}) ExpectColor(canvas, x, y, 252, 255, 164);
    for (int x = 2; x < 6; ++x) EXPECT_GT(canvas.Sum(x, y), canvas.Sum(x - 1, y));
  }
  EXPECT_TRUE(canvas.pixels.Untouched());
  Canvas small(1, 1);
  HeatMap({values.data(), 2, 2, 3}, {}, small.view);
  ExpectColor(small, 0, 0, 189, 56, 83);  // of 128 / 255
}

TEST(HeatMapTest, LiesOverAPictureHalfAndHalf) {
  const NoisePicture picture(9, 7, 3, 1, 4);
  const std::vector<float> one = {1};
  Canvas canvas(9, 7);
  HeatMap({one.data(), 1, 1, 1}, picture.view(), canvas.view);
  const int color[] = {252, 255, 164};
  for (int y = 0; y < 7; ++y) {
    for (int x = 0; x < 9; ++x) {
      for (int c = 0; c < 3; ++c) ASSERT_EQ(canvas.Channel(x, y, c), (picture.view().row(y)[3 * x + c] + color[c] + 1) / 2);
    }
  }
  EXPECT_TRUE(canvas.pixels.Untouched());
}

}  // namespace
}  // namespace placard
