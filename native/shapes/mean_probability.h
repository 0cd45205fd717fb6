#ifndef PLACARD_SHAPES_MEAN_PROBABILITY_H_
#define PLACARD_SHAPES_MEAN_PROBABILITY_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>

namespace placard {

// The mean of probabilities: what is not one counts as the nearest that is, NaN as 0. The order in which terms are added is
// the same on every processor.
class MeanProbability {
 public:
  void Add(const float* values, int count) {
    int i = 0;
    for (; i + kLanes <= count; i += kLanes) {
      for (int lane = 0; lane < kLanes; ++lane) lanes_[static_cast<size_t>(lane)] += Clamp(values[i + lane]);
    }
    for (int lane = 0; i < count; ++i, ++lane) rest_[static_cast<size_t>(lane)] += Clamp(values[i]);
    count_ += count;
    pending_ += count;
    if (pending_ >= kMostPending) Flush();
  }

  float value() {
    Flush();
    return count_ > 0 ? static_cast<float>(sum_ / static_cast<double>(count_)) : 0;
  }

 private:
  static constexpr int kLanes = 16;
  static constexpr int kMostPending = 1 << 12;  // floats add up exactly enough over that many

  static float Clamp(float value) {
    const float positive = value > 0 ? value : 0;
    return positive < 1 ? positive : 1;
  }
  void Flush() {
    sum_ = std::accumulate(lanes_.begin(), lanes_.end(), sum_);
    sum_ = std::accumulate(rest_.begin(), rest_.end(), sum_);
    lanes_.fill(0);
    rest_.fill(0);
    pending_ = 0;
  }

  // Apart, as a vector load right after single stores to the same place would wait for them.
  std::array<float, kLanes> lanes_{}, rest_{};
  int pending_ = 0;
  double sum_ = 0;
  int64_t count_ = 0;
};

}  // namespace placard

#endif  // PLACARD_SHAPES_MEAN_PROBABILITY_H_
