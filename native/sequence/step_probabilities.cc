#include "sequence/step_probabilities.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

namespace placard {
namespace {

float ClampToProbability(float value) { return value > 0 ? std::min(value, 1.0F) : 0; }

}  // namespace

StepProbabilities::StepProbabilities(const CtcInput& input) : input_(input) {
  if (input.logits) softmaxes_.resize(static_cast<size_t>(input.steps));
}

const StepProbabilities::Softmax& StepProbabilities::SoftmaxOf(int step) {
  Softmax& softmax = softmaxes_[static_cast<size_t>(step)];
  if (softmax.inverse_sum >= 0) return softmax;
  const RowMaximum maximum = MaximumOf(row(step), input_.classes);
  softmax.maximum = maximum.value;
  if (maximum.index < 0) {
    softmax.inverse_sum = 0;
  } else if (std::isinf(maximum.value)) {
    const float* values = row(step);
    softmax.inverse_sum = 1.0F / static_cast<float>(std::count(values, values + input_.classes, maximum.value));
  } else {
    softmax.inverse_sum = static_cast<float>(1 / ExpSum(row(step), input_.classes, maximum.value));
  }
  return softmax;
}

float StepProbabilities::Of(int step, int symbol) {
  const float value = row(step)[symbol];
  if (!input_.logits) return ClampToProbability(value);
  const Softmax& softmax = SoftmaxOf(step);
  const float power = value == softmax.maximum ? 1 : std::exp(value - softmax.maximum);
  return ClampToProbability(power * softmax.inverse_sum);
}

float StepProbabilities::Greatest(int symbol, int begin, int end) {
  float greatest = 0;
  for (int step = begin; step < end; ++step) greatest = std::max(greatest, Of(step, symbol));
  return greatest;
}

float StepProbabilities::Floor(int step, float probability) {
  if (!input_.logits) return std::max(probability, std::numeric_limits<float>::min());
  const Softmax& softmax = SoftmaxOf(step);
  if (softmax.inverse_sum <= 0) return std::numeric_limits<float>::infinity();
  const float floor = softmax.maximum + std::log(std::max(probability, 0.0F) / softmax.inverse_sum);
  return std::max(floor, std::numeric_limits<float>::lowest());
}

bool IsAllowed(const CtcOptions& options, int symbol) {
  if (options.allowed.empty() || symbol == options.blank) return true;
  return static_cast<size_t>(symbol) < options.allowed.size() && options.allowed[static_cast<size_t>(symbol)] != 0;
}

void FillSpaces(const CtcOptions& options, const CtcInput& input, StepProbabilities* probabilities,
                const std::vector<int>& best_steps, std::vector<CtcSymbol>* symbols) {
  if (options.space < 0 || options.space >= input.classes || options.space == options.blank) return;
  if (!IsAllowed(options, options.space)) return;
  for (size_t i = 1; i < symbols->size(); ++i) {
    (*symbols)[i].space_before = probabilities->Greatest(options.space, best_steps[i - 1] + 1, best_steps[i]);
  }
}

}  // namespace placard
