#include "sequence/lexicon.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "sequence/all_paths.h"
#include "sequence/ctc.h"

namespace placard {
namespace {

constexpr double kMinusInfinity = -std::numeric_limits<double>::infinity();

// Classes: 0 is the blank; a small letter and its capital share a letter; 7 and 8 are ideographs, 9 a space, 10 an apostrophe.
const std::string kSymbols = "_aAbBcC78 '";

SymbolKind KindOf(char symbol) {
  if (symbol == ' ' || symbol == '\'' || symbol == '_') return SymbolKind::kSeparator;
  return symbol == '7' || symbol == '8' ? SymbolKind::kIdeograph : SymbolKind::kLetter;
}

char Folded(char symbol) { return symbol >= 'A' && symbol <= 'Z' ? static_cast<char>(symbol - 'A' + 'a') : symbol; }

std::vector<int32_t> LettersOf(const std::string& text) {
  std::vector<int32_t> letters;
  for (const char symbol : text) letters.push_back(static_cast<int32_t>(std::string("abc78'").find(Folded(symbol))));
  return letters;
}

SpellingTable Table() {
  SpellingTable table;
  for (const char symbol : kSymbols) {
    const size_t letter = std::string("abc78'").find(Folded(symbol));
    table.letters.push_back(letter == std::string::npos ? -1 : static_cast<int32_t>(letter));
    table.kinds.push_back(KindOf(symbol));
  }
  return table;
}

std::shared_ptr<const Lexicon> ListOf(const std::vector<std::string>& words) {
  std::vector<int32_t> letters, lengths;
  for (const std::string& word : words) {
    for (const int32_t letter : LettersOf(word)) letters.push_back(letter);
    lengths.push_back(static_cast<int32_t>(word.size()));
  }
  const auto made = Lexicon::Make(Table(), letters, lengths);
  EXPECT_TRUE(made.ok()) << made.status().message();
  return *made;
}

// The definition: the most symbols of a text that listed words cover, which begin and end where words may. With `only` all
// others are separators; -infinity where that cannot be.
double Covered(const std::string& text, const std::vector<std::string>& words, bool only) {
  const size_t length = text.size();
  const auto may_end = [&](size_t i) {
    return i == 0 || i == length || KindOf(text[i - 1]) != SymbolKind::kLetter || KindOf(text[i]) != SymbolKind::kLetter;
  };
  std::vector<double> best(length + 1, 0);
  for (size_t i = length; i-- > 0;) {
    best[i] = only && KindOf(text[i]) != SymbolKind::kSeparator ? kMinusInfinity : best[i + 1];
    for (const std::string& word : words) {
      const size_t end = i + word.size();
      if (end > length || !may_end(i) || !may_end(end)) continue;
      if (LettersOf(text.substr(i, word.size())) != LettersOf(word)) continue;
      best[i] = std::max(best[i], static_cast<double>(word.size()) + best[end]);
    }
  }
  return best[0];
}

double Score(const Lexicon& lexicon, const LexiconOptions& options, const std::string& text) {
  LexiconScorer scorer(lexicon, options);
  double score = 0;
  int32_t state = scorer.Start();
  for (const char symbol : text) {
    const auto [next, added] = scorer.Extend(state, static_cast<int32_t>(kSymbols.find(symbol)));
    if (added == kMinusInfinity) return added;
    state = next;
    score += added;
  }
  return score + scorer.End(state);
}

std::vector<std::string> RandomWords(std::mt19937* random, const std::string& letters) {
  std::vector<std::string> words(1 + (*random)() % 5);
  for (std::string& word : words) {
    for (size_t left = 1 + (*random)() % 3; left > 0; --left) word += letters[(*random)() % letters.size()];
  }
  return words;
}

TEST(LexiconScorerTest, ScoresWhatTheDefinitionDoes) {
  std::mt19937 random(17);
  int covered = 0, refused = 0;
  for (int trial = 0; trial < 4000; ++trial) {
    const auto words = RandomWords(&random, trial % 3 == 0 ? "78" : trial % 3 == 1 ? "abc'" : "ab78'");
    const auto lexicon = ListOf(words);
    std::string text;
    for (size_t left = random() % 9; left > 0; --left) text += kSymbols[1 + random() % (kSymbols.size() - 1)];
    for (const bool only : {false, true}) {
      const double expected = Covered(text, words, only);
      const double actual = Score(*lexicon, {.only = only, .weight = .5}, text);
      ASSERT_EQ(actual, .5 * expected) << '"' << text << "\" " << only;
      covered += expected > 0;
      refused += expected == kMinusInfinity;
    }
  }
  EXPECT_GT(covered, 1000);
  EXPECT_GT(refused, 1000);
}

TEST(LexiconScorerTest, CountsAWordFromItsFirstLetterAndTakesItBack) {
  const auto lexicon = ListOf({"abc"});
  LexiconScorer scorer(*lexicon, {.weight = 2});
  const auto first = scorer.Extend(scorer.Start(), 1);
  EXPECT_EQ(first.score, 2);
  const auto second = scorer.Extend(first.state, 4);  // a capital B
  EXPECT_EQ(second.score, 2);
  EXPECT_EQ(scorer.End(second.state), -4);
  EXPECT_EQ(scorer.Extend(second.state, 1).score, -4);
  EXPECT_EQ(scorer.End(scorer.Extend(second.state, 5).state), 0);
}

TEST(LexiconScorerTest, EqualReadingsHaveEqualStates) {
  const auto lexicon = ListOf({"78", "7", "88"});
  LexiconScorer scorer(*lexicon, {.weight = 1});
  int32_t state = scorer.Start();
  for (int i = 0; i < 100; ++i) state = scorer.Extend(state, 7 + i % 2).state;
  EXPECT_EQ(scorer.Extend(state, 7).state, scorer.Extend(scorer.Extend(scorer.Extend(state, 7).state, 8).state, 7).state);
}

TEST(LexiconTest, RefusesWhatIsNoList) {
  const std::vector<int32_t> word = {0, 1}, strange = {0, 6}, negative = {0, -1};
  const auto refused = [](SpellingTable table, const std::vector<int32_t>& letters, const std::vector<int32_t>& lengths) {
    return Lexicon::Make(std::move(table), letters, lengths).status().code() == Code::kInvalidArgument;
  };
  EXPECT_TRUE(refused(Table(), word, {3}));
  EXPECT_TRUE(refused(Table(), word, {1}));
  EXPECT_TRUE(refused(Table(), word, {2, 0}));
  EXPECT_TRUE(refused(Table(), word, {-1, 3}));
  EXPECT_TRUE(refused(Table(), strange, {2}));
  EXPECT_TRUE(refused(Table(), negative, {2}));
  EXPECT_TRUE(refused({}, word, {2}));
  SpellingTable without_kinds = Table(), two_kinds = Table(), no_kind = Table(), gap = Table();
  without_kinds.kinds.pop_back();
  two_kinds.kinds[1] = SymbolKind::kIdeograph;  // not what "A" is
  no_kind.kinds[9] = static_cast<SymbolKind>(3);
  gap.letters[1] = gap.letters[2] = 8;
  for (const SpellingTable& table : {without_kinds, two_kinds, no_kind, gap}) EXPECT_TRUE(refused(table, word, {2}));
  EXPECT_TRUE(Lexicon::Make(Table(), word, std::vector<int32_t>{1, 1}).ok());
}

// What the beam search is to find: the reading of the greatest probability and score together.
TEST(LexiconBeamTest, FindsTheBestReadingOfAll) {
  std::mt19937 random(23);
  // A blank and two small letters, an ideograph and a space, of all the symbols.
  const std::vector<int> classes = {0, 1, 2, 3, 7, 9};
  int differs = 0, nothing = 0;
  for (int trial = 0; trial < 200; ++trial) {
    const int count = 4 + trial % 3, steps = 1 + trial % 5;
    std::vector<float> values;
    const auto some = RandomProbabilities(steps, count, 1 + trial % 4, &random);
    for (int step = 0; step < steps; ++step) {
      std::vector<float> row(kSymbols.size(), 0);
      for (int i = 0; i < count; ++i) {
        row[static_cast<size_t>(classes[static_cast<size_t>(i)])] = some[static_cast<size_t>(step * count + i)];
      }
      values.insert(values.end(), row.begin(), row.end());
    }
    const auto words = RandomWords(&random, "ab7");
    const auto lexicon = ListOf(words);
    const LexiconOptions options{.only = trial % 2 == 0, .weight = trial % 4 < 2 ? 0 : 1.5};
    double best = kMinusInfinity;
    std::vector<int> wanted;
    for (const auto& [reading, truth] : Enumerate(some, count, 0)) {
      std::string text;
      for (const int symbol : reading) text += kSymbols[static_cast<size_t>(classes[static_cast<size_t>(symbol)])];
      const double covered = Covered(text, words, options.only);
      const double score = covered == kMinusInfinity ? covered : std::log(truth.total) + options.weight * covered;
      if (score <= best) continue;
      best = score;
      wanted.clear();
      for (const int symbol : reading) wanted.push_back(classes[static_cast<size_t>(symbol)]);
    }
    LexiconScorer scorer(*lexicon, options);
    PrefixScorer* const scorers[] = {&scorer};
    std::vector<CtcSymbol> symbols;
    const CtcInput input{values.data(), steps, static_cast<int>(kSymbols.size()), false};
    const double score = CtcBeam(input, {}, {.width = 5000, .prune = 0, .scorers = scorers}, &symbols);
    std::vector<int> read;
    for (const CtcSymbol& symbol : symbols) read.push_back(symbol.symbol);
    ASSERT_EQ(read, wanted) << trial;
    ASSERT_NEAR(score, best, 1e-5) << trial;
    std::vector<CtcSymbol> alone;
    CtcBeam(input, {}, {.width = 5000, .prune = 0}, &alone);
    differs += alone.size() != symbols.size();
    nothing += symbols.empty();
    // Confidences stay the network's: means over the steps that a symbol is held.
    for (const CtcSymbol& symbol : symbols) {
      double sum = 0;
      for (int step = symbol.begin; step < symbol.end; ++step) {
        sum += values[static_cast<size_t>(step) * kSymbols.size() + static_cast<size_t>(symbol.symbol)];
      }
      EXPECT_NEAR(symbol.confidence, sum / (symbol.end - symbol.begin), 1e-6);
    }
  }
  EXPECT_GT(differs, 30);
  EXPECT_LT(nothing, 150);
}

TEST(LexiconBeamTest, NarrowBeamKeepsAWordThatTheNetworkDoubts) {
  // The network reads "ccc"; only "abc" may be.
  std::vector<float> values;
  for (const int symbol : {1, 3, 5}) {
    std::vector<float> row(kSymbols.size(), 0);
    row[0] = .1F;
    row[5] = symbol == 5 ? .9F : .899F;
    if (symbol != 5) row[static_cast<size_t>(symbol)] = 1e-6F;
    values.insert(values.end(), row.begin(), row.end());
  }
  const auto lexicon = ListOf({"abc", "b"});
  LexiconScorer scorer(*lexicon, {.only = true});
  PrefixScorer* const scorers[] = {&scorer};
  std::vector<CtcSymbol> symbols;
  const CtcInput input{values.data(), 3, static_cast<int>(kSymbols.size()), false};
  CtcBeam(input, {}, {.width = 2, .prune = 0, .scorers = scorers}, &symbols);
  EXPECT_TRUE(symbols.empty());  // nothing at all is likelier than what is next to impossible
  values[0] = values[kSymbols.size()] = values[2 * kSymbols.size()] = 1e-9F;
  CtcBeam(input, {}, {.width = 2, .prune = 0, .scorers = scorers}, &symbols);
  ASSERT_EQ(symbols.size(), 3U);
  EXPECT_EQ(symbols[2].symbol, 5);
}

TEST(LexiconBeamTest, ReadsNothingWhereNoWordCanBe) {
  const std::vector<float> values = {0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  const auto lexicon = ListOf({"b"});
  LexiconScorer scorer(*lexicon, {.only = true, .weight = 1});
  PrefixScorer* const scorers[] = {&scorer};
  std::vector<CtcSymbol> symbols(1);
  const double score = CtcBeam({values.data(), 1, 11, false}, {}, {.scorers = scorers}, &symbols);
  EXPECT_TRUE(symbols.empty());
  EXPECT_TRUE(std::isfinite(score));
}

}  // namespace
}  // namespace placard
