#include "shapes/craft_boxes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <string>
#include <thread>
#include <vector>

#include "shapes/drawn_words.h"

namespace placard {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

std::vector<CraftBox> BoxesOf(const DrawnWords& words, const CraftOptions& options = {}) {
  Result<std::vector<CraftBox>> boxes = CraftBoxes(words.region.view(), words.affinity.view(), options, nullptr);
  EXPECT_TRUE(boxes.ok());
  return *boxes;
}

// '#' is text, '+' text that links, '-' a link alone.
DrawnWords Parsed(const std::vector<std::string>& rows) {
  DrawnWords words(static_cast<int>(rows[0].size()), static_cast<int>(rows.size()), 2);
  for (int y = 0; y < words.region.height; ++y) {
    for (int x = 0; x < words.region.width; ++x) {
      const char cell = rows[static_cast<size_t>(y)][static_cast<size_t>(x)];
      words.region.at(x, y) = cell == '#' || cell == '+' ? .9F : .1F;
      words.affinity.at(x, y) = cell == '-' || cell == '+' ? .9F : .1F;
    }
  }
  return words;
}

// Text of `score` over the pixels left ... right, top ... bottom.
void FillText(DrawnWords* words, int left, int top, int right, int bottom, float score = 1) {
  for (int y = top; y <= bottom; ++y) {
    for (int x = left; x <= right; ++x) words->region.at(x, y) = score;
  }
}

void ExpectQuad(const Quad& actual, const Quad& expected, double slack = 1e-9) {
  for (size_t i = 0; i < 4; ++i) {
    EXPECT_NEAR(actual[i].x, expected[i].x, slack);
    EXPECT_NEAR(actual[i].y, expected[i].y, slack);
  }
}

Quad Upright(double left, double top, double right, double bottom) {
  return {{{left, top}, {right, top}, {right, bottom}, {left, bottom}}};
}

// The reference's answers, to a pixel.
TEST(CraftBoxesGoldenTest, LinkedCharactersAreOneWord) {
  DrawnWords words(160, 64);
  for (const double x : {30, 55, 80, 105}) words.Character(x, 32, 8, 9);
  for (const double x : {42.5, 67.5, 92.5}) words.Link(x, 32, 5);
  const auto boxes = BoxesOf(words);
  ASSERT_EQ(boxes.size(), 1U);
  ExpectQuad(boxes[0].quad, Upright(16, 16, 119, 48), 1);
}

TEST(CraftBoxesGoldenTest, FaintAndSmallBlobsAreDropped) {
  DrawnWords words(160, 64);
  words.Character(30, 32, 8, 8);
  words.Character(80, 32, 8, 8, .65);
  words.Character(120, 32, 1, 1);
  const auto boxes = BoxesOf(words);
  ASSERT_EQ(boxes.size(), 1U);
  ExpectQuad(boxes[0].quad, Upright(16, 18, 44, 46), 1);
}

TEST(CraftBoxesGoldenTest, BentWord) {
  DrawnWords words(200, 100);
  words.BentWord();
  const auto boxes = BoxesOf(words);
  ASSERT_EQ(boxes.size(), 1U);
  ExpectQuad(boxes[0].quad, Upright(17, 26, 175, 84), 1);
  EXPECT_TRUE(boxes[0].polygon.empty());
}

TEST(CraftBoxesGoldenTest, SolidRectangle) {
  DrawnWords words(160, 64);
  FillText(&words, 30, 20, 109, 39);
  const auto boxes = BoxesOf(words);
  ASSERT_EQ(boxes.size(), 1U);
  ExpectQuad(boxes[0].quad, Upright(26, 16, 113, 43));
}

TEST(CraftBoxesTest, DilationReachesOneFurtherRightAndDownIfItsSideIsEven) {
  DrawnWords words(100, 60);
  FillText(&words, 20, 20, 59, 32);  // floor(2 sqrt(13)) is 7: 8 x 8
  ASSERT_EQ(BoxesOf(words).size(), 1U);
  ExpectQuad(BoxesOf(words)[0].quad, Upright(17, 17, 63, 36));
}

TEST(CraftBoxesTest, DilationStopsAtTheMapsBorder) {
  DrawnWords words(60, 24, 3);
  FillText(&words, 1, 2, 40, 14);
  ExpectQuad(BoxesOf(words)[0].quad, Upright(0, 0, 44, 18));
  FillText(&words, 1, 2, 40, 14, 0);
  FillText(&words, 20, 9, 58, 22);
  ExpectQuad(BoxesOf(words)[0].quad, Upright(17, 6, 59, 23));
  DrawnWords full(60, 24);
  FillText(&full, 0, 0, 59, 23);
  ExpectQuad(BoxesOf(full)[0].quad, Upright(0, 0, 59, 23));
}

TEST(CraftBoxesTest, AComponentNeedsTenPixelsOfEitherKind) {
  EXPECT_TRUE(BoxesOf(Parsed({"............", ".#########..", "............"})).empty());
  EXPECT_EQ(BoxesOf(Parsed({"............", ".##########.", "............"})).size(), 1U);
  EXPECT_EQ(BoxesOf(Parsed({"............", ".#########-.", "............"})).size(), 1U);
}

TEST(CraftBoxesTest, ThresholdsAreExclusiveForPixelsAndInclusiveForTheHighest) {
  DrawnWords words(40, 20);
  FillText(&words, 5, 5, 20, 12, .5F);
  CraftOptions options;
  EXPECT_TRUE(BoxesOf(words, options).empty());
  options.text_threshold = .5F;
  EXPECT_EQ(BoxesOf(words, options).size(), 1U);
  options.text_threshold = std::nextafter(.5F, 1.0F);
  EXPECT_TRUE(BoxesOf(words, options).empty());
  options.text_threshold = .5F;
  options.low_text = .5F;
  EXPECT_TRUE(BoxesOf(words, options).empty());
  options.low_text = std::nextafter(.5F, 0.0F);
  EXPECT_EQ(BoxesOf(words, options).size(), 1U);
}

TEST(CraftBoxesTest, ComponentsThatTouchAtCornersAreTwo) {
  DrawnWords words(60, 60);
  FillText(&words, 10, 10, 29, 19);
  FillText(&words, 30, 20, 49, 29);
  EXPECT_EQ(BoxesOf(words).size(), 2U);
  words.affinity.at(30, 19) = .41F;
  EXPECT_EQ(BoxesOf(words).size(), 1U);
  words.affinity.at(30, 19) = .4F;
  EXPECT_EQ(BoxesOf(words).size(), 2U);
}

// They hold a word together and count for the dilation, but the box is the text's.
TEST(CraftBoxesTest, PixelsOfLinksAloneAreCleared) {
  DrawnWords words(100, 40);
  FillText(&words, 20, 10, 39, 19);
  words.affinity.DrawBar(60, 15, 40, 10, 0);  // columns 40 ... 79
  const auto boxes = BoxesOf(words);
  ASSERT_EQ(boxes.size(), 1U);
  ExpectQuad(boxes[0].quad, Upright(17, 7, 42, 22));  // floor(2 sqrt(600 / 60)) is 6
}

TEST(CraftBoxesTest, LinksAloneAreNoWord) {
  DrawnWords words(100, 40);
  words.affinity.DrawBar(50, 20, 60, 10, 0);
  EXPECT_TRUE(BoxesOf(words).empty());
  FillText(&words, 40, 18, 50, 20, .3F);  // high enough, but not text
  CraftOptions options;
  options.text_threshold = .2F;
  EXPECT_TRUE(BoxesOf(words, options).empty());
}

TEST(CraftBoxesTest, CharactersComeFromTheRegionMapAlone) {
  DrawnWords words(160, 64);
  for (const double x : {30, 55, 80, 105}) words.Character(x, 32, 6, 9);
  for (const double x : {42.5, 67.5, 92.5}) words.Link(x, 32, 6);
  EXPECT_EQ(BoxesOf(words).size(), 1U);
  CraftOptions options;
  options.characters = options.polygons = true;
  const auto with = BoxesOf(words, options);
  const auto without = CraftBoxes(words.region.view(), {}, options, nullptr);
  ASSERT_EQ(with.size(), 4U);
  ASSERT_EQ(without->size(), 4U);
  for (size_t i = 0; i < 4; ++i) {
    const double center = (with[i].quad[0].x + with[i].quad[2].x) / 2;
    EXPECT_NEAR(center, 30 + 25 * static_cast<double>(i), .51);
    ExpectQuad(with[i].quad, (*without)[i].quad);
  }
}

TEST(CraftBoxesTest, ScoreIsTheMeanOfTheTextPixels) {
  DrawnWords words(80, 40);
  FillText(&words, 20, 10, 39, 19, .5F);
  FillText(&words, 20, 10, 29, 19, 7);  // half of them, and more than a score can be
  FillText(&words, 40, 10, 49, 19, .3F);
  words.affinity.DrawBar(45, 15, 10, 10, 0);
  const auto boxes = BoxesOf(words);
  ASSERT_EQ(boxes.size(), 1U);
  EXPECT_FLOAT_EQ(boxes[0].score, .75F);
}

TEST(CraftBoxesTest, BoxesOfNearlyEqualSidesAreUpright) {
  const auto box_of = [](double length, double thickness) {
    DrawnWords words(120, 120);
    words.region.DrawBar(60, 60, length, thickness, .6);
    const auto boxes = BoxesOf(words);
    EXPECT_EQ(boxes.size(), 1U);
    return boxes[0].quad;
  };
  const Quad diamond = box_of(40, 39);
  EXPECT_EQ(diamond[0].y, diamond[1].y);
  EXPECT_EQ(diamond[1].x, diamond[2].x);
  EXPECT_NEAR(diamond[1].x - diamond[0].x, 40 * std::cos(.6) + 39 * std::sin(.6) + 9, 2);
  const Quad longer = box_of(50, 39);
  EXPECT_NEAR(std::atan2(longer[1].y - longer[0].y, longer[1].x - longer[0].x), .6, .05);
}

TEST(CraftBoxesTest, CornersRunClockwiseFromTheLeastSum) {
  for (int degrees = -85; degrees <= 90; degrees += 5) {
    DrawnWords words(200, 200);
    words.region.DrawBar(100, 100, 120, 20, degrees * std::acos(-1.0) / 180);
    const auto boxes = BoxesOf(words);
    ASSERT_EQ(boxes.size(), 1U);
    const Quad& quad = boxes[0].quad;
    for (size_t i = 0; i < 4; ++i) {
      EXPECT_GT(Cross(quad[i], quad[(i + 1) % 4], quad[(i + 2) % 4]), 0) << degrees;
      EXPECT_GE(quad[i].x + quad[i].y, quad[0].x + quad[0].y - 1e-6) << degrees;
    }
  }
}

TEST(CraftBoxesTest, OfTwoLeastSumsTheOneBeforeTheLongerSideIsFirst) {
  // Stairs at 45 degrees, whose box has corners of equal sums.
  for (const bool rising : {false, true}) {
    DrawnWords words(120, 120);
    for (int i = 0; i < 60; ++i) {
      const int x = 30 + i, y = rising ? 90 - i : 30 + i;
      FillText(&words, x - 3, y - 3, x + 3, y + 3);
    }
    const auto boxes = BoxesOf(words);
    ASSERT_EQ(boxes.size(), 1U);
    const Quad& quad = boxes[0].quad;
    EXPECT_GT(std::hypot(quad[1].x - quad[0].x, quad[1].y - quad[0].y), 60);
    EXPECT_GT(quad[1].x, quad[0].x);
    EXPECT_EQ(quad[1].y < quad[0].y, rising);
  }
}

TEST(CraftBoxesTest, NanIsBackgroundInBothMaps) {
  DrawnWords words(100, 40);
  FillText(&words, 20, 10, 39, 19);
  FillText(&words, 60, 10, 79, 19);
  words.affinity.DrawBar(50, 15, 20, 4, 0);
  const Quad whole = BoxesOf(words)[0].quad;
  words.region.at(30, 15) = kNan;
  words.region.at(90, 35) = words.affinity.at(5, 5) = kNan;
  ASSERT_EQ(BoxesOf(words).size(), 1U);
  ExpectQuad(BoxesOf(words)[0].quad, whole);
  EXPECT_EQ(BoxesOf(words)[0].score, 1);
  for (int y = 0; y < 40; ++y) words.affinity.at(50, y) = kNan;
  EXPECT_EQ(BoxesOf(words).size(), 2U);
  FillText(&words, 0, 0, 99, 39, kNan);
  EXPECT_TRUE(BoxesOf(words).empty());
  FillText(&words, 20, 10, 39, 19, kInfinity);
  ASSERT_EQ(BoxesOf(words).size(), 1U);
  EXPECT_EQ(BoxesOf(words)[0].score, 1);
}

TEST(CraftBoxesTest, EmptyOnePixelAndWholeMaps) {
  for (const MapView& view : {MapView{}, MapView{nullptr, 0, 9, 0}, MapView{nullptr, -1, -1, 0}}) {
    const auto boxes = CraftBoxes(view, view, {}, nullptr);
    ASSERT_TRUE(boxes.ok());
    EXPECT_TRUE(boxes->empty());
  }
  EXPECT_TRUE(BoxesOf(Parsed({"#"})).empty());
  EXPECT_TRUE(BoxesOf(DrawnWords(64, 64)).empty());
  DrawnWords whole(2000, 1500);
  FillText(&whole, 0, 0, 1999, 1499, .8F);
  CraftOptions options;
  options.polygons = true;
  const auto boxes = BoxesOf(whole, options);
  ASSERT_EQ(boxes.size(), 1U);
  ExpectQuad(boxes[0].quad, Upright(0, 0, 1999, 1499));
  EXPECT_NEAR(boxes[0].score, .8F, 1e-5);
  const auto line = BoxesOf(Parsed({"#############"}));
  ASSERT_EQ(line.size(), 1U);
  ExpectQuad(line[0].quad, Upright(0, 0, 12, 0));
}

TEST(CraftBoxesTest, TwentyThousandComponents) {
  DrawnWords words(1000, 800);
  for (int y = 0; y < 800; y += 8) {
    for (int x = 0; x < 1000; x += 5) FillText(&words, x, y, x + 3, y + 6);
  }
  const auto boxes = BoxesOf(words);
  ASSERT_EQ(boxes.size(), 20000U);
  for (size_t i = 1; i < boxes.size(); ++i) {
    const Point &before = boxes[i - 1].quad[0], &here = boxes[i].quad[0];
    ASSERT_TRUE(before.y < here.y || (before.y == here.y && before.x < here.x));
  }
}

TEST(CraftBoxesTest, BadArgumentsAreRefused) {
  const DrawnMap map(8, 8, 0, 1);
  const auto code = [&](const MapView& region, const MapView& affinity, const CraftOptions& options) {
    return CraftBoxes(region, affinity, options, nullptr).status().code();
  };
  const MapView whole = map.view();
  EXPECT_EQ(code({nullptr, 8, 8, 8}, whole, {}), Code::kInvalidArgument);
  EXPECT_EQ(code(whole, {nullptr, 8, 8, 8}, {}), Code::kInvalidArgument);
  EXPECT_EQ(code({whole.data, 8, 8, 7}, whole, {}), Code::kInvalidArgument);
  EXPECT_EQ(code(whole, {whole.data, 8, 7, 8}, {}), Code::kInvalidArgument);
  EXPECT_EQ(code(whole, {whole.data, 7, 8, 8}, {}), Code::kInvalidArgument);
  for (int which = 0; which < 3; ++which) {
    CraftOptions options;
    (which == 0 ? options.text_threshold : which == 1 ? options.low_text : options.link_threshold) = kNan;
    EXPECT_EQ(code(whole, whole, options), Code::kInvalidArgument) << which;
  }
}

TEST(CraftBoxesTest, CancelledWorkStops) {
  const DrawnMap map(8, 8, 0, 1);
  CancelToken cancel;
  EXPECT_TRUE(CraftBoxes(map.view(), map.view(), {}, &cancel).ok());
  cancel.Cancel();
  EXPECT_EQ(CraftBoxes(map.view(), map.view(), {}, &cancel).status().code(), Code::kCancelled);
}

TEST(CraftBoxesTest, CancellingBetweenComponentsStops) {
  DrawnWords words(1500, 1500);
  for (int y = 0; y + 6 < 1500; y += 8) {
    for (int x = 0; x + 3 < 1500; x += 5) FillText(&words, x, y, x + 3, y + 6);
  }
  const auto start = std::chrono::steady_clock::now();
  ASSERT_GT(BoxesOf(words).size(), 50000U);
  const auto whole = std::chrono::steady_clock::now() - start;
  CancelToken cancel;
  std::thread canceller([&] {
    std::this_thread::sleep_for(whole / 2);
    cancel.Cancel();
  });
  // Again and again, in case that it goes faster now than it did.
  Status status;
  while (status.ok()) status = CraftBoxes(words.region.view(), words.affinity.view(), {}, &cancel).status();
  EXPECT_EQ(status.code(), Code::kCancelled);
  canceller.join();
}

}  // namespace
}  // namespace placard
