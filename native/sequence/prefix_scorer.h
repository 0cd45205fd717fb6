#ifndef PLACARD_SEQUENCE_PREFIX_SCORER_H_
#define PLACARD_SEQUENCE_PREFIX_SCORER_H_

#include <cstdint>

namespace placard {

// What the readings of a beam search are worth beyond the network's probabilities. A reading is followed symbol by symbol
// through states, which are numbers of the scorer's own: equal readings have equal states. An object serves one search at a
// time.
class PrefixScorer {
 public:
  struct Extension {
    int32_t state = 0;
    double score = 0;  // what the symbol adds, in nats; -infinity where it may not follow
  };

  virtual ~PrefixScorer() = default;

  // Of the empty reading.
  virtual int32_t Start() = 0;
  // `symbol` is a class of the network.
  virtual Extension Extend(int32_t state, int32_t symbol) = 0;
  // What it adds that the reading ends here; -infinity where it may not.
  virtual double End(int32_t state) = 0;
};

}  // namespace placard

#endif  // PLACARD_SEQUENCE_PREFIX_SCORER_H_
