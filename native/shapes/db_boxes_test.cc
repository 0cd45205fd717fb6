#include "shapes/db_boxes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <numbers>
#include <random>
#include <thread>
#include <vector>

#include "base/cpu_features.h"
#include "shapes/drawn_map.h"

namespace placard {
namespace {

constexpr double kPi = std::numbers::pi;
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

std::vector<DbBox> BoxesOf(const DrawnMap& map, const DbOptions& options = {}) {
  Result<std::vector<DbBox>> boxes = DbBoxes(map.view(), options, nullptr);
  EXPECT_TRUE(boxes.ok());
  return *boxes;
}

DbOptions Everything() {
  DbOptions options;
  options.box_threshold = 0;
  options.min_side = 0;
  options.max_candidates = 1 << 30;
  return options;
}

void ExpectQuad(const Quad& actual, const Quad& expected, double slack = 1e-9) {
  for (size_t i = 0; i < 4; ++i) {
    EXPECT_NEAR(actual[i].x, expected[i].x, slack);
    EXPECT_NEAR(actual[i].y, expected[i].y, slack);
  }
}

TEST(DbBoxesTest, UprightBarHasItsPixelsOuterCorners) {
  DrawnMap map(60, 30, 3);
  map.Draw(.8F, [](double x, double y) { return x > 10 && x < 50 && y > 8 && y < 15; });
  const auto boxes = BoxesOf(map);
  ASSERT_EQ(boxes.size(), 1U);
  ExpectQuad(boxes[0].quad, {{{10, 8}, {50, 8}, {50, 15}, {10, 15}}});
  EXPECT_FLOAT_EQ(boxes[0].score, .8F);
  EXPECT_TRUE(boxes[0].polygon.empty());
}

TEST(DbBoxesTest, OnePixelIsOneWide) {
  const DrawnMap map({"...", ".#.", "..."});
  const auto boxes = BoxesOf(map, Everything());
  ASSERT_EQ(boxes.size(), 1U);
  ExpectQuad(boxes[0].quad, {{{1, 1}, {2, 1}, {2, 2}, {1, 2}}});
  EXPECT_EQ(boxes[0].score, 1);
  const DrawnMap only({"#"});
  ASSERT_EQ(BoxesOf(only, Everything()).size(), 1U);
  ExpectQuad(BoxesOf(only, Everything())[0].quad, {{{0, 0}, {1, 0}, {1, 1}, {0, 1}}});
}

TEST(DbBoxesTest, TurnedBarsAreFoundAtTheirAngle) {
  for (int degrees = -85; degrees <= 90; degrees += 5) {
    DrawnMap map(300, 300);
    const double angle = degrees * kPi / 180;
    map.DrawBar(150.3, 149.2, 200, 24, angle);
    const auto boxes = BoxesOf(map);
    ASSERT_EQ(boxes.size(), 1U);
    const Quad& quad = boxes[0].quad;
    const double first = std::hypot(quad[1].x - quad[0].x, quad[1].y - quad[0].y);
    const double second = std::hypot(quad[2].x - quad[1].x, quad[2].y - quad[1].y);
    // A pixel counts when its center is in, and its corners reach up to half a diagonal further.
    EXPECT_NEAR(std::max(first, second), 200.7, 1.5);
    EXPECT_NEAR(std::min(first, second), 24.7, 1.5);
    const Point center{(quad[0].x + quad[2].x) / 2, (quad[0].y + quad[2].y) / 2};
    EXPECT_NEAR(center.x, 150.3, .8);
    EXPECT_NEAR(center.y, 149.2, .8);
    const size_t side = first > second ? 0 : 1;
    const double found = std::atan2(quad[side + 1].y - quad[side].y, quad[side + 1].x - quad[side].x);
    EXPECT_NEAR(std::sin(found - angle), 0, .01) << degrees;
  }
}

// The mean over pixels whose center is in the quad, one by one.
double PlainScore(const DrawnMap& map, const Quad& quad) {
  double sum = 0;
  int count = 0;
  for (int y = 0; y < map.height; ++y) {
    for (int x = 0; x < map.width; ++x) {
      bool inside = true;
      for (size_t i = 0; i < 4; ++i) {
        const Point& a = quad[i];
        const Point& b = quad[(i + 1) % 4];
        const double side = (b.x - a.x) * (y + .5 - a.y) - (b.y - a.y) * (x + .5 - a.x);
        inside = inside && side >= -1e-7;
      }
      if (!inside) continue;
      sum += std::clamp(map.at(x, y), 0.0F, 1.0F);
      ++count;
    }
  }
  return sum / count;
}

TEST(DbBoxesTest, ScoreIsTheMeanInsideTheRectangle) {
  std::mt19937 random(1);
  std::uniform_real_distribution<double> draw(0, 1);
  DbOptions options = Everything();
  options.curves = false;
  int compared = 0;
  for (int trial = 0; trial < 60; ++trial) {
    DrawnMap map(150 + trial, 120, trial % 3);
    for (int bar = 0; bar < 4; ++bar) {
      map.DrawBar(150 * draw(random), 120 * draw(random), 10 + 60 * draw(random), 1 + 15 * draw(random), 6 * draw(random));
    }
    for (int y = 0; y < map.height; ++y) {
      for (int x = 0; x < map.width; ++x) {
        map.at(x, y) = static_cast<float>(map.at(x, y) > 0 ? .4 + .6 * draw(random) : .3 * draw(random));
      }
    }
    for (const DbBox& box : BoxesOf(map, options)) {
      ASSERT_NEAR(box.score, PlainScore(map, box.quad), 1e-5);
      ++compared;
    }
  }
  EXPECT_GT(compared, 100);
}

TEST(DbBoxesTest, FaintAndThinBoxesAreDropped) {
  DrawnMap map(100, 40);
  map.DrawBar(30, 10, 40, 8, 0, .5F);
  map.DrawBar(30, 30, 40, 2, 0, .9F);
  DbOptions options;
  EXPECT_EQ(BoxesOf(map, options).size(), 1U);
  options.box_threshold = .6F;
  EXPECT_EQ(BoxesOf(map, options).size(), 0U);
  options.min_side = 2;
  EXPECT_EQ(BoxesOf(map, options).size(), 1U);
  options.min_side = 2.5;
  EXPECT_EQ(BoxesOf(map, options).size(), 0U);
  options.map_threshold = .95F;
  options.min_side = 0;
  EXPECT_EQ(BoxesOf(map, options).size(), 0U);
}

TEST(DbBoxesTest, LargestCandidatesComeInRowMajorOrder) {
  DrawnMap map(200, 100);
  map.DrawBar(150, 20, 20, 6, 0);
  map.DrawBar(40, 40, 60, 10, 0);
  map.DrawBar(150, 60, 10, 4, 0);
  map.DrawBar(40, 80, 40, 8, 0);
  DbOptions options;
  const auto lefts = [&](int most) {
    options.max_candidates = most;
    std::vector<double> result;
    for (const DbBox& box : BoxesOf(map, options)) result.push_back(box.quad[0].x);
    return result;
  };
  EXPECT_EQ(lefts(9), (std::vector<double>{140, 10, 145, 20}));
  EXPECT_EQ(lefts(3), (std::vector<double>{140, 10, 20}));
  EXPECT_EQ(lefts(2), (std::vector<double>{10, 20}));
  EXPECT_EQ(lefts(0), std::vector<double>{});
}

TEST(DbBoxesTest, BentTextHasAPolygonAndItsOwnPixelsScore) {
  DrawnMap map(400, 300);
  map.DrawArc(200, 250, 170, 20, -kPi / 2, .9, .9F);
  const auto boxes = BoxesOf(map);
  ASSERT_EQ(boxes.size(), 1U);
  EXPECT_EQ(boxes[0].polygon.size(), 14U);
  EXPECT_NEAR(boxes[0].score, .9F, 1e-5);
  DbOptions straight;
  straight.curves = false;
  EXPECT_TRUE(BoxesOf(map, straight).empty());  // the rectangle is mostly background
  straight.box_threshold = .1F;
  ASSERT_EQ(BoxesOf(map, straight).size(), 1U);
  EXPECT_TRUE(BoxesOf(map, straight)[0].polygon.empty());
}

TEST(DbBoxesTest, ValuesThatAreNoProbabilitiesAreClamped) {
  DrawnMap map(40, 20);
  map.DrawBar(20, 10, 30, 10, 0, kInfinity);
  map.at(20, 10) = kNan;  // a hole
  map.at(6, 6) = 50;
  map.at(0, 0) = -kInfinity;
  const auto boxes = BoxesOf(map);
  ASSERT_EQ(boxes.size(), 1U);
  EXPECT_NEAR(boxes[0].score, 299.0 / 300, 1e-5);
  ExpectQuad(boxes[0].quad, {{{5, 5}, {35, 5}, {35, 15}, {5, 15}}});
  for (const float value : {kNan, -kInfinity}) EXPECT_TRUE(BoxesOf(DrawnMap(33, 9, 0, value)).empty());
  ASSERT_EQ(BoxesOf(DrawnMap(33, 9, 0, kInfinity)).size(), 1U);
  EXPECT_EQ(BoxesOf(DrawnMap(33, 9, 0, kInfinity))[0].score, 1);
}

TEST(DbBoxesTest, EmptyAndWholeMaps) {
  for (const MapView& view : {MapView{}, MapView{nullptr, 0, 9, 0}, MapView{nullptr, -1, -1, 0}}) {
    const auto boxes = DbBoxes(view, {}, nullptr);
    ASSERT_TRUE(boxes.ok());
    EXPECT_TRUE(boxes->empty());
  }
  EXPECT_TRUE(BoxesOf(DrawnMap(64, 64)).empty());
  const auto whole = BoxesOf(DrawnMap(2000, 1500, 0, .7F));
  ASSERT_EQ(whole.size(), 1U);
  ExpectQuad(whole[0].quad, {{{0, 0}, {2000, 0}, {2000, 1500}, {0, 1500}}});
  EXPECT_NEAR(whole[0].score, .7F, 1e-5);
}

TEST(DbBoxesTest, BadArgumentsAreRefused) {
  const DrawnMap map(8, 8, 0, 1);
  const auto code = [&](const MapView& view, const DbOptions& options) { return DbBoxes(view, options, nullptr).status().code(); };
  EXPECT_EQ(code({nullptr, 8, 8, 8}, {}), Code::kInvalidArgument);
  EXPECT_EQ(code({map.values.data(), 8, 8, 7}, {}), Code::kInvalidArgument);
  for (int which = 0; which < 4; ++which) {
    DbOptions options;
    if (which == 0) options.map_threshold = kNan;
    if (which == 1) options.box_threshold = kNan;
    if (which == 2) options.min_side = kNan;
    if (which == 3) options.max_candidates = -1;
    EXPECT_EQ(code(map.view(), options), Code::kInvalidArgument) << which;
  }
}

TEST(DbBoxesTest, CancelledWorkStops) {
  const DrawnMap map(8, 8, 0, 1);
  CancelToken cancel;
  EXPECT_TRUE(DbBoxes(map.view(), {}, &cancel).ok());
  cancel.Cancel();
  EXPECT_EQ(DbBoxes(map.view(), {}, &cancel).status().code(), Code::kCancelled);
}

TEST(DbBoxesTest, CancellingBetweenComponentsStops) {
  DrawnMap map(1500, 1500);
  map.Draw(1, [](double x, double y) { return static_cast<int>(x) % 4 == 0 && static_cast<int>(y) % 4 == 0; });
  const auto start = std::chrono::steady_clock::now();
  ASSERT_EQ(BoxesOf(map, Everything()).size(), 375U * 375U);
  const auto whole = std::chrono::steady_clock::now() - start;
  CancelToken cancel;
  std::thread canceller([&] {
    std::this_thread::sleep_for(whole / 2);
    cancel.Cancel();
  });
  // Again and again, in case that it goes faster now than it did.
  Status status;
  while (status.ok()) status = DbBoxes(map.view(), Everything(), &cancel).status();
  EXPECT_EQ(status.code(), Code::kCancelled);
  canceller.join();
}

TEST(DbBoxesTest, AnswersAreTheSameOnEveryProcessor) {
  std::mt19937 random(4);
  DrawnMap map(333, 222);
  for (float& value : map.values) value = static_cast<float>(random() % 1000) / 1000;
  DbOptions options = Everything();
  options.map_threshold = .62F;
  std::vector<DbBox> expected = BoxesOf(map, options);
  ASSERT_GT(expected.size(), 100U);
  for (const CpuLevel level : {CpuLevel::kScalar, CpuLevel::kAvx2}) {
    ForceCpuLevel(level);
    const std::vector<DbBox> actual = BoxesOf(map, options);
    ForceCpuLevel(CpuLevel::kAvx512);
    ASSERT_EQ(actual.size(), expected.size());
    for (size_t i = 0; i < actual.size(); ++i) {
      ASSERT_EQ(actual[i].score, expected[i].score);
      for (size_t k = 0; k < 4; ++k) ASSERT_EQ(actual[i].quad[k].x, expected[i].quad[k].x);
    }
  }
}

}  // namespace
}  // namespace placard
