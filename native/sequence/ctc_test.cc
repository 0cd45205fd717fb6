#include "sequence/ctc.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "base/cpu_features.h"

namespace placard {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

CtcInput InputOf(const std::vector<float>& values, int classes, bool logits = false) {
  return {values.data(), static_cast<int>(values.size()) / classes, classes, logits};
}

std::vector<CtcSymbol> Greedy(const CtcInput& input, const CtcOptions& options = {}) {
  std::vector<CtcSymbol> symbols(3);  // what stood there before must go
  CtcGreedy(input, options, &symbols);
  return symbols;
}

std::vector<int> SymbolsOf(const std::vector<CtcSymbol>& symbols) {
  std::vector<int> classes;
  for (const CtcSymbol& symbol : symbols) classes.push_back(symbol.symbol);
  return classes;
}

// One row a step: the named class gets `probability`, the rest share what is left.
std::vector<float> Steps(int classes, const std::vector<std::pair<int, float>>& steps) {
  std::vector<float> values;
  for (const auto& [winner, probability] : steps) {
    for (int i = 0; i < classes; ++i) {
      values.push_back(i == winner ? probability : (1 - probability) / static_cast<float>(classes - 1));
    }
  }
  return values;
}

TEST(CtcGreedyTest, MergesNeighborsDropsBlanksAndKeepsPositions) {
  const auto values = Steps(4, {{0, .9F}, {2, .6F}, {2, .8F}, {2, .7F}, {0, .9F}, {2, .5F}, {3, .9F}, {0, .9F}});
  const auto symbols = Greedy(InputOf(values, 4));
  ASSERT_EQ(SymbolsOf(symbols), (std::vector<int>{2, 2, 3}));
  EXPECT_FLOAT_EQ(symbols[0].confidence, .8F);
  EXPECT_EQ(symbols[0].begin, 1);
  EXPECT_EQ(symbols[0].end, 4);
  EXPECT_FLOAT_EQ(symbols[1].confidence, .5F);
  EXPECT_EQ(symbols[1].begin, 5);
  EXPECT_EQ(symbols[1].end, 6);
  EXPECT_EQ(symbols[2].begin, 6);
  EXPECT_EQ(symbols[2].end, 7);
}

TEST(CtcBestPathTest, IsTheRawViewThatCollapsesToTheReading) {
  // What the published CRNN shows of its demonstration picture.
  const std::string raw = "a-----v--a-i-l-a-bb-l-ee--", alphabet = "-abcdefghijklmnopqrstuvwxyz";
  std::vector<float> values;
  for (const char symbol : raw) {
    for (const char other : alphabet) values.push_back(other == symbol ? .7F : .01F);
  }
  const CtcInput input = InputOf(values, 27);
  std::string path, reading;
  for (const int32_t symbol : CtcBestPath(input, {})) path += alphabet[static_cast<size_t>(symbol)];
  for (const CtcSymbol& symbol : Greedy(input)) reading += alphabet[static_cast<size_t>(symbol.symbol)];
  EXPECT_EQ(path, raw);
  EXPECT_EQ(reading, "available");
}

TEST(CtcBestPathTest, TakesWhatMayBeReadAndBlanksWhereNothingIs) {
  const auto values = Steps(3, {{1, .9F}, {2, .9F}});
  const std::vector<uint8_t> allowed = {0, 0, 1};
  EXPECT_EQ(CtcBestPath(InputOf(values, 3), {.allowed = allowed}), (std::vector<int32_t>{0, 2}));
  const std::vector<float> nothing = {kNan, kNan, -kInfinity};
  EXPECT_EQ(CtcBestPath(InputOf(nothing, 3), {.blank = 2}), (std::vector<int32_t>{2}));
  EXPECT_TRUE(CtcBestPath({}, {}).empty());
}

TEST(CtcGreedyTest, BlankMayBeAnyClass) {
  const auto values = Steps(3, {{2, .9F}, {0, .9F}, {2, .9F}, {0, .9F}, {1, .9F}});
  EXPECT_EQ(SymbolsOf(Greedy(InputOf(values, 3), {.blank = 2})), (std::vector<int>{0, 0, 1}));
  EXPECT_EQ(SymbolsOf(Greedy(InputOf(values, 3), {.blank = -1})), (std::vector<int>{2, 0, 2, 0, 1}));
}

TEST(CtcGreedyTest, TiesGoToTheLowerClassAndNanNeverWins) {
  const std::vector<float> values = {kNan, .4F, .4F, kNan, .2F, .3F, kNan, kNan, kNan};
  const auto symbols = Greedy(InputOf(values, 3));
  EXPECT_EQ(SymbolsOf(symbols), (std::vector<int>{1, 2}));
  EXPECT_EQ(symbols[1].end, 2);  // a step of NaN is a blank
}

TEST(CtcGreedyTest, ConfidencesStayProbabilities) {
  const std::vector<float> values = {0, 7, 1, 0, 0, kInfinity, 1, 0, -1, -.5F};
  const auto symbols = Greedy(InputOf(values, 2), {.blank = 0});
  ASSERT_EQ(symbols.size(), 3U);
  EXPECT_EQ(symbols[0].confidence, 1);
  EXPECT_EQ(symbols[1].confidence, 1);
  EXPECT_EQ(symbols[2].confidence, 0);  // the greatest of a row of negatives
}

TEST(CtcGreedyTest, SpaceBeforeIsTheBestStrictlyBetweenBestSteps) {
  const int classes = 5, space = 4;
  auto values = Steps(classes, {{1, .6F}, {1, .9F}, {1, .5F}, {0, .8F}, {2, .5F}, {2, .9F}, {3, .9F}});
  const auto set_space = [&](int step, float value) { values[static_cast<size_t>(step * classes + space)] = value; };
  for (int step = 0; step < 7; ++step) set_space(step, .01F * static_cast<float>(step));
  set_space(1, .31F);  // the first symbol's best step: not between
  set_space(2, .2F);
  set_space(3, .11F);
  set_space(5, .33F);  // the second symbol's best step
  const auto symbols = Greedy(InputOf(values, classes), {.space = space});
  ASSERT_EQ(SymbolsOf(symbols), (std::vector<int>{1, 2, 3}));
  EXPECT_EQ(symbols[0].space_before, 0);
  EXPECT_FLOAT_EQ(symbols[1].space_before, .2F);
  EXPECT_EQ(symbols[2].space_before, 0);  // nothing lies between
}

TEST(CtcGreedyTest, SpaceThatMayNotBeReadIsNeverSuspected) {
  const auto values = Steps(4, {{1, .9F}, {3, .4F}, {2, .9F}});
  const std::vector<uint8_t> no_space = {0, 1, 1, 0};
  for (const auto& symbol : Greedy(InputOf(values, 4), {.space = 3, .allowed = no_space})) {
    EXPECT_EQ(symbol.space_before, 0);
  }
  for (const int space : {-1, 0, 4, 1000}) {
    for (const auto& symbol : Greedy(InputOf(values, 4), {.space = space})) EXPECT_EQ(symbol.space_before, 0);
  }
}

TEST(CtcGreedyTest, EmptyInputsGiveNothing) {
  const float one = 1;
  EXPECT_TRUE(Greedy({}).empty());
  EXPECT_TRUE(Greedy({nullptr, 3, 3, false}).empty());
  EXPECT_TRUE(Greedy({&one, 0, 1, false}).empty());
  EXPECT_TRUE(Greedy({&one, 1, 0, true}).empty());
  EXPECT_TRUE(Greedy({&one, -1, -1, true}).empty());
}

std::vector<float> Softmax(const std::vector<float>& logits, int classes) {
  std::vector<float> result(logits.size());
  for (size_t row = 0; row < logits.size(); row += static_cast<size_t>(classes)) {
    double sum = 0;
    for (int i = 0; i < classes; ++i) sum += std::exp(static_cast<double>(logits[row + static_cast<size_t>(i)]));
    for (int i = 0; i < classes; ++i) {
      const size_t at = row + static_cast<size_t>(i);
      result[at] = static_cast<float>(std::exp(static_cast<double>(logits[at])) / sum);
    }
  }
  return result;
}

TEST(CtcGreedyTest, LogitsReadAsTheirSoftmax) {
  std::mt19937 random(5);
  std::uniform_real_distribution<float> draw(-9, 9);
  for (const int classes : {2, 3, 17, 37, 129, 6625}) {
    std::vector<float> logits(static_cast<size_t>(classes) * 20);
    for (float& value : logits) value = draw(random);
    const auto probabilities = Softmax(logits, classes);
    const CtcOptions options{.blank = 1, .space = 0};
    const auto expected = Greedy(InputOf(probabilities, classes), options);
    const auto actual = Greedy(InputOf(logits, classes, true), options);
    ASSERT_EQ(SymbolsOf(actual), SymbolsOf(expected));
    for (size_t i = 0; i < actual.size(); ++i) {
      EXPECT_NEAR(actual[i].confidence, expected[i].confidence, 2e-6);
      EXPECT_NEAR(actual[i].space_before, expected[i].space_before, 2e-6);
      EXPECT_EQ(actual[i].begin, expected[i].begin);
      EXPECT_EQ(actual[i].end, expected[i].end);
    }
  }
}

TEST(CtcGreedyTest, LogitsMayBeInfinite) {
  const std::vector<float> logits = {0, kInfinity, kInfinity, -kInfinity, -kInfinity, -kInfinity, -kInfinity, -kInfinity, 300};
  const auto symbols = Greedy(InputOf(logits, 3, true));
  ASSERT_EQ(SymbolsOf(symbols), (std::vector<int>{1, 2}));
  EXPECT_FLOAT_EQ(symbols[0].confidence, .5F);
  EXPECT_FLOAT_EQ(symbols[1].confidence, 1);
  EXPECT_EQ(symbols[1].begin, 2);
}

// The definition, in plain loops.
std::vector<CtcSymbol> PlainGreedy(const CtcInput& input, const CtcOptions& options) {
  std::vector<CtcSymbol> symbols;
  int previous = options.blank;
  for (int step = 0; step < input.steps; ++step) {
    const float* row = input.values + step * input.classes;
    int best = options.blank;
    float greatest = -kInfinity;
    for (int i = 0; i < input.classes; ++i) {
      const bool allowed = options.allowed.empty() || i == options.blank || options.allowed[static_cast<size_t>(i)] != 0;
      if (allowed && row[i] > greatest) {
        greatest = row[i];
        best = i;
      }
    }
    if (best != options.blank && best != previous) symbols.push_back({best, row[best], step, step + 1, 0});
    if (best != options.blank && best == previous) {
      symbols.back().end = step + 1;
      symbols.back().confidence = std::max(symbols.back().confidence, row[best]);
    }
    previous = best;
  }
  return symbols;
}

TEST(CtcGreedyTest, AgreesWithTheDefinitionForAnyAlphabetAndProcessor) {
  std::mt19937 random(11);
  for (int trial = 0; trial < 400; ++trial) {
    const int classes = 1 + static_cast<int>(random() % 150);
    const int steps = 1 + static_cast<int>(random() % 30);
    std::vector<float> values(static_cast<size_t>(classes * steps));
    for (float& value : values) value = random() % 31 == 0 ? kNan : static_cast<float>(random() % 64) / 64;
    std::vector<uint8_t> allowed;
    if (trial % 2 == 0) {
      for (int i = 0; i < classes; ++i) allowed.push_back(random() % (1 + static_cast<uint32_t>(trial) % 5) == 0);
    }
    const CtcOptions options{.blank = static_cast<int>(random() % static_cast<uint32_t>(classes)), .allowed = allowed};
    const auto expected = PlainGreedy(InputOf(values, classes), options);
    for (const CpuLevel level : {CpuLevel::kScalar, CpuLevel::kAvx2, CpuLevel::kAvx512}) {
      ForceCpuLevel(level);
      const auto actual = Greedy(InputOf(values, classes), options);
      ASSERT_EQ(actual.size(), expected.size());
      for (size_t i = 0; i < actual.size(); ++i) {
        ASSERT_EQ(actual[i].symbol, expected[i].symbol);
        ASSERT_EQ(actual[i].begin, expected[i].begin);
        ASSERT_EQ(actual[i].end, expected[i].end);
        ASSERT_EQ(actual[i].confidence, expected[i].confidence);
      }
    }
  }
}

TEST(CtcGreedyTest, ShortListOfAllowedClassesAllowsNoneBeyondIt) {
  const auto values = Steps(4, {{3, .9F}, {1, .9F}});
  const std::vector<uint8_t> allowed = {0, 1};
  EXPECT_EQ(SymbolsOf(Greedy(InputOf(values, 4), {.allowed = allowed})), (std::vector<int>{1}));
}

}  // namespace
}  // namespace placard
