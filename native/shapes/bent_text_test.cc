#include "shapes/bent_text.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "shapes/connected_components.h"
#include "shapes/drawn_map.h"
#include "shapes/min_area_rect.h"

namespace placard {
namespace {

constexpr double kPi = std::numbers::pi;

// Of the map's only component.
std::vector<Point> PolygonOf(const DrawnMap& map) {
  Components found;
  LabelComponents(map.view(), .5F, Connectivity::kEight, &found);
  EXPECT_EQ(found.components.size(), 1U);
  std::vector<Point> corners, hull;
  for (const Run& run : found.runs) {
    for (const double x : {run.begin, run.end}) {
      corners.push_back({x, static_cast<double>(run.y)});
      corners.push_back({x, run.y + 1.0});
    }
  }
  ConvexHull(&corners, &hull);
  return BentTextPolygon(found.runs, found.components[0].area, MinAreaRect(hull));
}

double AreaOf(const std::vector<Point>& polygon) {
  double twice = 0;
  for (size_t i = 0; i < polygon.size(); ++i) {
    const Point& a = polygon[i];
    const Point& b = polygon[(i + 1) % polygon.size()];
    twice += a.x * b.y - a.y * b.x;
  }
  return twice / 2;
}

bool Contains(const std::vector<Point>& polygon, double x, double y) {
  bool inside = false;
  for (size_t i = 0; i < polygon.size(); ++i) {
    const Point& a = polygon[i];
    const Point& b = polygon[(i + 1) % polygon.size()];
    if ((a.y > y) != (b.y > y) && x < a.x + (b.x - a.x) * (y - a.y) / (b.y - a.y)) inside = !inside;
  }
  return inside;
}

// Pixels in both over pixels in either.
double Overlap(const DrawnMap& map, const std::vector<Point>& polygon) {
  int both = 0, either = 0;
  for (int y = 0; y < map.height; ++y) {
    for (int x = 0; x < map.width; ++x) {
      const bool drawn = map.at(x, y) > .5F, covered = Contains(polygon, x + .5, y + .5);
      both += drawn && covered;
      either += drawn || covered;
    }
  }
  return static_cast<double>(both) / either;
}

TEST(BentTextTest, ArcsGiveTheirOutlineInAnyDirection) {
  const int size = 440;
  for (int direction = 0; direction < 360; direction += 15) {
    for (const double half_angle : {.55, .7, .9}) {
      DrawnMap map(size, size);
      map.DrawArc(size / 2.0, size / 2.0, 170, 24, direction * kPi / 180, half_angle);
      const auto polygon = PolygonOf(map);
      ASSERT_EQ(polygon.size(), 14U) << direction << " " << half_angle;
      ASSERT_GT(AreaOf(polygon), 0);  // clockwise
      ASSERT_GT(Overlap(map, polygon), .85) << direction << " " << half_angle;
      // Pairs of an upper and a lower point are cross-sections of the ribbon.
      for (size_t k = 0; k < 7; ++k) {
        const Point& upper = polygon[k];
        const Point& lower = polygon[13 - k];
        ASSERT_NEAR(std::hypot(upper.x - lower.x, upper.y - lower.y), 24, 3) << direction << " " << half_angle;
      }
    }
  }
}

TEST(BentTextTest, UpperSideComesFirstLeftToRight) {
  for (const double middle : {-kPi / 2, kPi / 2}) {  // a rainbow and a smile
    DrawnMap map(400, 400);
    map.DrawArc(200, 200, 150, 20, middle, .8);
    const auto polygon = PolygonOf(map);
    ASSERT_EQ(polygon.size(), 14U);
    for (size_t k = 0; k < 6; ++k) EXPECT_LT(polygon[k].x, polygon[k + 1].x);
    for (size_t k = 7; k < 13; ++k) EXPECT_GT(polygon[k].x, polygon[k + 1].x);
    for (size_t k = 0; k < 7; ++k) EXPECT_LT(polygon[k].y, polygon[13 - k].y);
    const double edge = middle < 0 ? 160 : 140;
    for (size_t k = 0; k < 7; ++k) EXPECT_NEAR(std::hypot(polygon[k].x - 200, polygon[k].y - 200), edge, 2);
  }
}

TEST(BentTextTest, SteepRibbonsGoDownTheirRightSideFirst) {
  DrawnMap map(400, 400);
  map.DrawArc(100, 200, 150, 20, 0, .8);
  const auto polygon = PolygonOf(map);
  ASSERT_EQ(polygon.size(), 14U);
  for (size_t k = 0; k < 6; ++k) EXPECT_LT(polygon[k].y, polygon[k + 1].y);
  for (size_t k = 0; k < 7; ++k) EXPECT_GT(polygon[k].x, polygon[13 - k].x);
}

TEST(BentTextTest, SectionsAreEvenlySpaced) {
  DrawnMap map(440, 440);
  map.DrawArc(220, 220, 170, 24, -kPi / 2, .9);
  const auto polygon = PolygonOf(map);
  ASSERT_EQ(polygon.size(), 14U);
  for (size_t k = 0; k < 6; ++k) {
    const double x = polygon[k + 1].x - polygon[k].x, y = polygon[k + 1].y - polygon[k].y;
    EXPECT_NEAR(std::hypot(x, y), 182 * 1.8 / 6, 4);
  }
}

TEST(BentTextTest, WavesAreBentToo) {
  DrawnMap map(500, 120);
  map.Draw(1, [](double x, double y) {
    return x > 20 && x < 480 && std::abs(y - 60 - 22 * std::sin((x - 250) / 75)) <= 10;
  });
  const auto polygon = PolygonOf(map);
  ASSERT_EQ(polygon.size(), 14U);
  EXPECT_GT(Overlap(map, polygon), .6);  // a quartic rounds the wave's turns
}

TEST(BentTextTest, StraightBarsAreNot) {
  for (int degrees = -90; degrees < 90; degrees += 3) {
    for (const double thickness : {3.0, 8.0, 20.0}) {
      for (const double length : {12.0, 60.0, 280.0}) {
        DrawnMap map(320, 320);
        map.DrawBar(160, 160, length, thickness, degrees * kPi / 180);
        ASSERT_TRUE(PolygonOf(map).empty()) << degrees << " " << thickness << " " << length;
      }
    }
  }
}

TEST(BentTextTest, RaggedStraightTextIsNot) {
  // Letters of different heights, as descenders and capitals give.
  for (int seed = 0; seed < 20; ++seed) {
    DrawnMap map(400, 60);
    map.Draw(1, [seed](double x, double y) {
      const int letter = static_cast<int>(x) / 12 * 7 + seed * 13;
      return x > 10 && x < 390 && y > 22 - letter % 5 * 2 && y < 38 + letter / 3 % 4 * 2;
    });
    ASSERT_TRUE(PolygonOf(map).empty()) << seed;
  }
}

TEST(BentTextTest, SlantedParallelogramsAreNot) {
  DrawnMap map(300, 100);
  map.Draw(1, [](double x, double y) { return y > 20 && y < 80 && x - y > 20 && x - y < 200; });
  EXPECT_TRUE(PolygonOf(map).empty());
}

TEST(BentTextTest, SlightBendsAreNotAndThoseThatCutLettersAre) {
  const double thickness = 16, length = 320;
  for (const double deviation : {.2, .4, .6, .85, 1.5}) {
    const double sagitta = deviation * thickness;
    const double radius = length * length / (8 * sagitta) + sagitta / 2;
    DrawnMap map(400, 100);
    map.DrawArc(200, 40 + radius, radius, thickness, -kPi / 2, std::asin(length / 2 / radius));
    EXPECT_EQ(PolygonOf(map).empty(), deviation < .7) << deviation;
  }
}

TEST(BentTextTest, ShapesThatAreNoRibbonsAreNot) {
  DrawnMap cross(200, 200), corner(200, 200), rows(300, 100), ring(200, 200), triangle(200, 200);
  cross.DrawBar(100, 100, 160, 14, .1);
  cross.DrawBar(100, 100, 160, 14, 1.5);
  corner.DrawBar(100, 30, 160, 16, 0);
  corner.DrawBar(28, 100, 16, 150, 0);
  rows.DrawBar(100, 30, 160, 14, 0);   // two rows that touch
  rows.DrawBar(200, 70, 160, 14, 0);
  rows.DrawBar(150, 50, 20, 40, 0);
  ring.DrawArc(100, 100, 80, 14, 0, 4);
  triangle.Draw(1, [](double x, double y) { return x > 10 && y > 10 && x + 4 * y < 200; });
  for (const DrawnMap& map : {cross, corner, rows, ring, triangle}) EXPECT_TRUE(PolygonOf(map).empty());
}

TEST(BentTextTest, LargeComponentsAreSampled) {
  DrawnMap map(1600, 900);
  map.DrawArc(800, 1000, 700, 110, -kPi / 2, .8);
  const auto polygon = PolygonOf(map);
  ASSERT_EQ(polygon.size(), 14U);
  EXPECT_GT(Overlap(map, polygon), .9);
}

TEST(BentTextTest, TinyComponentsAreNot) {
  for (const auto& rows : std::vector<std::vector<std::string>>{
           {"#"}, {"##", ".#"}, {"#..", ".#.", "..#"}, {"#....", ".##..", "...##"}, {"#...#", ".###."}}) {
    EXPECT_TRUE(PolygonOf(DrawnMap(rows)).empty());
  }
}

}  // namespace
}  // namespace placard
