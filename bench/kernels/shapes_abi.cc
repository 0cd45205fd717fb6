#include <cstddef>

#include "bench_abi.h"
#include "shapes/connected_components.h"
#include "shapes/db_boxes.h"

namespace {

// Of all calls, as the memory of a caller that keeps it.
placard::Components& Found() {
  static placard::Components found;
  return found;
}

}  // namespace

// Maps are packed rows of floats.

// Components with 8 neighbors; 5 numbers each to `stats`: left, top, right and bottom (inclusive), area. At most `most` are
// written; returns how many there are.
PLACARD_BENCH_ABI int placard_bench_components(const float* map, int width, int height, float threshold, int* stats,
                                               int most) {
  placard::Components& found = Found();
  placard::LabelComponents({map, width, height, width}, threshold, placard::Connectivity::kEight, &found);
  const int count = static_cast<int>(found.components.size());
  for (int i = 0; i < count && i < most; ++i) {
    const placard::Component& component = found.components[static_cast<size_t>(i)];
    int* row = stats + static_cast<ptrdiff_t>(i) * 5;
    row[0] = component.left;
    row[1] = component.top;
    row[2] = component.right;
    row[3] = component.bottom;
    row[4] = component.area;
  }
  return count;
}

// The min-area rectangles of all components, 8 numbers each to `corners`, and their mean probabilities. At most `most` are
// written; returns how many there are, or -1.
PLACARD_BENCH_ABI int placard_bench_text_rectangles(const float* map, int width, int height, float threshold,
                                                    double* corners, float* scores, int most) {
  placard::DbOptions options;
  options.map_threshold = threshold;
  options.box_threshold = 0;
  options.min_side = 0;
  options.max_candidates = most;
  options.curves = false;
  const auto boxes = placard::DbBoxes({map, width, height, width}, options, nullptr);
  if (!boxes.ok()) return -1;
  for (size_t i = 0; i < boxes->size(); ++i) {
    const placard::DbBox& box = (*boxes)[i];
    scores[i] = box.score;
    for (size_t k = 0; k < 4; ++k) {
      corners[8 * i + 2 * k] = box.quad[k].x;
      corners[8 * i + 2 * k + 1] = box.quad[k].y;
    }
  }
  return static_cast<int>(boxes->size());
}
