#include "shapes/connected_components.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>
#include <utility>
#include <vector>

#include "base/cpu_level_test.h"
#include "shapes/drawn_map.h"
#include "shapes/row_bits.h"

namespace placard {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

// Labels by flood fill in row-major order; -1 is background.
std::vector<int> FloodFill(const DrawnMap& map, float threshold, Connectivity connectivity, int* count) {
  std::vector<int> labels(static_cast<size_t>(map.width * map.height), -1);
  *count = 0;
  for (int start = 0; start < map.width * map.height; ++start) {
    if (labels[static_cast<size_t>(start)] >= 0 || !(map.at(start % map.width, start / map.width) > threshold)) continue;
    std::vector<int> pending = {start};
    labels[static_cast<size_t>(start)] = *count;
    while (!pending.empty()) {
      const int place = pending.back();
      pending.pop_back();
      for (int dy = -1; dy <= 1; ++dy) {
        for (int dx = -1; dx <= 1; ++dx) {
          if (connectivity == Connectivity::kFour && dx != 0 && dy != 0) continue;
          const int x = place % map.width + dx, y = place / map.width + dy;
          if (x < 0 || y < 0 || x >= map.width || y >= map.height || !(map.at(x, y) > threshold)) continue;
          int& label = labels[static_cast<size_t>(y * map.width + x)];
          if (label >= 0) continue;
          label = *count;
          pending.push_back(y * map.width + x);
        }
      }
    }
    ++*count;
  }
  return labels;
}

void ExpectAgreesWithFloodFill(const DrawnMap& map, float threshold, Connectivity connectivity, Components* found) {
  LabelComponents(map.view(), threshold, connectivity, found);
  int count = 0;
  const std::vector<int> expected = FloodFill(map, threshold, connectivity, &count);
  ASSERT_EQ(found->components.size(), static_cast<size_t>(count));
  ASSERT_EQ(found->offsets.size(), static_cast<size_t>(count) + 1);
  ASSERT_EQ(found->offsets.front(), 0);
  ASSERT_EQ(found->offsets.back(), static_cast<int>(found->runs.size()));

  std::vector<int> labels(expected.size(), -1);
  std::vector<Component> measured;
  for (size_t k = 0; k < found->components.size(); ++k) {
    Component component{map.width, map.height, -1, -1, 0};
    std::pair<int, int> previous{-1, -1};
    for (int i = found->offsets[k]; i < found->offsets[k + 1]; ++i) {
      const Run& run = found->runs[static_cast<size_t>(i)];
      ASSERT_EQ(run.label, static_cast<int>(k));
      ASSERT_LT(run.begin, run.end);
      ASSERT_LT(previous, std::make_pair(run.y, run.begin));
      previous = {run.y, run.begin};
      for (int x = run.begin; x < run.end; ++x) labels[static_cast<size_t>(run.y * map.width + x)] = run.label;
      component.left = std::min(component.left, run.begin);
      component.right = std::max(component.right, run.end - 1);
      component.top = std::min(component.top, run.y);
      component.bottom = std::max(component.bottom, run.y);
      component.area += run.end - run.begin;
    }
    const Component& actual = found->components[k];
    ASSERT_EQ(actual.left, component.left);
    ASSERT_EQ(actual.top, component.top);
    ASSERT_EQ(actual.right, component.right);
    ASSERT_EQ(actual.bottom, component.bottom);
    ASSERT_EQ(actual.area, component.area);
  }
  ASSERT_EQ(labels, expected);
  ASSERT_TRUE(std::is_sorted(found->scanned.begin(), found->scanned.end(), [](const Run& a, const Run& b) {
    return a.y != b.y ? a.y < b.y : a.begin < b.begin;
  }));
  ASSERT_EQ(found->scanned.size(), found->runs.size());
}

class LabelComponentsTest : public CpuLevelTest {};

TEST_P(LabelComponentsTest, AgreesWithFloodFillOnNoise) {
  std::mt19937 random(1);
  Components found;  // reused throughout, as callers do
  for (int trial = 0; trial < 400; ++trial) {
    const int width = 1 + static_cast<int>(random() % 140);
    DrawnMap map(width, 1 + static_cast<int>(random() % 24), trial % 4);
    const uint32_t density = 5 + random() % 90;
    for (int y = 0; y < map.height; ++y) {
      for (int x = 0; x < map.width; ++x) map.at(x, y) = random() % 100 < density ? .8F : random() % 9 == 0 ? kNan : .2F;
    }
    const Connectivity connectivity = trial % 2 == 0 ? Connectivity::kFour : Connectivity::kEight;
    ExpectAgreesWithFloodFill(map, .5F, connectivity, &found);
    if (HasFatalFailure()) FAIL() << "trial " << trial;
  }
}

TEST_P(LabelComponentsTest, AgreesAroundVectorWidths) {
  Components found;
  for (int width = 1; width <= 200; ++width) {
    DrawnMap map(width, 3);
    for (int x = 0; x < width; ++x) {
      map.at(x, 0) = x % 7 < 5;
      map.at(x, 1) = x == width - 1 || x == width / 2;
      map.at(x, 2) = x % 64 != 63;
    }
    ExpectAgreesWithFloodFill(map, .5F, Connectivity::kEight, &found);
    if (HasFatalFailure()) FAIL() << "width " << width;
  }
}

TEST_P(LabelComponentsTest, RowsLongerThanTheScanBuffer) {
  Components found;
  for (const int width : {4095, 4096, 4097, 8192, 9001}) {
    DrawnMap map(width, 2, 0, 1);
    ExpectAgreesWithFloodFill(map, .5F, Connectivity::kFour, &found);
    map.at(4094, 0) = map.at(4094, 1) = 0;
    ExpectAgreesWithFloodFill(map, .5F, Connectivity::kFour, &found);
    map.at(width - 1, 0) = 0;
    ExpectAgreesWithFloodFill(map, .5F, Connectivity::kFour, &found);
    if (HasFatalFailure()) FAIL() << "width " << width;
  }
}

TEST_P(LabelComponentsTest, BitsAgreeWithComparison) {
  std::mt19937 random(2);
  for (int count = 0; count <= 260; ++count) {
    std::vector<float> values(static_cast<size_t>(count));
    for (float& value : values) value = random() % 11 == 0 ? kNan : static_cast<float>(random() % 100) / 100;
    std::vector<uint64_t> bits(6, ~uint64_t{0});
    BitsAbove(values.data(), count, .5F, bits.data());
    for (int i = 0; i < (count + 63) / 64 * 64; ++i) {
      const bool expected = i < count && values[static_cast<size_t>(i)] > .5F;
      ASSERT_EQ(bits[static_cast<size_t>(i / 64)] >> (i % 64) & 1, expected) << count << " " << i;
    }
    for (size_t word = static_cast<size_t>(count + 63) / 64; word < 6; ++word) ASSERT_EQ(bits[word], ~uint64_t{0});
  }
}

PLACARD_EVERY_CPU_LEVEL(LabelComponentsTest);

TEST(LabelComponentsShapesTest, DiagonalsTouchOnlyWithEightNeighbors) {
  const DrawnMap map({"#.#", ".#.", "#.#"});
  Components found;
  LabelComponents(map.view(), .5F, Connectivity::kEight, &found);
  EXPECT_EQ(found.components.size(), 1U);
  LabelComponents(map.view(), .5F, Connectivity::kFour, &found);
  EXPECT_EQ(found.components.size(), 5U);
}

TEST(LabelComponentsShapesTest, SpiralsAndCombsAreOnePiece) {
  const DrawnMap spiral({"#######.", "......#.", "####.##.", "#..#..#.", "#.##..#.", "#.....#.", "#######."});
  const DrawnMap comb({"#.#.#.#.#", "#.#.#.#.#", "#########"});
  const DrawnMap upturned({"#########", "#.#.#.#.#", "#.#.#.#.#"});
  for (const DrawnMap& map : {spiral, comb, upturned}) {
    Components found;
    ExpectAgreesWithFloodFill(map, .5F, Connectivity::kFour, &found);
    EXPECT_EQ(found.components.size(), 1U);
  }
}

TEST(LabelComponentsShapesTest, ThresholdIsExclusiveAndNanIsBackground) {
  DrawnMap map(5, 1);
  map.at(0, 0) = .5F;
  map.at(1, 0) = .50001F;
  map.at(2, 0) = kNan;
  map.at(3, 0) = kInfinity;
  map.at(4, 0) = -kInfinity;
  Components found;
  LabelComponents(map.view(), .5F, Connectivity::kEight, &found);
  ASSERT_EQ(found.components.size(), 2U);
  EXPECT_EQ(found.components[0].left, 1);
  EXPECT_EQ(found.components[1].left, 3);
  LabelComponents(map.view(), kNan, Connectivity::kEight, &found);
  EXPECT_TRUE(found.components.empty());
}

TEST(LabelComponentsShapesTest, EmptyAndWholeMaps) {
  Components found;
  found.runs.resize(3);
  for (const MapView& view : {MapView{}, MapView{nullptr, 4, 4, 4}}) {
    LabelComponents(view, .5F, Connectivity::kEight, &found);
    EXPECT_TRUE(found.components.empty());
    EXPECT_TRUE(found.runs.empty());
    EXPECT_EQ(found.offsets, std::vector<int>{0});
  }
  const DrawnMap whole(100, 50, 0, 1);
  LabelComponents(whole.view(), .5F, Connectivity::kFour, &found);
  ASSERT_EQ(found.components.size(), 1U);
  EXPECT_EQ(found.components[0].area, 5000);
  EXPECT_EQ(found.runs.size(), 50U);
}

TEST(LabelComponentsShapesTest, BitsGiveWhatTheirMapDoes) {
  std::mt19937 random(3);
  BitMap bits;
  for (const int width : {1, 63, 64, 65, 128, 200}) {
    DrawnMap map(width, 30);
    bits.Reset(width, 30);
    for (int i = 0; i < 60; ++i) {
      const int y = static_cast<int>(random() % 30), begin = static_cast<int>(random() % static_cast<uint32_t>(width));
      const int end = begin + 1 + static_cast<int>(random() % static_cast<uint32_t>(width - begin));
      bits.Fill(y, begin, end);
      for (int x = begin; x < end; ++x) map.at(x, y) = 1;
    }
    for (int i = 0; i < width * 30; ++i) ASSERT_EQ(bits.at(i % width, i / width), map.at(i % width, i / width) == 1);
    Components found, expected;
    LabelComponents(bits, Connectivity::kFour, &found);
    LabelComponents(map.view(), .5F, Connectivity::kFour, &expected);
    EXPECT_EQ(found.offsets, expected.offsets);
    ASSERT_EQ(found.runs.size(), expected.runs.size());
    for (size_t i = 0; i < found.runs.size(); ++i) {
      ASSERT_EQ(found.runs[i].y, expected.runs[i].y);
      ASSERT_EQ(found.runs[i].begin, expected.runs[i].begin);
      ASSERT_EQ(found.runs[i].end, expected.runs[i].end);
    }
  }
  bits.Reset(-1, 5);
  Components found;
  LabelComponents(bits, Connectivity::kFour, &found);
  EXPECT_TRUE(found.components.empty());
}

TEST(LabelComponentsShapesTest, MemoryIsReused) {
  const DrawnMap map({"#.#.#", ".....", "#.#.#"});
  Components found;
  LabelComponents(map.view(), .5F, Connectivity::kEight, &found);
  const auto* runs = found.runs.data();
  const Component* components = found.components.data();
  LabelComponents(map.view(), .5F, Connectivity::kEight, &found);
  EXPECT_EQ(found.runs.data(), runs);
  EXPECT_EQ(found.components.data(), components);
}

}  // namespace
}  // namespace placard
