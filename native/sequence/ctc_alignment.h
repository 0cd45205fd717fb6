#ifndef PLACARD_SEQUENCE_CTC_ALIGNMENT_H_
#define PLACARD_SEQUENCE_CTC_ALIGNMENT_H_

#include <vector>

#include "sequence/ctc.h"
#include "sequence/step_probabilities.h"

namespace placard {

// Log of a probability, never under log(1e-30): one step that a network is sure about and wrong, or that is NaN, must not
// make every reading of the line impossible.
double LogProbability(float probability);

// The most probable path that reads `wanted` (Viterbi over the blanks and symbols of Graves et al., 2006). Fills `symbols`
// with the steps that hold each symbol and the mean probability over them, and returns each symbol's best step. `wanted` must
// fit: its length plus its equal neighbors is at most input.steps.
std::vector<int> AlignSymbols(const CtcInput& input, const CtcOptions& options, const std::vector<int>& wanted,
                              StepProbabilities* probabilities, std::vector<CtcSymbol>* symbols);

}  // namespace placard

#endif  // PLACARD_SEQUENCE_CTC_ALIGNMENT_H_
