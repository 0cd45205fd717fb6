#ifndef PLACARD_SHAPES_CONNECTED_COMPONENTS_H_
#define PLACARD_SHAPES_CONNECTED_COMPONENTS_H_

#include <cstdint>
#include <vector>

#include "base/image_view.h"
#include "shapes/bit_map.h"

namespace placard {

enum class Connectivity { kFour, kEight };

// A run of foreground pixels [begin, end) in row y that belongs to component `label` (0-based).
struct Run {
  int y;
  int begin;
  int end;
  int label;
};

struct Component {
  int left, top, right, bottom;  // inclusive bounds
  int area;                      // pixels
};

struct Components {
  std::vector<Component> components;
  std::vector<Run> runs;            // grouped by label; those of component k are runs[offsets[k]] ... runs[offsets[k + 1] - 1]
  std::vector<int> offsets;         // components.size() + 1
  std::vector<Run> scanned;         // the same runs in row-major order
};

// Components of the pixels whose value is > threshold (NaN is background), in one pass over runs with union-find.
// Labels are in the order in which a component's first pixel comes in row-major order. `result`'s memory is reused.
void LabelComponents(const MapView& map, float threshold, Connectivity connectivity, Components* result);

// The same of the pixels whose bit is set.
void LabelComponents(const BitMap& map, Connectivity connectivity, Components* result);

}  // namespace placard

#endif  // PLACARD_SHAPES_CONNECTED_COMPONENTS_H_
