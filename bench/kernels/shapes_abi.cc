#include <cstddef>

#include "bench_abi.h"
#include "shapes/connected_components.h"
#include "shapes/craft_boxes.h"
#include "shapes/db_boxes.h"

namespace {

// Of all calls, as the memory of a caller that keeps it.
placard::Components& Found() {
  static placard::Components found;
  return found;
}

template <typename Points>
void Write(const Points& points, double* to) {
  for (const placard::Point& point : points) {
    *to++ = point.x;
    *to++ = point.y;
  }
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
    Write(box.quad, corners + 8 * i);
  }
  return static_cast<int>(boxes->size());
}

// CRAFT's boxes, 8 numbers each to `corners`, their scores, and with `polygons` != 0 the numbers of their polygons' points (0 or
// 14) to `counts` and the points, 28 numbers a box, to `points`. At most `most` are written; returns how many there are, or -1.
PLACARD_BENCH_ABI int placard_bench_craft_boxes(const float* region, const float* affinity, int width, int height,
                                                int polygons, int published_walk, double* corners, float* scores,
                                                int* counts, double* points, int most) {
  placard::CraftOptions options;
  options.polygons = polygons != 0;
  options.published_walk = published_walk != 0;
  const auto boxes =
      placard::CraftBoxes({region, width, height, width}, {affinity, width, height, width}, options, nullptr);
  if (!boxes.ok()) return -1;
  for (size_t i = 0; i < boxes->size() && i < static_cast<size_t>(most); ++i) {
    const placard::CraftBox& box = (*boxes)[i];
    scores[i] = box.score;
    counts[i] = static_cast<int>(box.polygon.size());
    Write(box.quad, corners + 8 * i);
    Write(box.polygon, points + 28 * i);
  }
  return static_cast<int>(boxes->size());
}
