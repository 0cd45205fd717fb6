#include "kernels/cell_strip.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "kernels/resize_normalize.h"

namespace placard {
namespace {

std::vector<double> InkByRow(const ImageView& column) {
  const auto luma = [](const uint8_t* p) { return (77 * p[0] + 150 * p[1] + 29 * p[2]) >> 8; };
  std::vector<double> ink(column.height, 0.0);
  for (int y = 0; y < column.height; ++y) {
    const uint8_t* row = column.row(y);
    int64_t sum = 0;
    for (int x = 1; x < column.width; ++x) sum += std::abs(luma(row + 3 * x) - luma(row + 3 * x - 3));
    ink[y] = static_cast<double>(sum) / std::max(1, column.width - 1);
  }
  return ink;
}

}  // namespace

std::vector<int> CellCuts(const ImageView& column, int cells) {
  const std::vector<double> ink = InkByRow(column);
  double mean = 0;
  for (const double value : ink) mean += value / column.height;
  const double pitch = static_cast<double>(column.height) / cells;
  const double reach = pitch / 3;
  std::vector<int> cuts = {0};
  for (int i = 1; i < cells; ++i) {
    const double place = i * pitch;
    const int first = std::max(cuts.back() + 1, static_cast<int>(std::ceil(place - reach)));
    const int last = std::min(column.height - (cells - i), static_cast<int>(place + reach));
    int best = std::clamp(static_cast<int>(std::lround(place)), cuts.back() + 1, column.height - (cells - i));
    double least = INFINITY;
    for (int y = first; y <= last; ++y) {
      // A whole reach away costs a quarter of the mean ink.
      const double cost = (ink[y] + ink[y - 1]) / 2 + 0.25 * mean * std::abs(y - place) / reach;
      if (cost < least) least = cost, best = y;
    }
    cuts.push_back(best);
  }
  cuts.push_back(column.height);
  return cuts;
}

void CellStrip(const ImageView& column, const std::vector<int>& cuts, const MutableImageView& destination) {
  const int cells = static_cast<int>(cuts.size()) - 1;
  for (int i = 0; i < cells; ++i) {
    const int left = static_cast<int>(int64_t{destination.width} * i / cells);
    const int right = static_cast<int>(int64_t{destination.width} * (i + 1) / cells);
    const ImageView cell{column.row(cuts[i]), column.width, cuts[i + 1] - cuts[i], 3, column.stride};
    const MutableImageView place{destination.data + left * 3, right - left, destination.height, 3, destination.stride};
    Resize(cell, place);
  }
}

}  // namespace placard
