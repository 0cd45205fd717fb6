#include "sequence/character_model.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace placard {
namespace {

// Whether the entries of each context stand within the table, by rising character.
bool HasOrderedEntries(const CharacterModel::Table& table) {
  const size_t entries = table.characters.size();
  if (table.firsts.front() != 0 || table.firsts.back() != static_cast<int64_t>(entries)) return false;
  for (size_t context = 0; context + 1 < table.firsts.size(); ++context) {
    const int32_t begin = table.firsts[context], end = table.firsts[context + 1];
    if (begin > end || static_cast<size_t>(end) > entries) return false;
    for (int32_t i = begin + 1; i < end; ++i) {
      if (table.characters[static_cast<size_t>(i)] <= table.characters[static_cast<size_t>(i) - 1]) return false;
    }
  }
  return true;
}

}  // namespace

Result<std::shared_ptr<const CharacterModel>> CharacterModel::Make(Table table) {
  const size_t contexts = table.shorter.size(), entries = table.characters.size();
  const auto is_context = [&](int32_t i) { return i >= 0 && static_cast<size_t>(i) < contexts; };
  const auto is_score = [](float value) { return value <= 0 && std::isfinite(value); };
  bool valid = contexts > 0 && table.firsts.size() == contexts + 1 && table.backoffs.size() == contexts &&
               table.scores.size() == entries && table.next.size() == entries && is_context(table.start) &&
               is_score(table.unknown) && HasOrderedEntries(table) &&
               std::all_of(table.scores.begin(), table.scores.end(), is_score) &&
               std::all_of(table.next.begin(), table.next.end(), is_context);
  for (size_t i = 1; valid && i < contexts; ++i) {
    // Back-off ends: it goes to lower contexts.
    valid = is_context(table.shorter[i]) && static_cast<size_t>(table.shorter[i]) < i && is_score(table.backoffs[i]);
  }
  if (!valid) return Status(Code::kInvalidArgument, "Expected the table of a character model.");
  return std::shared_ptr<const CharacterModel>(new CharacterModel(std::move(table)));
}

CharacterModel::Step CharacterModel::After(int32_t context, int32_t character) const {
  double score = 0;
  for (;;) {
    const auto at = static_cast<size_t>(context);
    const auto begin = table_.characters.begin() + table_.firsts[at];
    const auto end = table_.characters.begin() + table_.firsts[at + 1];
    const auto found = std::lower_bound(begin, end, character);
    if (found != end && *found == character) {
      const auto entry = static_cast<size_t>(found - table_.characters.begin());
      return {table_.next[entry], score + table_.scores[entry]};
    }
    if (context == 0) return {0, score + table_.unknown};
    score += table_.backoffs[at];
    context = table_.shorter[at];
  }
}

PrefixScorer::Extension CharacterModelScorer::Extend(int32_t state, int32_t symbol) {
  const auto [context, score] = model_.After(state, model_.CharacterOf(symbol));
  return {context, options_.weight * score + options_.bonus};
}

double CharacterModelScorer::End(int32_t state) {
  return options_.weight * model_.After(state, CharacterModel::kEnd).score;
}

}  // namespace placard
