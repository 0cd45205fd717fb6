#include "shapes/nms.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <vector>

namespace placard {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

Quad Box(double left, double top, double right, double bottom) {
  return {{{left, top}, {right, top}, {right, bottom}, {left, bottom}}};
}

Quad Turned(double x, double y, double width, double height, double angle) {
  const double c = std::cos(angle), s = std::sin(angle);
  Quad quad;
  const double signs[4][2] = {{-.5, -.5}, {.5, -.5}, {.5, .5}, {-.5, .5}};
  for (size_t i = 0; i < 4; ++i) {
    const double along = signs[i][0] * width, across = signs[i][1] * height;
    quad[i] = {x + along * c - across * s, y + along * s + across * c};
  }
  return quad;
}

bool Inside(const Quad& quad, double x, double y) {
  int sides = 0;
  for (size_t i = 0; i < 4; ++i) {
    const Point& a = quad[i];
    const Point& b = quad[(i + 1) % 4];
    sides += (b.x - a.x) * (y - a.y) - (b.y - a.y) * (x - a.x) >= 0 ? 1 : -1;
  }
  return std::abs(sides) == 4;
}

// By counting points of a fine grid.
double CountedIou(const Quad& a, const Quad& b) {
  int both = 0, either = 0;
  for (int y = 0; y < 400; ++y) {
    for (int x = 0; x < 400; ++x) {
      const bool in_a = Inside(a, x / 10.0 + .05, y / 10.0 + .05), in_b = Inside(b, x / 10.0 + .05, y / 10.0 + .05);
      both += in_a && in_b;
      either += in_a || in_b;
    }
  }
  return either > 0 ? static_cast<double>(both) / either : 0;
}

TEST(QuadIouTest, KnownVectors) {
  EXPECT_DOUBLE_EQ(QuadIou(Box(0, 0, 2, 2), Box(0, 0, 2, 2)), 1);
  EXPECT_DOUBLE_EQ(QuadIou(Box(0, 0, 2, 2), Box(1, 0, 3, 2)), 1.0 / 3);
  EXPECT_DOUBLE_EQ(QuadIou(Box(0, 0, 4, 4), Box(1, 1, 3, 3)), .25);
  EXPECT_EQ(QuadIou(Box(0, 0, 2, 2), Box(2, 0, 4, 2)), 0);
  EXPECT_EQ(QuadIou(Box(0, 0, 2, 2), Box(5, 5, 6, 6)), 0);
  // A square and the same turned by 45 degrees share a regular octagon.
  const double shared = 8 * (std::sqrt(2) - 1);
  EXPECT_NEAR(QuadIou(Turned(9, 9, 2, 2, 0), Turned(9, 9, 2, 2, std::acos(-1.0) / 4)), shared / (8 - shared), 1e-12);
}

TEST(QuadIouTest, AgreesWithCountingAndKnowsNoDirection) {
  std::mt19937 random(1);
  std::uniform_real_distribution<double> draw(0, 1);
  for (int trial = 0; trial < 60; ++trial) {
    const auto any = [&] {
      return Turned(15 + 10 * draw(random), 15 + 10 * draw(random), 4 + 12 * draw(random), 4 + 12 * draw(random), 6 * draw(random));
    };
    const Quad a = any(), b = any();
    const double iou = QuadIou(a, b);
    ASSERT_NEAR(iou, CountedIou(a, b), .01);
    ASSERT_NEAR(QuadIou(b, a), iou, 1e-12);
    const Quad reversed = {{b[3], b[2], b[1], b[0]}};
    ASSERT_NEAR(QuadIou(a, reversed), iou, 1e-12);
    Quad far_a = a, far_b = b;
    for (size_t i = 0; i < 4; ++i) {
      far_a[i].x += 1e7;
      far_b[i].x += 1e7;
    }
    ASSERT_NEAR(QuadIou(far_a, far_b), iou, 1e-6);
  }
}

TEST(QuadIouTest, DegenerateAndNonFiniteQuadsShareNothing) {
  const Quad good = Box(0, 0, 2, 2);
  EXPECT_EQ(QuadIou(good, Box(1, 0, 1, 2)), 0);
  EXPECT_EQ(QuadIou(Box(1, 1, 1, 1), Box(1, 1, 1, 1)), 0);
  EXPECT_EQ(QuadIou(good, Quad{{{0, 0}, {2, 2}, {0, 0}, {2, 2}}}), 0);
  for (const double value : {kNan, kInfinity, -kInfinity}) {
    Quad bad = good;
    bad[2].y = value;
    EXPECT_EQ(QuadIou(good, bad), 0);
    EXPECT_EQ(QuadIou(bad, bad), 0);
  }
  const double huge = 1e200;
  EXPECT_EQ(QuadIou(Box(-huge, -huge, huge, huge), good), 0);  // its area is no number
}

// The definition, each candidate against all that are kept.
std::vector<int> PlainNms(const std::vector<Quad>& boxes, const std::vector<float>& scores,
                          const std::vector<int32_t>& classes, double threshold) {
  std::vector<int> order(boxes.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](int a, int b) { return scores[static_cast<size_t>(a)] > scores[static_cast<size_t>(b)]; });
  std::vector<int> kept;
  for (const int candidate : order) {
    bool stays = true;
    for (const int winner : kept) {
      const auto a = static_cast<size_t>(winner), b = static_cast<size_t>(candidate);
      if ((classes.empty() || classes[a] == classes[b]) && QuadIou(boxes[a], boxes[b]) > threshold) stays = false;
    }
    if (stays) kept.push_back(candidate);
  }
  return kept;
}

TEST(NmsTest, AgreesWithTheDefinition) {
  std::mt19937 random(2);
  std::uniform_real_distribution<double> draw(0, 1);
  for (int trial = 0; trial < 200; ++trial) {
    std::vector<Quad> boxes;
    std::vector<float> scores;
    std::vector<int32_t> classes;
    for (uint32_t i = random() % 80; i > 0; --i) {
      boxes.push_back(Turned(60 * draw(random), 60 * draw(random), 5 + 20 * draw(random), 5 + 20 * draw(random),
                             trial % 2 == 0 ? 0 : 6 * draw(random)));
      scores.push_back(static_cast<float>(random() % 20) / 20);  // with ties
      if (trial % 3 != 0) classes.push_back(static_cast<int32_t>(random() % 4) - 2);
    }
    const double threshold = draw(random);
    ASSERT_EQ(Nms(boxes, scores, classes, threshold), PlainNms(boxes, scores, classes, threshold)) << trial;
  }
}

TEST(NmsTest, ThresholdIsExclusive) {
  const std::vector<Quad> boxes = {Box(0, 0, 4, 4), Box(0, 0, 4, 2)};  // IoU exactly 0.5
  EXPECT_EQ(Nms(boxes, std::vector<float>{.9F, .8F}, {}, .5), (std::vector<int>{0, 1}));
  EXPECT_EQ(Nms(boxes, std::vector<float>{.9F, .8F}, {}, .49), (std::vector<int>{0}));
}

TEST(NmsTest, ASuppressedBoxSuppressesNothing) {
  const std::vector<Quad> chain = {Box(0, 0, 10, 1), Box(4, 0, 14, 1), Box(8, 0, 18, 1)};
  EXPECT_EQ(Nms(chain, std::vector<float>{.9F, .8F, .7F}, {}, .3), (std::vector<int>{0, 2}));
}

TEST(NmsTest, ClassesDoNotCompete) {
  const std::vector<Quad> boxes(3, Box(0, 0, 4, 4));
  const std::vector<int32_t> classes = {7, -1, 7};
  EXPECT_EQ(Nms(boxes, std::vector<float>{.1F, .2F, .3F}, classes, .5), (std::vector<int>{2, 1}));
}

TEST(NmsTest, WhatIsNoBoxIsNeverKept) {
  const std::vector<Quad> boxes = {Box(0, 0, kNan, 4), Box(0, 0, 4, 4), Box(9, 9, kInfinity, 12), Box(20, 20, 24, 24)};
  const std::vector<float> scores = {.9F, std::numeric_limits<float>::quiet_NaN(), .9F,
                                     std::numeric_limits<float>::infinity()};
  EXPECT_EQ(Nms(boxes, scores, {}, .5), (std::vector<int>{3}));
  EXPECT_TRUE(Nms({}, {}, {}, .5).empty());
}

TEST(NmsTest, ShorterListsLimitTheCandidates) {
  const std::vector<Quad> boxes = {Box(0, 0, 4, 4), Box(10, 0, 14, 4), Box(20, 0, 24, 4)};
  EXPECT_EQ(Nms(boxes, std::vector<float>{.1F, .2F}, {}, .5), (std::vector<int>{1, 0}));
  EXPECT_EQ(Nms(boxes, std::vector<float>{.1F, .2F, .3F}, std::vector<int32_t>{1}, .5), (std::vector<int>{0}));
}

}  // namespace
}  // namespace placard
