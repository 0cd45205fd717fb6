#ifndef PLACARD_SEQUENCE_CHARACTER_MODEL_H_
#define PLACARD_SEQUENCE_CHARACTER_MODEL_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/status.h"
#include "sequence/prefix_scorer.h"

namespace placard {

// How likely characters follow one another: an n-gram model with back-off, immutable.
//
// A context is a sequence of up to n - 1 characters that the model has seen something follow; 0 is the empty one. What was not seen
// after a context has its back-off times the probability after the context that is shorter by the first character.
class CharacterModel {
 public:
  static constexpr int32_t kEnd = 0;  // the character that stands for a line's end

  // Logarithms are natural. Entries of context i stand at firsts[i] ... firsts[i + 1] - 1, by rising character.
  struct Table {
    std::vector<int32_t> letters;     // by class of the recognizer: its character, 1 and up; -1 where the model has none
    std::vector<int32_t> firsts;      // contexts + 1
    std::vector<int32_t> characters;  // of entries
    std::vector<float> scores;        // of entries: log probability
    std::vector<int32_t> next;        // of entries: the context after it
    std::vector<int32_t> shorter;     // of contexts: a lower number; anything for 0
    std::vector<float> backoffs;      // of contexts: logarithm; anything for 0
    int32_t start = 0;                // the context of a line's beginning
    float unknown = 0;                // log probability of a character that was never seen, after the empty context
  };

  // kInvalidArgument if the table is not as described.
  static Result<std::shared_ptr<const CharacterModel>> Make(Table table);

  // The context after a character, and the character's log probability.
  struct Step {
    int32_t context = 0;
    double score = 0;
  };
  Step After(int32_t context, int32_t character) const;

  int32_t start() const { return table_.start; }
  int32_t CharacterOf(int32_t symbol) const { return table_.letters[static_cast<size_t>(symbol)]; }
  size_t classes() const { return table_.letters.size(); }

 private:
  explicit CharacterModel(Table table) : table_(std::move(table)) {}

  Table table_;
};

struct CharacterModelOptions {
  double weight = 0;  // what the logarithm of the model's probability counts (alpha of Hannun et al., 2014)
  double bonus = 0;   // nats that each symbol adds (beta): a model alone prefers short readings
};

class CharacterModelScorer : public PrefixScorer {
 public:
  CharacterModelScorer(const CharacterModel& model, const CharacterModelOptions& options)
      : model_(model), options_(options) {}

  int32_t Start() override { return model_.start(); }
  Extension Extend(int32_t state, int32_t symbol) override;
  double End(int32_t state) override;

 private:
  const CharacterModel& model_;
  CharacterModelOptions options_;
};

}  // namespace placard

#endif  // PLACARD_SEQUENCE_CHARACTER_MODEL_H_
