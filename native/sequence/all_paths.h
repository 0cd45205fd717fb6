#ifndef PLACARD_SEQUENCE_ALL_PATHS_H_
#define PLACARD_SEQUENCE_ALL_PATHS_H_

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <random>
#include <vector>

// For tests: what CTC defines, by looking at every path that there is.
namespace placard {

inline std::vector<int> Collapse(const std::vector<int>& path, int blank) {
  std::vector<int> symbols;
  int previous = blank;
  for (const int symbol : path) {
    if (symbol != blank && symbol != previous) symbols.push_back(symbol);
    previous = symbol;
  }
  return symbols;
}

struct Truth {
  double total = 0;           // probability of all paths that read it
  double best = 0;            // of the best of them
};

// Every path there is.
inline std::map<std::vector<int>, Truth> Enumerate(const std::vector<float>& values, int classes, int blank) {
  const int steps = static_cast<int>(values.size()) / classes;
  std::map<std::vector<int>, Truth> readings;
  std::vector<int> path(static_cast<size_t>(steps), 0);
  for (;;) {
    double probability = 1;
    for (int step = 0; step < steps; ++step) {
      probability *= values[static_cast<size_t>(step * classes + path[static_cast<size_t>(step)])];
    }
    Truth& truth = readings[Collapse(path, blank)];
    truth.total += probability;
    truth.best = std::max(truth.best, probability);
    int digit = 0;
    while (digit < steps && ++path[static_cast<size_t>(digit)] == classes) path[static_cast<size_t>(digit++)] = 0;
    if (digit == steps) return readings;
  }
}

inline std::vector<float> RandomProbabilities(int steps, int classes, double sharpness, std::mt19937* random) {
  std::uniform_real_distribution<double> draw(0, 1);
  std::vector<float> values;
  for (int step = 0; step < steps; ++step) {
    std::vector<double> row;
    double sum = 0;
    for (int i = 0; i < classes; ++i) sum += row.emplace_back(std::pow(draw(*random), sharpness) + 1e-6);
    for (const double value : row) values.push_back(static_cast<float>(value / sum));
  }
  return values;
}

}  // namespace placard

#endif  // PLACARD_SEQUENCE_ALL_PATHS_H_
