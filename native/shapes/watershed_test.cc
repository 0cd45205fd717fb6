#include "shapes/watershed.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <vector>

namespace placard {
namespace {

// Markers, places and labels in pictures of `width` pixels a row.
struct Marker {
  int x, y;
  int32_t label;
};

// A row a string: '#' where basins meet, else a basin's number.
std::vector<std::string> Flooded(const std::vector<uint8_t>& levels, int width, const std::vector<Marker>& markers) {
  const int height = width == 0 ? 0 : static_cast<int>(levels.size()) / width;
  std::vector<int32_t> labels(levels.size());
  for (const auto& [x, y, label] : markers) labels[static_cast<size_t>(y * width + x)] = label;
  Watershed(levels, width, height, labels);
  std::vector<std::string> rows(static_cast<size_t>(height));
  for (size_t i = 0; i < labels.size(); ++i) {
    rows[i / static_cast<size_t>(width)] += labels[i] == kWatershed ? '#' : static_cast<char>('0' + labels[i]);
  }
  return rows;
}

// The noise of bench/kernels/opencv_vectors.py.
std::vector<uint8_t> Noise(int pixels) {
  std::vector<uint8_t> levels;
  uint32_t seed = 1;
  for (int i = 0; i < pixels; ++i) {
    seed = seed * 1664525U + 1013904223U;
    levels.push_back(static_cast<uint8_t>(seed >> 24));
  }
  return levels;
}

TEST(WatershedTest, FloodsNoiseAsOpenCvDoes) {
  const std::vector<std::string> expected = {
      "########################",
      "#11111#2222222#111#3333#",
      "#111111#2222222#11#3333#",
      "#11111#22222222#111#333#",
      "#111111#22222##11111#33#",
      "#111111#2222#1111111#33#",
      "#111111#22222#1111111#3#",
      "#11111#2222222#1111111##",
      "#11111#222222#111111111#",
      "#111111#2222#1111111111#",
      "#1111111#22#11111111111#",
      "########################",
  };
  EXPECT_EQ(Flooded(Noise(24 * 12), 24, {{4, 3, 1}, {12, 8, 2}, {20, 3, 3}, {21, 9, 1}}), expected);
}

TEST(WatershedTest, OnEqualLevelsTheFirstReachedComesFirst) {
  const std::vector<std::string> expected = {
      "################", "#1111111#222222#", "#1111111#222222#", "#1111111#222222#", "#1111111#222222#",
      "#1111111#222222#", "#1111111#222222#", "#1111111#222222#", "################",
  };
  EXPECT_EQ(Flooded(std::vector<uint8_t>(16 * 9, 7), 16, {{3, 4, 1}, {12, 4, 2}}), expected);
}

TEST(WatershedTest, WallsHoldABasin) {
  std::vector<uint8_t> levels(11 * 5, 0);
  for (int y = 0; y < 5; ++y) levels[static_cast<size_t>(y * 11 + 7)] = 200;
  const std::string row = "#111111#22#";
  EXPECT_EQ(Flooded(levels, 11, {{1, 2, 1}, {9, 2, 2}}), (std::vector<std::string>{"###########", row, row, row, "###########"}));
}

TEST(WatershedTest, LeavesPicturesWithoutMarkersUnlabeled) {
  EXPECT_EQ(Flooded(Noise(12), 4, {}), (std::vector<std::string>{"####", "#00#", "####"}));
}

TEST(WatershedTest, HasNothingToFloodInNarrowPictures) {
  EXPECT_EQ(Flooded({1}, 1, {{0, 0, 1}}), std::vector<std::string>{"#"});
  EXPECT_EQ(Flooded({1, 2, 3, 4, 5, 6}, 3, {{1, 0, 1}}), (std::vector<std::string>{"###", "###"}));
  EXPECT_TRUE(Flooded({}, 0, {}).empty());
}

}  // namespace
}  // namespace placard
