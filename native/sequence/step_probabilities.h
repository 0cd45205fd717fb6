#ifndef PLACARD_SEQUENCE_STEP_PROBABILITIES_H_
#define PLACARD_SEQUENCE_STEP_PROBABILITIES_H_

#include <vector>

#include "sequence/ctc.h"
#include "sequence/row_scan.h"

namespace placard {

// The probabilities of one line's classes. For logits a step's softmax (over all classes, whatever is allowed) is
// worked out the first time that the step is asked about.
class StepProbabilities {
 public:
  explicit StepProbabilities(const CtcInput& input);

  const float* row(int step) const { return input_.values + static_cast<ptrdiff_t>(step) * input_.classes; }

  // In [0, 1]; 0 for NaN.
  float Of(int step, int symbol);

  // The greatest Of(step, symbol) for begin <= step < end, 0 if there is none.
  float Greatest(int symbol, int begin, int end);

  // The value in the step's row that a class of at least this probability has at least. Above 0 or, for logits, above
  // -infinity, so that a class that cannot be is never among them.
  float Floor(int step, float probability);

 private:
  struct Softmax {
    float maximum = 0;
    float inverse_sum = -1;  // under 0: not worked out yet
  };
  const Softmax& SoftmaxOf(int step);

  CtcInput input_;
  std::vector<Softmax> softmaxes_;  // one a step, for logits
};

// Sets space_before of each symbol; best_steps[i] is the step at which symbols[i] is most probable.
void FillSpaces(const CtcOptions& options, const CtcInput& input, StepProbabilities* probabilities,
                const std::vector<int>& best_steps, std::vector<CtcSymbol>* symbols);

// Whether the class may be read: the blank, or in `options.allowed`, or anything if that is empty.
bool IsAllowed(const CtcOptions& options, int symbol);

}  // namespace placard

#endif  // PLACARD_SEQUENCE_STEP_PROBABILITIES_H_
