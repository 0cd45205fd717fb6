#ifndef PLACARD_SEQUENCE_CTC_H_
#define PLACARD_SEQUENCE_CTC_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "sequence/prefix_scorer.h"

namespace placard {

// A network's output for one line: `steps` rows of `classes` values, row-major. Either probabilities or logits (then the
// softmax over all classes is taken here, in the steps that are looked at only). Probabilities are clamped to [0, 1], NaN to 0.
struct CtcInput {
  const float* values = nullptr;
  int steps = 0;
  int classes = 0;
  bool logits = false;
};

struct CtcOptions {
  int blank = 0;
  int space = -1;                      // class of the space, -1 if the alphabet has none
  std::span<const uint8_t> allowed = {};  // empty, or `classes` flags: classes that may be read (the blank always may)
};

struct CtcSymbol {
  int32_t symbol = 0;       // class index
  float confidence = 0;     // probability at the symbol's best step, greedy; mean over its steps, beam
  int32_t begin = 0;        // first step it is held
  int32_t end = 0;          // one past the last
  float space_before = 0;   // highest probability of `space` among the steps strictly between the previous symbol's best
                            // step and this one's; 0 for the first symbol and where no space may be read
};

// The class of each step on the best path, as CtcGreedy takes them; the blank where nothing is greater than -infinity.
std::vector<int32_t> CtcBestPath(const CtcInput& input, const CtcOptions& options);

// Best path: arg-max a step, equal neighbors merged, blanks dropped. Ties go to the lower class. NaN never wins: a step in
// which nothing is greater than -infinity counts as the blank. A blank outside the classes is never read.
void CtcGreedy(const CtcInput& input, const CtcOptions& options, std::vector<CtcSymbol>* symbols);

struct CtcBeamOptions {
  int width = 10;                 // prefixes kept a step
  float prune = 1e-4F;            // classes under this probability are not extended
  // What a reading is worth beyond its probability; at most kMostCtcScorers.
  std::span<PrefixScorer* const> scorers = {};
};

inline constexpr size_t kMostCtcScorers = 2;

// Prefix beam search (Hannun et al., 2014). Returns the best reading's log-probability and what the scorers add to it: finite,
// as the blank never counts for less than 1e-30. Where scorers let no reading pass that was kept, nothing is read. Confidences
// are the network's alone; positions are those of the most probable path.
double CtcBeam(const CtcInput& input, const CtcOptions& options, const CtcBeamOptions& beam,
               std::vector<CtcSymbol>* symbols);

}  // namespace placard

#endif  // PLACARD_SEQUENCE_CTC_H_
