#include "shapes/word_split.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include "shapes/drawn_words.h"

namespace placard {
namespace {

struct Box {
  double left, top, right, bottom;
};

std::vector<Quad> QuadsOf(const DrawnMap& map, SplitPreset preset) {
  Result<std::vector<Quad>> quads = SplitWord(map.view(), preset, nullptr);
  EXPECT_TRUE(quads.ok());
  return *quads;
}

void ExpectUpright(const std::vector<Quad>& quads, const std::vector<Box>& boxes) {
  ASSERT_EQ(quads.size(), boxes.size());
  for (size_t i = 0; i < quads.size(); ++i) {
    const auto& [left, top, right, bottom] = boxes[i];
    const Quad expected = {{{left, top}, {right, top}, {right, bottom}, {left, bottom}}};
    for (size_t k = 0; k < 4; ++k) {
      EXPECT_NEAR(quads[i][k].x, expected[k].x, 1e-9) << i;
      EXPECT_NEAR(quads[i][k].y, expected[k].y, 1e-9) << i;
    }
  }
}

// Five characters, of which the first two touch.
DrawnWords FiveCharacters(int padding = 0) {
  DrawnWords words(120, 40, padding);
  words.Character(15, 20, 5, 7);
  words.Character(38, 19, 6, 7, .9);
  words.Character(60, 21, 4, 6, .8);
  words.Character(78, 20, 3, 8);
  words.Character(100, 18, 7, 6, .7);
  return words;
}

// Answers of the published steps with OpenCV (bench/kernels/word_split.py).
TEST(WordSplitTest, ByOtsu) {
  ExpectUpright(QuadsOf(FiveCharacters().region, SplitPreset::kOtsu),
                {{9, 11, 22, 30}, {31, 11, 46, 28}, {56, 15, 65, 28}, {75, 11, 82, 30}, {93, 12, 108, 25}});
}

TEST(WordSplitTest, ByThresholds) {
  ExpectUpright(QuadsOf(FiveCharacters().region, SplitPreset::kThresholds),
                {{10, 13, 21, 28}, {33, 13, 44, 26}, {57, 16, 64, 27}, {75, 12, 82, 29}, {94, 14, 107, 23}});
}

TEST(WordSplitTest, PaddingIsNotRead) {
  for (const SplitPreset preset : {SplitPreset::kOtsu, SplitPreset::kThresholds}) {
    const std::vector<Quad> plain = QuadsOf(FiveCharacters().region, preset);
    const std::vector<Quad> padded = QuadsOf(FiveCharacters(3).region, preset);
    ASSERT_EQ(plain.size(), padded.size());
    for (size_t i = 0; i < plain.size(); ++i) EXPECT_EQ(plain[i][2].x, padded[i][2].x);
  }
}

TEST(WordSplitTest, CharactersThatTouchAreToldApart) {
  DrawnWords words(80, 40);
  words.Character(28, 20, 7, 8);
  words.Character(48, 20, 7, 8);
  const std::vector<Quad> quads = QuadsOf(words.region, SplitPreset::kThresholds);
  ASSERT_EQ(quads.size(), 2U);
  EXPECT_GE(quads[1][0].x, quads[0][1].x + 1);
  EXPECT_NEAR((quads[1][0].x + quads[0][1].x) / 2, 38.5, 1);
}

TEST(WordSplitTest, FollowsATurn) {
  DrawnMap map(60, 60);
  map.DrawBar(30, 30, 30, 8, .5);
  const std::vector<Quad> quads = QuadsOf(map, SplitPreset::kThresholds);
  ASSERT_EQ(quads.size(), 1U);
  EXPECT_NEAR((quads[0][1].y - quads[0][0].y) / (quads[0][1].x - quads[0][0].x), std::tan(.5), .1);
}

TEST(WordSplitTest, EmptyMapsHoldNothing) {
  for (const SplitPreset preset : {SplitPreset::kOtsu, SplitPreset::kThresholds}) {
    EXPECT_TRUE(QuadsOf(DrawnMap(30, 20), preset).empty());
    EXPECT_TRUE(QuadsOf(DrawnMap(30, 20, 0, std::numeric_limits<float>::quiet_NaN()), preset).empty());
    EXPECT_TRUE(QuadsOf(DrawnMap(1, 1, 0, 1), preset).empty());
    const Result<std::vector<Quad>> none = SplitWord({}, preset, nullptr);
    ASSERT_TRUE(none.ok());
    EXPECT_TRUE(none->empty());
  }
}

TEST(WordSplitTest, RefusesWhatIsNoMapOfAWord) {
  const float value = 0;
  for (const MapView& map : {MapView{nullptr, 3, 3, 3}, MapView{&value, 2, 1, 1}, MapView{&value, 1 << 13, 1 << 13, 1 << 13}}) {
    const Result<std::vector<Quad>> quads = SplitWord(map, SplitPreset::kOtsu, nullptr);
    ASSERT_FALSE(quads.ok());
    EXPECT_EQ(quads.status().code(), Code::kInvalidArgument);
  }
}

TEST(WordSplitTest, StopsWhenCancelled) {
  CancelToken cancel;
  cancel.Cancel();
  const DrawnWords words = FiveCharacters();
  const Result<std::vector<Quad>> quads = SplitWord(words.region.view(), SplitPreset::kOtsu, &cancel);
  ASSERT_FALSE(quads.ok());
  EXPECT_EQ(quads.status().code(), Code::kCancelled);
}

}  // namespace
}  // namespace placard
