#include <cstddef>
#include <vector>

#include "bench_abi.h"
#include "sequence/ctc.h"

// Packed rows of probabilities, `classes` a step, blank 0. Writes each symbol's class and confidence; both have room for
// `steps`. Returns how many there are.
PLACARD_BENCH_ABI int placard_bench_ctc_greedy(const float* values, int steps, int classes, int* symbols,
                                               float* confidences) {
  static std::vector<placard::CtcSymbol> found;
  placard::CtcGreedy({values, steps, classes, false}, {}, &found);
  for (size_t i = 0; i < found.size(); ++i) {
    symbols[i] = found[i].symbol;
    confidences[i] = found[i].confidence;
  }
  return static_cast<int>(found.size());
}
