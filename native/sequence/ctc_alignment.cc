#include "sequence/ctc_alignment.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace placard {
namespace {

// Position 2i + 1 of a path holds symbol i; even positions are the blanks before, between and after. Returns the position at
// each step.
std::vector<size_t> BestPath(const CtcInput& input, const CtcOptions& options, const std::vector<int>& wanted,
                             StepProbabilities* probabilities) {
  const size_t positions = 2 * wanted.size() + 1;
  const size_t steps = static_cast<size_t>(input.steps);
  const bool has_blank = options.blank >= 0 && options.blank < input.classes;
  const auto symbol_at = [&](size_t position) { return wanted[position / 2]; };

  std::vector<double> score(positions, -std::numeric_limits<double>::infinity());
  std::vector<uint8_t> advance(steps * positions, 0);  // positions gone forward into this one
  for (size_t step = 0; step < steps; ++step) {
    const int at = static_cast<int>(step);
    const double blank = LogProbability(has_blank ? probabilities->Of(at, options.blank) : 0);
    // Falling, so that the scores of the step before are still there; positions that cannot be reached, or from which the
    // end cannot, are left out.
    const size_t left = 2 * (steps - 1 - step) + 2;
    const size_t lowest = positions > left ? positions - left : 0;
    for (size_t position = std::min(positions, 2 * step + 2); position-- > lowest;) {
      const bool symbol = position % 2 == 1;
      double best = step == 0 && position < 2 ? 0 : score[position];
      uint8_t from = 0;
      if (position >= 1 && score[position - 1] > best) {
        best = score[position - 1];
        from = 1;
      }
      const bool may_skip = symbol && position >= 3 && symbol_at(position) != symbol_at(position - 2);
      if (may_skip && score[position - 2] > best) {
        best = score[position - 2];
        from = 2;
      }
      advance[step * positions + position] = from;
      score[position] = best + (symbol ? LogProbability(probabilities->Of(at, symbol_at(position))) : blank);
    }
  }

  std::vector<size_t> path(steps);
  size_t position = positions - 1;
  if (positions > 1 && score[position - 1] > score[position]) --position;
  for (size_t step = steps; step-- > 0;) {
    path[step] = position;
    position -= advance[step * positions + position];
  }
  return path;
}

}  // namespace

double LogProbability(float probability) { return std::log(std::max(static_cast<double>(probability), 1e-30)); }

std::vector<int> AlignSymbols(const CtcInput& input, const CtcOptions& options, const std::vector<int>& wanted,
                              StepProbabilities* probabilities, std::vector<CtcSymbol>* symbols) {
  symbols->assign(wanted.size(), CtcSymbol());
  std::vector<int> best_steps(wanted.size(), 0);
  std::vector<float> greatest(wanted.size(), -1);
  const std::vector<size_t> path = BestPath(input, options, wanted, probabilities);
  for (int step = 0; step < input.steps; ++step) {
    const size_t position = path[static_cast<size_t>(step)];
    if (position % 2 == 0) continue;
    const size_t i = position / 2;
    CtcSymbol& symbol = (*symbols)[i];
    const float probability = probabilities->Of(step, wanted[i]);
    if (symbol.end == 0) symbol.begin = step;
    symbol.symbol = wanted[i];
    symbol.end = step + 1;
    symbol.confidence += probability;  // the sum until the division below
    if (probability > greatest[i]) {
      greatest[i] = probability;
      best_steps[i] = step;
    }
  }
  for (CtcSymbol& symbol : *symbols) symbol.confidence /= static_cast<float>(symbol.end - symbol.begin);
  return best_steps;
}

}  // namespace placard
