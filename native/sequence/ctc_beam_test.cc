#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <random>
#include <vector>

#include "sequence/all_paths.h"
#include "sequence/ctc.h"

namespace placard {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

struct Reading {
  double score;
  std::vector<CtcSymbol> symbols;

  std::vector<int> classes() const {
    std::vector<int> result;
    for (const CtcSymbol& symbol : symbols) result.push_back(symbol.symbol);
    return result;
  }
};

Reading Beam(const std::vector<float>& values, int classes, const CtcOptions& options = {},
             const CtcBeamOptions& beam = {}, bool logits = false) {
  Reading reading;
  reading.symbols.resize(2);
  reading.score =
      CtcBeam({values.data(), static_cast<int>(values.size()) / classes, classes, logits}, options, beam, &reading.symbols);
  return reading;
}

TEST(CtcBeamTest, WideBeamFindsTheMostProbableReadingOfAll) {
  std::mt19937 random(3);
  int differs_from_greedy = 0;
  for (int trial = 0; trial < 300; ++trial) {
    const int classes = 2 + trial % 3;
    const int steps = 1 + trial % 6;
    const int blank = static_cast<int>(random() % static_cast<uint32_t>(classes));
    const auto values = RandomProbabilities(steps, classes, 1 + trial % 4, &random);
    const auto readings = Enumerate(values, classes, blank);
    const auto best = std::max_element(readings.begin(), readings.end(),
                                       [](const auto& a, const auto& b) { return a.second.total < b.second.total; });
    const Reading reading = Beam(values, classes, {.blank = blank}, {.width = 5000, .prune = 0});
    ASSERT_EQ(reading.classes(), best->first) << trial;
    ASSERT_NEAR(reading.score, std::log(best->second.total), 1e-6) << trial;
    std::vector<CtcSymbol> greedy;
    CtcGreedy({values.data(), steps, classes, false}, {.blank = blank}, &greedy);
    differs_from_greedy += greedy.size() != reading.symbols.size();
  }
  EXPECT_GT(differs_from_greedy, 10);  // otherwise the trials prove nothing
}

TEST(CtcBeamTest, PositionsAreThoseOfTheBestPath) {
  std::mt19937 random(4);
  for (int trial = 0; trial < 300; ++trial) {
    const int classes = 2 + trial % 3;
    const int steps = 1 + trial % 6;
    const auto values = RandomProbabilities(steps, classes, 2, &random);
    const Reading reading = Beam(values, classes, {.blank = 0}, {.width = 5000, .prune = 0});
    std::vector<int> path(static_cast<size_t>(steps), 0);
    for (const CtcSymbol& symbol : reading.symbols) {
      double sum = 0;
      for (int step = symbol.begin; step < symbol.end; ++step) {
        path[static_cast<size_t>(step)] = symbol.symbol;
        sum += values[static_cast<size_t>(step * classes + symbol.symbol)];
      }
      EXPECT_NEAR(symbol.confidence, sum / (symbol.end - symbol.begin), 1e-6);
    }
    ASSERT_EQ(Collapse(path, 0), reading.classes());
    double probability = 1;
    for (int step = 0; step < steps; ++step) {
      probability *= values[static_cast<size_t>(step * classes + path[static_cast<size_t>(step)])];
    }
    const auto readings = Enumerate(values, classes, 0);
    EXPECT_NEAR(probability, readings.at(reading.classes()).best, 1e-7);
  }
}

TEST(CtcBeamTest, KeepsTheReadingThatManyPathsShare) {
  // The textbook case: blank-blank is the best path, but three paths read "a".
  const std::vector<float> values = {.6F, .4F, .6F, .4F};
  const Reading reading = Beam(values, 2);
  ASSERT_EQ(reading.classes(), (std::vector<int>{1}));
  EXPECT_NEAR(reading.score, std::log(.64), 1e-6);
}

TEST(CtcBeamTest, NarrowBeamWithoutRivalsReadsAsGreedyDoes) {
  std::mt19937 random(8);
  const int classes = 50, steps = 60;
  std::vector<float> values(static_cast<size_t>(classes * steps), .001F);
  for (int step = 0; step < steps; ++step) {
    values[static_cast<size_t>(step * classes) + random() % 4] = .95F;
  }
  std::vector<CtcSymbol> greedy;
  CtcGreedy({values.data(), steps, classes, false}, {.space = 3}, &greedy);
  for (const int width : {-1, 0, 1, 2, 10}) {
    const Reading reading = Beam(values, classes, {.space = 3}, {.width = width});
    ASSERT_EQ(reading.symbols.size(), greedy.size()) << width;
    for (size_t i = 0; i < greedy.size(); ++i) {
      EXPECT_EQ(reading.symbols[i].symbol, greedy[i].symbol);
      EXPECT_EQ(reading.symbols[i].begin, greedy[i].begin);
      EXPECT_EQ(reading.symbols[i].end, greedy[i].end);
      EXPECT_NEAR(reading.symbols[i].space_before, greedy[i].space_before, 1e-6);
    }
  }
}

TEST(CtcBeamTest, LeavingClassesOutLosesNothing) {
  // A beam of `width` may look at width + 1 classes only: the same answer as when none can be left out.
  std::mt19937 random(9);
  for (int trial = 0; trial < 60; ++trial) {
    const auto values = RandomProbabilities(12, 9, 2, &random);
    std::vector<float> wide;  // the same with many classes that are next to impossible
    for (int step = 0; step < 12; ++step) {
      wide.insert(wide.end(), values.begin() + step * 9, values.begin() + (step + 1) * 9);
      wide.insert(wide.end(), 500, 1e-20F);
    }
    const Reading expected = Beam(values, 9, {}, {.width = 4, .prune = 0});
    const Reading actual = Beam(wide, 509, {}, {.width = 4, .prune = 0});
    ASSERT_EQ(actual.classes(), expected.classes());
    ASSERT_NEAR(actual.score, expected.score, 1e-9);
  }
}

TEST(CtcBeamTest, ImprobableClassesAreNotExtended) {
  const std::vector<float> values = {.5F, .3F, .2F, .5F, .2F, .3F};
  // All paths of "1" have .31 and the empty reading .25; without the paths that need class 1 at .2 to start, "1" has .21.
  EXPECT_EQ(Beam(values, 3, {}, {.width = 10, .prune = .15F}).classes(), (std::vector<int>{1}));
  EXPECT_EQ(Beam(values, 3, {}, {.width = 10, .prune = .25F}).classes(), std::vector<int>());
}

TEST(CtcBeamTest, OnlyAllowedClassesAreRead) {
  const std::vector<float> values = {.1F, .8F, .1F, .1F, .1F, .8F};
  const std::vector<uint8_t> allowed = {0, 0, 1};
  EXPECT_EQ(Beam(values, 3, {.allowed = allowed}).classes(), (std::vector<int>{2}));
}

TEST(CtcBeamTest, LogitsReadAsTheirSoftmax) {
  std::mt19937 random(6);
  for (int trial = 0; trial < 50; ++trial) {
    const int classes = 40;
    const auto values = RandomProbabilities(15, classes, 6, &random);
    std::vector<float> logits;
    for (const float value : values) logits.push_back(std::log(value) + 5);
    const Reading expected = Beam(values, classes);
    const Reading actual = Beam(logits, classes, {}, {}, true);
    ASSERT_EQ(actual.classes(), expected.classes());
    EXPECT_NEAR(actual.score, expected.score, 1e-4);
    for (size_t i = 0; i < actual.symbols.size(); ++i) {
      EXPECT_NEAR(actual.symbols[i].confidence, expected.symbols[i].confidence, 1e-5);
    }
  }
}

TEST(CtcBeamTest, SurvivesRowsThatSayNothing) {
  const std::vector<float> values = {0, 1, 0, kNan, kNan, kNan, 0, 0, 0, 0, 0, 1, kInfinity, -1, kNan};
  const Reading reading = Beam(values, 3);
  EXPECT_EQ(reading.classes(), (std::vector<int>{1, 2}));
  EXPECT_TRUE(std::isfinite(reading.score));
  const std::vector<float> logits = {-kInfinity, kInfinity, 0, kNan, kNan, kNan, -kInfinity, -kInfinity, -kInfinity};
  const Reading from_logits = Beam(logits, 3, {}, {}, true);
  EXPECT_EQ(from_logits.classes(), (std::vector<int>{1}));
  EXPECT_TRUE(std::isfinite(from_logits.score));
}

TEST(CtcBeamTest, EmptyInputsReadNothing) {
  std::vector<CtcSymbol> symbols(1);
  EXPECT_EQ(CtcBeam({}, {}, {}, &symbols), 0);
  EXPECT_TRUE(symbols.empty());
}

TEST(CtcBeamTest, LongLinesKeepTheirScale) {
  std::mt19937 random(7);
  const auto values = RandomProbabilities(3000, 30, 1, &random);  // 1e-3000 and less: far under any double
  const Reading reading = Beam(values, 30);
  EXPECT_TRUE(std::isfinite(reading.score));
  EXPECT_LT(reading.score, -1000);
}

}  // namespace
}  // namespace placard
