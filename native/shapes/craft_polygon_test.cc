#include "shapes/craft_polygon.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "shapes/craft_boxes.h"
#include "shapes/drawn_words.h"

namespace placard {
namespace {

std::vector<CraftBox> BoxesOf(const DrawnWords& words, bool published_walk = false) {
  CraftOptions options;
  options.polygons = true;
  options.published_walk = published_walk;
  Result<std::vector<CraftBox>> boxes = CraftBoxes(words.region.view(), words.affinity.view(), options, nullptr);
  EXPECT_TRUE(boxes.ok());
  return *boxes;
}

std::vector<Point> OnlyPolygon(const DrawnWords& words, bool published_walk = false) {
  const auto boxes = BoxesOf(words, published_walk);
  EXPECT_EQ(boxes.size(), 1U);
  return boxes.empty() ? std::vector<Point>() : boxes[0].polygon;
}

// Of one component, given by its first and last row in each column from `left` on; rows of -1 leave a column out.
struct Ribbon {
  int left;
  std::vector<std::pair<int, int>> columns;

  std::vector<Point> Polygon(const Quad& quad, bool published_walk = false) const {
    DrawnMap map(left + static_cast<int>(columns.size()) + 10, 200);
    for (size_t i = 0; i < columns.size(); ++i) {
      for (int y = columns[i].first; y >= 0 && y <= columns[i].second; ++y) map.at(left + static_cast<int>(i), y) = 1;
    }
    Components found;
    LabelComponents(map.view(), .5F, Connectivity::kFour, &found);
    EXPECT_EQ(found.components.size(), 1U);
    return CraftOutline(published_walk).Of(found.runs, found.components[0], quad);
  }
};

// Around x = left ... right, y = 20 ... 99.
Quad Frame(double left, double right) { return {{{left, 20}, {right, 20}, {right, 99}, {left, 99}}}; }

// Columns of ten rows along y = 60 - 20 sin.
Ribbon Arch(int left, int count) {
  Ribbon ribbon{left, {}};
  for (int i = 0; i < count; ++i) {
    const int y = 60 - static_cast<int>(20 * std::sin(std::numbers::pi * i / (count - 1)));
    ribbon.columns.push_back({y, y + 19});
  }
  return ribbon;
}

void ExpectPolygon(const std::vector<Point>& actual, const std::vector<Point>& expected, double slack) {
  ASSERT_EQ(actual.size(), expected.size());
  for (size_t i = 0; i < actual.size(); ++i) {
    EXPECT_NEAR(actual[i].x, expected[i].x, slack) << i;
    EXPECT_NEAR(actual[i].y, expected[i].y, slack) << i;
  }
}

TEST(CraftPolygonTest, BentWordIsTheReferences) {
  DrawnWords words(200, 100);
  words.BentWord();
  const std::vector<Point> expected = {{8.68, 67.44},   {37.21, 45.18},  {64.34, 30.79},  {92.52, 24.08},  {124.67, 30.79},
                                       {154.79, 45.18}, {183.32, 64.78}, {168.09, 92.28}, {139.56, 72.68}, {112.04, 59.55},
                                       {92.52, 55.44},  {76.98, 59.55},  {52.44, 72.68},  {23.91, 94.93}};
  for (const bool published : {false, true}) ExpectPolygon(OnlyPolygon(words, published), expected, 1);
}

TEST(CraftPolygonTest, StraightWordsHaveNone) {
  DrawnWords words(160, 64);
  for (const double x : {30, 55, 80, 105}) words.Character(x, 32, 8, 9);
  for (const double x : {42.5, 67.5, 92.5}) words.Link(x, 32, 5);
  EXPECT_TRUE(OnlyPolygon(words).empty());
}

TEST(CraftPolygonTest, SmallBoxesHaveNone) {
  const Ribbon arch = Arch(10, 100);
  EXPECT_EQ(arch.Polygon(Frame(5, 114)).size(), 14U);
  EXPECT_TRUE(arch.Polygon({{{5, 45}, {114, 45}, {114, 53.9}, {5, 53.9}}}).empty());
  EXPECT_TRUE(arch.Polygon({{{55, 20}, {63.9, 20}, {63.9, 99}, {55, 99}}}).empty());
  EXPECT_TRUE(arch.Polygon({{{55, 20}, {55, 20}, {55, 99}, {55, 99}}}).empty());
}

TEST(CraftPolygonTest, OneHighColumnMakesAWordStraight) {
  Ribbon arch = Arch(10, 100);
  arch.columns[42] = {40, 93};  // 54 of 80 rows, in the fifth segment, which has no pivot
  EXPECT_EQ(arch.Polygon(Frame(5, 114)).size(), 14U);
  arch.columns[42] = {40, 97};
  EXPECT_TRUE(arch.Polygon(Frame(5, 114)).empty());
}

TEST(CraftPolygonTest, CharactersMoreThanFourSegmentsHighHaveNone) {
  // 55 columns make segments of 5.
  Ribbon arch = Arch(10, 55);
  for (auto& [top, bottom] : arch.columns) bottom = top + 18;
  EXPECT_EQ(arch.Polygon(Frame(10, 64)).size(), 14U);
  arch.columns[7].second += 2;  // in the second segment, which has a pivot
  EXPECT_TRUE(arch.Polygon(Frame(10, 64)).empty());
}

TEST(CraftPolygonTest, SegmentsWithoutColumnsMakeNone) {
  const Ribbon arch = Arch(30, 110);
  EXPECT_EQ(arch.Polygon(Frame(25, 145)).size(), 14U);
  EXPECT_TRUE(arch.Polygon(Frame(10, 140)).empty());  // 131 columns, the first 20 of them bare: more than a segment
  EXPECT_TRUE(arch.Polygon(Frame(10, 140), true).empty());
  EXPECT_TRUE(arch.Polygon(Frame(30, 160)).empty());  // the last ones
  // Thin stretches: columns of one row are none.
  Ribbon thin = Arch(30, 110);
  for (size_t i = 48; i < 62; ++i) thin.columns[i].second = thin.columns[i].first;
  EXPECT_TRUE(thin.Polygon(Frame(30, 139)).empty());
}

TEST(CraftPolygonTest, ThePublishedWalkTurnsAnEndOverAndLagsBehindGaps) {
  const Ribbon arch = Arch(30, 110);
  const std::vector<Point> turned = arch.Polygon(Frame(30, 160), true);
  ASSERT_EQ(turned.size(), 14U);
  EXPECT_GT(turned[5].y, turned[8].y);  // the last pivot's upper point lies below its lower one
  EXPECT_LT(turned[4].y, turned[9].y);
  Ribbon thin = Arch(30, 110);
  for (size_t i = 48; i < 62; ++i) thin.columns[i].second = thin.columns[i].first;
  EXPECT_EQ(thin.Polygon(Frame(30, 139), true).size(), 14U);
}

TEST(CraftPolygonTest, EndsMoveOutUntilTheyMeetNoText) {
  // The ends stop at the least move where the text ends at once, and go on where it does not.
  const auto reach = [](int more) {
    Ribbon arch = Arch(30 + more, 110);
    arch.columns.insert(arch.columns.begin(), static_cast<size_t>(more), arch.columns.front());
    arch.left = 30;
    const std::vector<Point> polygon = arch.Polygon(Frame(30, 139 + more));
    EXPECT_EQ(polygon.size(), 14U);
    return std::hypot(polygon[0].x - polygon[1].x, polygon[0].y - polygon[1].y);
  };
  EXPECT_LT(reach(0), reach(20));
}

TEST(CraftPolygonTest, UpperPointsAreLeftToRightAndLowerOnesBack) {
  for (const double sag : {-1.0, 1.0}) {
    DrawnWords words(300, 160);
    words.region.DrawArc(150, 80 + sag * 130, 150, 20, -sag * std::numbers::pi / 2, .7);
    const std::vector<Point> polygon = OnlyPolygon(words);
    ASSERT_EQ(polygon.size(), 14U) << sag;
    for (size_t i = 0; i + 1 < 7; ++i) {
      EXPECT_LT(polygon[i].x, polygon[i + 1].x);
      EXPECT_GT(polygon[7 + i].x, polygon[8 + i].x);
    }
    for (size_t i = 1; i < 6; ++i) {
      const Point &top = polygon[i], &bottom = polygon[13 - i];
      const double middle = std::hypot((top.x + bottom.x) / 2 - 150.5, (top.y + bottom.y) / 2 - (80 + sag * 130));
      EXPECT_NEAR(middle, 150, 3) << i;
      EXPECT_NEAR(std::hypot(top.x - bottom.x, top.y - bottom.y), 20 * 1.45, 5) << i;
    }
  }
}

TEST(CraftPolygonTest, OtherWordsInsideTheBoxDoNotCount) {
  DrawnWords alone(200, 100);
  alone.BentWord();
  DrawnWords crowded = alone;
  for (int y = 62; y <= 78; ++y) {
    for (int x = 80; x <= 110; ++x) crowded.region.at(x, y) = .9F;
  }
  const auto boxes = BoxesOf(crowded);
  ASSERT_EQ(boxes.size(), 2U);
  ExpectPolygon(boxes[0].polygon, OnlyPolygon(alone), 1e-9);
}

}  // namespace
}  // namespace placard
