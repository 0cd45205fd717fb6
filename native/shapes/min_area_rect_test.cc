#include "shapes/min_area_rect.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <random>
#include <vector>

namespace placard {
namespace {

constexpr double kPi = std::numbers::pi;

std::vector<Point> HullOf(std::vector<Point> points) {
  std::vector<Point> hull(7);
  ConvexHull(&points, &hull);
  return hull;
}

std::vector<Point> RandomPoints(std::mt19937* random, int count, bool whole) {
  std::uniform_real_distribution<double> draw(-50, 50);
  std::vector<Point> points;
  for (int i = 0; i < count; ++i) {
    const double x = draw(*random), y = draw(*random) / 3;
    points.push_back(whole ? Point{std::round(x / 5), std::round(y / 5)} : Point{x, y});
  }
  return points;
}

// The area of the smallest rectangle among those at steps of 0.1 degrees.
double SmallestByTurning(const std::vector<Point>& points) {
  double smallest = std::numeric_limits<double>::infinity();
  for (int step = 0; step < 900; ++step) {
    const double c = std::cos(step * kPi / 1800), s = std::sin(step * kPi / 1800);
    double left = 1e300, right = -1e300, top = 1e300, bottom = -1e300;
    for (const Point& p : points) {
      left = std::min(left, p.x * c + p.y * s);
      right = std::max(right, p.x * c + p.y * s);
      top = std::min(top, p.y * c - p.x * s);
      bottom = std::max(bottom, p.y * c - p.x * s);
    }
    smallest = std::min(smallest, (right - left) * (bottom - top));
  }
  return smallest;
}

bool Contains(const RotatedRect& rect, const Point& p, double slack) {
  const double dx = p.x - rect.center.x, dy = p.y - rect.center.y;
  const double along = dx * std::cos(rect.angle) + dy * std::sin(rect.angle);
  const double across = dy * std::cos(rect.angle) - dx * std::sin(rect.angle);
  return std::abs(along) <= rect.width / 2 + slack && std::abs(across) <= rect.height / 2 + slack;
}

TEST(ConvexHullTest, IsClockwiseConvexAndContainsEveryPoint) {
  std::mt19937 random(1);
  for (int trial = 0; trial < 500; ++trial) {
    const auto points = RandomPoints(&random, 1 + trial % 60, trial % 2 == 0);
    const auto hull = HullOf(points);
    ASSERT_FALSE(hull.empty());
    for (size_t i = 0; i < hull.size() && hull.size() >= 3; ++i) {
      const Point& a = hull[i];
      const Point& b = hull[(i + 1) % hull.size()];
      ASSERT_GT(Cross(a, b, hull[(i + 2) % hull.size()]), 0);
      for (const Point& p : points) ASSERT_GE(Cross(a, b, p), -1e-9);
    }
    for (const Point& corner : hull) {
      ASSERT_TRUE(std::any_of(points.begin(), points.end(), [&](const Point& p) { return p.x == corner.x && p.y == corner.y; }));
    }
  }
}

TEST(ConvexHullTest, DegenerateInputs) {
  const double nan = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();
  EXPECT_TRUE(HullOf({}).empty());
  EXPECT_TRUE(HullOf({{nan, 0}, {0, infinity}}).empty());
  EXPECT_EQ(HullOf({{2, 3}}).size(), 1U);
  EXPECT_EQ(HullOf({{2, 3}, {2, 3}, {2, 3}}).size(), 1U);
  EXPECT_EQ(HullOf({{2, 3}, {4, 4}, {2, 3}}).size(), 2U);
  EXPECT_EQ(HullOf({{0, 0}, {1, 1}, {2, 2}, {3, 3}, {1, 1}}).size(), 2U);
  EXPECT_EQ(HullOf({{0, 0}, {nan, 5}, {1, 0}, {0, 1}, {0.5, 0}, {0.5, 0.5}}).size(), 3U);
  EXPECT_EQ(HullOf({{0, 0}, {2, 0}, {2, 2}, {0, 2}, {1, 0}, {2, 1}, {1, 2}, {0, 1}, {1, 1}}).size(), 4U);
}

TEST(MinAreaRectTest, IsAsSmallAsTurningFindsAndContainsThePoints) {
  std::mt19937 random(2);
  for (int trial = 0; trial < 400; ++trial) {
    const auto points = RandomPoints(&random, 3 + trial % 80, trial % 3 == 0);
    const RotatedRect rect = MinAreaRect(HullOf(points));
    for (const Point& p : points) ASSERT_TRUE(Contains(rect, p, 1e-9)) << trial;
    const double area = rect.width * rect.height, turned = SmallestByTurning(points);
    ASSERT_LE(area, turned + 1e-7) << trial;
    ASSERT_GE(area, turned * .99 - 2) << trial;  // turning misses the best angle by up to 0.05 degrees
    ASSERT_GT(rect.angle, -kPi / 4 - 1e-12);
    ASSERT_LE(rect.angle, kPi / 4 + 1e-12);
  }
}

TEST(MinAreaRectTest, FindsTurnedRectanglesAgain) {
  for (int degrees = -180; degrees <= 180; ++degrees) {
    const RotatedRect drawn{{31, -17}, 40, 12, degrees * kPi / 180};
    const Quad corners = Corners(drawn);
    const RotatedRect found = MinAreaRect(HullOf({corners.begin(), corners.end()}));
    EXPECT_NEAR(found.center.x, 31, 1e-9);
    EXPECT_NEAR(found.center.y, -17, 1e-9);
    EXPECT_NEAR(std::max(found.width, found.height), 40, 1e-9);
    EXPECT_NEAR(std::min(found.width, found.height), 12, 1e-9);
    const double longer = found.angle + (found.height > found.width ? kPi / 2 : 0);
    EXPECT_NEAR(std::sin(longer - drawn.angle), 0, 1e-9) << degrees;
  }
}

TEST(MinAreaRectTest, KnownVectors) {
  const RotatedRect pixel = MinAreaRect(HullOf({{3, 4}, {4, 4}, {3, 5}, {4, 5}}));
  EXPECT_EQ(pixel.width, 1);
  EXPECT_EQ(pixel.height, 1);
  EXPECT_EQ(pixel.angle, 0);
  EXPECT_EQ(pixel.center.x, 3.5);
  EXPECT_EQ(pixel.center.y, 4.5);
  // A right triangle with legs 3 and 4: the rectangles on a leg and on the hypotenuse are equally small.
  const RotatedRect triangle = MinAreaRect(HullOf({{0, 0}, {4, 0}, {0, 3}}));
  EXPECT_NEAR(triangle.width * triangle.height, 12, 1e-9);
  EXPECT_NEAR(triangle.angle, 0, 1e-12);  // the upright one
  // A regular octagon fits an upright and a slanted square of one size.
  std::vector<Point> octagon;
  for (int i = 0; i < 8; ++i) octagon.push_back({std::cos((i + .5) * kPi / 4), std::sin((i + .5) * kPi / 4)});
  EXPECT_NEAR(MinAreaRect(HullOf(octagon)).angle, 0, 1e-9);
}

TEST(MinAreaRectTest, DegenerateHulls) {
  const RotatedRect none = MinAreaRect({});
  EXPECT_EQ(none.width, 0);
  EXPECT_EQ(none.height, 0);
  const RotatedRect point = MinAreaRect(HullOf({{7, 8}}));
  EXPECT_EQ(point.center.x, 7);
  EXPECT_EQ(point.center.y, 8);
  EXPECT_EQ(point.width, 0);
  const RotatedRect segment = MinAreaRect(HullOf({{0, 0}, {3, 3}, {6, 6}}));
  EXPECT_NEAR(segment.width, std::hypot(6, 6), 1e-12);
  EXPECT_EQ(segment.height, 0);
  EXPECT_NEAR(segment.angle, kPi / 4, 1e-12);
  const RotatedRect upright = MinAreaRect(HullOf({{5, 0}, {5, 9}}));
  EXPECT_NEAR(upright.height, 9, 1e-12);
  EXPECT_NEAR(upright.width, 0, 1e-12);
}

TEST(MinAreaRectTest, ExtremeScalesGiveTheUprightRectangle) {
  for (const double scale : {1e-200, 1e200}) {
    // As a hull: ConvexHull itself cannot tell which way such points turn.
    const std::vector<Point> hull = {{0, 0}, {2 * scale, scale}, {scale, 3 * scale}};
    const RotatedRect rect = MinAreaRect(hull);
    EXPECT_EQ(rect.width, 2 * scale);
    EXPECT_EQ(rect.height, 3 * scale);
    EXPECT_EQ(rect.angle, 0);
    EXPECT_EQ(rect.center.x, scale);
  }
}

TEST(CornersTest, StartsWhereMiniBoxesDo) {
  std::mt19937 random(3);
  std::uniform_real_distribution<double> draw(0, 1);
  for (int trial = 0; trial < 2000; ++trial) {
    const RotatedRect rect{{draw(random) * 9, draw(random) * 9}, draw(random) * 50, draw(random) * 20,
                           (draw(random) - .5) * 4 * kPi};
    const Quad quad = Corners(rect);
    double twice_area = 0;
    for (size_t i = 0; i < 4; ++i) {
      twice_area += quad[i].x * quad[(i + 1) % 4].y - quad[i].y * quad[(i + 1) % 4].x;
    }
    ASSERT_NEAR(twice_area / 2, rect.width * rect.height, 1e-6);  // positive: clockwise
    // Of the two leftmost the upper is first, the lower last.
    Quad by_x = quad;
    std::sort(by_x.begin(), by_x.end(), [](const Point& a, const Point& b) { return a.x < b.x; });
    ASSERT_EQ(quad[0].y, std::min(by_x[0].y, by_x[1].y));
    ASSERT_EQ(quad[3].y, std::max(by_x[0].y, by_x[1].y));
  }
}

TEST(CornersTest, UprightBoxes) {
  const Quad quad = Corners({{10, 5}, 8, 4, 0});
  const Quad expected = {{{6, 3}, {14, 3}, {14, 7}, {6, 7}}};
  for (size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(quad[i].x, expected[i].x);
    EXPECT_EQ(quad[i].y, expected[i].y);
  }
}

}  // namespace
}  // namespace placard
