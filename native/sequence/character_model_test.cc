#include "sequence/character_model.h"

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

using History = std::vector<int32_t>;

constexpr int32_t kLineStart = -7;
constexpr float kUnknown = -6;

// A model as its definition has it: log probabilities of what was seen, and back-offs, by context.
struct Definition {
  struct Context {
    std::map<int32_t, float> seen;
    float backoff = 0;
  };
  std::map<History, Context> contexts;
  size_t order = 3;

  double Score(History history, int32_t character) const {
    double score = 0;
    for (;; history.erase(history.begin())) {
      const auto context = contexts.find(history);
      if (context != contexts.end()) {
        const auto seen = context->second.seen.find(character);
        if (seen != context->second.seen.end()) return score + seen->second;
        if (!history.empty()) score += context->second.backoff;
      }
      if (history.empty()) return score + kUnknown;
    }
  }

  // Of a whole line, its end included.
  double Score(const std::vector<int32_t>& line) const {
    History history = {kLineStart};
    double score = 0;
    for (size_t i = 0; i <= line.size(); ++i) {
      const int32_t character = i < line.size() ? line[i] : CharacterModel::kEnd;
      while (history.size() >= order) history.erase(history.begin());
      score += Score(history, character);
      history.push_back(character);
    }
    return score;
  }
};

// Of characters 1, 2, 3, at random; contexts of up to two of them, a line's start in some.
Definition RandomDefinition(std::mt19937* random) {
  Definition definition;
  const auto draw = [&] { return -static_cast<float>(1 + (*random)() % 64) / 16; };
  definition.contexts[{}] = {{{CharacterModel::kEnd, draw()}, {1, draw()}, {2, draw()}}, 0};
  for (const int32_t last : {kLineStart, 1, 2, 3}) {
    if ((*random)() % 4 == 0 && last != kLineStart) continue;
    definition.contexts[{last}].backoff = draw();
    for (const int32_t before : {kLineStart, 1, 2}) {
      if (last != kLineStart && (*random)() % 2 == 0) definition.contexts[{before, last}].backoff = draw();
    }
  }
  for (auto& [history, context] : definition.contexts) {
    for (const int32_t character : {0, 1, 2, 3}) {
      if ((*random)() % 2 == 0) context.seen[character] = draw();
    }
  }
  // What makes a context was seen: its last character after those before.
  for (const size_t length : {2, 1}) {
    std::vector<History> histories;
    for (const auto& entry : definition.contexts) histories.push_back(entry.first);
    for (History history : histories) {
      if (history.size() != length || history.back() == kLineStart) continue;
      const int32_t last = history.back();
      history.pop_back();
      definition.contexts[history].seen.try_emplace(last, draw());
    }
  }
  return definition;
}

CharacterModel::Table TableOf(const Definition& definition, const std::vector<int32_t>& letters) {
  std::vector<History> histories;
  for (const auto& entry : definition.contexts) histories.push_back(entry.first);
  std::stable_sort(histories.begin(), histories.end(),
                   [](const History& a, const History& b) { return a.size() < b.size(); });
  // The place of the longest known ending of a history.
  const auto place_of = [&](History history) {
    while (history.size() >= definition.order) history.erase(history.begin());
    for (;; history.erase(history.begin())) {
      const auto found = std::find(histories.begin(), histories.end(), history);
      if (found != histories.end()) return static_cast<int32_t>(found - histories.begin());
    }
  };
  CharacterModel::Table table;
  table.letters = letters;
  for (const History& history : histories) {
    const Definition::Context& context = definition.contexts.at(history);
    table.firsts.push_back(static_cast<int32_t>(table.characters.size()));
    for (const auto& [character, score] : context.seen) {
      History longer = history;
      longer.push_back(character);
      table.characters.push_back(character);
      table.scores.push_back(score);
      table.next.push_back(place_of(longer));
    }
    table.shorter.push_back(history.empty() ? 0 : place_of(History(history.begin() + 1, history.end())));
    table.backoffs.push_back(context.backoff);
  }
  table.firsts.push_back(static_cast<int32_t>(table.characters.size()));
  table.start = place_of({kLineStart});
  table.unknown = kUnknown;
  return table;
}

// Classes: the blank, characters 1 to 3, the first one again, and one that the model does not know.
const std::vector<int32_t> kLetters = {-1, 1, 2, 3, 1, -1};

double Score(const CharacterModel& model, const CharacterModelOptions& options, const std::vector<int>& symbols) {
  CharacterModelScorer scorer(model, options);
  double score = 0;
  int32_t state = scorer.Start();
  for (const int symbol : symbols) {
    const auto [next, added] = scorer.Extend(state, symbol);
    state = next;
    score += added;
  }
  return score + scorer.End(state);
}

double DefinedScore(const Definition& definition, const CharacterModelOptions& options, const std::vector<int>& symbols) {
  std::vector<int32_t> line;
  for (const int symbol : symbols) line.push_back(kLetters[static_cast<size_t>(symbol)]);
  return options.weight * definition.Score(line) + options.bonus * static_cast<double>(line.size());
}

TEST(CharacterModelTest, ScoresWhatTheDefinitionDoes) {
  std::mt19937 random(31);
  for (int trial = 0; trial < 2000; ++trial) {
    const Definition definition = RandomDefinition(&random);
    const auto model = CharacterModel::Make(TableOf(definition, kLetters));
    ASSERT_TRUE(model.ok());
    std::vector<int> symbols(random() % 7);
    for (int& symbol : symbols) symbol = 1 + static_cast<int>(random() % 5);
    const CharacterModelOptions options{.weight = .75, .bonus = .5};
    ASSERT_NEAR(Score(**model, options, symbols), DefinedScore(definition, options, symbols), 1e-9) << trial;
  }
}

TEST(CharacterModelTest, BeamFindsTheBestReadingOfAll) {
  std::mt19937 random(32);
  int differs = 0;
  for (int trial = 0; trial < 200; ++trial) {
    const int classes = 6, steps = 1 + trial % 5;
    const auto values = RandomProbabilities(steps, classes, 1 + trial % 4, &random);
    const Definition definition = RandomDefinition(&random);
    const auto model = CharacterModel::Make(TableOf(definition, kLetters));
    ASSERT_TRUE(model.ok());
    const CharacterModelOptions options{.weight = trial % 2 == 0 ? 1 : .3, .bonus = trial % 3 - .5};
    double best = -std::numeric_limits<double>::infinity();
    std::vector<int> wanted;
    for (const auto& [reading, truth] : Enumerate(values, classes, 0)) {
      const double score = std::log(truth.total) + DefinedScore(definition, options, reading);
      if (score <= best) continue;
      best = score;
      wanted = reading;
    }
    CharacterModelScorer scorer(**model, options);
    PrefixScorer* const scorers[] = {&scorer};
    std::vector<CtcSymbol> symbols, alone;
    const CtcInput input{values.data(), steps, classes, false};
    const double score = CtcBeam(input, {}, {.width = 8000, .prune = 0, .scorers = scorers}, &symbols);
    std::vector<int> read;
    for (const CtcSymbol& symbol : symbols) read.push_back(symbol.symbol);
    ASSERT_EQ(read, wanted) << trial;
    ASSERT_NEAR(score, best, 1e-5) << trial;
    CtcBeam(input, {}, {.width = 8000, .prune = 0}, &alone);
    differs += alone.size() != symbols.size();
  }
  EXPECT_GT(differs, 30);
}

TEST(CharacterModelTest, RefusesWhatIsNoTable) {
  std::mt19937 random(33);
  const CharacterModel::Table good = TableOf(RandomDefinition(&random), kLetters);
  ASSERT_TRUE(CharacterModel::Make(good).ok());
  const auto refused = [&](auto change) {
    CharacterModel::Table table = good;
    change(&table);
    return CharacterModel::Make(std::move(table)).status().code() == Code::kInvalidArgument;
  };
  using Table = CharacterModel::Table;
  const auto contexts = static_cast<int32_t>(good.shorter.size());
  EXPECT_TRUE(refused([](Table* table) { *table = {}; }));
  EXPECT_TRUE(refused([](Table* table) { table->firsts.pop_back(); }));
  EXPECT_TRUE(refused([](Table* table) { table->firsts[0] = 1; }));
  EXPECT_TRUE(refused([](Table* table) { table->firsts[1] = 1000; }));
  EXPECT_TRUE(refused([](Table* table) { table->firsts[1] = -1; }));
  EXPECT_TRUE(refused([](Table* table) { table->scores.pop_back(); }));
  EXPECT_TRUE(refused([](Table* table) { table->scores[0] = 1; }));
  EXPECT_TRUE(refused([](Table* table) { table->backoffs[1] = std::nanf(""); }));
  EXPECT_TRUE(refused([](Table* table) { table->characters[1] = table->characters[0]; }));
  EXPECT_TRUE(refused([&](Table* table) { table->next[0] = contexts; }));
  EXPECT_TRUE(refused([](Table* table) { table->next[0] = -1; }));
  EXPECT_TRUE(refused([&](Table* table) { table->start = contexts; }));
  EXPECT_TRUE(refused([](Table* table) { table->shorter[1] = 1; }));  // back-off would never end
  EXPECT_TRUE(refused([](Table* table) { table->unknown = -std::numeric_limits<float>::infinity(); }));
}

}  // namespace
}  // namespace placard
