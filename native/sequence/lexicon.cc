#include "sequence/lexicon.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace placard {
namespace {

constexpr double kMinusInfinity = -std::numeric_limits<double>::infinity();

// The kind of each letter. Empty where a class has another kind than its letter, or none.
std::vector<SymbolKind> LetterKinds(const SpellingTable& table) {
  int32_t most = -1;
  for (const int32_t letter : table.letters) most = std::max(most, letter);
  if (table.kinds.size() != table.letters.size() || most >= static_cast<int64_t>(table.letters.size())) return {};
  std::vector<int> kinds(static_cast<size_t>(most) + 1, -1);
  for (size_t symbol = 0; symbol < table.letters.size(); ++symbol) {
    const int kind = static_cast<int>(table.kinds[symbol]);
    if (kind > static_cast<int>(SymbolKind::kIdeograph)) return {};
    if (table.letters[symbol] < 0) continue;
    int& of_letter = kinds[static_cast<size_t>(table.letters[symbol])];
    if (of_letter >= 0 && of_letter != kind) return {};
    of_letter = kind;
  }
  std::vector<SymbolKind> result;
  for (const int kind : kinds) {
    if (kind < 0) return {};
    result.push_back(static_cast<SymbolKind>(kind));
  }
  return result;
}

}  // namespace

Result<std::shared_ptr<const Lexicon>> Lexicon::Make(SpellingTable table, std::span<const int32_t> words,
                                                     std::span<const int32_t> lengths) {
  const std::vector<SymbolKind> letter_kinds = LetterKinds(table);
  if (letter_kinds.empty()) return Status(Code::kInvalidArgument, "Expected a letter and its kind for each class.");
  std::vector<std::span<const int32_t>> list;
  size_t begin = 0;
  for (const int32_t length : lengths) {
    if (length < 1 || static_cast<size_t>(length) > words.size() - begin) {
      return Status(Code::kInvalidArgument, "Expected the lengths of the words.");
    }
    list.push_back(words.subspan(begin, static_cast<size_t>(length)));
    begin += static_cast<size_t>(length);
  }
  const auto is_letter = [&](int32_t letter) { return letter >= 0 && static_cast<size_t>(letter) < letter_kinds.size(); };
  if (begin != words.size() || !std::all_of(words.begin(), words.end(), is_letter)) {
    return Status(Code::kInvalidArgument, "Expected words of letters that classes have.");
  }
  std::sort(list.begin(), list.end(), [](const auto& a, const auto& b) {
    return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end());
  });
  const auto lexicon = std::shared_ptr<Lexicon>(new Lexicon());
  lexicon->table_ = std::move(table);
  lexicon->Build(list, letter_kinds);
  return std::shared_ptr<const Lexicon>(lexicon);
}

// `words` are sorted: a node's words stand together, and one that ends at it before those that go on.
void Lexicon::Build(const std::vector<std::span<const int32_t>>& words, const std::vector<SymbolKind>& letter_kinds) {
  std::vector<std::pair<size_t, size_t>> ranges;  // of words, by node
  const auto add = [&](int32_t letter, int32_t depth, size_t begin, size_t end) {
    letters_.push_back(letter);
    depths_.push_back(depth);
    node_kinds_.push_back(letter < 0 ? SymbolKind::kSeparator : letter_kinds[static_cast<size_t>(letter)]);
    is_word_.push_back(0);
    ranges.emplace_back(begin, end);
  };
  add(-1, 0, 0, words.size());
  for (size_t node = 0; node < ranges.size(); ++node) {
    first_child_.push_back(static_cast<int32_t>(ranges.size()));
    const auto depth = static_cast<size_t>(depths_[node]);
    auto [at, end] = ranges[node];
    for (; at < end && words[at].size() == depth; ++at) is_word_[node] = 1;
    while (at < end) {
      const int32_t letter = words[at][depth];
      const size_t begin = at;
      while (at < end && words[at][depth] == letter) ++at;
      add(letter, static_cast<int32_t>(depth) + 1, begin, at);
    }
  }
  first_child_.push_back(static_cast<int32_t>(ranges.size()));
}

int32_t Lexicon::Child(int32_t node, int32_t symbol) const {
  const int32_t letter = table_.letters[static_cast<size_t>(symbol)];
  if (letter < 0) return -1;
  const auto begin = letters_.begin() + first_child_[static_cast<size_t>(node)];
  const auto end = letters_.begin() + first_child_[static_cast<size_t>(node) + 1];
  const auto found = std::lower_bound(begin, end, letter);
  return found != end && *found == letter ? static_cast<int32_t>(found - letters_.begin()) : -1;
}

LexiconScorer::LexiconScorer(const Lexicon& lexicon, const LexiconOptions& options)
    : lexicon_(lexicon), options_(options) {
  Intern({{Lexicon::kRoot, 0}});
}

size_t LexiconScorer::Hash::operator()(const State& state) const {
  uint64_t hash = 0;
  for (const Split& split : state) {
    for (const int32_t value : {split.node, split.counted}) {
      hash = (hash ^ static_cast<uint32_t>(value)) * 0x9E3779B97F4A7C15ULL;
      hash ^= hash >> 29;
    }
  }
  return static_cast<size_t>(hash);
}

int32_t LexiconScorer::Promise(const Split& split) const {
  return split.counted + (split.node > Lexicon::kRoot ? lexicon_.Depth(split.node) : 0);
}

void LexiconScorer::Follow(const Split& split, int32_t symbol, State* next) const {
  const bool in_listed = split.node > Lexicon::kRoot;
  if (split.node != kUnlisted) {
    const int32_t child = lexicon_.Child(split.node, symbol);
    if (child >= 0) next->push_back({child, split.counted});
  }
  const SymbolKind kind = lexicon_.KindOfSymbol(symbol);
  const bool before_letter = split.node == kUnlisted || (in_listed && lexicon_.KindOf(split.node) == SymbolKind::kLetter);
  if (before_letter && kind == SymbolKind::kLetter) {  // no word ends here
    if (!options_.only) next->push_back({kUnlisted, split.counted});
    return;
  }
  const bool ends_word = in_listed && lexicon_.IsWord(split.node);
  if (in_listed && !ends_word && options_.only) return;
  const int32_t counted = split.counted + (ends_word ? lexicon_.Depth(split.node) : 0);
  if (split.node != Lexicon::kRoot) {
    const int32_t child = lexicon_.Child(Lexicon::kRoot, symbol);
    if (child >= 0) next->push_back({child, counted});
  }
  if (kind == SymbolKind::kSeparator || (kind == SymbolKind::kIdeograph && !options_.only)) {
    next->push_back({Lexicon::kRoot, counted});
  } else if (!options_.only) {
    next->push_back({kUnlisted, counted});
  }
}

PrefixScorer::Extension LexiconScorer::Extend(int32_t state, int32_t symbol) {
  const uint64_t key = static_cast<uint64_t>(static_cast<uint32_t>(state)) << 32 | static_cast<uint32_t>(symbol);
  const auto known = extensions_.find(key);
  if (known != extensions_.end()) return known->second;
  State next;
  for (const Split& split : states_[static_cast<size_t>(state)]) Follow(split, symbol, &next);
  return extensions_[key] = Intern(std::move(next));
}

// The number of a state, and what its best split has gained on the state before.
PrefixScorer::Extension LexiconScorer::Intern(State state) {
  if (state.empty()) return {0, kMinusInfinity};
  // The best of each node first.
  std::sort(state.begin(), state.end(), [](const Split& a, const Split& b) {
    return a.node != b.node ? a.node < b.node : a.counted > b.counted;
  });
  const auto same_node = [](const Split& a, const Split& b) { return a.node == b.node; };
  state.erase(std::unique(state.begin(), state.end(), same_node), state.end());
  int32_t best = std::numeric_limits<int32_t>::min();
  for (const Split& split : state) best = std::max(best, Promise(split));
  for (Split& split : state) split.counted -= best;
  const auto [entry, added] = numbers_.try_emplace(state, static_cast<int32_t>(states_.size()));
  if (added) states_.push_back(std::move(state));
  return {entry->second, options_.weight * best};
}

double LexiconScorer::End(int32_t state) {
  double best = kMinusInfinity;
  for (const Split& split : states_[static_cast<size_t>(state)]) {
    const bool broken_off = split.node > Lexicon::kRoot && !lexicon_.IsWord(split.node);
    if (broken_off && options_.only) continue;
    best = std::max(best, options_.weight * (broken_off ? split.counted : Promise(split)));
  }
  return best;
}

}  // namespace placard
