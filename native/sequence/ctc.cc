#include "sequence/ctc.h"

#include <cstddef>
#include <vector>

#include "sequence/row_scan.h"
#include "sequence/step_probabilities.h"

namespace placard {
namespace {

struct ClassRange {
  int begin;
  int end;
};

// The classes that may be read as ranges: alphabets come in stretches, and a stretch is scanned at full width.
std::vector<ClassRange> AllowedRanges(const CtcInput& input, const CtcOptions& options) {
  if (options.allowed.empty()) return {{0, input.classes}};
  std::vector<ClassRange> ranges;
  for (int symbol = 0; symbol < input.classes; ++symbol) {
    if (!IsAllowed(options, symbol)) continue;
    if (!ranges.empty() && ranges.back().end == symbol) {
      ++ranges.back().end;
    } else {
      ranges.push_back({symbol, symbol + 1});
    }
  }
  return ranges;
}

// The class of the greatest value; the blank where nothing is greater than -infinity.
int BestClass(const float* row, const std::vector<ClassRange>& ranges, int blank) {
  int best = -1;
  for (const ClassRange& range : ranges) {
    const RowMaximum maximum = MaximumOf(row + range.begin, range.end - range.begin);
    if (maximum.index < 0) continue;
    if (best < 0 || maximum.value > row[best]) best = range.begin + maximum.index;
  }
  return best < 0 ? blank : best;
}

}  // namespace

std::vector<int32_t> CtcBestPath(const CtcInput& input, const CtcOptions& options) {
  std::vector<int32_t> path;
  if (input.values == nullptr || input.classes <= 0) return path;
  const std::vector<ClassRange> ranges = AllowedRanges(input, options);
  for (int step = 0; step < input.steps; ++step) {
    path.push_back(BestClass(input.values + static_cast<ptrdiff_t>(step) * input.classes, ranges, options.blank));
  }
  return path;
}

void CtcGreedy(const CtcInput& input, const CtcOptions& options, std::vector<CtcSymbol>* symbols) {
  symbols->clear();
  if (input.values == nullptr || input.steps <= 0 || input.classes <= 0) return;
  const std::vector<ClassRange> ranges = AllowedRanges(input, options);
  StepProbabilities probabilities(input);
  std::vector<int> best_steps;
  int previous = options.blank;
  for (int step = 0; step < input.steps; ++step) {
    const int best = BestClass(probabilities.row(step), ranges, options.blank);
    if (best != options.blank) {
      const float probability = probabilities.Of(step, best);
      if (best != previous) {
        symbols->push_back({.symbol = best, .confidence = probability, .begin = step, .end = step + 1});
        best_steps.push_back(step);
      } else {
        CtcSymbol& held = symbols->back();
        held.end = step + 1;
        if (probability > held.confidence) {
          held.confidence = probability;
          best_steps.back() = step;
        }
      }
    }
    previous = best;
  }
  FillSpaces(options, input, &probabilities, best_steps, symbols);
}

}  // namespace placard
