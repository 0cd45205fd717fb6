#ifndef PLACARD_SEQUENCE_LEXICON_H_
#define PLACARD_SEQUENCE_LEXICON_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

#include "base/status.h"
#include "sequence/prefix_scorer.h"

namespace placard {

// What a class is where words are told apart. A word begins and ends beside a separator, at the line's ends, and on either
// side of an ideograph: those are written without spaces.
enum class SymbolKind : uint8_t { kSeparator, kLetter, kIdeograph };

// The classes of a recognizer as words are spelled with them.
struct SpellingTable {
  std::vector<int32_t> letters;    // by class: its letter, 0 and up; -1 where no word has it. Cases may share a letter
  std::vector<SymbolKind> kinds;   // by class; those of one letter agree
};

// A list of words as a trie, immutable.
class Lexicon {
 public:
  // `words` are the letters of all words, one after the other; words that are listed twice count once. kInvalidArgument if
  // the lengths are not those of the words, a word is empty, or a letter is none of the table.
  static Result<std::shared_ptr<const Lexicon>> Make(SpellingTable table, std::span<const int32_t> words,
                                                     std::span<const int32_t> lengths);

  static constexpr int32_t kRoot = 0;

  // -1 where no word goes on so.
  int32_t Child(int32_t node, int32_t symbol) const;
  bool IsWord(int32_t node) const { return is_word_[static_cast<size_t>(node)] != 0; }
  // Letters from the root.
  int32_t Depth(int32_t node) const { return depths_[static_cast<size_t>(node)]; }
  // Of the letter that leads to a node other than the root.
  SymbolKind KindOf(int32_t node) const { return node_kinds_[static_cast<size_t>(node)]; }
  SymbolKind KindOfSymbol(int32_t symbol) const { return table_.kinds[static_cast<size_t>(symbol)]; }
  size_t classes() const { return table_.letters.size(); }

 private:
  Lexicon() = default;
  void Build(const std::vector<std::span<const int32_t>>& words, const std::vector<SymbolKind>& letter_kinds);

  SpellingTable table_;
  // Nodes breadth first: those of one parent stand together, by rising letter.
  std::vector<int32_t> letters_;
  std::vector<int32_t> first_child_;  // one more than nodes: a node's children end where the next one's begin
  std::vector<int32_t> depths_;
  std::vector<uint8_t> is_word_;
  std::vector<SymbolKind> node_kinds_;
};

struct LexiconOptions {
  // A reading consists of listed words and separators; else anything may be read.
  bool only = false;
  // Nats that each symbol of a listed word adds. They count from its first letter on, and are lost where it breaks off.
  double weight = 0;
};

// Follows all ways to split a reading into words at once, and scores the one with the most symbols in listed words.
class LexiconScorer : public PrefixScorer {
 public:
  LexiconScorer(const Lexicon& lexicon, const LexiconOptions& options);

  int32_t Start() override { return 0; }
  Extension Extend(int32_t state, int32_t symbol) override;
  double End(int32_t state) override;

 private:
  // One way to split. `node` is the word that goes on: the root between words, kUnlisted within one that is not listed.
  struct Split {
    int32_t node;
    int32_t counted;  // symbols in listed words that have ended, against the state's best

    bool operator==(const Split&) const = default;
  };
  using State = std::vector<Split>;  // a split for each node, by rising node
  struct Hash {
    size_t operator()(const State& state) const;
  };
  static constexpr int32_t kUnlisted = -1;

  void Follow(const Split& split, int32_t symbol, State* next) const;
  // Symbols in listed words if the reading went on as the word does.
  int32_t Promise(const Split& split) const;
  Extension Intern(State state);

  const Lexicon& lexicon_;
  LexiconOptions options_;
  std::vector<State> states_;
  std::unordered_map<State, int32_t, Hash> numbers_;
  std::unordered_map<uint64_t, Extension> extensions_;  // by state and symbol
};

}  // namespace placard

#endif  // PLACARD_SEQUENCE_LEXICON_H_
